"""What kind of words a question asks for, and where they stand in a quote: a number, a day, a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from qa.names import names_in


class Kind(Enum):
    """What answers a question, if that is a few words."""

    NUMBER = "number"
    DAY = "day"
    NAME = "name"


_ASKS = {
    Kind.NUMBER: re.compile(
        r"\bhow\s+(?:many|much|old|long|far|tall|big|large|high|fast|heavy|deep|wide|often)\b"
        r"|\b(?:what|which)\s+(?:is\s+the\s+|was\s+the\s+)?"
        r"(?:percentage|percent|share|number|amount|age|price|cost|sum|score|toll|rate)\b",
        re.IGNORECASE,
    ),
    Kind.DAY: re.compile(
        r"\bwhen\b|\b(?:what|which)\s+(?:year|month|day|date|weekday)\b", re.IGNORECASE
    ),
    Kind.NAME: re.compile(
        r"\bwho(?:m|se)?\b|\bwhere\b|\b(?:what|which)\s+(?:\w+\s+){0,2}?"
        r"(?:country|countries|state|city|town|island|nation|place|company|person|man|woman|actor|actress"
        r"|singer|team|party|club|airline|president|minister|leader|politician|player|author|director)\b",
        re.IGNORECASE,
    ),
}
_WHO_IS = re.compile(r"\W*[Ww]ho(?:'s|’s|\s+(?:is|was|are|were))\s+[A-ZÀ-Þ]")  # asks who a name is
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_DAY = re.compile(
    rf"\b(?:\d{{1,2}}\s+{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{4}}|(?:19|20)\d\d|{_MONTH}"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?!\w)"
)
_COUNT = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds"
    " thousands dozens half"
)
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:[$£€¥]\s?)?(?:\d[\d,]*(?:\.\d+)?|{'|'.join(_COUNT.split())})"
    r"(?:[-\s](?:hundred|thousand|million|billion|trillion))?(?:\s?%|\s+percent\b|\s+per\s+cent\b)?(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_COUNTS = re.compile(r"\bhow\s+many\b", re.IGNORECASE)  # asks for what is named right after it
_HELPING = frozenset("were have been will does would could should more most than".split())
NEAR = 4  # words between a number and what it counts


def expected(question: str) -> Kind | None:
    """The kind of words that ``question`` asks for; None where they may be of any kind.

    >>> expected("How many people died?")
    <Kind.NUMBER: 'number'>
    """
    if _WHO_IS.match(question):
        return None
    asked = {kind: match.start() for kind, asks in _ASKS.items() if (match := asks.search(question))}
    return min(asked, key=lambda kind: asked[kind], default=None)


def of_kind(kind: Kind, question: str, text: str) -> list[tuple[int, int]]:
    """Where words of that kind stand in ``text``, but for those that ``question`` has itself."""
    known = _fold(question)
    return [(start, end) for start, end in _spans(kind, text) if _fold(text[start:end]) not in known]


def short_answer(question: str, text: str) -> tuple[int, int] | None:
    """Where in ``text`` the few words stand that answer ``question``, if but one place can be meant.

    Of several numbers it is the one beside a word that the question has for what it counts.

    >>> text = "The 7 members said that 3,000 troops had left."
    >>> start, end = short_answer("How many troops left?", text)
    >>> text[start:end]
    '3,000'
    """
    kind = expected(question)
    if kind is None:
        return None
    places = of_kind(kind, question, text)
    if kind is Kind.NUMBER:
        days = _spans(Kind.DAY, text)
        places = [(s, e) for s, e in places if not any(s < last and e > first for first, last in days)]
        counted = next(_stems(_ASKS[kind].split(question, maxsplit=1)[-1]), "")
        beside = [place for place in places if counted in _following(text, place)]
        places = beside if beside or _COUNTS.search(question) else places
    different = {_fold(text[start:end]) for start, end in places}
    return places[0] if len(different) == 1 else None


def _spans(kind: Kind, text: str) -> list[tuple[int, int]]:
    if kind is Kind.NAME:
        return [(name.start, name.end) for name in names_in(text)]
    pattern = _NUMBER if kind is Kind.NUMBER else _DAY
    return [match.span() for match in pattern.finditer(text)]


def _following(text: str, place: tuple[int, int]) -> set[str]:
    """Stems of the words shortly after ``place``, among them what a number there counts."""
    after: list[str] = []
    for match in _WORD.finditer(text, place[1], place[1] + 80):
        if len(after) == NEAR or any(map(str.isdigit, match.group())):
            break  # what comes then is counted by another number
        after.append(match.group())
    return set(_stems(" ".join(after)))


def _stems(text: str) -> Iterator[str]:
    """Words of four letters and more that tell something, without the s of a plural."""
    words = (word.lower() for word in _WORD.findall(text) if len(word) > 3)
    return (word.rstrip("s") for word in words if word not in _HELPING)


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
