"""The paragraphs in a tree of markup: HTML, XHTML or NITF."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

# What starts a paragraph of its own.
_BLOCKS = frozenset(
    "address article aside blockquote body body.content block bq center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr html li main nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul".split()
)
# What shows no words, or none of the story.
_DROPPED = frozenset(
    "audio button canvas embed head iframe input link map math media meta noscript object option "
    "script select style svg template textarea title video".split()
)
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def local_name(element: etree._Element) -> str:
    """``p`` of ``{http://www.w3.org/1999/xhtml}p``; empty for a comment or an instruction."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def paragraphs(root: etree._Element) -> str:
    """The words in ``root`` that a reader sees, blank lines between paragraphs.

    >>> paragraphs(etree.fromstring("<div>One<script>x</script> <b>two</b><p>Three<br/>four</p></div>"))
    'One two\\n\\nThree\\nfour'
    """
    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        name = local_name(element)
        if element.tag is etree.Entity:  # of HTML, say, in XML that did not declare it
            pieces.append(unescape(element.text or "") if event == "start" else element.tail or "")
            continue
        if event == "start":
            if name in _DROPPED or _is_hidden(element):
                walker.skip_subtree()
                continue  # its end comes, too, and gives what stands behind it
            if name in _BLOCKS:
                pieces.append("\n\n")
            pieces.append("\n" if name == "br" else _SPACE.sub(" ", element.text or ""))
            continue
        if name in _BLOCKS:
            pieces.append("\n\n")
        if element is not root:
            pieces.append(_SPACE.sub(" ", element.tail or ""))
    lines = [_SPACE.sub(" ", line).strip() for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))
