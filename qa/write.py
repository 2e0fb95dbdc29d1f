"""An answer that a language model writes: shown passages, read sentence by sentence, each one proven.

What the articles do not support never gets out: a sentence is let go only with its proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer import Sentence, with_markers
from qa.cross_encoder import CrossEncoder
from qa.entailment import Entailment
from qa.hits import Hit
from qa.language_model import LanguageModel, LanguageModelError
from qa.prompt import DECLINE, RULES, choose_passages, user_message
from qa.prose import Draft, drafts
from qa.prover import Prover
from qa.quote import Quote
from qa.reader import Reader
from qa.support import Proof, leans_on_another
from qa.wording import count

INSTEAD = "so the answer is made of quotes."


class Writing:
    """An answer being written: ``sentences`` with numbers into ``quotes``, both in their order.

    ``notes`` say in words what was taken out or went wrong.  There may be no sentences in the end: then
    a note says why.
    """

    def __init__(
        self, question: str, hits: Sequence[Hit], encoder: CrossEncoder, reader: Reader
    ) -> None:
        self.sentences: list[Sentence] = []
        self.quotes: list[Quote] = []
        self.notes: tuple[str, ...] = ()
        self._question = question
        self._hits = hits
        self._encoder = encoder
        self._reader = reader

    def pieces(self, model: LanguageModel, budget: int, judge: Entailment) -> Iterator[str]:
        """Ask ``model`` with passages of ``budget`` tokens; yields each proven sentence as Markdown.

        ``judge`` reads what is said with other words than the articles'.  The pieces joined are the
        answer's text.  A model that fails is told of in ``notes``, not raised; closing the iterator
        stops the model.
        """
        passages = choose_passages(self._hits, budget)
        message = user_message(self._question, passages)
        prover = Prover(self._question, passages, self._reader, judge)
        taken_out = corrected = 0
        declined, failure = False, None
        last: Proof | None = None
        stream = model.stream(RULES, message)
        try:
            for draft in drafts(stream):
                if draft.text.rstrip(".") == DECLINE.rstrip("."):
                    declined = True
                    continue
                proof = prover.prove(draft.text, draft.cites)
                if proof is None or _hangs(draft, proof, last):
                    taken_out, last = taken_out + 1, None
                    continue
                last, corrected = proof, corrected + proof.corrected
                yield (" " if self.sentences else "") + with_markers(self._add(proof))
        except LanguageModelError as error:
            failure = str(error)
        finally:
            stream.close()
        self.notes = self._said(taken_out, corrected, failure, declined=declined)

    def _add(self, proof: Proof) -> Sentence:
        article, numbers = proof.passage.hit.article, []
        for start, end in proof.sentences:
            places = [(quote.hit.article.id, quote.start, quote.end) for quote in self.quotes]
            if (place := (article.id, start, end)) not in places:
                score = float(self._encoder.score(self._question, [article.text[start:end]])[0])
                self.quotes.append(Quote(proof.passage.hit, start, end, score, score))
                places.append(place)
            numbers.append(places.index(place) + 1)
        sentence = Sentence(proof.text, tuple(numbers))
        self.sentences.append(sentence)
        return sentence

    def _said(
        self, taken_out: int, corrected: int, failure: str | None, *, declined: bool
    ) -> tuple[str, ...]:
        if not self.sentences:
            if failure:
                return (f"The language model {failure}, {INSTEAD}",)
            if taken_out:
                return (f"The articles support nothing that the language model wrote, {INSTEAD}",)
            did = "found no answer in the passages" if declined else "wrote nothing"
            return (f"The language model {did}, {INSTEAD}",)
        notes = []
        if taken_out:
            were = "was" if taken_out == 1 else "were"
            notes.append(
                f"{count(taken_out, 'sentence')} that the articles do not support {were} taken out."
            )
        if corrected:
            notes.append(f"A number was put right by the articles in {count(corrected, 'sentence')}.")
        if failure:
            notes.append(f"The language model {failure}; this is what it had written by then.")
        return tuple(notes)


def _hangs(draft: Draft, proof: Proof, last: Proof | None) -> bool:
    """Whether "She left" comes after nothing that says who, or after words on another article."""
    if not leans_on_another(draft.text):
        return False
    return last is None or last.passage.hit.article.id != proof.passage.hit.article.id
