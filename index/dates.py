"""Dates as exports, bylines and datelines write them, to ISO 8601."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, date, datetime, tzinfo

from dateutil import parser, tz

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# Names that readers of news take for one zone.  Others, such as IST and CST, mean several.
_HOURS = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9,
    "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_NAMES = "|".join([*_HOURS, *_PLACES])
_ZONE = (
    rf"(?:\s*\(?(?:(?:GMT|UTC)(?:\s*[+-]\d{{1,2}}(?::?\d\d)?)?|Z|[+-]\d\d:?\d\d"
    rf"|(?-i:{_NAMES}|[A-Z]{{3,4}}))\b\)?)?"
)
_CLOCK = r"\d{1,2}(?::\d\d(?::\d\d(?:\.\d+)?)?(?:\s*[ap]\.?m\b\.?)?|\s*[ap]\.?m\b\.?)"
_TIME = rf"(?:(?:\s*[,|–—-])?(?:\s+at)?[T\s]+{_CLOCK}{_ZONE})?"
_BEFORE = rf"(?:{_CLOCK}{_ZONE},?\s+(?:on\s+)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?)?"
_FULL_DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{4}}/\d\d/\d\d|{_MONTH}\s+{_DAY},?\s+\d{{4}}"
    rf"|{_DAY}\s+{_MONTH},?\s+\d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
DATE = re.compile(rf"\b{_BEFORE}{_FULL_DAY}(?!\d){_TIME}", re.IGNORECASE)
# A day without its year, as datelines have it.
DAY = re.compile(rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})(?![\d:])", re.IGNORECASE)
# What dateutil would stumble on; it takes the sign of "GMT+3" for the POSIX one, which is the reverse.
_NOISE = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)|[()|–—]|(?<=\s)at(?=\s)", re.IGNORECASE)


def find_date(line: str) -> str | None:
    """The first full date (day, month, year) in ``line`` as ISO 8601, with its time if it has one."""
    match = DATE.search(line)
    return to_iso(match.group()) if match else None


def day_before(day: str, known: str) -> str | None:
    """The last ``day``, such as "May 3", that is not after the date ``known``; None if it is no day.

    >>> day_before("Dec 31", "2021-01-02T08:00:00+00:00")
    '2020-12-31'
    """
    last = date.fromisoformat(known[:10])
    for year in (last.year, last.year - 1):
        found = to_iso(f"{day} {year}")
        if found and found <= last.isoformat():
            return found
    return None


def to_iso(text: str) -> str | None:
    """``text`` as an ISO 8601 date, or date and time with zone; None if it is no full date.

    03/04/2021 is none: it means two days, and nothing says which.

    A time without a zone is taken as UTC; of a time whose zone has a name that means several, only
    the day is kept.  A time of exactly midnight without a zone is what exports write when they know
    the day alone, so only the day is kept.
    """
    digits = text.strip()
    if digits.isdecimal() and len(digits) in (10, 13):  # seconds or milliseconds since 1970
        moment = datetime.fromtimestamp(int(digits[:10]), UTC)
        return moment.isoformat(timespec="seconds")
    if (digits.isdecimal() and len(digits) not in (8, 14)) or _is_ambiguous(text):
        return None
    text = _NOISE.sub(" ", text)
    zones = _Zones()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", parser.UnknownTimezoneWarning)
            # Two defaults that differ in every part of a date: what the text lacks differs in the
            # results.
            moment = parser.parse(text, default=datetime(2000, 1, 1), tzinfos=zones)
            if moment.date() != parser.parse(text, default=datetime(2004, 2, 2), tzinfos=zones).date():
                return None
            moment.utcoffset()  # raises for a zone more than a day away
    except (ValueError, OverflowError, parser.UnknownTimezoneWarning):
        return None
    if zones.unknown:
        return moment.date().isoformat()
    if moment.tzinfo is None and not any((moment.hour, moment.minute, moment.second)):
        return moment.date().isoformat()
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds") + "+00:00"
    return moment.isoformat(timespec="seconds")


class _Zones:
    """The zones that dateutil asks for; ``unknown`` if one of them had a name that is in no table."""

    def __init__(self) -> None:
        self.unknown = False

    def __call__(self, name: str | None, offset: int | None) -> tzinfo | None:
        if offset is not None:
            return tz.tzoffset(None, offset)
        if name in _HOURS:
            return tz.tzoffset(None, _HOURS[name] * 3600)
        if name in _PLACES:
            return tz.gettz(_PLACES[name])
        self.unknown = self.unknown or name is not None
        return None


def _is_ambiguous(text: str) -> bool:
    match = re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d", text)
    return match is not None and match[1] != match[2] and max(int(match[1]), int(match[2])) <= 12
