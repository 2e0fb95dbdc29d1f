"""The first lines of a plain text: its title, byline, dates and dateline."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from index.dateline import read_dateline
from index.dates import DATE, day_before, find_date

MAX_HEADER_LINES = 12
MAX_TITLE_CHARACTERS = 200
# A photograph's credit may follow the sentence, in brackets.
_SENTENCE_END = re.compile(r"[.!?…;:,][\"'”’)\]]*(?:\s*\[[^\]]*\])?$")
_SOURCE = re.compile(r"\bsource\s*:\s*(?P<name>[^|]+)", re.IGNORECASE)
_NAME = r"(?:[^\W\d_a-z][\w.'’-]*|[A-Z]\.|d[aeiu]|de[lr]?|van|von|bin|al|el|la|le)"
_BYLINE = re.compile(
    rf"(?:(?i:(?:(?:written|reported|posted|published|story|text)\s+)?by)\s*:?|(?i:authors?|reporter)\s*:)\s+"
    rf"(?P<name>(?=[^\W\d_a-z])(?:{_NAME}|,?\s(?:and|&))(?:\s(?:{_NAME}|and|&)|,\s(?={_NAME}\s(?:{_NAME}\s)?and\s))*)"
    r"(?=\s*(?:$|[|,;(•·–—]|-\s|\s(?:in|for|at|on)\s|\d))"
)
_DATE_LABEL = re.compile(
    r"\b(?:(?:last|first|originally)\s+)?(?:published|posted|updated|modified|revised|created|filed|"
    r"date|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|\b(?:at|on|and|by)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"updat|modif|revis", re.IGNORECASE)
_DASHES = ("--", "–", "—")  # end a dateline whose story begins on the next line
_PUNCTUATION = " |,;:•·-–—.()/"


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines say of the story, and the story itself, ``body``, without them."""

    body: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None


@dataclass
class _Found:
    """What has been read so far; the first line that says something is believed."""

    source: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    day: str | None = None
    kept: list[str] = field(default_factory=list)


def read_header(
    text: str, title: str | None = None, is_button: Callable[[str], bool] = lambda line: False
) -> Header:
    """Find the lines above the story and what they say; ``title`` is the story's if known.

    A header line is short and does not end like a sentence.  The title is the line that stands
    there most often (saved pages repeat it); of those the first of four words or more, and never
    one that ``is_button`` tells for a part of the page.  What stands above it is the name of a site
    or a section; what stands below it and is neither byline nor dateline belongs to the story.
    """
    lines = text.split("\n")
    end = _first_line_of_story(lines, title)
    header = [line.strip() for line in lines[:end] if line.strip()]
    plain = [
        line
        for line in header
        if not _is_byline(line) and not is_button(line) and not line.endswith(_DASHES)
    ]
    if title is None and plain:
        folded = [_fold(line) for line in plain]
        title = max(plain, key=lambda line: (folded.count(_fold(line)), len(line.split()) >= 4))
    found = _Found()
    below_title = title is None or _fold(title) not in map(_fold, plain)
    for line in header:
        if title is not None and _fold(line) == _fold(title):
            below_title = True
        elif _is_byline(line):
            _read_byline(line, found, below_title)
        elif below_title:
            found.kept.append(line)
    _read_agency(next(filter(None, lines[end:]), ""), found)
    _read_first_lines(found, lines[end:])
    if found.day and found.published is None and found.updated:
        found.published = day_before(found.day, found.updated)
    return Header(
        body="\n".join([*found.kept, "", *lines[end:]]).strip(),
        title=title,
        source=found.source,
        author=found.author,
        published=found.published,
        updated=found.updated,
    )


