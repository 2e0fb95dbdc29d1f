"""Vectors for nothing, in the place of the embedder, so that storage is what is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np

from index.embed import Embedder
from index.vectors import DIMENSIONS, Vectors

TOPICS = 2000  # texts lie around so many points, as real ones do, and not evenly everywhere


class StandIn:
    """Unit vectors that depend on the text alone."""

    name = fingerprint = "stand-in"
    embed_chunks = Embedder.embed_chunks

    def __init__(self) -> None:
        self._topics = np.random.default_rng(7).standard_normal((TOPICS, DIMENSIONS), np.float32)

    def embed_passages(
        self, texts: Sequence[str], done: Callable[[int], None] = lambda count: None
    ) -> Vectors:
        """Vectors of shape ``(len(texts), 384)``."""
        done(len(texts))
        seeds = [int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) for text in texts]
        own = [np.random.default_rng(seed).standard_normal(DIMENSIONS, np.float32) for seed in seeds]
        vectors = self._topics[[seed % TOPICS for seed in seeds]] + 0.7 * np.array(own, np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit
