"""XML to a tree, without entities, DTDs or network."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from io import BytesIO

from lxml import etree

from index.readers.draft import UnreadableError

# Entities that the document declares, but for single letters; none but a bomb or a spy needs them.
_ENTITY = re.compile(
    rb"""<!ENTITY\s+(?:%|[^\s>]+\s+(?:SYSTEM|PUBLIC|"[^"]{9}|'[^']{9}|"[^"#]*&(?!\#)|'[^'#]*&(?!\#)))"""
)
# Ampersands that are no number's, and CDATA, in which they mean themselves.
_AMPERSAND = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,30});|(?!#))", re.DOTALL
)
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")


def check_entities(data: bytes) -> None:
    """Raises UnreadableError if ``data`` declare entities other than letters."""
    head = re.match(rb"[^<]*(?:<[?!][^>\[]*>[^<]*)*<!DOCTYPE[^>\[]*\[", data)
    if head and _ENTITY.search(data, head.end()):
        raise UnreadableError(
            "XML with entities of its own, which are not expanded; save it without them"
        )


def parse(data: bytes) -> etree._Element:
    """The root.  Raises UnreadableError if ``data`` is not well-formed, or declares entities."""
    check_entities(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"not well-formed XML: {error}") from None


def repaired(data: bytes) -> bytes:
    """XML that is well-formed but for its namespaces, from what may not be.

    Feeds are put together by hand: a blank stands before the first tag, letters are written as in HTML.
    Raises UnreadableError if there is no element in ``data``, or they declare entities.
    """
    check_entities(data)
    data = _AMPERSAND.sub(_as_xml, data.lstrip())
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError(f"not XML: {error}") from None
    if root is None:
        raise UnreadableError("not XML: there is no element in it")
    return etree.tostring(root, encoding="utf-8")


def _as_xml(match: re.Match[bytes]) -> bytes:
    """``&#160;`` for ``&nbsp;``, ``&amp;`` for an ampersand alone."""
    name = match["name"]
    if not match[0].startswith(b"&") or name in _OF_XML:
        return match[0]
    point = name2codepoint.get(name.decode()) if name else None
    return b"&#%d;" % point if point else b"&amp;" + match[0][1:]


def words(element: etree._Element | None) -> str | None:
    """All text in an element on one line; None for none."""
    if element is None:
        return None
    return " ".join("".join(map(str, element.itertext())).split()) or None


def root_name(data: bytes) -> str:
    """The local name of the root, even if what follows is not well-formed.

    Raises UnreadableError if there is none.
    """
    events = etree.iterparse(
        BytesIO(data),
        events=("start",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    try:
        _, root = next(events)
    except (etree.LxmlError, StopIteration, ValueError):
        raise UnreadableError("not XML: there is no element in it") from None
    return str(root.tag).rpartition("}")[2]  # not QName, which refuses names that only recovery gives
