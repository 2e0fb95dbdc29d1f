"""Plain text: one story a file."""

from __future__ import annotations

from collections.abc import Iterator

from index.readers.draft import Draft


def read(text: str) -> Iterator[Draft]:
    """One draft, the whole text; what stands in its first lines is found out in cleaning."""
    yield Draft(text=text)
