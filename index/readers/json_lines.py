"""JSON Lines: one article a line; a line that is none is left out alone."""

from __future__ import annotations

from collections.abc import Iterator

from index.decode import decode
from index.readers import json_file
from index.readers.draft import Draft, SeedFile, UnreadableError


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft, or the reason why there is none, for each line that is not blank."""
    for number, line in enumerate(file.lines(), start=1):
        try:
            if isinstance(line, UnreadableError):
                raise line
            if text := decode(line).strip():
                yield json_file.article(json_file.parse(text), file.field_names)
        except UnreadableError as error:
            reason = str(error).replace("(line 1, column", "(column")
            yield UnreadableError(f"line {number}: {reason}")
