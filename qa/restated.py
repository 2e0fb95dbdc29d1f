"""Whether a sentence says the question again with its answer: "The firm that cut 10,000 jobs is Acme".

Small language models like to write so, and no article has all of these words.  Such a sentence is
proven by its answer: the reader, which sees the question and not the sentence, must find the same
words in a passage.  What else the sentence says must be the question's, and stand there for the most
part: its names and its numbers all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from index.sentences import Span
from qa.evidence import units_of
from qa.names import names_in
from qa.numbers import numbers_in
from qa.plain import plain
from qa.prompt import Shown
from qa.reader import Reader
from qa.reading import LONGEST
from qa.support import (
    Proof,
    about,
    is_bare_answer,
    is_finished,
    is_phrase,
    is_statement,
    unframed,
)
from qa.wordforms import folded, negations, turning_points

LEAST = -2.0  # the reader's logit of an answer: that both give the same one tells more
AGAIN = 0.4  # least share of the sentence's words that are the question's
THERE = 0.5  # least share of these that the passage has, too
SAID = 0.5  # least share of the answer's words that the sentence has
BETWEEN = 1  # other words that may stand among its new ones in the article
_ABBREVIATED = re.compile(r"\s*\([A-Z]{2,}\)")  # "the respiratory syncytial virus (RSV)"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the reader found in a stretch of a passage; its words lie in ``sentences``."""

    passage: Shown
    stretch: str
    words: str
    sentences: tuple[Span, ...]
    logit: float


class Answers:
    """What the reader finds in ``passages`` for ``question``; it reads them once it is needed."""

    def __init__(self, question: str, passages: Sequence[Shown], reader: Reader) -> None:
        self._question = question
        self._passages = passages
        self._reader = reader

    def prove(self, text: str, cites: Sequence[int] = ()) -> Proof | None:
        """The proof of the sentence ``text`` if it restates the question with its answer, or None.

        The passages that it cites come first.
        """
        if not (is_statement(text, cites) or is_bare_answer(text)):
            return None
        phrase, finished = is_phrase(text), is_finished(text, cites)
        for found in sorted(self._found, key=lambda one: one.passage.number not in cites):
            # A bare answer leans on nothing but the question: only the best will do.
            if phrase and folded(found.words) != folded(self._found[0].words):
                continue
            if not finished and folded(found.words) != folded(unframed(text)):
                continue  # it may be cut off
            if sentences := _proving(unframed(text), self._question, found, phrase=phrase):
                return Proof(text, found.passage, sentences)
        return None

    @cached_property
    def _found(self) -> list[_Found]:
        """In the order of their logits, the best first."""
        stretches = [(passage, span) for passage in self._passages for span in _stretches(passage)]
        texts = [passage.hit.article.text[start:end] for passage, (start, end) in stretches]
        readings = self._reader.read(self._question, texts) if texts else []
        found = []
        for (passage, (start, _)), text, reading in zip(stretches, texts, readings, strict=True):
            first, last = start + reading.start, start + reading.end
            sentences = tuple(span for span in passage.sentences if span[0] < last and first < span[1])
            words = text[reading.start : reading.end]
            if reading.words >= LEAST:
                found.append(_Found(passage, text, words, sentences, reading.words))
        return sorted(found, key=lambda one: -one.logit)


def _proving(text: str, question: str, found: _Found, *, phrase: bool) -> tuple[Span, ...]:
    """The sentences that prove ``text`` by the answer that was found; none if they do not."""
    article = found.passage.hit.article
    text = _ABBREVIATED.sub("", text)
    asked, units = set(units_of(question)), units_of(text)
    new = {unit for unit in units if unit not in asked}
    again = [unit for unit in units if unit in asked]
    answer = set(units_of(found.words))
    there = set(units_of(plain(found.stretch))) | set(units_of(about(article)))
    is_answer = (
        bool(new & answer)
        and len(answer.intersection(units)) >= SAID * len(answer)
        and _is_one_run([unit in new for unit in units])
    )
    is_question = phrase or len(again) >= AGAIN * len(units)
    holds = (
        sum(unit in there for unit in again) >= THERE * len(again)
        and {f"{number.value:g}" for number in numbers_in(text)} <= there
        and (_named(text) <= there or _named(text) <= there | _named(article.text))
        and negations(text) % 2 == (0 if phrase else negations(question) % 2)
        and turning_points(text) <= turning_points(f"{question} {found.stretch}")
    )
    if not (is_answer and is_question and holds):
        return ()
    told = [units_of(plain(article.text[start:end])) for start, end in found.sentences]
    if any(_stand_together(new, of) for of in (*told, units_of(article.title or ""))):
        return found.sentences
    for start, end in found.passage.sentences:
        if _stand_together(new, units_of(plain(article.text[start:end]))):
            return tuple(sorted({*found.sentences, (start, end)}))
    return ()


@lru_cache(maxsize=32)  # an article's, for each sentence that a model writes
def _named(text: str) -> frozenset[str]:
    """The words of the names in ``text``."""
    return frozenset(unit for name in names_in(plain(text)) for unit in units_of(name.text))


def _stretches(passage: Shown) -> Iterator[Span]:
    """The passage in pieces of whole sentences, as long as the reader was taught on."""
    text = passage.hit.article.text
    first: int | None = None
    last = 0
    for start, end in passage.sentences:
        if first is not None and (end - first > LONGEST or text[last:start].strip()):
            yield first, last
            first = None
        first, last = start if first is None else first, end
    if first is not None:
        yield first, last


def _stand_together(wanted: set[str], units: Sequence[str]) -> bool:
    """Whether all of ``wanted`` stand in ``units``, with few others among them."""
    length = len(wanted) + BETWEEN
    starts = range(max(len(units) - length, 0) + 1)
    return any(wanted <= set(units[start : start + length]) for start in starts)


def _is_one_run(flags: Sequence[bool]) -> bool:
    """Whether those that are True stand together.

    >>> _is_one_run([False, True, True]), _is_one_run([True, False, True])
    (True, False)
    """
    places = [place for place, flag in enumerate(flags) if flag]
    return all(after - before == 1 for before, after in pairwise(places))
