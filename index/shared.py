"""One open index a process, shared by its threads."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.generation import Index, current_generation, open_generation

_lock = threading.Lock()
_newest: dict[Path, _Opened] = {}


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
    instead, and the old one is closed as soon as its last user is done.
    Raises NoIndexError or IndexUnavailableError.
    """
    path = index_dir.absolute()
    with _lock:
        opened = _newest.get(path)
        if opened is None or opened.index.manifest.generation != current_generation(index_dir):
            replacement = _Opened(open_generation(index_dir))
            if opened is not None:
                opened.replaced = True
                opened.close_if_unused()
            if not _newest:
                atexit.register(_close_all)
            opened = _newest[path] = replacement
        opened.users += 1
    try:
        yield opened.index
    finally:
        with _lock:
            opened.users -= 1
            opened.close_if_unused()


def _close_all() -> None:
    with _lock:
        for opened in _newest.values():
            opened.index.close()
        _newest.clear()
