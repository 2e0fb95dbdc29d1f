"""MHTML: a web page saved with its pictures in one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index.readers.draft import MAX_MARKUP, Draft, SeedFile, UnreadableError
from index.readers.html import article_from_html
from index.readers.mime import charset, decoded, header, is_html, message, payload, text_parts


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft, from the first HTML part; the others are its frames.

    The message's date is when the page was saved, so it tells nothing of the article.  Raises
    UnreadableError if there is no HTML, or no article in it.
    """
    found = message(file)
    page = next(filter(is_html, text_parts(found)), None)
    if page is None:
        raise UnreadableError("no HTML part in it: save the page anew")
    url = header(found, "snapshot-content-location") or header(page, "content-location") or None
    data = payload(page)
    if len(data) > MAX_MARKUP:
        raise UnreadableError(f"a page of more than {MAX_MARKUP >> 20} MB, which is no single article")
    declared = charset(page)
    draft = article_from_html(decoded(data, declared) if declared else data, url)
    yield replace(draft, title=draft.title or header(found, "subject") or None)
