"""The names that exports give to the fields of an article: the common ones, and those a user says."""

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


def field_names(text: str | None) -> dict[str, str]:
    """What a user's exports call each field, as given by ``field=name,field=name``.

    Raises ValueError, in one line, for what is no such list.

    >>> field_names("text=story, published=meta.when")
    {'text': 'story', 'published': 'meta.when'}
    """
    given: dict[str, str] = {}
    for pair in text.split(",") if text and text.strip() else ():
        field, mark, name = (part.strip() for part in pair.partition("="))
        if not (field and mark and name):
            raise ValueError(f"{pair.strip()!r} is not FIELD=NAME; the fields are {', '.join(NAMES)}")
        if field not in NAMES:
            raise ValueError(f"there is no field {field!r}; the fields are {', '.join(NAMES)}")
        if field in given:
            raise ValueError(f"{field} is given twice")
        given[field] = name
    return given


def field_of(name: str, given: Mapping[str, str]) -> str | None:
    """Which field of a draft an export means by ``name``.

    >>> field_of("pubDate", given={})
    'published'
    """
    folded = _fold(name)
    return next((field for field, names in _names(*given.items()).items() if folded in names), None)


def draft_from_fields(fields: Mapping[str, object], given: Mapping[str, str]) -> Draft:
    """A draft from a mapping with the ``given`` names, else any of the common ones.

    Names are known in any case and either spelling style.  Raises UnreadableError if no field holds
    the text.
    """
    folded = _folded(fields)
    found: dict[str, str | None] = {}
    for field, names in _names(*given.items()).items():
        there = (name for name in names if name in folded or "." in name)
        values = (_as_text(_value(folded, name)) for name in there)
        found[field] = next((value for value in values if value), None)
    text = found.pop("text")
    if text is None:
        names = tuple(filter(None, [given.get("text"), *NAMES["text"]]))
        raise UnreadableError(
            f"no text: none of the fields {', '.join(names)} holds any; say which does with --fields"
        )
    return Draft(text=text, **found)


@lru_cache(10)  # the same for all rows of all files
def _names(*given: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """The folded names of each field, a given one first; that means no other field any more."""
    first = {field: _fold(name) for field, name in given}
    taken = set(first.values())
    return {
        field: (*filter(None, [first.get(field)]), *(name for name in names if name not in taken))
        for field, names in _FOLDED.items()
    }


def _value(folded: Mapping[str, object], name: str) -> object:
    """What has the whole name, or else what the part after a dot leads to in an object before it."""
    if name in folded or "." not in name:
        return folded.get(name)
    outer, _, inner = name.partition(".")
    nested = folded.get(outer)
    return _value(_folded(nested), inner) if isinstance(nested, dict) else None


def _folded(fields: Mapping[str, object]) -> dict[str, object]:
    return {_fold(str(name)): value for name, value in fields.items()}


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
