"""NITF, the older of the formats that news agencies send: one article a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from index.readers.draft import MAX_MARKUP, Draft, SeedFile, UnreadableError
from index.readers.tree import paragraphs
from index.readers.xml_tree import parse, words

_BY = re.compile(r"^by\s+", re.IGNORECASE)


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft.  Raises UnreadableError if it is not well-formed or holds no text."""
    yield draft_from_nitf(parse(file.read(MAX_MARKUP).lstrip()))


def draft_from_nitf(root: etree._Element) -> Draft:
    """The article in a ``nitf`` element.  Raises UnreadableError if it holds no text.

    Its date is that of the publication, else the one when it was issued, which for an agency is
    the same; the release date is the end of an embargo, so it comes last.
    """
    body = _first(root, "body.content")
    story = paragraphs(body) if body is not None else ""
    if not story:
        raise UnreadableError("no text in it: body.content is empty")
    dateline = _text(root, "body.head", "dateline")
    return Draft(
        text=f"{dateline}\n\n{story}" if dateline else story,
        title=_text(root, "hedline", "hl1") or _text(root, "hedline") or _text(root, "head", "title"),
        source=_value(root, "pubdata", "name")
        or _text(root, "distributor")
        or _value(root, "doc.copyright", "holder"),
        author=_author(root),
        published=_value(root, "pubdata", "date.publication")
        or _value(root, "date.issue", "norm")
        or _value(root, "date.release", "norm"),
        url=_value(root, "pubdata", "ex-ref"),
        language=root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        id=_value(root, "doc-id", "id-string"),
    )


def _author(root: etree._Element) -> str | None:
    byline = _first(root, "body.head", "byline")
    if byline is None:
        return None
    people = [paragraphs(person) for person in byline.iter("{*}person")]
    return ", ".join(filter(None, people)) or _BY.sub("", paragraphs(byline).split("\n")[0]) or None


def _first(root: etree._Element, *names: str) -> etree._Element | None:
    """The first element of the first name, the first of the second name in it, and so on."""
    found: etree._Element | None = root
    for name in names:
        found = next(found.iter("{*}" + name), None) if found is not None else None
    return found


def _text(root: etree._Element, *names: str) -> str | None:
    return words(_first(root, *names))


def _value(root: etree._Element, name: str, attribute: str) -> str | None:
    element = _first(root, name)
    return element.get(attribute) or None if element is not None else None
