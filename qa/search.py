"""Passages for a question: found by words and by meaning, weighed by what the question says.

Each search gives candidates, the first passage of each window of two.  They are weighed by BM25 for
the whole question and for its parts, by the cosine of the nearer of their two vectors, and by whether
the question names their outlet, means their day or asks for what is fresh.  The weights were settled by
the tries in benchmarks/retrieval.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

import numpy as np
import numpy.typing as npt

from index.article import DAY
from index.embed import Embedder
from index.errors import OtherModelError
from index.generation import Index
from index.rows import Place
from index.scope import Scope, fold_source
from index.vectors import Vectors
from qa.spans import Span
from qa.understand import Query

POOL = 200  # candidates of each search by words
NEAR = 400  # passages of a search by meaning
FEW = 50  # of these in scope: with less the search goes on
NEAR_AT_MOST = 4000
ALL = 2000  # passages in scope whose vectors are all compared
# Weights; BM25 for the whole question has 1.  Where it asks several things its words tell less.
MEANING, OUTLET, SPAN, FRESH = 0.3, 0.5, 0.4, 1.3
MEANING_OF_SEVERAL, PART = 0.4, 0.8
ROOT = 0.25  # a part whose best words match less well counts a little less
# For a question about one thing: what so many other windows of the article have in common with it.
ELSEWHERE, OTHERS = 0.08, 3
FRESH_DAYS = 50  # an article that old has 1/e of a new one's weight
TELLING = 0.1  # what weighs less is no reason
LATER = 1  # days: what happened on a day stands in the articles of the next one, too

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A window by the number of its first passage; a higher score is better.

    ``why`` says in words what the score is made of.
    """

    number: int
    article: int
    score: float
    why: str


def candidates(index: Index, query: Query, embedder: Embedder, pool: int = POOL) -> list[Candidate]:
    """Windows in the query's scope that may answer it, best first.

    Raises OtherModelError if the index holds vectors of another model.
    """
    if index.manifest.model_fingerprint != embedder.fingerprint:
        raise OtherModelError(
            f"the index was built with the model {index.manifest.model} "
            f"({index.manifest.model_fingerprint[:8]}), but the one here is {embedder.name} "
            f"({embedder.fingerprint[:8]}); run 'qa rebuild', or set QA_MODELS_DIR as it was"
        )
    vector = embedder.embed_query(query.question)
    words = _by_words(index, query, pool)
    parts = [
        dict(index.lexical.search(part, pool, query.scope))
        for part in (query.parts if query.asks_several else ())
    ]
    near = _near(index, vector, query.scope)
    starts = {number - after for number in near for after in (0, 1)}
    places = index.store.places({*words, *(n for part in parts for n in part), *starts}, query.scope)
    numbers = sorted(places)
    if not numbers:
        return []
    whole = _share_of_best(words, numbers)
    meaning = _meaning(places, near)
    bonuses = {
        "from an outlet that the question names": OUTLET * _named(query, places),
        "of the days that the question means": SPAN * _within(query.spans, places),
        "fresh": FRESH * _fresh(query, places),
    }
    scores = whole + sum(bonuses.values())
    scores += (MEANING_OF_SEVERAL if query.asks_several else MEANING) * meaning
    if not query.asks_several:
        scores += ELSEWHERE * _elsewhere(whole, places)
    if parts:
        most = max(max(part.values(), default=0.0) for part in parts) or 1.0
        scores += PART * np.max(
            [
                (max(part.values(), default=0.0) / most) ** ROOT * _share_of_best(part, numbers)
                for part in parts
            ],
            axis=0,
        )
    return [
        Candidate(
            numbers[row],
            places[numbers[row]].article,
            float(scores[row]),
            "; ".join(_reasons(row, whole, meaning, bonuses)) or "nothing nearer was found",
        )
        for row in np.argsort(-scores, kind="stable")
    ]


def _by_words(index: Index, query: Query, pool: int) -> dict[int, float]:
    """BM25 by number: the best of all, and of what the question says to look at first."""
    narrower = [query.scope]
    if query.outlets and not query.scope.sources:
        narrower.append(replace(query.scope, sources=query.outlets))
    for span in query.spans:
        first, last = _instants(span)
        narrower.append(_narrowed(query.scope, first, last))
    if query.fresh_on is not None:
        narrower.append(_narrowed(query.scope, query.fresh_on - FRESH_DAYS * DAY, query.fresh_on))
    found: dict[int, float] = {}
    for scope in narrower:
        found |= index.lexical.search(query.question, pool, scope)
    return found


