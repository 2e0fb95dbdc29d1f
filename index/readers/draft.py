"""What a reader hands on: the story as the file has it, before any cleaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Draft:
    """A story as its file gives it.  ``id`` is the format's own; ``published`` may be in any form."""

    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
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


class Reader(Protocol):
    """Reads the text of one file.

    Yields drafts, and an ``UnreadableError`` for each part of the file that is no article.  Raises
    ``UnreadableError`` if nothing more of the file can be read.
    """

    def __call__(self, text: str) -> Iterator[Draft | UnreadableError]: ...
