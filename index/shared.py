"""One open index a process, shared by its threads."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from index.errors import ArticleQAError, IndexDamagedError, IndexUnavailableError, NoIndexError
from index.generation import Index, current_generation, open_generation

_FOLLOW = 1.0  # seconds between two looks for a new generation
_lock = threading.Lock()  # of all that is counted here; nothing that takes time is done with it
_shared: dict[Path, _Shared] = {}
_ended = threading.Event()


class _Opened:
    """An open generation, and how many read it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.users = 0
        self.replaced = False

    @property
    def generation(self) -> str:
        return self.index.manifest.generation


class _Shared:
    """The newest generation of an index that could be opened, and the one that could not.

    One whose files are ``damaged`` is not tried again: that reads them all, and they stay as they are.
    """

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        self.newest: _Opened | None = None
        self.refused = self.damaged = ""
        self.opening = threading.Lock()  # by one thread at a time


@contextmanager
def shared_index(index_dir: Path) -> Iterator[Index]:
    """The newest generation of the index in ``index_dir``.

    It stays open for the next caller.  When a rebuild has published another one, that is opened
    instead, within a second even if nobody asks, and the old one is closed as soon as its last user is
    done.  While the new one is being opened, and where it cannot be, the old one goes on serving.
    Raises NoIndexError or IndexUnavailableError.
    """
    with _lock:
        path = index_dir.absolute()
        shared = _shared.setdefault(path, _Shared(path))
    if shared.newest is None:
        current_generation(index_dir)  # an error names the folder as it was given
    opened = _take(shared)
    try:
        yield opened.index
    finally:
        _leave(opened)


def _take(shared: _Shared, *, again: bool = False) -> _Opened:
    """What there is to read, as one of its users; with ``again`` what was refused is tried again."""
    _move_on(shared, again=again)
    with _lock:
        opened = cast(_Opened, shared.newest)  # or else there would have been an error
        opened.users += 1
        return opened


def _leave(opened: _Opened) -> None:
    with _lock:
        opened.users -= 1
        unused = opened.replaced and not opened.users
    if unused:
        opened.index.close()


def _move_on(shared: _Shared, *, again: bool) -> None:
    """Open the newest generation if it is not open; what cannot be opened replaces nothing.

    Only the first reader waits, and who finds a new generation first: a server may take its time.
    """
    old = shared.newest
    try:
        name = current_generation(shared.index_dir)
        hopeless = name == shared.damaged or (name == shared.refused and not again)
        if old and (name == old.generation or hopeless):
            return
        if not shared.opening.acquire(blocking=old is None):
            return  # another thread is at it
        try:
            old = shared.newest
            if old is None or old.generation != name:
                _replace(shared, open_generation(shared.index_dir))
        except IndexDamagedError:
            shared.damaged = name
            raise
        except IndexUnavailableError:
            shared.refused = name
            raise
        finally:
            shared.opening.release()
    except NoIndexError:
        raise
    except IndexUnavailableError:
        if old is None:
            raise


def _replace(shared: _Shared, index: Index) -> None:
    with _lock:
        if not any(other.newest for other in _shared.values()):
            atexit.register(_close_all)
            _ended.clear()
            threading.Thread(target=_follow, name="follow index", daemon=True).start()
        old, shared.newest = shared.newest, _Opened(index)
        if old:
            old.replaced = True
        unused = old and not old.users
    if old and unused:
        old.index.close()


def _follow() -> None:
    """Move on to new generations while nobody asks: what was taken down must not stay open."""
    while not _ended.wait(_FOLLOW):
        for shared in [shared for shared in list(_shared.values()) if shared.newest]:
            with contextlib.suppress(ArticleQAError):
                _leave(_take(shared, again=True))


def _close_all() -> None:
    _ended.set()
    with _lock:
        for shared in _shared.values():
            if shared.newest:
                shared.newest.index.close()
        _shared.clear()