def _first_line_of_story(lines: list[str], title: str | None) -> int:
    seen = 0
    folded_title = _fold(title or "")
    for number, line in enumerate(lines):
        if seen == MAX_HEADER_LINES:
            return 0  # a list of results or the like
        text = line.strip()
        if not text:
            continue
        if len(text) > MAX_TITLE_CHARACTERS:
            return number
        if _SENTENCE_END.search(text):
            may_be_title = (folded_title and _fold(text) == folded_title) or (
                not seen and text.endswith(("?", "!"))
            )
            if not may_be_title and not _is_byline(text):
                return number
        seen += 1
    return 0  # nothing but short lines: a list or a poem, not a header


def _is_byline(line: str) -> bool:
    if len(line) > MAX_TITLE_CHARACTERS:
        return False
    without_date = DATE.sub("", line)
    has_date = without_date != line
    rest = _DATE_LABEL.sub("", without_date) if has_date else without_date
    return bool(
        _SOURCE.match(without_date.strip(_PUNCTUATION))
        or (_BYLINE.match(line) and not _is_sentence(line))
        or (has_date and _is_few_names(rest.strip(_PUNCTUATION)))
    )


def _is_sentence(line: str) -> bool:
    """ "By Friday, the storm had reached the coast" begins like a byline."""
    return len(line.split()) > 8 and bool(_SENTENCE_END.search(line))


def _is_few_names(text: str) -> bool:
    """What may stand beside a date: nothing, or a name; "He died on May 3" is a sentence."""
    words = text.split()
    return len(words) <= 4 and not any(word[0].islower() for word in words)


def _read_byline(line: str, found: _Found, below_title: bool) -> None:
    source = _SOURCE.search(line)
    author = _BYLINE.match(line)
    dateline = read_dateline(line)
    if source:
        found.source = found.source or source["name"].strip()
    if author:
        found.author = found.author or author["name"].strip(" ,")
    if dateline and dateline.alone:
        found.author = found.author or dateline.agency
        found.day = found.day or dateline.day
    start = 0
    for match in DATE.finditer(line):
        day = find_date(match.group())
        if _UPDATED.search(line[start : match.start()]):
            found.updated = found.updated or day
        else:
            found.published = found.published or day
        start = match.end()
    if start and below_title and not source and not author and not dateline:
        _read_names(found)


def _read_names(found: _Found) -> None:
    """Take the names that stand right above a line of dates: a reporter's, and where they work."""
    names: list[str] = []
    while found.kept and len(names) < 3 and _is_name(found.kept[-1]):
        names.insert(0, found.kept.pop())
    if names:
        found.author = found.author or names[0]


def _read_first_lines(found: _Found, story: list[str]) -> None:
    """Take the reporters' names, or the agency's, that stand alone right above the story.

    A second line may say where they work.  Where such lines come again below, they are headings: the
    names of states or films.
    """
    if found.kept == [found.author]:
        found.kept.clear()
        return
    names, *places = found.kept or [""]
    if found.author or not _are_reporters(names) or len(places) > 1:
        return
    if all(map(_is_place, places)) and not any(
        _is_name(line) for line in map(str.strip, story) if len(line) < 60
    ):
        found.author = names
        found.kept.clear()


def _is_place(line: str) -> bool:
    """Where a reporter works, or what they do there."""
    return len(re.findall(r"\w+", line)) <= 7 and not any(map(str.isdigit, line))


def _are_reporters(line: str) -> bool:
    names = re.split(r",\s+(?:and\s+)?|\s+(?:and|&)\s+", line)
    return len(line) < 100 and all(" " in name and _is_name(name) for name in names)


def _is_name(line: str) -> bool:
    return (
        len(line.split()) <= 4 and re.fullmatch(rf"{_NAME}(?:\s(?:{_NAME}|and|&))*", line) is not None
    )


def _read_agency(line: str, found: _Found) -> None:
    """Read the dateline that the story's first line begins with; the line itself keeps it."""
    dateline = read_dateline(line.strip())
    if dateline:
        found.author = found.author or dateline.agency
        found.published = found.published or dateline.published
        found.day = found.day or dateline.day


def _fold(line: str) -> str:
    """Letters and digits alone: saved pages repeat a title with other punctuation."""
    return "".join(filter(str.isalnum, line.casefold()))
