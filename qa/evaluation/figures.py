"""Figures: a measure's value over questions, with what chance leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
SEED = 13
BINS = 10  # of the calibration error, of equal width

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over ``questions`` questions, and its 95 % interval from ``low`` to ``high``."""

    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class Measure:
    """How the questions' values named ``of`` become one figure, and what it is called."""

    name: str
    label: str
    of: str
    summarise: Callable[[Values], Values]  # (…, questions[, 2]) to (…)
    unit: Literal["share", "number", "ms"] = "share"


def mean(values: Values) -> Values:
    """The mean over the last axis."""
    return np.asarray(values.mean(axis=-1))


def total(values: Values) -> Values:
    """The sum over the last axis."""
    return np.asarray(values.sum(axis=-1))


def median(values: Values) -> Values:
    """The median over the last axis."""
    return np.asarray(np.median(values, axis=-1))


def most(values: Values) -> Values:
    """The 95th percentile over the last axis."""
    return np.asarray(np.percentile(values, 95, axis=-1))


def calibration_error(pairs: Values) -> Values:
    """The expected calibration error of pairs (confidence 0 to 1, right 0 or 1), shape (…, n, 2).

    Σ over bins of (share of pairs in the bin) · |mean confidence − share right|, for ten bins of
    equal width (Naeini, Cooper and Hauskrecht, AAAI 2015).
    """
    bins = np.minimum((pairs[..., 0] * BINS).astype(int), BINS - 1)
    gaps = pairs[..., 0] - pairs[..., 1]
    sums = [np.abs(np.where(bins == number, gaps, 0).sum(axis=-1)) for number in range(BINS)]
    return np.asarray(sum(sums) / gaps.shape[-1])


MEASURES = (
    Measure("article_recall@1", "article recall@1", "article_recall@1", mean),
    Measure("article_recall@4", "article recall@4", "article_recall@4", mean),
    Measure("article_recall@10", "article recall@10", "article_recall@10", mean),
    Measure("article_ndcg@10", "article nDCG@10", "article_ndcg@10", mean),
    Measure("article_rr@10", "article RR@10", "article_rr@10", mean),
    Measure("article_first", "right article first", "article_first", mean),
    Measure("article_in_ten", "right article in ten", "article_in_ten", mean),
    Measure("fact_hits@4", "any fact, Hits@4", "fact_hits@4", mean),
    Measure("fact_hits@10", "any fact, Hits@10", "fact_hits@10", mean),
    Measure("fact_mrr@10", "any fact, MRR@10", "fact_mrr@10", mean),
    Measure("fact_recall@10", "fact recall@10", "fact_recall@10", mean),
    Measure("all_evidence@10", "all evidence@10", "all_evidence@10", mean),
    Measure("refused", "refused, answerable", "refused", mean),
    Measure("words_in_answer", "right words in the answer", "words_in_answer", mean),
    Measure("follow_ups_right", "follow-ups, right words", "follow_up_right", mean),
    Measure("follow_ups_in_full", "… worded by a person", "follow_up_in_full", mean),
    Measure("follow_ups_alone", "… without their history", "follow_up_alone", mean),
    Measure("answer_words_p50", "words of the answer, p50", "answer_words", median, "number"),
    Measure("answered_unanswerable", "answered, unanswerable", "answered_unanswerable", mean),
    Measure("turned_down_again", "turned down, given again", "turned_down_again", mean),
    Measure("citation_faults", "citation faults", "citation_faults", total, "number"),
    Measure("calibration_error", "calibration error", "calibration", calibration_error),
    Measure("retrieve_p50_ms", "retrieve, p50 ms", "retrieve_ms", median, "ms"),
    Measure("retrieve_p95_ms", "retrieve, p95 ms", "retrieve_ms", most, "ms"),
    Measure("ask_p50_ms", "ask, p50 ms", "ask_ms", median, "ms"),
    Measure("ask_p95_ms", "ask, p95 ms", "ask_ms", most, "ms"),
)


def figures(
    rows: Sequence[Mapping[str, float | tuple[float, float]]],
) -> dict[str, Figure]:
    """Figures of the questions' values in ``rows``, for those of ``MEASURES`` that have some."""
    found = {}
    for measure in MEASURES:
        values = np.array([row[measure.of] for row in rows if measure.of in row], dtype=float)
        if len(values):
            found[measure.name] = _figure(values, measure.summarise)
    return found


def _figure(values: Values, summarise: Callable[[Values], Values]) -> Figure:
    """With the percentile bootstrap (Efron 1979): 1,000 resamples of the questions, a fixed seed."""
    draws = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(summarise(values[draws]), [2.5, 97.5])
    return Figure(
        round(float(summarise(values)), 4), round(float(low), 4), round(float(high), 4), len(values)
    )
