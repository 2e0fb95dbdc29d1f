"""Lines that were cut at a width, put back together into paragraphs."""

from __future__ import annotations

import re
from itertools import pairwise

_WIDEST = 100  # a longer line was not cut for a screen or a teleprinter
_NARROWEST = 40  # below, a cut line cannot be told from a verse
_FEWEST = 3  # line ends that it takes to see a width
_ENDS_A_SENTENCE = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_STARTS_ANEW = re.compile(r"\s|[-–—*•►>|#]|\(?\d{1,3}[.)]\s|[A-Za-z][.)]\s")
_TABLE = re.compile(r"\S {3,}\S|\|")


def unwrap(text: str) -> str:
    """``text`` with the lines of each paragraph joined, if its lines were cut at a width.

    A line was cut if the first word of the next would not have fitted on it.  Where nearly every
    line is like that the text was wrapped; lines of verse, lists, tables and paragraphs of a line
    each could mostly have held one word more.
    """
    if "\n" not in text:
        return text
    lines = text.split("\n")
    # The last line of a paragraph says nothing of the width; a title above it may be longer.
    width = max((len(line) for line, after in pairwise(lines) if line and after), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return text
    ends = [_is_cut(before, after, width) for before, after in pairwise(lines)]
    inside = [
        (cut, line)
        for cut, (line, after) in zip(ends, pairwise(lines), strict=True)
        if line and after and (cut or not _ENDS_A_SENTENCE.search(line))
    ]
    cuts = [line for cut, line in inside if cut]
    sentences = sum(bool(_ENDS_A_SENTENCE.search(line)) for line in cuts)
    if len(cuts) < max(_FEWEST, 0.75 * len(inside)) or sentences > len(cuts) / 2:
        return text
    joined = [lines[0]]
    for cut, (before, after) in zip(ends, pairwise(lines), strict=True):
        if cut or (before and after[:1].islower()):
            between = "" if re.search(r"[^\W\d_]-$", before) and after[:1].isalpha() else " "
            joined[-1] += between + after
        else:
            joined.append(after)
    return "\n".join(joined)


def _is_cut(before: str, after: str, width: int) -> bool:
    if not before or not after or _STARTS_ANEW.match(after) or _TABLE.search(before):
        return False
    return len(before) + 1 + len(after.split(maxsplit=1)[0]) > width
