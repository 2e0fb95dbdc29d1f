"""The best sentences, read once more in what stands around them, by a reader that looks for answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.sentences import Span
from qa.quote import Quote
from qa.reader import Reader, Reading

STRETCHES = 2  # that are read for a question
LONGEST = 1000  # characters of a stretch: about two of the paragraphs that the reader was taught on


def read_around(question: str, quotes: Sequence[Quote], reader: Reader) -> list[Quote]:
    """``quotes``, best first, in the order of their rank once the reader has read around the best.

    A stretch has the sentences of a hit around a quote.  In it the sentence whose words answer the
    question best gains rank, and each one is told how sure the reader is that an answer stands there.
    """
    stretches: list[tuple[Quote, Span]] = []
    for quote in quotes:
        if len(stretches) == STRETCHES:
            break
        if not any(_inside(quote, other, span) for other, span in stretches):
            span = around(quote.hit.sentences, (quote.start, quote.end))
            stretches.append((quote, span))
    texts = [quote.hit.article.text[start:end] for quote, (start, end) in stretches]
    readings = reader.read(question, texts) if texts else []

    def read(quote: Quote) -> Quote:
        for (other, span), reading in zip(stretches, readings, strict=True):
            if _inside(quote, other, span):
                words = reading.words if _holds(quote, span[0], reading) else None
                place = None if words is None else (span[0] + reading.start, span[0] + reading.end)
                pointed = replace(quote, answers=reading.answers, words=words, pointed=place)
                return replace(pointed, rank=quote.rank + pointed.gain)
        return quote

    return sorted(map(read, quotes), key=lambda quote: -quote.rank)


def around(sentences: Sequence[Span], sentence: Span) -> Span:
    """The stretch of a sentence: it, and as many of ``sentences`` on both sides as make one."""
    first = last = sentences.index(sentence)
    grown = True
    while grown:
        grown = False
        if last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= LONGEST:
            last, grown = last + 1, True
        if first > 0 and sentences[last][1] - sentences[first - 1][0] <= LONGEST:
            first, grown = first - 1, True
    return sentences[first][0], sentences[last][1]


def _inside(quote: Quote, other: Quote, span: Span) -> bool:
    same = quote.hit.article.id == other.hit.article.id
    return same and span[0] <= quote.start and quote.end <= span[1]


def _holds(quote: Quote, start: int, reading: Reading) -> bool:
    return quote.start < start + reading.end and start + reading.start < quote.end
