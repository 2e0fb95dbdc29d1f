"""What kind of words a question asks for, and where they stand in a quote: a number, a day, a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from index.sentences import Span
from qa.names import names_in
from qa.numbers import numbers_in
from qa.wordforms import content_words


class Kind(Enum):
    """What answers a question, if that is a few words."""

    NUMBER = "number"
    DAY = "day"
    NAME = "name"


_ASKS = {
    Kind.NUMBER: re.compile(
        r"how\s+(?:many|much|old|long|far|tall|big|large|high|fast|heavy|deep|wide|often)\b"
        r"|(?:what|which)\s+(?:(?:is|was)\s+the\s+)?"
        r"(?:percentage|percent|share|number|amount|age|price|cost|sum|score|toll|rate)\b",
        re.IGNORECASE,
    ),
    Kind.DAY: re.compile(
        r"when\b|(?:what|which)\s+(?:(?:is|was)\s+the\s+)?(?:year|month|day|date|weekday)\b",
        re.IGNORECASE,
    ),
    Kind.NAME: re.compile(
        r"who(?:m|se)?\b|where\b|(?:what|which)\s+(?:(?!did\b|does\b|do\b|is\b|was\b|are\b|were\b)\w+\s+){0,2}?"
        r"(?:country|countries|state|city|town|island|nation|place|company|person|man|woman|actor|actress"
        r"|singer|team|party|club|airline|president|minister|leader|politician|player|author|director)\b",
        re.IGNORECASE,
    ),
}
_ASKING = re.compile(r"\b(?:who(?:m|se)?|what|which|when|where|why|how)\b", re.IGNORECASE)
_BEFORE = re.compile(r"^.*[.!]\s+(?=\S)", re.DOTALL)  # what is told before it is asked
_WHO_IS = re.compile(r"[Ww]ho(?:'s|’s|\s+(?:is|was|are|were))\s+[A-ZÀ-Þ]")  # asks who a name is
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_DAY = re.compile(
    rf"\b(?:\d{{1,2}}\s+{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{4}}|(?:19|20)\d\d|{_MONTH}"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?!\w)"
)
_YEAR = re.compile(r"(?<![\d.,$£€])(?:19|20)\d\d(?![\d.,]*\d)")
_WORD = re.compile(r"\w+")
_COUNTS = re.compile(r"how\s+many\b", re.IGNORECASE)  # asks for what is named right after it
_HELPING = frozenset("were have been will does would could should more most than".split())
_OF = re.compile(
    r"(?: [^\W\d_]+)? (?:out )?of (?:[^\W\d_]+(?:['’]s)? ){0,3}(?:about |some |nearly |roughly )?$"
)
_BESIDE = re.compile(r"\([^()]*\)")  # what a follow-up is about: "How many were hurt (the earthquake)?"
_LOWER = re.compile(r"(?<!\w)[a-z]+(?:['’-][a-z]+)*")
# Verbs that say hardly anything, by their stems: "how many wolves live in the forests".
_WEAK = frozenset("live work exist get make take go come give there happen".split())
# Stems of who is counted as people.
PEOPLE = frozenset(
    "people person civilian patient passenger worker resident soldier victim other".split()
)
_TOLL = re.compile(
    r"\b(?:death )?toll\b[^.;]{0,80}\b(?:to|at|of|is|was|reached|passes|passed)\s+"
    r"(?:at least |more than |about |some |nearly |almost |over )?$",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[\s-]*(?:[^\W\d_]+[ '’-]*){1,3}")  # at most three words, before any number or stop
LONGEST = 2000  # characters that are looked at


def expected(question: str) -> Kind | None:
    """The kind of words that ``question`` asks for; None where they may be of any kind.

    >>> expected("How many people died?")
    <Kind.NUMBER: 'number'>
    """
    question = _asked(question)
    first = _ASKING.search(question)
    if first is None or asks_who_a_name_is(question[first.start() :]):
        return None
    return next((kind for kind, asks in _ASKS.items() if asks.match(question, first.start())), None)


def asks_who_a_name_is(question: str) -> bool:
    """Whether it asks who somebody is: "Who is Ada Moll?".

    >>> asks_who_a_name_is("Who is Ada Moll?"), asks_who_a_name_is("Who shot Ada Moll?")
    (True, False)
    """
    return _WHO_IS.match(question) is not None


def years_in(text: str) -> set[int]:
    """The years that ``text`` names."""
    return set(map(int, _YEAR.findall(text)))


def years_asked(question: str) -> set[int]:
    """The years that the question itself names, without what it tells first."""
    return years_in(_asked(question))


def of_kind(kind: Kind, question: str, text: str) -> list[tuple[int, int]]:
    """Where words of that kind stand in ``text``, but for those that ``question`` has itself."""
    known = f" {_fold(question)} "
    text = text[:LONGEST]
    days = [match.span() for match in _DAY.finditer(text)]
    places = days
    if kind is Kind.NAME:
        places = [(name.start, name.end) for name in names_in(text)]
    elif kind is Kind.NUMBER:
        places = [
            (number.start, number.end)
            for number in numbers_in(text)
            if not any(number.start < last and number.end > first for first, last in days)
        ]
    return [(start, end) for start, end in places if f" {_fold(text[start:end])} " not in known]


def short_answer(question: str, text: str) -> tuple[int, int] | None:
    """Where in ``text`` the number or the day stands that answers ``question``, if that can be told.

    There must be no other that may be meant: a day must be the only one, and so must a number, or it
    must stand right before what the question counts.  Names are too many to tell which is meant.

    >>> text = "The 7 members said that 3,000 troops had left."
    >>> start, end = short_answer("How many troops left?", text)
    >>> text[start:end]
    '3,000'
    """
    kind = expected(question)
    if kind not in (Kind.NUMBER, Kind.DAY):
        return None
    asked, told = years_in(question), years_in(text)
    if asked and told and asked.isdisjoint(told):
        return None
    places = of_kind(kind, question, text)
    if kind is Kind.NUMBER:
        counted = counted_in(question)
        beside = _before_one_of({counted}, text, places)
        if not beside and counted in PEOPLE:
            beside = _before_one_of(PEOPLE, text, places)
        if not beside and _asks_for_a_toll(question):
            beside = [place for place in places if is_toll(text, place)]
        places = beside if beside or counts_something(question) else places
    elif len(places) > 1:  # "on 4 May, the mayor said on Thursday"
        dated = [place for place in places if any(map(str.isdigit, text[slice(*place)]))]
        weekdays = [place for place in places if text[slice(*place)].endswith("day")]
        places = dated if len(dated) + len(weekdays) == len(places) else places
    return places[0] if len(places) == 1 else None


def _asks_for_a_toll(question: str) -> bool:
    return counted_in(question) in PEOPLE and said_of_it(question) == said_of_it(
        "How many people died?"
    )


def is_toll(text: str, place: Span) -> bool:
    """Whether the number at ``place`` is how many have died: "the death toll rose to 804"."""
    return _TOLL.search(text[: place[0]]) is not None


def _before_one_of(nouns: frozenset[str] | set[str], text: str, places: Sequence[Span]) -> list[Span]:
    """The numbers that count one of these, by their stems; of "600 of its 3,100 jobs" the first."""
    return [
        part_of(text, place, places)
        for place in places
        if not nouns.isdisjoint(_next_words(text, place) - {""})
    ]


def part_of(text: str, place: Span, places: Sequence[Span]) -> Span:
    """The number, of those at ``places``, that is counted: in "600 of its 3,100 jobs" the first."""
    parts = [part for part in places if part[1] < place[0] and _OF.match(text, part[1], place[0])]
    return parts[-1] if parts else place


def said_of_it(question: str) -> list[str]:
    """Stems of what a question for a number says of what it counts, or one for a day of what happened.

    Text that answers it has one of them; an empty list says nothing.

    >>> said_of_it("How many people were rescued from the ferry?"), said_of_it("How many are in Iraq?")
    (['rescu'], [])
    """
    kind = expected(question)
    asked = _BESIDE.sub("", _asked(question))
    match = _ASKS[kind].search(asked) if kind else None
    if match is None:
        return []
    rest = asked[match.end() :]
    counted = counted_in(question) if kind is Kind.NUMBER else ""
    noun = re.search(rf"\b{re.escape(counted)}\w*", rest, re.IGNORECASE) if counted else None
    words = _LOWER.findall(rest[noun.end() :] if noun else rest)
    stems = [word.stem for word in content_words(" ".join(words)) if word.stem not in _WEAK]
    return stems[:1] if kind is Kind.NUMBER else stems


def counted_in(question: str) -> str:
    """The stem of what a question for a number counts: "troop" of "How many US troops left?"."""
    question = _asked(question)
    match = _ASKS[Kind.NUMBER].search(question)
    return next(_stems(question[match.end() :]), "") if match else ""


def counts_something(question: str) -> bool:
    """Whether a question asks how many there are of something."""
    return _COUNTS.search(_asked(question)) is not None


def _asked(question: str) -> str:
    """The question itself, of one that is told something about first."""
    return _BEFORE.sub("", question.rstrip())


def _next_words(text: str, place: tuple[int, int]) -> set[str]:
    match = _NEXT.match(text, place[1])
    return set(_stems(match.group())) if match else set()


def _stems(text: str) -> Iterator[str]:
    """Words of four letters and more that tell something, without the s of a plural."""
    words = (word.lower() for word in _WORD.findall(text) if len(word) > 3)
    return (word.rstrip("s") for word in words if word not in _HELPING)


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
