"""The first lines of a plain text: its title, byline and date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.dates import DATE, find_date

MAX_HEADER_LINES = 12
MAX_TITLE_CHARACTERS = 200
# A photograph's credit may follow the sentence, in brackets.
_SENTENCE_END = re.compile(r"[.!?…;:,][\"'”’)\]]*(?:\s*\[[^\]]*\])?$")
_SOURCE = re.compile(r"\bsource\s*:\s*(?P<name>[^|]+)", re.IGNORECASE)
_BYLINE = re.compile(r"[Bb][Yy]\s+(?P<name>[A-Z][^|,]{1,60})")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines say of the story, and the story itself, ``body``, without them."""

    body: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None


def read_header(text: str, title: str | None = None) -> Header:
    """Find the lines above the story and what they say; ``title`` is the story's if known.

    A header line is short and does not end like a sentence.  The title is the line that stands
    there most often (saved pages repeat it); of those the first of five words or more.  What
    stands above it is the name of a site or a section; what stands below it and is no byline
    belongs to the story.
    """
    lines = text.split("\n")
    end = _first_line_of_story(lines, title)
    header = [line.strip() for line in lines[:end]]
    plain = [line for line in header if line and not _is_byline(line)]
    if title is None and plain:
        folded = [_fold(line) for line in plain]
        title = max(plain, key=lambda line: (folded.count(_fold(line)), len(line.split()) >= 5))
    found: dict[str, str | None] = {"source": None, "author": None, "published": None}
    kept: list[str] = []
    below_title = title is None or _fold(title) not in map(_fold, plain)
    for line in header:
        if title is not None and _fold(line) == _fold(title):
            below_title = True
        elif _is_byline(line):
            for name, value in _byline(line).items():
                found[name] = found[name] or value
        elif below_title:
            kept.append(line)
    return Header(body="\n".join(kept + lines[end:]).strip(), title=title, **found)


def _first_line_of_story(lines: list[str], title: str | None) -> int:
    seen = 0
    for number, line in enumerate(lines):
        if seen == MAX_HEADER_LINES:
            return number
        text = line.strip()
        may_be_title = _fold(text) == _fold(title or "") or (not seen and text.endswith(("?", "!")))
        ends_like_a_sentence = (
            bool(_SENTENCE_END.search(text)) and not may_be_title and not _is_byline(text)
        )
        if ends_like_a_sentence or len(text) > MAX_TITLE_CHARACTERS:
            return number
        seen += bool(text)
    return 0  # nothing but short lines: a list or a poem, not a header


def _is_byline(line: str) -> bool:
    if len(line) > MAX_TITLE_CHARACTERS:
        return False
    without_date = DATE.sub("", line).strip(" |,;-–—.")
    has_date = without_date != line.strip(" |,;-–—.")
    return bool(
        _SOURCE.match(without_date)
        or _BYLINE.match(without_date)
        or (has_date and len(without_date.split()) <= 4)
    )


def _byline(line: str) -> dict[str, str | None]:
    source = _SOURCE.search(line)
    author = _BYLINE.match(line)
    return {
        "source": source["name"].strip() if source else None,
        "author": author["name"].strip() if author else None,
        "published": find_date(line),
    }


def _fold(line: str) -> str:
    """Letters and digits alone: saved pages repeat a title with other punctuation."""
    return "".join(char for char in line.casefold() if char.isalnum())
