"""The dates in a clause: each stands in what proves it, or the clause is not proven."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MONTH = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
# As it is written without a day: Jan Novak is no month, and neither is "may".
_MONTHS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?:{_DAY}\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+{_DAY})(?:,?\s+\d{{4}})?|\b{_MONTH}\s+\d{{4}}",
    re.IGNORECASE,
)


def without_dates(text: str) -> str:
    """``text`` less the days and months with a year in it."""
    return _DATE.sub(" ", text)


def without_true_dates(clause: str, texts: Sequence[str]) -> str | None:
    """``clause`` less its dates, if each stands in one of ``texts``; else None.

    >>> without_true_dates("It fell on 10 September.", ["It fell on Sept. 10."])
    'It fell on  .'
    >>> without_true_dates("It fell on 11 September.", ["It fell on Sept. 10."]) is None
    True
    """
    for match in _DATE.finditer(clause):
        parts = _parts(match.group())
        year = [part for part in parts if len(part) == 4 and part.isdigit()]
        of_day = {part for part in parts if part not in year}
        dated = _DATE if len(of_day) > 1 else _MONTHS
        days = [found.group() for text in texts for found in dated.finditer(text)]
        stands = any(of_day <= set(_parts(day)) for day in days)
        if not stands or any(part not in " ".join(texts) for part in year):
            return None
    return without_dates(clause)


def _parts(text: str) -> list[str]:
    """Numbers, and of each word its first three letters, as months are shortened."""
    return [part[:3] if part.isalpha() else part for part in re.findall(r"[a-z]{3,}|\d+", text.lower())]
