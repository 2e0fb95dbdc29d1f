"""The sentences that are read for an answer, word for word, and how well each answers the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.sentences import Span
from qa.cross_encoder import CrossEncoder
from qa.expected import Kind, expected, of_kind
from qa.headline import telling_headline
from qa.hits import Hit
from qa.instructions import instructs
from qa.spans import names_a_date
from qa.wordforms import folded
from qa.wording import day

READ_HITS = 8  # how many of the best passages are read for sentences
SKIMMED = 24  # sentences that the cross-encoder's lower layers read; those with most words in common
READ = 12  # of them, that it reads to the end; those that promise most
SKIMMED_OF_SEVERAL, READ_OF_SEVERAL = 48, 24  # the same where the answer may take several articles
UNDIVIDED = 2  # questions that are asked at once and each read for as one is
LEAST_SKIMMED, LEAST_READ = 12, 6  # sentences for each of many
LEAD = 2  # sentences that an article begins with: they say what happened, with full names
FOUND = 0.5  # of a hit's score beside its sentences' words in common, to choose what is read
# A sentence's rank is the cross-encoder's logit, with these: for how far its hit's score lies below
# the best hit's, which knows the days and the outlets, and for words of the kind that is asked for.
HIT, KIND = 6.0, 1.0
SHORTEST = 2  # words of a sentence: "[AFP]" says nothing
SHARED = 2  # telling words that a sentence shares with the question, to be read without a title
TALKS = 8.0  # logits that a sentence loses which talks to a language model, not to a reader
TITLE = 2.0  # logits that a sentence read with the title loses
POINTED = -8.0  # logit of words above which their sentence gains rank
MOST_GAIN = 4.0
NEIGHBOUR = 40  # words of a sentence before that are quoted, too, where a quote leans on it
NOT_READ = -4.0  # logit of what the reader was not given: as that of what has no answer
_WORD = re.compile(r"\w+")
# How a sentence begins that says too little without the one before.
_LEANS = re.compile(
    r"""["'“‘]*(?:he|she|they|it|his|her|their|its|this|that|these|those|but|so|instead|however
    |the\s+(?:former|latter|two|pair|decision|move|announcement|statement|ruling|vote|deal))\b""",
    re.IGNORECASE | re.VERBOSE,
)


# How a sentence says that the one before was wrong.
CORRECTS = re.compile(
    r"\b(?:the correct (?:figure|number|name|date|spelling|amount|total|day|year)"
    r"|should have (?:said|read)|regrets? the (?:error|mistake))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: ``hit.article.text[start:end]``.

    ``score`` is the cross-encoder's logit for the question and these words with what they lean on,
    ``rank`` what quotes are chosen by, and ``answers`` the reader's logit that an answer stands in or
    around them; higher is better.  ``words`` is the reader's logit for words among them, None where it
    points at none, and ``pointed`` where in the article these stand.  ``headline`` is the article's,
    where it adds to them.
    """

    hit: Hit
    start: int
    end: int
    score: float
    rank: float
    answers: float = NOT_READ
    words: float | None = None
    pointed: Span | None = None
    headline: str | None = None

    @property
    def gain(self) -> float:
        """What the reader adds to the rank."""
        return 0.0 if self.words is None else min(max(self.words - POINTED, 0.0), MOST_GAIN)

    @property
    def text(self) -> str:
        """The words."""
        return self.hit.article.text[self.start : self.end]

    def overlaps(self, other: Quote) -> bool:
        """Whether both have words of one article in common."""
        same = self.hit.article.id == other.hit.article.id
        return same and self.start < other.end and other.start < self.end


