"""The folders that readers make for themselves: each has its own, and what the dead left goes."""

from __future__ import annotations

import fcntl
import tempfile
import threading
from pathlib import Path

import pytest

from index import viewing
from index.viewing import view


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where views are made; none is anywhere else."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr(viewing, "_MEMORY", tmp_path / "none")
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "lexical"
    folder.mkdir()
    (folder / "words").write_text("It rained.")
    return folder


def test_a_view_shows_the_files_and_goes_with_its_reader(place: Path, folder: Path) -> None:
    with view(folder) as [own]:
        assert (own.parent.parent, (own / "words").read_text()) == (place, "It rained.")
        with view(folder):
            assert len(list(place.iterdir())) == 2
    assert list(place.iterdir()) == []


def test_links_are_made_in_memory_and_the_copy_of_a_database_is_not(
    place: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(viewing, "_MEMORY", memory)
    with view(folder) as [own]:
        assert (own.parent.parent, (own / "words").is_symlink()) == (memory, True)
    (folder / "chroma.sqlite3").write_text("ids")
    with view(folder) as [own]:
        assert (own.parent.parent, (own / "chroma.sqlite3").is_symlink()) == (place, False)


def test_the_view_of_a_reader_that_was_killed_is_removed_by_the_next(place: Path, folder: Path) -> None:
    (place / "article-qa-view-dead").mkdir()
    (place / "another-program").mkdir()
    with view(folder) as [own]:
        assert {path.name for path in place.iterdir()} == {own.parent.name, "another-program"}


@pytest.mark.parametrize("moment", ["before it is opened", "before it is locked"])
def test_a_view_that_is_taken_for_abandoned_is_made_again(
    place: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    made: list[str] = []
    make, lock = tempfile.mkdtemp, fcntl.flock

    def mkdtemp(prefix: str, dir: Path) -> str:  # noqa: A002
        made.append(make(prefix=prefix, dir=dir))
        if moment == "before it is opened" and len(made) == 1:
            others()
        return made[-1]

    def flock(descriptor: int, how: int) -> None:
        if moment == "before it is locked" and how == fcntl.LOCK_SH and len(made) == 1:
            others()
        lock(descriptor, how)

    def others() -> None:
        """What another reader does at this moment."""
        with monkeypatch.context() as its:
            its.setattr(fcntl, "flock", lock)
            thread = threading.Thread(target=viewing._remove_abandoned, args=(place,))
            thread.start()
            thread.join()

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    monkeypatch.setattr(fcntl, "flock", flock)
    with view(folder) as [own]:
        assert len(made) == 2
        assert (own / "words").read_text() == "It rained."
    assert list(place.iterdir()) == []
