"""RSS and Atom feeds: one article an entry."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from index.readers.draft import MAX_MARKUP, Draft, SeedFile, UnreadableError
from index.readers.snippet import text_of
from index.readers.xml_tree import repaired


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft, or the reason why there is none, for each entry.

    Raises UnreadableError if there are no entries.
    """
    data = repaired(file.read(MAX_MARKUP))
    try:
        with warnings.catch_warnings(action="ignore"):
            parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    # It has no exceptions of its own, and lets those of its parsers through.
    except Exception as error:
        raise UnreadableError(f"not a feed that can be read ({type(error).__name__})") from None
    if not parsed.entries:
        raise UnreadableError("not a feed, or a feed without entries")
    for number, entry in enumerate(parsed.entries, start=1):
        try:
            yield _draft(entry, parsed.feed)
        except UnreadableError as error:
            yield UnreadableError(f"entry {number}: {error}")


def _draft(entry: dict[str, Any], feed: dict[str, Any]) -> Draft:
    text, language = _text(entry)
    if not text:
        raise UnreadableError("no text in it")
    source = entry.get("source") or {}  # where an aggregator has the entry from
    return Draft(
        text=text,
        title=_plain(entry.get("title_detail")) or None,
        source=source.get("title") or _plain(feed.get("title_detail")) or None,
        author=_author(entry),
        published=entry.get("published"),
        # feedparser's get() gives the other date for one that is missing, with a warning.
        updated=entry["updated"] if "updated" in entry else None,  # noqa: SIM401  # as above
        url=entry.get("link"),
        language=language or feed.get("language"),
        id=entry.get("id"),
    )


def _text(entry: dict[str, Any]) -> tuple[str, str | None]:
    """The longest content, else the summary, and its language."""
    contents = [(_plain(content), content.get("language")) for content in entry.get("content") or []]
    text, language = max(contents, key=lambda content: len(content[0]), default=("", None))
    return (text, language) if text else (_plain(entry.get("summary_detail")), language)


def _plain(detail: dict[str, Any] | None) -> str:
    """A feed's text construct without markup."""
    if not detail:
        return ""
    value = str(detail.get("value") or "")
    return value.strip() if detail.get("type") == "text/plain" else text_of(value)


def _author(entry: dict[str, Any]) -> str | None:
    """The names; RSS asks for a mail address, so there may be nothing else."""
    authors = entry.get("authors") or []
    names = [author.get("name") or author.get("email") for author in authors]
    return ", ".join(filter(None, names)) or None
