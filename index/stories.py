"""The stories of a page: a second one's teaser may stand inside or below the first."""

from __future__ import annotations

import re

from index.dateline import Dateline, read_dateline

_READ_MORE = re.compile(r"\b(?:read|continue)\s+(?:more|reading)\W*$", re.IGNORECASE)
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_MAX_HEADLINE = 200


def split_stories(text: str) -> list[str]:
    """The page's own story, and after it every other that has a headline and a dateline.

    A story inside the page ends where its reader is sent on to the rest of it; what follows
    belongs to the page again.  Without such an end it reaches to the next headline.  A headline
    whose dateline has no date starts a story only if there is such an end: else it stands above a
    part of the page's own story, as in a round-up of an evening's matches.
    """
    lines = text.split("\n")
    starts = _headlines(lines)
    page = lines[: starts[0][0]] if starts else lines
    others: list[str] = []
    following = [*(number for number, _ in starts[1:]), len(lines)]
    for (start, dateline), next_start in zip(starts, following, strict=False):
        ends = (n + 1 for n in range(start, next_start) if _READ_MORE.search(lines[n].rstrip()))
        end = next(ends, next_start if dateline.published or dateline.day else start)
        if end > start:
            others.append("\n".join(lines[start:end]).strip())
        page += lines[end:next_start]
    return ["\n".join(page).strip(), *others]


def _headlines(lines: list[str]) -> list[tuple[int, Dateline]]:
    """The lines that are headlines with a dateline below, after the page's own story began."""
    found: list[tuple[int, Dateline]] = []
    before: int | None = None  # the filled line before
    began = False
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if before is not None and began and "(" in line[:80]:
            dateline = read_dateline(line.strip())
            if dateline and _starts_a_story(dateline) and _is_headline(lines[before]):
                found.append((before, dateline))
        began = began or (before is not None and bool(_ENDS_A_SENTENCE.search(lines[before].strip())))
        before = number
    return found


def _starts_a_story(dateline: Dateline) -> bool:
    """In the middle of a text a name with another in brackets may be a list's entry, not a dateline."""
    return bool(dateline.published or dateline.day) or dateline.place.isupper()


def _is_headline(line: str) -> bool:
    line = line.strip()
    return len(line.split()) >= 3 and len(line) <= _MAX_HEADLINE and not _ENDS_A_SENTENCE.search(line)
