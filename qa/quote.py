"""The sentences that answer a question, word for word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.hits import Hit
from qa.rerank import CrossEncoder

PASSAGES = 5  # how many of the best passages are read sentence by sentence
MARGIN = 2.5  # logits that a further quote may lie below the best one
# P(right) = 1 / (1 + exp(-(SLOPE * logit + INTERCEPT))): Platt scaling of the best sentence's
# logit, fitted by benchmarks/calibration.py.
SLOPE, INTERCEPT = 0.259, -1.375


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: ``hit.article.text[start:end]``, with the cross-encoder's logit."""

    hit: Hit
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The words."""
        return self.hit.article.text[self.start : self.end]


def choose_quotes(question: str, hits: Sequence[Hit], encoder: CrossEncoder, limit: int) -> list[Quote]:
    """The sentences that answer ``question`` best, at most ``limit``, best first.

    Those after the first are nearly as good as it; words that several articles share come once.
    """
    candidates: dict[str, Quote] = {}
    for hit in hits[:PASSAGES]:
        for start, end in hit.sentences:
            quote = Quote(hit, start, end, 0.0)
            candidates.setdefault(_fold(quote.text), quote)
    if not candidates:
        return []
    quotes = score_quotes(question, list(candidates.values()), encoder)
    quotes.sort(key=lambda quote: -quote.score)
    return [quote for quote in quotes[:limit] if quote.score >= quotes[0].score - MARGIN]


def score_quotes(question: str, quotes: Sequence[Quote], encoder: CrossEncoder) -> list[Quote]:
    """``quotes`` with the cross-encoder's logits, in their order."""
    # With the title: a sentence alone often lacks what it is about.
    scores = encoder.score(question, [_with_title(quote) for quote in quotes])
    return [
        Quote(quote.hit, quote.start, quote.end, float(score))
        for quote, score in zip(quotes, scores, strict=True)
    ]


def confidence(score: float) -> float:
    """The probability that a quote with this logit answers the question, 0 to 1."""
    return 1 / (1 + math.exp(-(SLOPE * score + INTERCEPT)))


def _with_title(quote: Quote) -> str:
    title = quote.hit.article.title
    return f"{title}: {quote.text}" if title else quote.text


def _fold(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
