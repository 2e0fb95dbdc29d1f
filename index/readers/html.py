"""HTML: one story a page, with the metadata that the page states of it.

trafilatura finds the story; html_story.py prepares the page for it and html_metadata.py reads
what the page says about itself.  Nothing is fetched.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import load_html

from index.decode import decode
from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.html_metadata import read_metadata
from index.readers.html_story import story_of

# Some steps take time with the square of the elements, some with how deep these are nested.  The pages
# of benchmarks/extraction.py have 1,600 at most, or 22,000 if each counts as often as it is deep.
MAX_ELEMENTS = 50_000
MAX_NESTED = 500_000
MAX_DEPTH = 256  # the parser goes no deeper

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w=-]+)*;base64,[A-Za-z0-9+/=%]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SEPARATOR = re.compile(r"\s+[|–—·•»«:~-]+\s+|\s*\|\s*")
_NO_STORY = "no story on the page"


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """One draft.  Raises UnreadableError if the page has no story, or is no HTML."""
    yield article_from_html(file.read())


def article_from_html(data: bytes | str, url: str | None = None) -> Draft:
    """The story of a page; ``url`` is where it came from, if known, and counts if it names none.

    What the page does not state stays None.  Raises UnreadableError for a page without a story.
    """
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of what is raised here
    tree = _parse(data if isinstance(data, str) else _decode(data))
    metadata = read_metadata(tree, url)
    text = story_of(tree, metadata.titles, metadata.body)
    if text is None:
        raise UnreadableError(_NO_STORY)
    return Draft(
        text=text,
        title=_without_outlet(metadata.title, metadata.source, metadata.url)
        if metadata.title
        else None,
        source=metadata.source,
        author=metadata.author,
        published=metadata.published,
        updated=metadata.updated,
        url=metadata.url,
        language=metadata.language,
    )


def _without_outlet(title: str, source: str | None, url: str | None) -> str:
    """The headline alone of "Headline - Outlet" or "Outlet | Headline"."""
    host = ((urlsplit(url).hostname or "") if url else "").removeprefix("www.")
    names = [source or "", host, *(part for part in host.split(".")[:-1] if len(part) > 3)]
    outlets = {_fold(name).removeprefix("the") for name in names} - {""}
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        head, tail = title[: separator.start()].strip(), title[separator.end() :].strip()
        if head and _fold(tail).removeprefix("the") in outlets:
            return head
        if tail and _fold(head).removeprefix("the") in outlets:
            return tail
    return title


def _fold(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())


def _parse(page: str) -> HtmlElement:
    # Pictures inside the page are most of a page that a browser saved in one file.
    tree = load_html(_NOT_XML.sub("", _DATA_URL.sub("", page)).encode("utf-8", "replace").decode())
    if tree is None:
        raise UnreadableError("no HTML")
    elements = sum(1 for _ in tree.iter())
    if elements > MAX_ELEMENTS or (elements * MAX_DEPTH > MAX_NESTED and _nested(tree) > MAX_NESTED):
        raise UnreadableError("too many elements, or nested too deep, for a single article")
    return tree


def _nested(tree: HtmlElement) -> int:
    depth = nested = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        nested += depth
    return nested // 2  # each is counted at its start, and less one at its end


def _decode(data: bytes) -> str:
    """By UTF-8 if it is that, else by what the page declares, else by what it looks like.

    Pages declare much that is not so, but bytes that read as UTF-8 are.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:4096])
    if declared and b"\0" not in data:
        name = declared[1].decode("ascii").lower()
        # Browsers read Latin-1 as Windows-1252, which has its letters and typographic quotes, too.
        name = "windows-1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name
        try:
            if not name.startswith(("utf", "unicode")):
                return data.decode(name)
        except (LookupError, UnicodeError):
            pass
    return decode(data)
