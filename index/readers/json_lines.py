"""JSON Lines: one article a line; a line that is none is left out alone."""

from __future__ import annotations

from collections.abc import Iterator

from index.readers import json_file
from index.readers.draft import Draft, UnreadableError


def read(text: str) -> Iterator[Draft | UnreadableError]:
    """A draft, or the reason why there is none, for each line that is not blank."""
    # Not splitlines(): JSON strings may hold U+2028 and other line ends of Unicode.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield json_file.article(json_file.parse(line))
            except UnreadableError as error:
                reason = str(error).replace("(line 1, column", "(column")
                yield UnreadableError(f"line {number}: {reason}")
