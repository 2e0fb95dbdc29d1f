"""Dates as exports and bylines write them, to ISO 8601."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime

from dateutil import parser

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ZONE = r"(?:\s*(?:(?:GMT|UTC)(?:\s*[+-]\d\d:?\d\d)?|Z|[+-]\d\d:?\d\d)\b)?"
_TIME = rf"(?:(?:\s*,)?(?:\s+at)?[T\s]+\d{{1,2}}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s*[ap]\.?m\b\.?)?{_ZONE})?"
DATE = re.compile(
    rf"\b(?:\d{{4}}-\d\d-\d\d|{_MONTH}\s+{_DAY},?\s+\d{{4}}|{_DAY}\s+{_MONTH},?\s+\d{{4}})(?!\d){_TIME}",
    re.IGNORECASE,
)


def find_date(line: str) -> str | None:
    """The first full date (day, month, year) in ``line`` as ISO 8601, with its time if it has one."""
    match = DATE.search(line)
    return to_iso(match.group()) if match else None


def to_iso(text: str) -> str | None:
    """``text`` as an ISO 8601 date, or date and time with zone; None if it is no full date.

    03/04/2021 is none: it means two days, and nothing says which.

    A time without a zone is taken as UTC.  A time of exactly midnight without a zone is what
    exports write when they know the day alone, so only the day is kept.
    """
    digits = text.strip()
    if digits.isdecimal() and len(digits) in (10, 13):  # seconds or milliseconds since 1970
        moment = datetime.fromtimestamp(int(digits[:10]), UTC)
        return moment.isoformat(timespec="seconds")
    if (digits.isdecimal() and len(digits) not in (8, 14)) or _is_ambiguous(text):
        return None
    # Two defaults that differ in every part of a date: what the text lacks differs in the results.
    text = re.sub(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", "", text, flags=re.IGNORECASE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", parser.UnknownTimezoneWarning)
            moment = parser.parse(text, default=datetime(2000, 1, 1))
            if moment.date() != parser.parse(text, default=datetime(2004, 2, 2)).date():
                return None
    except (ValueError, OverflowError, parser.UnknownTimezoneWarning):
        return None
    if moment.tzinfo is None and not any((moment.hour, moment.minute, moment.second)):
        return moment.date().isoformat()
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds") + "+00:00"
    return moment.isoformat(timespec="seconds")


def _is_ambiguous(text: str) -> bool:
    match = re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d", text)
    return match is not None and match[1] != match[2] and max(int(match[1]), int(match[2])) <= 12
