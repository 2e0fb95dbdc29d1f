"""Following a folder: what comes is taken in when it has settled, and errors end nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from index import watching
from index.errors import ArticleQAError, SeedsError


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SETTLED", 0.3)
    monkeypatch.setattr(watching, "AGAIN", 0.3)


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


@contextmanager
def followed(
    seeds: Path, rebuild: Callable[[], None], errors: list[ArticleQAError]
) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=watching.watch, args=(seeds, rebuild, errors.append, stop))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_a_burst_of_changes_is_one_rebuild(tmp_path: Path) -> None:
    seen: list[int] = []
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    with followed(seeds, lambda: seen.append(len(list(seeds.iterdir()))), []):
        wait_for(lambda: len(seen) >= 2)  # at once, and when the system has begun to tell
        before = len(seen)
        for number in range(20):
            (seeds / f"{number}.txt").write_text("It rained.")
            time.sleep(0.02)
        wait_for(lambda: seen[-1] == 20)
        assert len(seen) == before + 1
        (seeds / ".hidden").write_text("not an article")
        time.sleep(1)
        assert len(seen) == before + 1


def test_an_error_is_told_once_and_tried_again(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    errors: list[ArticleQAError] = []
    tries: list[bool] = []

    def rebuild() -> None:
        tries.append(seeds.exists())
        if not seeds.exists():
            raise SeedsError("there is no folder")

    with followed(seeds, rebuild, errors):
        wait_for(lambda: len(tries) > 3)
        assert [str(error) for error in errors] == ["there is no folder"]
        seeds.mkdir()
        wait_for(lambda: tries.count(True) > 1)
        seeds.rmdir()
        wait_for(lambda: len(errors) == 2)
        seeds.mkdir()
        wait_for(lambda: tries[-1])


def test_what_nobody_foresaw_is_told_in_one_line_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    monkeypatch.setattr("watchfiles.watch", mock.Mock(side_effect=RuntimeError("no more watches")))
    failing = iter([ZeroDivisionError("first\nsecond"), KeyError("key"), MemoryError()])
    rebuilds = 0

    def rebuild() -> None:
        nonlocal rebuilds
        if error := next(failing, None):
            raise error
        rebuilds += 1

    errors: list[ArticleQAError] = []
    with followed(seeds, rebuild, errors):
        wait_for(lambda: rebuilds > 2)
    reasons = [str(error).partition(" (")[2].partition(")")[0] for error in errors[:4]]
    assert reasons == [
        "ZeroDivisionError: first second",
        "KeyError: 'key'",
        "MemoryError: ",
        "RuntimeError: no more watches",
    ]
