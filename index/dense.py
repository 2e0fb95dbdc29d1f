"""Search by meaning: the passages' vectors in a Chroma collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings

from index.embed import DIMENSIONS, Vectors
from index.scope import Scope, ScopeKey

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
        settings = ChromaSettings(anonymized_telemetry=False)
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

    def add(self, numbers: Sequence[int], vectors: Vectors, keys: Sequence[ScopeKey]) -> None:
        """Add passages; ``vectors`` has shape ``(len(numbers), 384)`` and rows of length 1."""
        # Chroma refuses an empty record, so each carries its passage's number.
        metadatas = [
            {"passage": number}
            | ({} if key.published is None else {"published": key.published})
            | ({} if key.source is None else {"source": key.source})
            for number, key in zip(numbers, keys, strict=True)
        ]
        step = self._client.get_max_batch_size()
        for first in range(0, len(numbers), step):
            part = slice(first, first + step)
            self._collection.add(
                ids=[str(number) for number in numbers[part]],
                embeddings=vectors[part],
                metadatas=cast(Any, metadatas[part]),
            )

    def search(self, vector: Vectors, limit: int, scope: Scope) -> list[int]:
        """Numbers of at most ``limit`` passages in ``scope``, nearest to ``vector`` first."""
        found = self._collection.query(
            query_embeddings=vector[np.newaxis], n_results=limit, where=_where(scope), include=[]
        )
        return [int(number) for number in found["ids"][0]]

    def vectors(self, numbers: Sequence[int]) -> Iterator[tuple[int, Vectors]]:
        """The vectors of the passages with these numbers, in any order."""
        step = self._client.get_max_batch_size()
        for first in range(0, len(numbers), step):
            ids = [str(number) for number in numbers[first : first + step]]
            found = self._collection.get(ids=ids, include=["embeddings"])
            vectors = np.asarray(found["embeddings"], dtype=np.float32).reshape(-1, DIMENSIONS)
            yield from zip(map(int, found["ids"]), vectors, strict=True)

    def count(self) -> int:
        """How many vectors there are."""
        return self._collection.count()

    def close(self) -> None:
        """Close the files."""
        self._client.close()


def _where(scope: Scope) -> Any:
    conditions: list[dict[str, Any]] = []
    if scope.since is not None:
        conditions.append({"published": {"$gte": scope.since}})
    if scope.until is not None:
        conditions.append({"published": {"$lte": scope.until}})
    if scope.sources:
        conditions.append({"source": {"$in": scope.folded_sources}})
    return {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), None)
