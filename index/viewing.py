"""A place of a reader's own to open a generation from, which stays as it is.

Tantivy puts a lock beside the files that it opens, and Chroma a note into its database.  A published
generation must not change, and may lie on a disk that cannot be written.  So a reader opens links to
the files, in a folder of its own, and a copy of that database, which holds ids and no words.

With links alone it lies in memory, if the system has such a folder; with a copy where temporary files
do, or in memory if there is no room.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "article-qa-view-"
_COPIED = "chroma.sqlite3"
_MEMORY = Path("/dev/shm")  # noqa: S108  # only folders that mkdtemp makes, one user's alone


@contextmanager
def view(*folders: Path) -> Iterator[list[Path]]:
    """The same folders with files that may be opened for writing.  Raises OSError."""
    places = [Path(tempfile.gettempdir()), *([_MEMORY] if _MEMORY.is_dir() else [])]
    if not any((folder / _COPIED).exists() for folder in folders):
        places.reverse()  # links take no room, and a disk that is busy makes two thousand in a second
    for place in places:
        try:
            root, lock = _own_folder(place)
        except OSError:
            if place is places[-1]:
                raise
            continue
        try:
            _remove_abandoned(place)
            try:
                views = [_view(folder, root / folder.name) for folder in folders]
            except OSError:
                if place is places[-1]:
                    raise
                continue
            yield views
            return
        finally:
            shutil.rmtree(root, ignore_errors=True)
            os.close(lock)


def _own_folder(place: Path) -> tuple[Path, int]:
    """A new folder, and the lock on it; until it is locked, others may take it for abandoned."""
    while True:
        root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        with suppress(FileNotFoundError):
            lock = os.open(root, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_SH)
            if root.exists():
                return root, lock
            os.close(lock)


def _view(folder: Path, own: Path) -> Path:
    own.mkdir()
    for path in folder.resolve().iterdir():
        if path.is_dir():
            _view(path, own / path.name)
        elif path.name == _COPIED:
            shutil.copyfile(path, own / path.name)
        else:
            (own / path.name).symlink_to(path)
    return own


def _remove_abandoned(place: Path) -> None:
    """Remove the folders of readers that were killed: whoever is alive holds a lock on its own."""
    for root in place.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(root, os.O_RDONLY)
        except OSError:
            continue  # gone by now, or another user's
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(root, ignore_errors=True)
        except OSError:
            pass
        finally:
            os.close(lock)
