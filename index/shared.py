"""One open index a process, shared by its threads."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import ArticleQAError, IndexUnavailableError, NoIndexError
from index.generation import Index, current_generation, open_generation

_FOLLOW = 1.0  # seconds between two looks for a new generation
_lock = threading.Lock()
_newest: dict[Path, _Opened] = {}
_ended = threading.Event()


class _Opened:
    def __init__(self, index: Index) -> None:
        self.index = index
        self.users = 0
        self.replaced = False

    def close_if_unused(self) -> None:
        if self.replaced and not self.users:
            self.index.close()


@contextmanager
def shared_index(index_dir: Path) -> Iterator[Index]:
    """The newest generation of the index in ``index_dir``.

    It stays open for the next caller.  When a rebuild has published another one, that is opened
    instead, within a second even if nobody asks, and the old one is closed as soon as its last user is
    done.  Where the new one cannot be opened, the old one goes on serving.
    Raises NoIndexError or IndexUnavailableError.
    """
    path = index_dir.absolute()
    with _lock:
        opened = _newest.get(path)
        if opened is None or opened.index.manifest.generation != current_generation(index_dir):
            opened = _newest[path] = _open(index_dir, opened)
        opened.users += 1
    try:
        yield opened.index
    finally:
        with _lock:
            opened.users -= 1
            opened.close_if_unused()


def _open(index_dir: Path, old: _Opened | None) -> _Opened:
    try:
        replacement = _Opened(open_generation(index_dir))
    except NoIndexError:
        raise
    except IndexUnavailableError:
        if old is None:
            raise
        return old
    if old is not None:
        old.replaced = True
        old.close_if_unused()
    if not _newest:
        atexit.register(_close_all)
        _ended.clear()
        threading.Thread(target=_follow, name="follow index", daemon=True).start()
    return replacement


def _follow() -> None:
    """Move on to new generations while nobody asks: what was taken down must not stay open."""
    while not _ended.wait(_FOLLOW):
        for path in list(_newest):
            with contextlib.suppress(ArticleQAError), shared_index(path):
                pass


def _close_all() -> None:
    _ended.set()
    with _lock:
        for opened in _newest.values():
            opened.index.close()
        _newest.clear()
