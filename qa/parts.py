"""The parts that a question is made of, each of which may have its answer in another article."""

from __future__ import annotations

import re

LEAST = 2  # words, besides those that every question has
_CUT = re.compile(
    r"[,;?!:]\s+|(?<!\b[A-Z])(?<!\bMr)(?<!\bDr)(?<!\bSt)\.\s+(?=[A-Z])"
    r"|\s+(?i:and|while|whereas|but|that|which|who|whose|after|before|compared\s+(?:to|with)"
    r"|as\s+well\s+as|than)\s+"
)
_WORD = re.compile(r"[^\W\d_]{4,}|\d+|[A-Z]{2,}")


def parts_of(question: str) -> tuple[str, ...]:
    """The clauses of a question that say enough to be looked for; none if there is but one.

    >>> parts_of("Which firm makes rockets, and which firm makes the bricks that rockets carry?")
    ('Which firm makes rockets', 'firm makes the bricks', 'rockets carry?')
    """
    parts = [part for part in _CUT.split(question) if len(_WORD.findall(part)) >= LEAST]
    return tuple(parts) if len(parts) > 1 else ()
