"""JSON: one article, a list of them, or an object with a list under ``articles``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from index.decode import decode
from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.fields import draft_from_fields

MAX_VALUES = 4_000_000  # of a file of 64 MB one every 16 bytes; they take up to 200 bytes each


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft for each object.  Raises UnreadableError if the file is not JSON, or too much of it."""
    text = decode(file.read())
    # Commas in strings count, too: to tell them apart would take as long as reading it all.
    if sum(map(text.count, "[{,")) > MAX_VALUES:
        raise UnreadableError(
            f"more than {MAX_VALUES:,} values or commas; split it, or save it as JSON Lines"
        )
    content = parse(text)
    if isinstance(content, dict) and isinstance(content.get("articles"), list):
        content = content["articles"]
    if not isinstance(content, list):
        yield article(content, file.field_names)
        return
    for number, item in enumerate(content, start=1):
        try:
            yield article(item, file.field_names)
        except UnreadableError as error:
            yield UnreadableError(f"item {number}: {error}")


def parse(text: str) -> object:
    """The JSON value in ``text``.  Raises UnreadableError, with the place of the fault."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from None
    except (RecursionError, ValueError) as error:
        raise UnreadableError(f"JSON that cannot be read: {error}") from None


def article(content: object, field_names: Mapping[str, str]) -> Draft:
    """The draft that a JSON object holds.  Raises UnreadableError if it is no article."""
    if not isinstance(content, dict):
        raise UnreadableError(f"an article must be a JSON object, not {type(content).__name__}")
    return draft_from_fields(content, field_names)
