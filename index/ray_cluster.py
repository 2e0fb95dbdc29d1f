"""Embedding on a Ray cluster: the batches of one machine, each wherever a processor is free.

A task is a few batches.  Ray gives it to a free processor and, if that is lost, to another one; the
process that takes it loads the model once and keeps it for the tasks that follow.  Texts are put
together here, and as they are on one machine, since a vector depends a little on the texts beside it.
"""

from __future__ import annotations

import logging
import platform
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Embedder, load_embedder
from index.errors import ArticleQAError, ClusterError, ModelsError
from index.vectors import DIMENSIONS, Vectors

TASK_BATCHES = 32  # about a second of work: much more than sending it takes, and little to lose
AHEAD = 2  # tasks for each processor that may run or wait to
MOST_CHUNKS = 64  # that may be begun and not yet taken: their texts and vectors are held here
RETRIES = 5  # for a task whose process or node is lost


@dataclass
class _Chunk:
    vectors: Vectors
    missing: int


class RayEmbedder:
    """Embeds passages as ``local``, an Embedder, does, on the cluster that ``ray`` is connected to."""

    def __init__(self, ray: Any, local: Embedder, models_dir: Path | None) -> None:
        self.name = local.name
        self.fingerprint = local.fingerprint
        self._ray = ray
        self._local = local
        self._models_dir = models_dir
        self._task = ray.remote(num_cpus=1, max_retries=RETRIES)(embed_batches)

    def embed_chunks(
        self, chunks: Iterable[Sequence[str]], done: Callable[[int], None]
    ) -> Iterator[Vectors]:
        """The vectors of each chunk of texts, in order; see ``Embedder.embed_chunks``.

        Chunks are taken no faster than the cluster embeds them.  Raises ClusterError, or ModelsError.
        """
        begun: deque[_Chunk] = deque()
        running: dict[Any, tuple[_Chunk, list[int]]] = {}
        for texts in chunks:
            chunk = _Chunk(np.empty((len(texts), DIMENSIONS), np.float32), len(texts))
            begun.append(chunk)
            batches = self._local.batches(texts)
            for first in range(0, len(batches), TASK_BATCHES):
                while len(running) >= AHEAD * self._processors():
                    self._collect(running, done)
                part = batches[first : first + TASK_BATCHES]
                task = self._start([[texts[position] for position in batch] for batch in part])
                running[task] = chunk, [position for batch in part for position in batch]
            while begun and (not begun[0].missing or len(begun) > MOST_CHUNKS):
                if begun[0].missing:
                    self._collect(running, done)
                else:
                    yield begun.popleft().vectors
        while begun:
            while begun[0].missing:
                self._collect(running, done)
            yield begun.popleft().vectors

    def _processors(self) -> int:
        """How many the cluster has now: nodes come and go."""
        with _asking():
            return max(1, int(self._ray.cluster_resources().get("CPU", 0)))

    def _start(self, batches: list[list[str]]) -> Any:
        settings = self._models_dir, self._local.batch_tokens, self.fingerprint
        with _asking():
            return self._task.remote(batches, *settings)

    def _collect(
        self, running: dict[Any, tuple[_Chunk, list[int]]], done: Callable[[int], None]
    ) -> None:
        """Wait until a task is done, and put its vectors in their places."""
        with _asking():
            (task, *_), _ = self._ray.wait(list(running), num_returns=1)
            vectors = self._ray.get(task)
        chunk, positions = running.pop(task)
        chunk.vectors[positions] = vectors
        chunk.missing -= len(positions)
        done(len(positions))


def embed_batches(
    batches: list[list[str]], models_dir: Path | None, batch_tokens: int, fingerprint: str
) -> Vectors:
    """The task, which runs on a node: the vectors of all texts of ``batches``, one after the other."""
    embedder = load_embedder(models_dir, batch_tokens, 1)
    if embedder.fingerprint != fingerprint:
        raise ModelsError(
            f"the node {platform.node()} of the Ray cluster has other model files than this machine; "
            "install the same version of article-qa on both, and the same files in QA_MODELS_DIR"
        )
    return np.concatenate([embedder.embed_passages(batch) for batch in batches])


@contextmanager
def ray_embedder(address: str, local: Embedder, models_dir: Path | None) -> Iterator[RayEmbedder]:
    """Connect to the cluster at ``address``: ``HOST:PORT``, ``auto``, or ``ray://HOST:PORT``.

    A connection that the program has already is used, and left open.  Raises ClusterError.
    """
    try:
        import ray
    except ImportError:
        raise ClusterError(
            "embedding on a Ray cluster needs Ray: run pip install 'article-qa[ray]'"
        ) from None
    own = not ray.is_initialized()
    if own:
        _check(address)
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:  # ValueError, ConnectionError, RuntimeError, and Ray's own
            raise ClusterError(
                f"the Ray cluster at {address} cannot be used ({error}); see that it runs the same "
                "versions of Ray and Python, and that this machine is one of it ('ray start "
                f"--address={address}') or the address is like ray://HOST:10001"
            ) from error
    # Ray tells what happens to the cluster on standard output, to the very end; that is the caller's.
    with redirect_stdout(sys.stderr):
        try:
            yield RayEmbedder(ray, local, models_dir)
        finally:
            if own:
                ray.shutdown()


def _check(address: str) -> None:
    """Whether somebody answers there, of which Ray itself would say nothing for minutes."""
    if address == "auto":
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, ValueError, OverflowError) as error:
        raise ClusterError(
            f"there is no Ray cluster at {address} ({error}); start it with 'ray start --head', or "
            "correct the address in --ray or QA_RAY, such as 10.0.0.5:6379"
        ) from None


@contextmanager
def _asking() -> Iterator[None]:
    """Whatever goes wrong in the block is told in one line."""
    import ray.exceptions

    try:
        yield
    except ray.exceptions.RayTaskError as error:  # the task's own error, with its trace
        if isinstance(error.cause, ArticleQAError):
            raise error.cause from None
        raise ClusterError(
            f"a node of the Ray cluster could not embed ({error.cause!r}); what was there before is "
            "untouched: see that article-qa is installed there in the same version"
        ) from error
    except ray.exceptions.RayError as error:
        raise ClusterError(
            f"the Ray cluster lost what it should embed ({error}); what was there before is untouched: "
            "see which nodes it has with 'ray status', then run 'qa rebuild' again"
        ) from error
