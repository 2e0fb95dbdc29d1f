"""Plain text: one story a file."""

from __future__ import annotations

from collections.abc import Iterator

from index.decode import decode
from index.readers.draft import Draft, SeedFile


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft, the whole text; what stands in its first lines is found out in cleaning."""
    yield Draft(text=decode(file.read()))