def _near(index: Index, vector: Vectors, scope: Scope) -> dict[int, float]:
    """Cosines of passages in scope near to ``vector``: of the nearest, or of all of a narrow scope."""
    limit = NEAR
    while True:
        found = index.nearest(vector, limit)
        inside = index.store.places(found, scope)
        if len(inside) >= FEW or len(found) < limit or limit >= NEAR_AT_MOST:
            break
        limit = NEAR_AT_MOST
    if len(inside) < FEW < len(found):
        every = index.store.numbers_in(scope, ALL + 1)
        if len(every) <= ALL:
            return {number: float(own @ vector) for number, own in index.vectors(every).items()}
    return {number: cosine for number, cosine in found.items() if number in inside}


def _meaning(places: dict[int, Place], near: dict[int, float]) -> Weights:
    """From 0 for the least of the passages near by to 1 for the best; a window has its better one's.

    What is not near by is no nearer than these: its vector need not be looked up.
    """
    least, best = min(near.values(), default=0.0), max(near.values(), default=0.0)
    if least == best:
        least = 0.0
    windows = []
    for number, place in sorted(places.items()):
        after = places.get(number + 1)
        own = [number, number + 1] if after and after.article == place.article else [number]
        windows.append(max(near.get(passage, least) for passage in own))
    return np.clip((np.array(windows) - least) / max(best - least, 1e-6), 0.0, 1.0)


def _share_of_best(scores: dict[int, float], numbers: Sequence[int]) -> Weights:
    best = max((scores.get(number, 0.0) for number in numbers), default=0.0) or 1.0
    return np.array([scores.get(number, 0.0) / best for number in numbers])


def _elsewhere(whole: Weights, places: dict[int, Place]) -> Weights:
    """What the best other windows of its article have in common with the question, summed up."""
    numbers = sorted(places)
    best: dict[int, list[int]] = defaultdict(list)
    for row in np.argsort(-whole, kind="stable"):
        rows = best[places[numbers[row]].article]
        if len(rows) < OTHERS and not any(_overlap(numbers[row], numbers[other]) for other in rows):
            rows.append(int(row))
    return np.array(
        [
            sum(
                whole[row] for row in best[places[number].article] if not _overlap(number, numbers[row])
            )
            for number in numbers
        ]
    )


def _overlap(number: int, other: int) -> bool:
    return abs(number - other) <= 1


def _named(query: Query, places: dict[int, Place]) -> Weights:
    named = {fold_source(outlet) for outlet in query.outlets}
    sources = (places[number].source for number in sorted(places))
    return np.array([float(source is not None and fold_source(source) in named) for source in sources])


def _within(spans: Sequence[Span], places: dict[int, Place]) -> Weights:
    limits = [_instants(span) for span in spans]

    def holds(instant: float | None) -> bool:
        return instant is not None and any(
            (first is None or first <= instant) and (last is None or instant <= last)
            for first, last in limits
        )

    return np.array([float(holds(places[number].instant)) for number in sorted(places)])


def _fresh(query: Query, places: dict[int, Place]) -> Weights:
    """exp(-age / 50 days), the age being that on the day of the question; 0 without a date."""
    if query.fresh_on is None:
        return np.zeros(len(places))
    instants = [places[number].instant for number in sorted(places)]
    ages = np.array([np.inf if i is None else max(query.fresh_on - i, 0.0) / DAY for i in instants])
    weights: Weights = np.exp(-ages / FRESH_DAYS)
    return weights


def _instants(span: Span) -> tuple[float | None, float | None]:
    first = datetime.combine(span.first, time(), UTC).timestamp() if span.first else None
    last = datetime.combine(span.last, time(), UTC).timestamp() if span.last else None
    return first, None if last is None else last + (1 + LATER) * DAY


def _narrowed(scope: Scope, first: float | None, last: float | None) -> Scope:
    firsts = [since for since in (scope.since, first) if since is not None]
    lasts = [until for until in (scope.until, last) if until is not None]
    return replace(scope, since=max(firsts, default=None), until=min(lasts, default=None))


def _reasons(row: int, whole: Weights, meaning: Weights, bonuses: dict[str, Weights]) -> Iterator[str]:
    if whole[row] > 0:
        yield f"shares words with the question ({whole[row]:.0%} of the best)"
    if meaning[row] > 0:
        yield f"near in meaning ({meaning[row]:.0%} of the best)"
    for reason, weights in bonuses.items():
        if weights[row] > TELLING:
            yield reason
