"""The days that a question means: "on May 3, 2021", "last August", "this week"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import MO, relativedelta

_MONTHS = """
    january february march april may june july august september october november december
""".split()
_VERBS = ("may", "march")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{'|'.join(m[:3] for m in _MONTHS)}|sept)\.)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_BOUND = re.compile(r"\b(before|until|by|after|since)\s+(?:the\s+)?$")
_WHEN = [
    re.compile(rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?(?![\d:])"),
    re.compile(rf"\b{_DAY}\s+{_MONTH}(?:,?\s+{_YEAR})?(?!\d)"),
    re.compile(rf"\b(?:(?P<last>last|this|next)\s+)?{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR})?(?![\w-])"),
    re.compile(rf"\b(?:in|of|during|since|before|after|until|by|from)\s+{_YEAR}\b(?!-)"),
    re.compile(r"\b(?P<near>today|tonight|yesterday)\b"),
    re.compile(r"\b(?P<last>last|this|past)\s+(?P<unit>week(?:end)?|month|year)\b"),
    re.compile(rf"\b(?:on|last|this)\s+(?P<weekday>{'|'.join(_DAYS)})\b"),
]
# Of days shortly before: who asks so wants no other ones.
_JUST = re.compile(
    r"\b(?:tonight|yesterday|recent|recently|(?:this|last|past)\s+(?:week|weekend|month)|days\s+ago"
    r"|(?:last|this)\s+(?:" + "|".join(_DAYS) + r"))\b"
)
# Of how things stand: the newest that is known tells.
_NOW = re.compile(r"\b(?:now|today|currently|current|latest|newest|so far|still|at the moment)\b")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included; None is open."""

    first: date | None
    last: date | None


def spans_in(question: str, today: date) -> tuple[Span, ...]:
    """The spans of days that ``question`` means, asked on the day ``today``.

    A day or a month without its year is the last one that is not after today.

    >>> spans_in("What was said last August?", date(2023, 5, 3))
    (Span(first=datetime.date(2022, 8, 1), last=datetime.date(2022, 8, 31)),)
    """
    return tuple(
        _bounded(span, match.string[: match.start()], match.group())
        for match in _matches(question)
        if (span := _span(_groups(match), today))
    )


def names_a_date(question: str) -> bool:
    """Whether a span of days in it has a month or a year, as articles have, rather than "last week".

    >>> names_a_date("What was said in March?"), names_a_date("What was said this week?")
    (True, False)
    """
    return any({"month", "year"} & _groups(match).keys() for match in _matches(question))


def _matches(question: str) -> Iterator[re.Match[str]]:
    """Where days are named, no two in one place; in small letters."""
    # Of the same length, also where a letter's lower case is two.
    lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in question)
    taken: list[tuple[int, int]] = []
    for pattern in _WHEN:
        for match in pattern.finditer(lowered):
            start, end = match.span()
            if any(start < last and end > first for first, last in taken):
                continue
            if _groups(match).get("month") in _VERBS and not _is_month(question, match):
                continue
            taken.append((start, end))
            yield match


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in match.groupdict().items() if value}


def day_of(instant: float) -> date:
    """The day, UTC, of an instant in seconds since 1970; the first or last day of all beyond those."""
    try:
        return datetime.fromtimestamp(instant, UTC).date()
    except (ValueError, OverflowError):  # a zone's hours before the first day or after the last
        return date.max if instant > 0 else date.min


def about_now(question: str) -> bool:
    """Whether the question asks how things stand: "now", "the latest"."""
    return _NOW.search(question.lower()) is not None


def about_days_before(question: str) -> bool:
    """Whether the question asks what happened shortly before it: "this week", "on Monday"."""
    return _JUST.search(question.lower()) is not None


def _span(when: dict[str, str], today: date) -> Span | None:
    try:
        if "near" in when:
            day = today - timedelta(days=when["near"] == "yesterday")
            return Span(day, day)
        if "weekday" in when:
            day = today - timedelta(days=(today.weekday() - _DAYS.index(when["weekday"])) % 7)
            return Span(day, day)
        if when.get("last") == "next":
            return None
        if "unit" in when:
            return _unit(when["unit"], when["last"], today)
        return Span(*_calendar(when, today))
    except (ValueError, OverflowError):
        return None  # 31 February


def _unit(unit: str, which: str, today: date) -> Span:
    """This week is the seven days up to today, or since Monday, whichever began first."""
    back = 1 if which == "last" else 0
    if unit.startswith("week"):
        monday = today + relativedelta(weekday=MO(-1))
        first = min(monday, today - timedelta(days=7)) - timedelta(weeks=back)
        return Span(first, today if not back else monday - timedelta(days=1))
    if unit == "month":
        first = today.replace(day=1) - relativedelta(months=back)
        return Span(first, min(today, first + relativedelta(months=1, days=-1)))
    first = date(today.year - back, 1, 1)
    return Span(first, min(today, date(first.year, 12, 31)))


def _calendar(when: dict[str, str], today: date) -> tuple[date, date]:
    year = int(when["year"]) if "year" in when else None
    if "month" not in when:
        return date(year or today.year, 1, 1), date(year or today.year, 12, 31)
    month = _month(when["month"])
    if "day" in when:
        day = date(year or today.year, month, int(when["day"]))
        if year is None and day > today:
            day = day.replace(year=today.year - 1)
        return day, day
    first = date(year or today.year, month, 1)
    if year is None and first > today:
        first = first.replace(year=today.year - 1)
    return first, first + relativedelta(months=1, days=-1)


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))


def _is_month(question: str, match: re.Match[str]) -> bool:
    """Whether "may" is May: it has a capital, and a day, a year or a word such as "in" by it."""
    written, before = question[match.start() : match.end()], question[: match.start()]
    beside = re.search(r"\b(?:in|of|since|until|by|before|after|during)\s+$", before)
    has_more = any(map(str.isdigit, written)) or " " in written.strip()
    return written != written.lower() and (has_more or beside is not None)


def _bounded(span: Span, before: str, text: str) -> Span:
    """``span``, or all that lies before or after it if the question says so."""
    bound = _BOUND.search(before) or re.match(r"(before|until|by|after|since)\s", text)
    if bound is None:
        return span
    if bound[1] in ("after", "since"):
        return Span(span.first, None)
    return Span(None, span.last)
