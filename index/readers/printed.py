"""Lines as printed on pages, back to paragraphs."""

from __future__ import annotations

import re
from collections import Counter

_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")
_HYPHEN_AT_END = re.compile(r"(\w+)[-\N{HYPHEN}\N{SOFT HYPHEN}]$")
_TAIL = 80  # characters at a line's end that say how it ends
_FULL = 0.8  # of the usual width: shorter lines are the last of their paragraph


def join_pages(pages: list[list[str]]) -> str:
    """The text of the pages' lines: words put together that the ends of lines cut, paragraphs apart.

    What stands at the top or bottom of most pages, but for its digits, is left out.

    >>> join_pages([["A line that was too long for the pa-", "per ends.", "And another."]])
    'A line that was too long for the paper ends.\\n\\nAnd another.'
    """
    stripped = [[" ".join(line.split()) for line in page] for page in pages]
    return join_lines(_without_margins(stripped))


def _without_margins(pages: list[list[str]]) -> list[str]:
    pages = [_trimmed(page) for page in pages]
    edges = Counter(edge for page in pages for edge in {_edge(line) for line in (page[:1] + page[-1:])})
    often = {edge for edge, count in edges.items() if count > max(1, len(pages) / 2)}
    kept: list[str] = []
    for page in pages:
        while page and (_edge(page[0]) in often or not _edge(page[0])):
            page = page[1:]
        while page and (_edge(page[-1]) in often or not _edge(page[-1])):
            page = page[:-1]
        kept += page
    return kept


def _trimmed(page: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _edge(line: str) -> str:
    """A line without its digits; empty for a page's number."""
    bare = re.sub(r"\d+", "", line).casefold()
    return bare if any(map(str.isalpha, bare)) else ""


def join_lines(lines: list[str]) -> str:
    """Paragraphs with blank lines between them.

    A paragraph ends at a blank line, and at a line that is shorter than usual and ends a sentence, or
    is followed by a capital letter, as a heading is.
    """
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[int(len(lengths) * 0.8)] if lengths else 0
    words = Counter(re.findall(r"\b\w+(?:-\w+)+", " ".join(lines)))
    paragraphs: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        if line:
            paragraphs[-1].append(line)
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if not below or _ends_paragraph(line, below, usual):
            paragraphs.append([])
    return "\n\n".join(_joined(paragraph, words) for paragraph in paragraphs if paragraph)


def _ends_paragraph(line: str, below: str, usual: int) -> bool:
    if len(line) >= _FULL * usual or _HYPHEN_AT_END.search(line[-_TAIL:]):
        return False
    return bool(_SENTENCE_END.search(line[-_TAIL:])) or not below[0].islower()


def _joined(lines: list[str], hyphenated: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        cut = _HYPHEN_AT_END.search(text[-_TAIL:])
        if cut is None or not line[:1].islower():
            text += " " + line
        elif cut[1] + "-" + re.split(r"[^\w-]", line)[0] in hyphenated:
            text = text[:-1] + "-" + line  # written with its hyphen elsewhere, too
        else:
            text = text[:-1] + line
    return text
