"""The names that exports give to the fields of an article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from index.readers.draft import Draft, UnreadableError

NAMES = {
    "id": ("id", "article_id", "guid", "uuid"),
    "text": ("text", "body", "content", "article", "full_text", "article_body"),
    "title": ("title", "headline"),
    "source": ("source", "publisher", "outlet", "site_name"),
    "author": ("author", "authors", "byline", "creator"),
    "published": ("published", "published_at", "date", "date_published", "pub_date", "pubdate"),
    "updated": ("updated", "updated_at", "modified", "date_modified", "last_modified"),
    "url": ("url", "link", "canonical_url"),
    "language": ("language", "lang"),
}


MAX_DEPTH = 3  # a list of objects with a name is 2
MAX_ITEMS = 100  # of a list: the authors of an article, say


def field_of(name: str) -> str | None:
    """Which field of a draft an export means by ``name``.

    >>> field_of("pubDate")
    'published'
    """
    folded = _fold(name)
    return next((field for field, names in _FOLDED.items() if folded in names), None)


def draft_from_fields(fields: Mapping[str, object]) -> Draft:
    """A draft from a mapping with any of the names above, in any case and either spelling style.

    Raises UnreadableError if no field holds the text.
    """
    folded = {_fold(name): value for name, value in fields.items()}
    found: dict[str, str | None] = {}
    for field, names in _FOLDED.items():
        values = (_as_text(folded.get(name)) for name in names)
        found[field] = next((value for value in values if value), None)
    text = found.pop("text")
    if text is None:
        raise UnreadableError("no text: none of the fields " + ", ".join(NAMES["text"]) + " holds any")
    return Draft(text=text, **found)


@lru_cache(1000)
def _fold(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


_FOLDED = {field: tuple(map(_fold, names)) for field, names in NAMES.items()}


def _as_text(value: object, depth: int = 0) -> str | None:
    """Strings and numbers as they are, dates in ISO 8601, the names in lists and nested objects."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, date):  # a datetime, too
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        names = (_as_text(item, depth + 1) for item in value[:MAX_ITEMS])
        return ", ".join(filter(None, names)) or None
    if isinstance(value, dict):
        return _as_text(value.get("name") or value.get("title"), depth + 1)
    return None
