"""The article: one news story as the product knows it, and the dates it carries."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """One news story after cleaning.  What is not known is ``None``, never a guess.

    ``published`` and ``updated`` are ISO 8601: a date, or a date and time with its zone.  Offsets
    into the article count characters of ``text``.  ``path`` is relative to the seeds folder.
    ``family`` is the same for articles that are copies of one another, and None for others.
    """

    id: str
    text: str
    path: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    family: str | None = None

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """All fields as JSON values; without the text where ``text`` is false."""
        fields = asdict(self)
        if not text:
            del fields["text"]
        return fields


DAY = 86_400.0  # seconds


def first_instant(day: str) -> float:
    """The first instant an ISO 8601 date or date-time means, in seconds since 1970 UTC.

    Raises ValueError for anything else.  What has no zone is taken as UTC.
    """
    return _instant(day, time.min)


def last_instant(day: str) -> float:
    """Like ``first_instant``, but a bare date means the end of that day."""
    return _instant(day, time.max)


def _instant(day: str, time_of_bare_date: time) -> float:
    if len(day) <= 10:
        moment = datetime.combine(date.fromisoformat(day), time_of_bare_date)
    else:
        moment = datetime.fromisoformat(day)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # Not .timestamp(): the platform's range is smaller than datetime's on some systems.
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