def read_sentences(
    question: str,
    hits: Sequence[Hit],
    leads: Sequence[Hit],
    encoder: CrossEncoder,
    telling_words: Callable[[str], set[str]],
    questions: int = 1,
    *,
    asks_several: bool = False,
) -> list[Quote]:
    """Sentences of the best ``hits``, and the first ones of ``leads``, in the order of their rank.

    Words that stand in several places come once, from the best hit.  What leans on the sentence
    before is read with it, and what shares too few words with the question with its article's title,
    for which it loses two logits: with a title that tells much, any sentence looks like an answer.
    Any other is read with its article's day if the question is about a month or a year.
    Of several ``questions`` that are asked at once each has its share of what is read, and one that
    ``asks_several`` things has more.  What does not promise enough to be read to the end is left out.
    """
    candidates: dict[str, Quote] = {}
    for hit, (start, end) in _sentences(hits, leads):
        if len(_WORD.findall(hit.article.text[start:end])) < SHORTEST:
            continue
        candidates.setdefault(folded(hit.article.text[start:end]), Quote(hit, start, end, 0.0, 0.0))
    skimmed, whole = (SKIMMED_OF_SEVERAL, READ_OF_SEVERAL) if asks_several else (SKIMMED, READ)
    skimmed = max(skimmed * UNDIVIDED // max(questions, UNDIVIDED), LEAST_SKIMMED)
    whole = max(whole * UNDIVIDED // max(questions, UNDIVIDED), LEAST_READ)
    wanted = telling_words(question)
    best = max((hit.score for hit in hits), default=0.0)

    def promise(quote: Quote) -> float:
        common = len(wanted & telling_words(quote.text)) / max(len(wanted), 1)
        return common + FOUND * (quote.hit.score - best)

    read = sorted(candidates.values(), key=lambda quote: -promise(quote))[:skimmed]
    if not read:
        return []
    kind = expected(question)

    poor = [len(wanted & telling_words(quote.text)) < SHARED for quote in read]
    dated = asks_by_date(question)
    wider = [with_neighbour(quote) for quote in read]
    texts = [
        in_context(quote, titled=is_poor, dated=dated and not is_poor)
        for quote, is_poor in zip(wider, poor, strict=True)
    ]
    fits = [kind is None or bool(of_kind(kind, question, quote.text)) for quote in read]
    below = np.array([quote.hit.score - best for quote in read])
    added = HIT * below + KIND * np.array(fits)
    lost = TITLE * np.array(poor) + TALKS * np.array([instructs(quote.text) for quote in read])
    scores = encoder.score_best(question, texts, whole, added - lost) - lost
    quotes = [
        replace(
            quote,
            score=float(score),
            rank=float(score + more),
            headline=telling_headline(quote.hit.article, question, shown.text, telling_words),
        )
        for quote, shown, score, more in zip(read, wider, scores, added, strict=True)
        if not np.isnan(score)
    ]
    return sorted(quotes, key=lambda quote: -quote.rank)


def asks_by_date(question: str) -> bool:
    """Whether it names a month or a year to say what it is about, rather than asks for the day.

    Who asks when it was would take the day of any article for the answer.
    """
    return names_a_date(question) and expected(question) is not Kind.DAY


def in_context(quote: Quote, *, titled: bool, dated: bool) -> str:
    """The quote's words as a model reads them: after its article's day and title, each if it has one.

    Who asks for March asks for articles of March, most of which do not say so.
    """
    article = quote.hit.article
    when = day(article.published) if dated and article.published else None
    title = article.title if titled else None
    return ": ".join(part for part in (when, title, quote.text) if part)


def with_neighbour(quote: Quote) -> Quote:
    """The quote with the sentence before it, if it leans on that: "He said …".

    And with the one after it, if that corrects it: "The correct figure is …".
    """
    sentences, text = quote.hit.sentences, quote.hit.article.text
    place = sentences.index((quote.start, quote.end))
    start, end = quote.start, quote.end
    if place + 1 < len(sentences) and CORRECTS.search(text[slice(*sentences[place + 1])]):
        end = sentences[place + 1][1]
    if place and _LEANS.match(quote.text):
        before, last = sentences[place - 1]
        if len(text[before:last].split()) <= NEIGHBOUR:
            start = before
    return replace(quote, start=start, end=end)


def _sentences(hits: Sequence[Hit], leads: Sequence[Hit]) -> Iterator[tuple[Hit, tuple[int, int]]]:
    for hit in hits[:READ_HITS]:
        for sentence in hit.sentences:
            yield hit, sentence
    for lead in leads:
        for sentence in lead.sentences[:LEAD]:
            yield lead, sentence
