"""Proves the sentences of one answer that a language model writes, each in the first way that does.

By its words (qa/support.py), by the question's answer (qa/restated.py), or by its meaning, if it says
with other words what stands there.  Then a judge of entailment must say so, and what must not be left
to it is looked up: numbers, names, who did it, yes and no, planned or done (qa/evidence.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from index.sentences import Span
from qa.entailment import Entailment, premise_of
from qa.prompt import Shown
from qa.reader import Reader
from qa.restated import Answers
from qa.support import Bar, Proof, bare, is_phrase, is_statement, prove, proving, unframed

LOOSE = Bar(0.2, 0.5, 0.5, literal=False)  # what stands there with other words still has some of them
SAYS = 0.75  # the judge's logit above which sentences say it
BESIDE = 1  # sentences on each side of a proof that the judge may read with it


class Prover:
    """Proves what is written about ``question`` from ``passages``."""

    def __init__(
        self, question: str, passages: Sequence[Shown], reader: Reader, judge: Entailment
    ) -> None:
        self._passages = passages
        self._answers = Answers(question, passages, reader)
        self._judge = judge

    def prove(self, text: str, cites: Sequence[int] = ()) -> Proof | None:
        """The proof of the sentence ``text`` in the passages, first in those that it cites, or None."""
        return (
            prove(text, self._passages, cites)
            or self._answers.prove(text, cites)
            or self._by_meaning(text, cites)
        )

    def _by_meaning(self, text: str, cites: Sequence[int]) -> Proof | None:
        if not is_statement(text, cites) or is_phrase(text):
            return None
        for passage in sorted(self._passages, key=lambda passage: passage.number not in cites):
            body = bare(text, passage)
            spans = proving(unframed(body), passage, LOOSE)
            if spans and self._say(spans, passage, unframed(body)):
                return Proof(body, passage, spans)
        return None

    def _say(self, spans: Sequence[Span], passage: Shown, body: str) -> bool:
        """Whether the judge says that ``spans`` say ``body``, alone or with those beside them."""
        # Only of the passage's sentences: those that talk to a model are not among them.
        article, sentences = passage.hit.article, passage.sentences
        places = [sentences.index(span) for span in spans]
        beside = [
            span
            for place, span in enumerate(sentences)
            if any(abs(place - other) <= BESIDE for other in places)
        ]
        premises = [
            premise_of(
                article.title,
                article.source,
                article.published,
                " ".join(article.text[start:end] for start, end in told),
            )
            for told in (spans, beside)
        ]
        return float(self._judge.score(body, premises).max()) >= SAYS
