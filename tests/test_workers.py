from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import articles, corpus, open_index, rebuild
from index.errors import WorkerLostError
from index.workers import Workers


def squares(numbers: list[int]) -> tuple[int, list[int]]:
    if numbers == [13]:
        raise ValueError("thirteen")
    return os.getpid(), [number * number for number in numbers]


def be_killed(numbers: list[int]) -> None:
    if numbers == [2]:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order_from_other_processes_if_there_are_some(count: int) -> None:
    with Workers(count) as workers:
        results = list(workers.map(squares, [[n, n + 1] for n in range(20)]))
    assert [squared for _, squared in results] == [[n * n, (n + 1) ** 2] for n in range(20)]
    assert ({process for process, _ in results} == {os.getpid()}) == (count == 1)


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_of_the_function_reaches_the_caller(count: int) -> None:
    with Workers(count) as workers, pytest.raises(ValueError, match="thirteen"):
        list(workers.map(squares, [[n] for n in range(20)]))


def test_batches_are_taken_only_as_results_are() -> None:
    taken = []

    def batches() -> object:
        for number in range(100):
            taken.append(number)
            yield [number]

    with Workers(2) as workers:
        results = workers.map(squares, batches())  # type: ignore[arg-type]
        next(results)
        assert len(taken) < 10


def test_a_killed_process_is_one_clear_error() -> None:
    with Workers(2) as workers, pytest.raises(WorkerLostError, match="was killed"):
        list(workers.map(be_killed, [[n] for n in range(20)]))


def test_a_rebuild_on_all_cores_gives_the_same_index(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = {f"{n:02}.txt": f"Story {n} tells of bridge {n}. It was closed." for n in range(20)}
    seeds = write_seeds({**stories, "bad.txt": b"\xff\xfe\xfd", "menu.txt": "Read more\nShare"})
    one = rebuild(seeds, tmp_path / "one")
    monkeypatch.setattr(articles, "SPREAD", 0)
    monkeypatch.setattr(corpus, "FILES", 1)
    monkeypatch.setattr(corpus, "DRAFTS", 1)
    monkeypatch.setenv("QA_THREADS", "2")
    two = rebuild(seeds, tmp_path / "two")
    assert two.skipped == one.skipped
    with open_index(tmp_path / "one") as first, open_index(tmp_path / "two") as second:
        assert list(second.articles()) == list(first.articles())


def test_a_script_without_a_main_guard_can_rebuild_on_all_cores(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds({f"{n}.txt": f"Story {n} tells of a bridge." for n in range(20)})
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom index import articles, corpus, rebuild\n"
        "articles.SPREAD = 0\ncorpus.FILES = corpus.DRAFTS = 1\n"
        "print(rebuild(sys.argv[1], sys.argv[2]).articles)\n"
    )
    done = subprocess.run(
        [sys.executable, script, seeds, tmp_path / "index"],
        capture_output=True,
        text=True,
        env={**os.environ, "QA_THREADS": "2"},
        check=False,
    )
    assert (done.stdout, done.stderr) == ("20\n", "")


KILLED = """
import os, signal, time
from index.workers import Workers

def report(numbers):
    time.sleep(0.1)  # or the first process may be done with all before the second is there
    if numbers == [19]:
        os.kill(os.getppid(), signal.SIGKILL)
    return os.getpid()

with Workers(2) as workers:
    for process in workers.map(report, [[n] for n in range(20)]):
        print(process, flush=True)
"""


def test_processes_end_when_the_one_that_started_them_is_killed() -> None:
    # They hold the pipe, too: it ends, and so does run(), when the last of them has.
    command = [sys.executable, "-c", KILLED]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert len(set(done.stdout.split())) == 2
