"""How well a text answers a question, by a cross-encoder that reads both together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.models import MINILM_L12, TextModel


class CrossEncoder:
    """Scores pairs of question and text.  Threads may share one object."""

    def __init__(self, model: TextModel, batch_tokens: int) -> None:
        self._model = model
        self._batch_tokens = batch_tokens

    def score(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A logit for each text, shape ``(len(texts),)``; higher is better, about -11 to +11.

        Question and text together are cut to 512 tokens.
        """
        scores = np.empty(len(texts), dtype=np.float32)
        pairs = self._model.encode([(question, text) for text in texts])
        for batch, logits in self._model.run(pairs, self._batch_tokens):
            scores[batch] = logits
        return scores


@cache
def load_cross_encoder(models_dir: Path | None, batch_tokens: int, threads: int) -> CrossEncoder:
    """The cross-encoder, loaded once a process."""
    return CrossEncoder(TextModel(MINILM_L12, models_dir, threads), batch_tokens)
