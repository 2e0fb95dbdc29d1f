"""What a reader is given, and what it hands on: the story before any cleaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

MAX_FILE = 64 << 20  # bytes of a file that is read as a whole
MAX_MARKUP = 8 << 20  # bytes of markup that becomes a tree, which takes fifty times as much
MAX_LINE = 16 << 20  # bytes of a line of a file that is read by lines


@dataclass(frozen=True, slots=True)
class Draft:
    """A story as its file gives it.

    ``id`` is the format's own.  ``published`` and ``updated`` may be in any form that a date
    library reads.
    """

    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out of the index, and why.  ``path`` is relative to the seeds folder."""

    path: str
    reason: str


class UnreadableError(Exception):
    """A file, or a part of one, cannot be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file in the seeds folder, or in an archive there.

    ``name`` is its path below the seeds folder, an archive counting as a folder; ``open`` opens it
    anew each time, for reading bytes.  ``field_names`` says what the user's exports call a field of
    ``Draft``, for those fields where the user has said it.
    """

    name: str
    open: Callable[[], BinaryIO]
    field_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def ending(self) -> str:
        """``.txt`` of ``a/b.TXT``."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """``a/b`` of ``a/b.txt``."""
        return self.name.removesuffix(PurePosixPath(self.name).suffix)

    def read(self, limit: int = MAX_FILE) -> bytes:
        """All bytes.  Raises UnreadableError if there are more than ``limit``."""
        with self.opened() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise UnreadableError(f"larger than {limit >> 20} MB, which is no single article; split it")
        return data

    def lines(self) -> Iterator[bytes | UnreadableError]:
        """The lines without their ends; for one that is too long an UnreadableError."""
        with self.opened() as stream:
            while line := stream.readline(MAX_LINE + 1):
                if len(line) <= MAX_LINE:
                    yield line.rstrip(b"\r\n")
                    continue
                yield UnreadableError(f"longer than {MAX_LINE >> 20} MB")
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_LINE)

    def opened(self) -> BinaryIO:
        """A stream of the bytes.  Raises UnreadableError if the file cannot be opened."""
        try:
            return self.open()
        except OSError as error:
            reason = error.strerror or error
            raise UnreadableError(f"cannot be opened ({reason}); check its permissions") from None


class Reader(Protocol):
    """Reads one file.

    Yields drafts, and an ``UnreadableError`` for each part of the file that is no article.  Raises
    ``UnreadableError`` if nothing more of the file can be read.
    """

    def __call__(self, file: SeedFile) -> Iterator[Draft | UnreadableError]: ...
