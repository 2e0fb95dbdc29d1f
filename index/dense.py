"""Search by meaning: the passages' vectors in a Chroma collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from index.embed import DIMENSIONS, Vectors
from index.errors import IndexUnavailableError

_COLLECTION = "passages"
_HNSW: Any = {
    "space": "ip",
    "ef_construction": 200,
    "ef_search": 200,
    # Chroma keeps the newest vectors in a log until there are this many, and readers would move
    # them into the index, each on its own.  A published generation must have nothing left to move.
    "batch_size": 2,
    "sync_threshold": 2,
}


class DenseIndex:
    """Vectors by passage number.  Threads may share one object."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        settings = ChromaSettings(
            # Whatever stands in the environment or in ./.env: this is the engine, and it stays here.
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it, its types do not tell
            chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
            anonymized_telemetry=False,
        )
        self._folder = folder
        # Typed as the interface that clients over the network have, too; this one can be closed.
        self._client = cast(Client, chromadb.PersistentClient(str(folder), settings))
        if create:
            self._collection = self._client.create_collection(
                _COLLECTION,
                embedding_function=None,  # else Chroma downloads a model of its own
                configuration={"hnsw": _HNSW},
            )
        else:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """Add passages; ``vectors`` has shape ``(len(numbers), 384)`` and rows of length 1."""
        step = self._client.get_max_batch_size()
        for first in range(0, len(numbers), step):
            part = slice(first, first + step)
            try:
                self._collection.add(
                    ids=[str(number) for number in numbers[part]],
                    embeddings=vectors[part],
                )
            except ChromaError as error:  # a full disk, too
                raise OSError(f"Chroma could not write the vectors: {error}") from error

    def search(self, vector: Vectors, limit: int) -> list[int]:
        """Numbers of at most ``limit`` passages, nearest to ``vector`` first.

        There is no filter: Chroma's takes a hundred times as long as the search, so what is not
        wanted is left out of the result.  Raises IndexUnavailableError if the files are damaged; so
        does ``vectors``.
        """
        with _reading(self._folder):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=limit, include=[]
            )
        return [int(number) for number in found["ids"][0]]

    def vectors(self, numbers: Sequence[int]) -> Iterator[tuple[int, Vectors]]:
        """The vectors of the passages with these numbers, in any order."""
        step = self._client.get_max_batch_size()
        for first in range(0, len(numbers), step):
            ids = [str(number) for number in numbers[first : first + step]]
            with _reading(self._folder):
                found = self._collection.get(ids=ids, include=["embeddings"])
            vectors = np.asarray(found["embeddings"], dtype=np.float32).reshape(-1, DIMENSIONS)
            yield from zip(map(int, found["ids"]), vectors, strict=True)

    def count(self) -> int:
        """How many vectors there are."""
        return self._collection.count()

    def close(self) -> None:
        """Close the files."""
        self._client.close()


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    try:
        yield
    except ChromaError as error:
        raise IndexUnavailableError(
            f"the vectors in {folder} cannot be read ({error}); make the index anew with 'qa rebuild'"
        ) from error
