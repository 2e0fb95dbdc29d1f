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
from qa.reading import around
from qa.restated import Answers
from qa.support import Bar, Proof, bare, is_phrase, is_statement, prove, proving, unframed

LOOSE = Bar(0.2, 0.5, 0.5, literal=False)  # what stands there with other words still has some of them
SAYS = 1.5  # the judge's logit above which a passage says it


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
            if spans and self._says(unframed(body), passage, spans):
                return Proof(body, passage, spans)
        return None

    def _says(self, body: str, passage: Shown, spans: Sequence[Span]) -> bool:
        """Whether the judge says that what stands around ``spans`` says ``body``."""
        article = passage.hit.article
        places = [around(passage.sentences, span) for span in spans]
        # Of a stretch only the sentences that the passage has: those that talk to a model are left out.
        text = " ".join(
            article.text[start:end]
            for start, end in passage.sentences
            if any(first <= start and end <= last for first, last in places)
        )
        premise = premise_of(article.title, article.source, article.published, text)
        return float(self._judge.score(body, [premise])[0]) >= SAYS
