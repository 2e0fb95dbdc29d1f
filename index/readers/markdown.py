"""Markdown: one story a file, with optional YAML front matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.decode import decode
from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.fields import draft_from_fields, field_of

BODY = "(the text below)"  # no name that front matter has
MAX_FRONT_MATTER = 16 << 10  # characters
MAX_SIZE = 2 << 20  # bytes, which takes seconds: the parser's time can grow with their square


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft: its text without markup, its metadata from the front matter.

    Raises UnreadableError if the front matter is no YAML.
    """
    fields, body = _front_matter(decode(file.read(MAX_SIZE)))
    # Whatever the user's exports call the text, here it is what follows the front matter.
    names = {**file.field_names, "text": BODY}
    has_title = "title" in {field_of(name, names) for name in fields}
    heading: str | None = None
    blocks = MarkdownIt("commonmark", {"html": False}).parse(body)
    paragraphs: list[str] = []
    for position, token in enumerate(blocks):
        if token.type == "inline":
            words = _words(token)
            is_heading = blocks[position - 1].tag == "h1"
            if is_heading and not paragraphs and not has_title and heading is None:
                heading = words
            elif words.strip():
                paragraphs.append(words)
        elif token.type in ("fence", "code_block"):
            paragraphs.append(token.content.rstrip("\n"))
    draft = draft_from_fields({**fields, BODY: "\n\n".join(paragraphs)}, names)
    yield replace(draft, title=draft.title or heading)


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    if not text.startswith("---\n"):
        return {}, text
    head, mark, body = text[4:].partition("\n---\n")
    if not mark:
        return {}, text
    if len(head) > MAX_FRONT_MATTER:
        raise UnreadableError(f"front matter of more than {MAX_FRONT_MATTER >> 10} KB")
    try:
        fields = yaml.safe_load(head)
    # Besides YAMLError, what dates and numbers that are none, and deep nesting, lead to.
    except Exception as error:
        raise UnreadableError(f"the front matter is not YAML: {error}") from None
    if not isinstance(fields, dict):
        return {}, text
    return {str(name): value for name, value in fields.items()}, body


def _words(inline: Token) -> str:
    """The text of a paragraph; an image is dropped with its description."""
    words = []
    for token in inline.children or []:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words)
