"""Texts to vectors, with bge-small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from index.models import BGE_SMALL, TextModel
from index.vectors import DIMENSIONS, Vectors

# The model card's instruction for questions; passages take none.
QUERY_PREFIX = "Represent this sentence for searching relevant passages: "


class Embedder:
    """Turns texts into unit-length vectors.  Threads may share one object."""

    def __init__(self, model: TextModel, batch_tokens: int) -> None:
        self._model = model
        self.batch_tokens = batch_tokens
        self.name = model.name
        self.fingerprint = model.fingerprint

    def embed_passages(
        self, texts: Sequence[str], done: Callable[[int], None] = lambda count: None
    ) -> Vectors:
        """Vectors of ``texts``, shape ``(len(texts), 384)``, each of length 1.

        ``done`` is called after each batch with the number of texts in it.
        """
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        # bge pools by taking the first token's state.
        for batch, states in self._model.run(self._model.encode(texts), self.batch_tokens):
            vectors[batch] = states / np.linalg.norm(states, axis=1, keepdims=True)
            done(len(batch))
        return vectors

    def embed_chunks(
        self, chunks: Iterable[Sequence[str]], done: Callable[[int], None]
    ) -> Iterator[Vectors]:
        """The vectors of each chunk of texts, in order, as ``embed_passages`` makes them."""
        for texts in chunks:
            yield self.embed_passages(texts, done)

    def batches(self, texts: Sequence[str]) -> list[list[int]]:
        """The positions of the texts that ``embed_passages`` gives to the model together."""
        return self._model.batches(self._model.encode(texts), self.batch_tokens)

    def embed_query(self, question: str) -> Vectors:
        """The vector of a question, shape ``(384,)``, of length 1."""
        vector: Vectors = self.embed_passages([QUERY_PREFIX + question])[0]
        return vector


@cache
def load_embedder(models_dir: Path | None, batch_tokens: int, threads: int) -> Embedder:
    """The embedder, loaded once a process."""
    return Embedder(TextModel(BGE_SMALL, models_dir, threads), batch_tokens)
