"""Whatever happens to a rebuild: readers have the old index or the new one, and the next succeeds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest

from index import Progress, build, open_index
from index.checking import check
from index.dense import DenseIndex
from index.errors import IndexWriteError, RebuildRunningError, SeedsError
from index.publishing import rebuild_lock
from index.scope import Scope
from index.shared import shared_index
from tests.rebuilding import (
    StandIn,
    in_a_process,
    rebuild,
    wait_for_one_generation,
    write_state,
)

ROOT = Path(__file__).parent.parent
KILLS = 6


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "load_embedder", lambda *_: StandIn())


def python(*arguments: str | Path) -> list[str]:
    return [sys.executable, *map(str, arguments)]


@contextmanager
def reading(index_dir: Path) -> Iterator[list[str]]:
    """Threads that ask without a pause; the list takes what went wrong, and it counts the answers."""
    stop = threading.Event()
    wrong: list[str] = []
    answers = 0

    def ask() -> None:
        nonlocal answers
        while not stop.is_set():
            try:
                with shared_index(index_dir) as index:
                    state = index.article("state").text.split()[-1].rstrip(".")
                    hits = index.lexical.search(state, 10, Scope())
                    found = index.store.passages([number for number, _ in hits]).values()
                    texts = {index.article(passage.article_id).text.split()[-1] for passage in found}
                    if texts != {f"{state}."} or len(index.nearest(index.dense.a_vector(), 5)) != 3:
                        wrong.append(f"{state}: {texts}")
                answers += 1
            except Exception as error:
                wrong.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert answers > 0


def test_a_rebuild_killed_at_any_moment_leaves_the_old_index_or_the_new_one(tmp_path: Path) -> None:
    chance = random.Random(7)
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    write_state(seeds, "zero")
    rebuild(seeds, index_dir)
    states = ["zero"]
    with reading(index_dir) as wrong:
        for number in range(KILLS):
            states.append(f"word{number}")
            write_state(seeds, states[-1])
            process = in_a_process(seeds, index_dir)
            process.join(chance.uniform(0.0, 0.8))
            process.kill()
            process.join()
            with open_index(index_dir) as index:
                assert index.article("state").text.split()[-1].rstrip(".") in states
            assert check(index_dir).problems == []
        assert wrong == []
        rebuild(seeds, index_dir)
    with open_index(index_dir) as index:
        assert states[-1] in index.article("state").text
    assert check(index_dir).problems == []
    wait_for_one_generation(index_dir)


def test_a_clock_that_jumps_back_between_rebuilds_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    for state, year in (("now", 2031), ("before", 1999), ("again", 2005)):
        clock = mock.Mock(wraps=datetime)
        clock.now.return_value = datetime(year, 1, 1, tzinfo=UTC)
        monkeypatch.setattr("index.publishing.datetime", clock)
        monkeypatch.setattr(build, "datetime", clock)
        write_state(seeds, state)
        report = rebuild(seeds, index_dir)
        assert report.generation.startswith(str(year))
        with open_index(index_dir) as index:
            assert index.manifest.generation == report.generation
            assert f"is {state}." in index.article("state").text
        assert len(list((index_dir / "generations").iterdir())) == 1
    assert check(index_dir).problems == []


def test_an_index_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    write_state(seeds, "one")
    rebuild(seeds, index_dir)
    script = (
        f"mount --bind {index_dir} {index_dir} && mount -o remount,bind,ro {index_dir} || exit 77\n"
        f"PYTHONPATH={ROOT} {sys.executable} - <<'END'\n"
        "from pathlib import Path\nfrom index import open_index\nfrom index.scope import Scope\n"
        "from index.checking import check\nfrom index.errors import IndexWriteError\n"
        "from tests.rebuilding import rebuild\n"
        f"folder = Path({str(index_dir)!r})\n"
        "with open_index(folder) as index:\n"
        "    print(len(index.lexical.search('article', 9, Scope())), index.dense.count(),\n"
        "          len(index.nearest(index.dense.a_vector(), 9)))\n"
        "print(check(folder).problems)\n"
        f"try:\n    rebuild(Path({str(seeds)!r}), folder)\n"
        "except IndexWriteError as error:\n    print(error)\n"
        "END\n"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this system lets nobody mount a folder")
    found, problems, said = done.stdout.splitlines()[-3:]
    assert (found, problems) == ("3 3 3", "[]")
    assert "Read-only file system" in said


def test_the_lock_says_who_holds_it_and_a_killed_holder_gives_it_up(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    write_state(tmp_path / "seeds", "one")
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom index.publishing import rebuild_lock\n"
        "with rebuild_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    command = python("-c", program, tmp_path / "index")
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as holder:
        assert holder.stdout
        holder.stdout.readline()
        who = rf"is being rebuilt by process {holder.pid} on \S+, since \d{{4}}-\d\d-\d\d .* UTC; try"
        with pytest.raises(RebuildRunningError, match=who):
            rebuild(tmp_path / "seeds", tmp_path / "index")
        os.kill(holder.pid, signal.SIGKILL)
    assert rebuild(tmp_path / "seeds", tmp_path / "index").added == 3


@pytest.mark.parametrize("stage", ["reading", "cleaning", "embedding"])
def test_a_seeds_folder_that_disappears_is_said_and_leaves_the_old_index(
    tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.progress._EVERY", 0.0)
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    write_state(seeds, "one")
    first = rebuild(seeds, index_dir)
    write_state(seeds, "two")

    def vanish(progress: Progress) -> None:
        if progress.stage == stage and seeds.exists():
            seeds.rename(tmp_path / "elsewhere")

    with pytest.raises(SeedsError, match=r"seeds disappeared while it was read; the index before is"):
        build.rebuild(seeds, index_dir, progress=vanish)
    with open_index(index_dir) as index:
        assert index.manifest.generation == first.generation
    (tmp_path / "elsewhere").rename(seeds)
    assert rebuild(seeds, index_dir).changed == 3


def test_a_file_that_goes_while_others_are_read_is_as_if_it_had_gone_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.corpus.FILES", 1)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    write_state(seeds, "one")

    def vanish(_: Progress) -> None:
        (seeds / "third.txt").unlink(missing_ok=True)

    monkeypatch.setattr("index.progress._EVERY", 0.0)
    report = build.rebuild(seeds, tmp_path / "index", progress=vanish)
    assert (report.articles, report.skipped) == (2, [])
    assert build.rebuild(seeds, tmp_path / "index").unchanged == 2


def test_a_generation_whose_parts_do_not_agree_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds, index_dir = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    write_state(seeds, "one")
    first = rebuild(seeds, index_dir)
    write_state(seeds, "two")
    add = DenseIndex.add
    monkeypatch.setattr(DenseIndex, "add", lambda self, keys, vectors: add(self, keys[1:], vectors[1:]))
    with pytest.raises(IndexWriteError, match="its parts do not agree"):
        rebuild(seeds, index_dir)
    with open_index(index_dir) as index:
        assert index.manifest.generation == first.generation


def test_two_rebuilds_in_one_process_are_one_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    write_state(tmp_path / "seeds", "one")
    with rebuild_lock(tmp_path / "index"), pytest.raises(RebuildRunningError, match=str(os.getpid())):
        rebuild(tmp_path / "seeds", tmp_path / "index")
