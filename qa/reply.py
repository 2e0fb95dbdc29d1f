"""The quotes that answer one question, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.choose import choose, most_words
from qa.confidence import confidence
from qa.cross_encoder import CrossEncoder
from qa.differ import Difference, difference
from qa.follow_up import standalone
from qa.hits import Hit
from qa.names import names_in
from qa.parts import questions_in
from qa.quote import NOT_READ, Quote, read_sentences
from qa.reader import Reader
from qa.reading import read_around
from qa.understand import Query


@dataclass(frozen=True, slots=True)
class Reply:
    """What the articles say to ``question``: ``quotes`` of what was ``read``, the best first.

    ``sure`` is the probability, 0 to 1, that they answer it; ``difference`` is how articles differ.
    """

    question: str
    read: tuple[Quote, ...]
    quotes: tuple[Quote, ...]
    sure: float
    difference: Difference | None


def replies(
    query: Query,
    hits: Sequence[Hit],
    leads: Sequence[Hit],
    encoder: CrossEncoder,
    reader: Reader,
    telling_words: Callable[[str], set[str]],
    limit: int,
) -> list[Reply]:
    """A reply for each question that ``query`` asks, in their order, of ``limit`` quotes in all.

    ``leads`` are the starts of the articles of the best ``hits``.
    """
    asked = () if len(query.outlets) > 1 else questions_in(query.question)
    if not 1 < len(asked) <= limit:
        queries = [query]
    else:
        queries = [_about_one(query, question) for question in _alone(asked)]
    found = []
    for part in queries:
        read = read_sentences(
            part.question,
            hits,
            leads,
            encoder,
            telling_words,
            len(queries),
            asks_several=part.asks_several,
        )
        if not part.asks_several:  # which has no one answer that words could be
            read = read_around(part.question, read, reader)
        share = limit // len(queries), most_words(read) // len(queries)
        quotes = choose(part.question, read, *share, part.outlets, about_now=query.about_now)
        found.append(
            Reply(
                part.question,
                tuple(read),
                tuple(quotes),
                confidence(part, quotes, _answers(read), hits, encoder),
                difference(part.question, read, telling_words, limit),
            )
        )
    return found


def _answers(read: Sequence[Quote]) -> float:
    """The reader's logit that an answer stands in what it read."""
    return max((quote.answers for quote in read), default=NOT_READ)


def _alone(questions: Sequence[str]) -> list[str]:
    """Each in its stand-alone form: in "Who won, and how old is she?" she is who won."""
    alone: list[str] = []
    for question in questions:
        told = [{"role": "user", "content": before} for before in alone]
        alone.append(standalone(question, told))
    return alone


def _about_one(query: Query, question: str) -> Query:
    names = tuple(name.text for name in names_in(question))
    return replace(query, question=question, parts=(), outlets=(), names=names)
