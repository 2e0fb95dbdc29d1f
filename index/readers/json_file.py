"""JSON: one article, a list of them, or an object with a list under ``articles``."""

from __future__ import annotations

import json
from collections.abc import Iterator

from index.decode import decode
from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.fields import draft_from_fields


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft for each object.  Raises UnreadableError if the file is not JSON."""
    content = parse(decode(file.read()))
    if isinstance(content, dict) and isinstance(content.get("articles"), list):
        content = content["articles"]
    if not isinstance(content, list):
        yield article(content)
        return
    for number, item in enumerate(content, start=1):
        try:
            yield article(item)
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


def article(content: object) -> Draft:
    """The draft that a JSON object holds.  Raises UnreadableError if it is no article."""
    if not isinstance(content, dict):
        raise UnreadableError(f"an article must be a JSON object, not {type(content).__name__}")
    return draft_from_fields(content)
