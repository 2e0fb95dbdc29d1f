"""Threads that share an open index: they have the old one or the new one, and never wait for it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import Index, shared
from index.errors import IndexDamagedError, IndexUnavailableError
from index.generation import open_generation
from index.shared import shared_index
from qa import ask
from tests.rebuilding import rebuild, wait_for_one_generation

ONE = "The first story tells of a bridge that was closed on Monday."
TWO = "The second story tells of a school that was opened on Tuesday."


def test_readers_that_share_an_index_move_on_to_the_next_generation(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with shared_index(index_dir) as old, shared_index(index_dir) as same:
        assert same is old
        rebuild(write_seeds({"b.txt": TWO}), index_dir)
        with shared_index(index_dir) as new:
            assert new is not old
            assert new.article("b").text == TWO
        assert old.article("a").text == ONE


def test_threads_read_while_rebuilds_publish(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds({"a.txt": ONE})
    rebuild(seeds, index_dir)
    stop = threading.Event()
    failures: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                with shared_index(index_dir) as index:
                    assert index.article("a").text == ONE
                    assert len(index.store.passages([1])) == index.dense.count() == 1
            except Exception as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(4):
        rebuild(seeds, index_dir)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []


def test_a_generation_is_closed_when_its_last_reader_leaves(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with shared_index(index_dir) as old:
        rebuild(write_seeds({"b.txt": TWO}), index_dir)
        with shared_index(index_dir):
            assert old.article("a").text == ONE
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        old.article("a")


def test_an_idle_reader_lets_go_of_the_old_generation(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": "It rained in Rome."}), index_dir)
    with shared_index(index_dir) as index:
        assert index.manifest.articles == 1
    rebuild(write_seeds({"b.txt": "It snowed in Oslo."}), index_dir)
    wait_for_one_generation(index_dir)


def test_readers_go_on_with_the_old_index_while_the_new_one_opens(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with shared_index(index_dir) as index:
        old = index.manifest.generation
    new = rebuild(write_seeds({"a.txt": TWO}), index_dir).generation
    may_open, begun = threading.Event(), threading.Event()

    def slowly(folder: Path) -> Index:
        begun.set()
        assert may_open.wait(20)
        return open_generation(folder)

    monkeypatch.setattr(shared, "open_generation", slowly)
    found: list[str] = []

    def read() -> None:
        with shared_index(index_dir) as index:
            found.append(index.manifest.generation)

    first = threading.Thread(target=read)
    first.start()
    assert begun.wait(20)
    other = threading.Thread(target=read)
    other.start()
    other.join(20)
    assert found == [old]
    may_open.set()
    first.join(20)
    read()
    assert found == [old, new, new]


def refuse_to_open(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[str]:
    """From now on no generation is opened; the threads that try, by name."""
    tried: list[str] = []

    def refused(_: Path) -> Index:
        tried.append(threading.current_thread().name)
        raise error

    monkeypatch.setattr(shared, "open_generation", refused)
    return tried


def test_what_cannot_be_opened_is_left_to_the_thread_that_follows(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_FOLLOW", 0.05)
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with shared_index(index_dir) as index:
        old = index.manifest.generation
    tried = refuse_to_open(monkeypatch, IndexUnavailableError("the server is away"))
    new = rebuild(write_seeds({"a.txt": TWO}), index_dir).generation
    for _ in range(5):
        with shared_index(index_dir) as index:
            assert index.manifest.generation == old
    assert tried.count("MainThread") <= 1
    monkeypatch.setattr(shared, "open_generation", open_generation)
    wait_for_one_generation(index_dir)
    with shared_index(index_dir) as index:
        assert index.manifest.generation == new


def test_a_damaged_generation_is_looked_at_once_and_the_next_one_opened(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_FOLLOW", 0.05)
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with shared_index(index_dir) as index:
        old = index.manifest.generation
    tried = refuse_to_open(monkeypatch, IndexDamagedError("its files are not as they were"))
    rebuild(write_seeds({"a.txt": TWO}), index_dir)
    time.sleep(0.5)
    with shared_index(index_dir) as index:
        assert index.manifest.generation == old
    assert len(tried) == 1
    monkeypatch.setattr(shared, "open_generation", open_generation)
    new = rebuild(write_seeds({"a.txt": ONE, "b.txt": TWO}), index_dir).generation
    wait_for_one_generation(index_dir)
    with shared_index(index_dir) as index:
        assert index.manifest.generation == new


def test_a_pointer_that_cannot_be_read_for_a_while_stops_no_reader(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with shared_index(index_dir):
        pass
    pointer = index_dir / "CURRENT"
    pointer.rename(tmp_path / "kept")
    pointer.mkdir()
    with shared_index(index_dir) as index:
        assert index.article("a").text == ONE
    pointer.rmdir()
    (tmp_path / "kept").rename(pointer)


def test_threads_can_ask_at_once(small_index: Path) -> None:
    question = "How many US troops are in Iraq?"
    with ThreadPoolExecutor(6) as threads:
        texts = list(threads.map(lambda _: ask(question, index_dir=small_index).text, range(12)))
    assert len(set(texts)) == 1
    assert "3,000" in texts[0]
