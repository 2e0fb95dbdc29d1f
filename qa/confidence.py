"""How sure an answer is: the probability that it is right, from what was found for the question.

Platt scaling (Platt 1999) of the cross-encoder's logit for the best quote with its article's title.
A question about several things is also judged by its names: those that stand nowhere in what was
found.  What is older than the days that a question means does not answer it.
benchmarks/calibration.py fits the weights and measures the calibration error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.article import DAY, first_instant
from qa.expected import years_in
from qa.hits import Hit
from qa.quote import Quote
from qa.rerank import CrossEncoder
from qa.understand import Query
from qa.wordforms import folded

STALE = 45  # days: what is older is no news of "this week"
READ_HITS = 5  # best passages that the names of a question may stand in


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights of P(right) = 1 / (1 + exp(-(logit · score + lacking · names lacking + constant)))."""

    logit: float
    lacking: float
    constant: float


ONE = Scale(0.343, 0.0, -1.87)
SEVERAL = Scale(0.069, -3.72, 0.37)


def confidence(
    query: Query, quotes: Sequence[Quote], hits: Sequence[Hit], encoder: CrossEncoder
) -> float:
    """The probability, 0 to 1, that ``quotes`` answer ``query``; ``hits`` are what was found."""
    if not quotes or is_stale(query, quotes):
        return 0.0
    scale = SEVERAL if query.asks_several else ONE
    logit, lacking = signs(query, quotes, hits, encoder)
    return 1 / (1 + math.exp(-(scale.logit * logit + scale.lacking * lacking + scale.constant)))


def signs(
    query: Query, quotes: Sequence[Quote], hits: Sequence[Hit], encoder: CrossEncoder
) -> tuple[float, float]:
    """What ``confidence`` weighs: a logit, and the share, 0 to 1, of the names that are lacking."""
    titled = [f"{quote.hit.article.title or ''}: {quote.text}" for quote in quotes]
    return float(encoder.score(query.question, titled).max()), _names_lacking(query, hits)


def is_stale(query: Query, quotes: Sequence[Quote]) -> bool:
    """Whether all quotes are older than the days or the year that the question means."""
    days = [quote.hit.article.published for quote in quotes if quote.hit.article.published]
    if not days:
        return False
    newest = max(days, key=first_instant)
    just = query.about_days_before and not query.asks_several  # a long question tells of other days
    if just and first_instant(newest) < query.now - STALE * DAY:
        return True
    asked = datetime.fromtimestamp(query.now, UTC).year
    years = {year for year in years_in(query.question) if year <= asked}
    told = {year for quote in quotes for year in years_in(quote.text)}
    return bool(years) and not years & told and max(years) > int(newest[:4])


def _names_lacking(query: Query, hits: Sequence[Hit]) -> float:
    if not query.names:
        return 0.0
    found = folded(" ".join(f"{hit.article.title or ''} {hit.text}" for hit in hits[:READ_HITS]))
    return sum(folded(name) not in found for name in query.names) / len(query.names)
