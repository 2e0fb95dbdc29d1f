"""Rebuilds with vectors that cost nothing, here or in a process of their own."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest import mock

import numpy as np

from index import RebuildReport, build
from index.embed import Embedder
from index.vectors import Vectors
from tests.forks import fork


class StandIn:
    """Vectors that depend on the text alone, in the place of the embedder, with a note of the texts."""

    name = fingerprint = "stand-in"
    embed_chunks = Embedder.embed_chunks

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], done: Callable[[int], None] = lambda count: None
    ) -> Vectors:
        """Unit vectors of shape ``(len(texts), 384)``."""
        self.texts += texts
        done(len(texts))
        rows = [np.frombuffer(hashlib.shake_128(t.encode()).digest(384), np.int8) for t in texts]
        vectors = np.array(rows, np.float32).reshape(-1, 384)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def rebuild(seeds: Path, index_dir: Path) -> RebuildReport:
    """``index.rebuild`` with stand-in vectors."""
    with mock.patch.object(build, "load_embedder", return_value=StandIn()):
        return build.rebuild(seeds, index_dir)


def in_a_process(seeds: Path, index_dir: Path) -> BaseProcess:
    """A process that rebuilds."""
    return fork(rebuild, seeds, index_dir)


def wait_for_one_generation(index_dir: Path) -> None:
    """Readers look for a new generation once a second, and delete the one that they leave."""
    until = time.monotonic() + 20
    while len(list((index_dir / "generations").iterdir())) > 1:
        assert time.monotonic() < until
        time.sleep(0.1)


def write_state(seeds: Path, state: str) -> None:
    """Three articles that all say which state the seeds are in."""
    for name in ("state", "other", "third"):
        (seeds / f"{name}.txt").write_text(f"The {name} article tells that the word is {state}.")
