"""How sure an answer is: the probability that it is right, from what was found for the question.

Platt scaling (Platt 1999) of the cross-encoder's highest logit for the first quotes, with the titles of
their articles, and of the reader's that an answer stands in what it read.
A question about several things is also judged by its names: those that stand nowhere in what was
found.  One asked as of a day is judged by how long before that day its quotes were published, for it
asks about the news of then.  What is older than the days that a question means does not answer it.
benchmarks/calibration.py fits the weights and measures the calibration error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.article import DAY, first_instant
from qa.cross_encoder import CrossEncoder
from qa.expected import years_in
from qa.hits import Hit
from qa.quote import Quote, asks_by_date, in_context
from qa.spans import day_of, spans_in
from qa.understand import Query
from qa.wordforms import folded

STALE = 45  # days: what is older is no news of "this week"
# Log-odds lost for each year before the day of ``as_of``, and the most years that count.  Fitted they
# would be more: on the dev sets all that is right is weeks old, and what is years old is wrong.
YEAR, YEARS = 1.2, 3.0
TITLED = (
    3  # first quotes that are read with their titles: others have the highest logit in 2 % of answers
)
READ_HITS = 5  # best passages that the names of a question may stand in


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights of P(right) = 1 / (1 + exp(-odds)), with

    odds = logit · score + answers · the reader's logit + lacking · names lacking + constant.
    """

    logit: float
    answers: float
    lacking: float
    constant: float


ONE = Scale(0.25, 0.65, 0.0, -0.1)
SEVERAL = Scale(0.069, 0.0, -3.72, 0.37)


def confidence(
    query: Query, quotes: Sequence[Quote], answers: float, hits: Sequence[Hit], encoder: CrossEncoder
) -> float:
    """The probability, 0 to 1, that ``quotes`` answer ``query``; ``hits`` are what was found.

    ``answers`` is the reader's logit that an answer stands in what it read.
    """
    if not quotes or is_stale(query, quotes):
        return 0.0
    scale = SEVERAL if query.asks_several else ONE
    weights = scale.logit, scale.answers, scale.lacking
    weighed = zip(weights, signs(query, quotes, answers, hits, encoder), strict=True)
    odds = sum(weight * sign for weight, sign in weighed) + scale.constant
    return 1 / (1 + math.exp(YEAR * years_before(query, quotes) - odds))


def signs(
    query: Query, quotes: Sequence[Quote], answers: float, hits: Sequence[Hit], encoder: CrossEncoder
) -> tuple[float, float, float]:
    """What ``confidence`` weighs: two logits, and the share, 0 to 1, of the names that are lacking."""
    dated = asks_by_date(query.question)
    titled = [in_context(quote, titled=True, dated=dated) for quote in quotes[:TITLED]]
    score = float(encoder.score(query.question, titled).max())
    return score, answers, _names_lacking(query, hits)


def is_stale(query: Query, quotes: Sequence[Quote]) -> bool:
    """Whether all quotes are older than the days or the year that the question means.

    A quote that tells of those days or that year itself is not, however old its article is.
    """
    newest = _newest(quotes)
    if newest is None:
        return False
    meant = _days_meant(query)
    if meant and newest < max(meant) - STALE * DAY and not _tell_of(max(meant), quotes):
        return True
    asked = day_of(query.now).year
    years = {year for year in years_in(query.question) if year <= asked}
    told = {year for quote in quotes for year in years_in(quote.text)}
    return bool(years) and not years & told and max(years) > day_of(newest).year


def is_old(query: Query, quotes: Sequence[Quote]) -> bool:
    """Whether the age of all quotes speaks against them: stale, or a year older than ``as_of``."""
    return is_stale(query, quotes) or years_before(query, quotes) >= 1


def _days_meant(query: Query) -> list[float]:
    """The first instants of the days up to now that the question means.

    One that compares outlets names days only to say which article it means.  Of an archive, "on
    Tuesday" may mean any; only as of a day it is told which.
    """
    if len(query.outlets) > 1:
        return []
    firsts = [_instant(span.first) for span in query.spans if span.first and query.as_of]
    return [first for first in firsts if first <= query.now] + [query.now] * query.about_days_before


def _tell_of(meant: float, quotes: Sequence[Quote]) -> bool:
    dated = [(quote.text, quote.hit.article.published) for quote in quotes]
    spans = [span for text, day in dated if day for span in spans_in(text, day_of(first_instant(day)))]
    return any(span.first and abs(_instant(span.first) - meant) <= STALE * DAY for span in spans)


def years_before(query: Query, quotes: Sequence[Quote]) -> float:
    """Years from the newest quote to the day that the question is asked as of, at most ``YEARS``."""
    newest = _newest(quotes)
    if query.as_of is None or newest is None:
        return 0.0
    return min(max(query.now - newest, 0.0) / (365.25 * DAY), YEARS)


def _newest(quotes: Sequence[Quote]) -> float | None:
    """When the newest of the quotes' articles was published, in seconds since 1970."""
    days = [quote.hit.article.published for quote in quotes if quote.hit.article.published]
    return max(map(first_instant, days), default=None)


def _instant(day: date) -> float:
    return first_instant(day.isoformat())


def _names_lacking(query: Query, hits: Sequence[Hit]) -> float:
    if not query.names:
        return 0.0
    found = folded(" ".join(f"{hit.article.title or ''} {hit.text}" for hit in hits[:READ_HITS]))
    return sum(folded(name) not in found for name in query.names) / len(query.names)
