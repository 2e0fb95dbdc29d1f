"""What lies in a seeds folder: every file by its name and the hash of its content.

Times are no proof of anything: clocks jump, copies keep old times and editors keep sizes.  So each
rebuild hashes every file, which takes a second for a gigabyte.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from index.errors import SeedsError
from index.read import seed_files, seed_name


class SeedEntry(NamedTuple):
    """A file of a seeds folder; ``digest`` is None for what cannot be opened, or is no file at all."""

    path: Path
    name: str
    size: int
    digest: bytes | None


class Survey:
    """The files of the folder ``seeds`` as they are now.  Raises SeedsError if there is none."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        files = seed_files(seeds)
        self._folder = _identity(seeds)
        root = seeds.resolve()
        self.entries = [_entry(path, seeds, root) for path in files]

    def require_folder(self) -> None:
        """Raise SeedsError if the folder is not the one that it was: removed, moved or unmounted."""
        if _identity(self.seeds) != self._folder:
            raise SeedsError(
                f"the folder {self.seeds} disappeared while it was read; the index before is "
                "untouched: bring the folder back and run 'qa rebuild' again"
            )


def digest_of(entries: Iterable[SeedEntry]) -> str:
    """One hash of all files, by names and contents."""
    lines = [[entry.name, entry.digest.hex() if entry.digest else None] for entry in entries]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _entry(path: Path, seeds: Path, root: Path) -> SeedEntry:
    name = seed_name(path, seeds)
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) and path.resolve().is_relative_to(root):
            found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return SeedEntry(path, name, 0, None)
        with path.open("rb") as file:
            return SeedEntry(path, name, found.st_size, hashlib.file_digest(file, "sha256").digest())
    except (OSError, RuntimeError):  # resolve() raises the latter for links in a circle
        return SeedEntry(path, name, 0, None)
