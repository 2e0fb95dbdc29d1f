"""Lines that are furniture for where they stand: links among headings, and reporters' signatures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_ENDS = (".", "!", "?", "…")
_CLOSING = "\"'”’)]"
_LONGEST_HEADING = 150
_LONGEST_QUESTION = 80  # that is a heading; a longer one may be the story's own
_PARAGRAPH = 50  # characters, at least
_FEWEST_WORDS = 7
_MOST_WORDS = 20
_DASHES = "-–—−―"
# In a text's kinds of lines: a name between paragraphs, and headings with another or nothing below;
# many in a row are a list.
_SIGNED = re.compile(r"(?<=P)D(?!D)")
_WITHOUT_TEXT = re.compile(r"(?<=[PD])H{1,3}(?=HP|$)")
# What a headline has and a heading of that many words seldom: a label, a question with its answer, or
# an order to look at something.
_LABEL = re.compile(r"[^\w\s]{0,2}\s?(?P<label>[^:.?!]{2,60}):\s*")
_STORY = re.compile(r"[\"'“‘]?[^\W\d_a-z]")
_QUESTION = re.compile(r"\?[\"'”’]?:?\s*(?=[\"'“‘]?[^\W\d_a-z])")
_ORDER = re.compile(
    r"(?:see|watch|look(?: back| at)|check out|take a look|read|get to know|meet|find out)\b",
    re.IGNORECASE,
)
# A list's entry has a number or a dash before it, and speech that lost its full stop has a mark in it.
_NO_HEADLINE = re.compile(
    r"\(?\d{1,3}[.):]\s|[-–—−―•*]|.*,[\"”’]\s\w+|.*\bhttps?:|.*/[A-Z]|.*[.!?][\"”’]?\s?[-–—−―]"
    r"|.*[^\W\d_]{4}[.!]\s|.*\b[Ss]ources?:|.*\bI\b|.*\(\d{4}\)|(?i:for more information)"
)
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_SIGNATURE = re.compile(
    rf"[-–—−―]{{1,2}}\s?{_NAME}(?:,?\s(?:{_NAME}|and|for|de|von|van))+|(?:--|[–—−―])\s?{_NAME}"
)


def between(texts: list[str], rules: list[str | None]) -> Iterator[tuple[int, str]]:
    """Numbers of lines that no rule has taken yet, with the rule that takes them for their place.

    A heading has text below it.  A headline above another heading, or below the last paragraph, has
    none: it is a link.  A name after a dash signs the paragraph above; after speech it says whose
    words those are.
    """
    numbers = [number for number, text in enumerate(texts) if text and rules[number] is None]
    lines = [texts[number] for number in numbers]
    kinds = "".join(map(_kind, lines))
    for match in _SIGNED.finditer(kinds):
        place = match.start()
        if lines[place - 1].endswith((".", "?", "!")) and _SIGNATURE.fullmatch(lines[place]):
            yield numbers[place], "signature"
    links = [
        place
        for match in _WITHOUT_TEXT.finditer(kinds)
        for place in range(*match.span())
        if _is_headline(lines[place])
    ]
    labels = Counter(_split(line)[0] for line in lines) if links else Counter[str]()
    for place in links:
        label, text = _split(lines[place])
        below = "".join(lines[place + 1 : place + 2])
        # A list names its fields again and again, or runs one into the next.
        if (not label or labels[label] == 1) and not below.startswith(text) and not _is_field(below):
            yield numbers[place], "link"


def _kind(line: str) -> str:
    """P for a paragraph, D for what has a dash before it, H for what may be a heading, or a dot."""
    if line[0] in _DASHES:
        return "D"
    if line[-1] == "?" and len(line) <= _LONGEST_QUESTION and ". " not in line:
        return "H"
    if line.rstrip(_CLOSING)[-1:] in _ENDS:
        return "P" if len(line) >= _PARAGRAPH else "."
    return "H" if len(line) <= _LONGEST_HEADING and line[-1] not in ";:," else "."


def _is_headline(line: str) -> bool:
    if not _FEWEST_WORDS <= len(line.split()) <= _MOST_WORDS:
        return False
    label = _LABEL.match(line)
    if label:
        promises = _is_story(line[label.end() :]) and not _is_name_or_day(label["label"])
    else:
        questions = _QUESTION.finditer(line)
        promises = _ORDER.match(line) is not None or any(_is_story(line[q.end() :]) for q in questions)
    return promises and not _NO_HEADLINE.match(line)


def _is_story(text: str) -> bool:
    """What follows a label in a headline tells something; a list's field is a name or a number."""
    words = sum(word.isalpha() and word.islower() and len(word) > 3 for word in text.split())
    return words > 1 and text.count(",") <= 2 and ";" not in text and _STORY.match(text) is not None


def _is_field(line: str) -> bool:
    label, text = _split(line)
    return bool(label) and len(line.split()) < _FEWEST_WORDS and not _is_story(text)


def _is_name_or_day(label: str) -> bool:
    """A speaker's or a writer's name: what follows is theirs.  What follows a day or a year is told."""
    words = [word for word in label.split() if word not in ("and", "&")]
    is_name = 1 < len(words) < 5 and all(word[0].isupper() for word in words) and not label.isupper()
    return is_name or label[-1].isdigit()


def _split(line: str) -> tuple[str, str]:
    """What stands before the colon, and behind it."""
    match = _LABEL.match(line)
    return (match["label"].casefold(), line[match.end() :]) if match else ("", line)
