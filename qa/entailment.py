"""Whether a text says what a sentence says, by a model that was taught just that.

It is the cross-encoder's lower quarter with upper layers of its own, ``models/entailment.onnx``, that
benchmarks/teach_entailment.py taught on sentences which a language model wrote about news, half of them
wrong in the ways in which language models are; models/README.md says how well.  Such a judge is known
from natural language inference, where a premise entails a hypothesis or does not (Dagan et al. 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.taught import TaughtModel

UPPER = Path(__file__).parent / "models" / "entailment.onnx"


class Entailment:
    """Judges sentences by texts.  Threads may share one object."""

    def __init__(self, batch_tokens: int, threads: int) -> None:
        self._model = TaughtModel(UPPER, threads)
        self._batch_tokens = batch_tokens

    def score(self, sentence: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The logit that each text, not empty, says ``sentence``, shape ``(len(texts),)``.

        It lies between about -4 and 4.  Sentence and text together are cut to 512 tokens.
        """
        scores = np.empty(len(texts), dtype=np.float32)
        encodings = self._model.encode([(sentence, text) for text in texts])
        for batch, output in self._model.run(encodings, self._batch_tokens):
            scores[batch] = output[:, 0]
        return scores


@cache
def load_entailment(batch_tokens: int, threads: int) -> Entailment:
    """The judge, loaded once a process."""
    return Entailment(batch_tokens, threads)


def premise_of(title: str | None, source: str | None, published: str | None, text: str) -> str:
    """A part of an article as the judge reads it, with what is known of the article.

    >>> premise_of("Bridge falls", "Harbour Post", "2024-03-19T08:00:00Z", "It fell.")
    'Bridge falls (Harbour Post, 2024-03-19). It fell.'
    """
    known = ", ".join(filter(None, (source, (published or "")[:10])))
    head = f"{title or ''} ({known})" if known else title or ""
    return f"{head}. {text}" if head else text
