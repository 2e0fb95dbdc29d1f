"""A piece of HTML, as feeds and mails carry it, to plain text."""

from __future__ import annotations

from lxml import etree
from lxml.html import HTMLParser

from index.readers.draft import MAX_MARKUP, UnreadableError
from index.readers.tree import paragraphs


def text_of(html: str) -> str:
    """The words of ``html`` that a reader sees, blank lines between paragraphs.

    Raises UnreadableError if it is too large.

    >>> text_of("One &amp; two<p>Three <i>four</i>")
    'One & two\\n\\nThree four'
    """
    # As UTF-8, because lxml refuses text that names an encoding of its own.
    data = html.encode("utf-8", "replace")
    if len(data) > MAX_MARKUP:
        raise UnreadableError(f"HTML of more than {MAX_MARKUP >> 20} MB, which is no single article")
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError:  # nothing but blanks or a comment, for one
        return ""
    return "" if root is None else paragraphs(root)
