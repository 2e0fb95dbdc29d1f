"""Search by meaning: the vectors of texts in a Chroma collection, by the hashes of the texts.

Chroma is imported where it is needed: that takes a second, which a rebuild with nothing to do has not.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from index.errors import IndexUnavailableError
from index.vectors import DIMENSIONS, Vectors
from index.viewing import view

if TYPE_CHECKING:
    from chromadb.api.client import Client

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
_STEP = 5000  # vectors at a time
_MOST_DEAD = 0.1  # places of removed vectors, of all: with more the collection is made anew


class DenseIndex:
    """Vectors by the hashes of their texts.  Threads may share one object."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._folder = folder
        self._client = _client(folder)
        if create:
            self._collection = self._client.create_collection(
                _COLLECTION,
                embedding_function=None,  # else Chroma downloads a model of its own
                configuration={"hnsw": _HNSW},
            )
        else:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Add texts; ``vectors`` has shape ``(len(keys), 384)`` and rows of length 1."""
        with _writing():
            self._collection.add(ids=list(keys), embeddings=vectors)
        self._settle(len(keys))

    def remove(self, keys: Sequence[str]) -> None:
        """Remove texts, and their vectors from the files.

        Chroma leaves the place of a removed vector as it is and never uses it again, so each is
        overwritten first.
        """
        with _writing():
            nothing = np.eye(1, DIMENSIONS, dtype=np.float32).repeat(len(keys), axis=0)
            self._collection.update(ids=list(keys), embeddings=nothing)
            self._settle(len(keys))  # or else what is deleted next would not be overwritten before
            self._collection.delete(ids=list(keys))
            self._settle(len(keys))
            self._collection.modify(metadata={"dead": self.dead() + len(keys)})

    def _settle(self, entries: int) -> None:
        """See that Chroma's log is empty: a single entry stays there until others come."""
        if entries != 1:
            return
        some = self._collection.get(limit=2, include=["embeddings"])
        if some["ids"]:
            with _writing():
                self._collection.update(ids=some["ids"], embeddings=some["embeddings"])

    def dead(self) -> int:
        """How many places of removed vectors there are."""
        return int(cast(int, (self._collection.metadata or {}).get("dead", 0)))

    def search(self, vector: Vectors, limit: int) -> list[str]:
        """Keys of at most ``limit`` texts, nearest to ``vector`` first.

        There is no filter: Chroma's takes a hundred times as long as the search, so what is not
        wanted is left out of the result.  Raises IndexUnavailableError if the files are damaged; so
        do ``vectors`` and ``keys``.
        """
        with _reading(self._folder):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=limit, include=[]
            )
        return list(found["ids"][0])

    def vectors(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the texts with these keys that there are."""
        found: dict[str, Vectors] = {}
        for part in _parts(keys):
            with _reading(self._folder):
                got = self._collection.get(ids=list(part), include=["embeddings"])
            vectors = np.asarray(got["embeddings"], dtype=np.float32).reshape(-1, DIMENSIONS)
            found |= zip(got["ids"], vectors, strict=True)
        return found

    def keys(self) -> list[str]:
        """The keys of all texts."""
        with _reading(self._folder):
            return list(self._collection.get(include=[])["ids"])

    def a_vector(self) -> Vectors:
        """One of the vectors, shape ``(384,)``; some other if there are none."""
        found = self.vectors(self._collection.get(limit=1, include=[])["ids"])
        return next(iter(found.values()), np.ones(DIMENSIONS, np.float32))

    def count(self) -> int:
        """How many vectors there are."""
        return self._collection.count()

    def close(self) -> None:
        """Close the files."""
        self._client.close()


def write(
    folder: Path,
    wanted: Sequence[str],
    vectors_of: Callable[[Sequence[str]], Vectors],
    previous: Path | None,
    done: Callable[[int], None] = lambda count: None,
) -> None:
    """Write the vectors of the texts ``wanted`` to a new ``folder``; ``done`` counts what is added.

    Where ``previous``, a folder that was written so, has most of them, it is copied, and what differs
    is changed: putting a vector in its place takes a thousand times as long as copying it.
    Raises OSError.
    """
    if not (previous and len(wanted) > 1 and _change(previous, folder, wanted, vectors_of, done)):
        dense = DenseIndex(folder, create=True)
        try:
            _add(dense, wanted, vectors_of, done)
        finally:
            dense.close()
    _without_gaps(folder)


def copy_vectors(
    folder: Path, keys: Collection[str], add: Callable[[Sequence[str], Vectors], None]
) -> set[str]:
    """Give ``add`` the vectors that ``folder``, written by ``write``, has for ``keys``; say which."""
    copied: set[str] = set()
    with view(folder) as [own], closing(DenseIndex(own)) as dense:
        for part in _parts(sorted(keys)):
            found = dense.vectors(part)
            if found:
                add(list(found), np.stack(list(found.values())))
                copied |= found.keys()
    return copied


def _change(
    previous: Path,
    folder: Path,
    wanted: Sequence[str],
    vectors_of: Callable[[Sequence[str]], Vectors],
    done: Callable[[int], None],
) -> bool:
    """Copy ``previous`` and change the copy; False, and no folder, if writing anew is better."""
    shutil.copytree(previous, folder)
    dense = None
    try:
        dense = DenseIndex(folder)
        there, needed = set(dense.keys()), set(wanted)
        gone = there - needed
        if dense.dead() + len(gone) <= _MOST_DEAD * len(needed):
            for part in _parts(sorted(gone)):
                dense.remove(part)
            _add(dense, [key for key in wanted if key not in there], vectors_of, done)
            if dense.count() == len(needed):
                return True
    except Exception:  # noqa: S110  # whatever is wrong with the copy, the way out is to write it anew
        pass
    finally:
        if dense:
            dense.close()
    shutil.rmtree(folder)
    return False


def _add(
    dense: DenseIndex,
    keys: Sequence[str],
    vectors_of: Callable[[Sequence[str]], Vectors],
    done: Callable[[int], None],
) -> None:
    for part in _parts(keys):
        dense.add(part, vectors_of(part))
        done(len(part))


def _without_gaps(folder: Path) -> None:
    """Give back the pages of Chroma's log: half of its database, and vectors that may have to go."""
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
        database.execute("VACUUM")


def _client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    settings = ChromaSettings(
        # Whatever stands in the environment or in ./.env: this is the engine, and it stays here.
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it, its types do not tell
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        anonymized_telemetry=False,
    )
    # Typed as the interface that clients over the network have, too; this one can be closed.
    return cast("Client", chromadb.PersistentClient(str(folder), settings))


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), _STEP):
        yield keys[first : first + _STEP]


@contextmanager
def _writing() -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:  # a full disk, too
        raise OSError(f"Chroma could not write the vectors: {error}") from error


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise IndexUnavailableError(
            f"the vectors in {folder} cannot be read ({error}); make the index anew with 'qa rebuild'"
        ) from error
