"""What is asked, of which articles, and what the question itself says about where to look."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.article import first_instant, last_instant
from index.errors import QuestionError
from index.scope import Scope
from qa.names import names_in
from qa.outlets import outlets_in
from qa.parts import parts_of
from qa.spans import Span, about_days_before, about_now, day_of, spans_in

MAX_QUESTION = 2000  # characters
MAX_PARTS = 10
SEVERAL = 2  # below, the parts of a question only distract: benchmarks/retrieval.md

Day = str | date  # ISO 8601; a datetime is a date, too


@dataclass(frozen=True, slots=True)
class Query:
    """A question that stands alone, and the limits on where its answer may come from.

    What the question says itself is no limit, but tells what to look at first: ``outlets`` that it
    names, ``spans`` of days that it means, and, unless None, the ``fresh_on`` that articles should
    be shortly before.  ``parts`` are its clauses, ``names`` those of people, places and the like.
    ``now`` is when it is asked, and ``as_of`` that day if it was given; ``about_now`` tells whether it
    asks how things stand then, and ``about_days_before`` what has just happened.  Times are in seconds
    since 1970.
    """

    question: str
    since: str | None
    until: str | None
    scope: Scope
    parts: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()
    fresh_on: float | None = None
    now: float = 0.0
    as_of: str | None = None
    about_now: bool = False
    about_days_before: bool = False

    @property
    def asks_several(self) -> bool:
        """Whether its answer may take several articles: by its outlets, and pairs of parts."""
        return len(self.outlets) + len(self.parts) // 2 >= SEVERAL


def understand(
    question: str,
    since: Day | None = None,
    until: Day | None = None,
    sources: Iterable[str] | None = None,
    as_of: Day | None = None,
    outlets: Iterable[str] = (),
) -> Query:
    """Check a question and its filters, and bring them into one form.

    ``as_of`` means: as if asked on that day.  Nothing published after it counts, "last week" is the
    week before it, and what is fresh on it counts more.  ``outlets`` are those of the index.
    Raises QuestionError for a question that is empty, too long or has no letter or digit, and for
    dates that are none or contradict each other.
    """
    if not isinstance(question, str):
        raise QuestionError(f"a question must be text, not {type(question).__name__}")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, more than the {MAX_QUESTION:,} that "
            "can be read; ask for one thing in a sentence or two"
        )
    words = " ".join(_without_controls(question).split())
    if not any(char.isalnum() for char in words):
        raise QuestionError("the question is empty; ask something, such as 'Who is David Schenker?'")
    first, asked = _iso(since, "since"), _iso(as_of, "as-of")
    lasts = [day for day in (_iso(until, "until"), asked) if day]
    last = min(lasts, key=last_instant, default=None)
    scope = Scope(
        since=first_instant(first) if first else None,
        until=last_instant(last) if last else None,
        sources=_names(sources),
    )
    if scope.since is not None and scope.until is not None and scope.since > scope.until:
        raise QuestionError(f"since {first} is after until {last}; no article can lie in between")
    now = last_instant(asked) if asked else datetime.now(UTC).timestamp()
    # USA Today is no day, and the Sunday Times none either.
    named, rest = outlets_in(words, outlets)
    standing, just = about_now(rest), about_days_before(rest)
    return Query(
        words,
        first,
        last,
        scope,
        parts=parts_of(words)[:MAX_PARTS],
        outlets=named,
        spans=spans_in(rest, day_of(now)),
        names=tuple(dict.fromkeys(name.text for name in names_in(rest))),
        fresh_on=now if asked or standing or just else None,
        now=now,
        as_of=asked,
        about_now=standing,
        about_days_before=just,
    )


def _without_controls(text: str) -> str:
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)


def _iso(day: Day | None, name: str) -> str | None:
    if day is None:
        return None
    text = day.isoformat() if isinstance(day, date) else day
    try:
        first_instant(text)
    except (ValueError, TypeError):
        raise QuestionError(
            f"{name} {text!r} is not a date; write it as 2020-11-15 or 2020-11-15T12:00"
        ) from None
    return text


def _names(sources: Iterable[str] | None) -> tuple[str, ...]:
    if sources is None:
        return ()
    names = (sources,) if isinstance(sources, str) or not isinstance(sources, Iterable) else sources
    names = tuple(names)
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise QuestionError("each source must be the name of an outlet; 'qa info' lists them")
    return names
