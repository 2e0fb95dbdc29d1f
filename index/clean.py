"""A draft to an article: plain characters, metadata from the first lines, no page furniture.

Furniture is told by its form, never by an outlet's own sentences: headings that pages put above
links, and appeals in which the page speaks to its reader about money.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from index.article import Article
from index.dates import to_iso
from index.errors import one_line
from index.header import read_header
from index.readers.draft import Draft

# Lines that stand above a list of links; the short lines below belong to them.
_LINK_HEADING = re.compile(
    r"(?:(?:related|sponsored|recommended|more|popular|trending|latest)\s+"
    r"(?:links?|topics?|articles?|stories|news|content|reading|posts?|tags?)"
    r"|(?:previous|next)\s+(?:article|story|post)|most\s+(?:read|popular|viewed)|tags?"
    r"|you\s+may\s+also\s+like|see\s+also|read\s+next)\s*:?",
    re.IGNORECASE,
)
# Lines that are furniture alone.
_BUTTON = re.compile(
    r"(?:read\s+more|continue\s+reading|advertisements?|share(?:\s+this)?(?:\s+\w+)?"
    r"|sign\s+up|log\s?in|subscribe(?:\s+now)?|follow\s+us.*|click\s+here.*|print|comments?)\s*[.:…>»]*",
    re.IGNORECASE,
)
_READ_MORE_AT_END = re.compile(
    r"\s*(?:\.{3}|…)?\s*(?:read more|continue reading)\s*[.…>»]*$", re.IGNORECASE
)
_APPEAL = re.compile(
    r"donat(?:e|ion)|contribut(?:ion|or)\b|supporters?\b|subscri(?:be|ption)|paywall|ad[- ]?block"
    r"|paypal|credit card|billed|newsletter|sign up|your (?:help|support)|become a member|revenue"
    r"|thanks for (?:being|reading|visiting)|cookies\b|usernames? and passwords?"
    r"|(?:our|this|these) (?:news )?(?:web)?(?:sites?|coverage|journalism|newsroom)",
    re.IGNORECASE,
)
_TO_THE_READER = re.compile(r"\b(?:you|your|we|our|us)\b", re.IGNORECASE)
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_SHORT = 60


def clean(draft: Draft, article_id: str, path: str) -> Article | None:
    """The article that a draft holds, or None if nothing but furniture is in it."""
    given_title = one_line(draft.title) if draft.title else None
    header = read_header(plain_characters(draft.text), given_title)
    text = without_furniture(header.body)
    if not any(char.isalnum() for char in text):
        return None
    return Article(
        id=article_id,
        text=text,
        path=path,
        title=header.title,
        source=_line(draft.source) or header.source,
        author=_line(draft.author) or header.author,
        published=(to_iso(draft.published) if draft.published else None) or header.published,
        url=_line(draft.url),
        language=_line(draft.language),
    )


def plain_characters(text: str) -> str:
    """``text`` without control, formatting and stray surrogate characters, blank lines made single.

    Zero-width and bidi characters are dropped: they show nothing, split words, and can make a
    quote look like other words than it has.
    """
    text = text.replace("\t", " ").replace("\N{NO-BREAK SPACE}", " ")
    text = "".join(
        char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_furniture(text: str) -> str:
    """``text`` without link lists, buttons and appeals; see the module's own text for what they are."""
    lines = [_READ_MORE_AT_END.sub("", line) for line in text.split("\n")]
    furniture = _appeals(lines)
    below_heading = False
    for number, line in enumerate(lines):
        if _LINK_HEADING.fullmatch(line.strip()):
            below_heading = True
            furniture[number] = True
        elif line.strip():
            below_heading = below_heading and not _ENDS_A_SENTENCE.search(line)
            furniture[number] |= below_heading or bool(_BUTTON.fullmatch(line.strip()))
    kept = [line for line, is_furniture in zip(lines, furniture, strict=True) if not is_furniture]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _appeals(lines: list[str]) -> list[bool]:
    """For each line: is it part of an appeal for money, subscriptions or consent?

    Two of an appeal's words in a line that speaks to the reader make one, and so does one of them
    in a line that is short, or stands next to an appeal.  Quoted speech never does: people in the
    news say "we" and "our", too.
    """
    words = [_appeal_words(line) for line in lines]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    appeals = [False] * len(lines)
    for number in filled:
        is_short = len(lines[number]) <= _SHORT and not _ENDS_A_SENTENCE.search(lines[number])
        speaks = bool(_TO_THE_READER.search(lines[number]))
        appeals[number] = words[number] > 1 and (speaks or is_short)
    for order in (filled, filled[::-1]):  # spread to neighbours, downwards and upwards
        for before, number in pairwise(order):
            is_short = len(lines[number]) <= _SHORT and not _ENDS_A_SENTENCE.search(lines[number])
            speaks = bool(_TO_THE_READER.search(lines[number]))
            if appeals[before] and words[number] and (speaks or is_short):
                appeals[number] = True
    return appeals


def _appeal_words(line: str) -> int:
    without_speech = re.sub(r"[\"“][^\"”]*(?:[\"”]|$)", " ", line)
    return len({match.group().lower() for match in _APPEAL.finditer(without_speech)})


def _line(value: str | None) -> str | None:
    return one_line(value) or None if value else None
