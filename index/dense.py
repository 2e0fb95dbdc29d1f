"""Search by meaning: the vectors of texts in a Chroma collection, by the hashes of the texts.

The collection lies in the generation's folder or on a Chroma server: see index/places.py.
Chroma is imported where it is needed: that takes a second, which a rebuild with nothing to do has not.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from index.errors import IndexUnavailableError, LostVectorsError
from index.gaps import without_gaps
from index.places import Place, place_of, take_place
from index.vectors import DIMENSIONS, Vectors
from index.viewing import view

if TYPE_CHECKING:
    from chromadb.api.client import Client

_FOLDER = "dense"
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
_STEP = 1000  # vectors at a time, if a server does not take fewer: seconds of work for a slow one
_MOST_DEAD = 0.1  # places of removed vectors, of all: with more the collection is made anew


class Chroma(Protocol):
    """A way to Chroma, and what its errors become."""

    client: Client

    def reading(self) -> AbstractContextManager[None]: ...

    def writing(self) -> AbstractContextManager[None]: ...

    def close(self) -> None: ...


class DenseIndex:
    """Vectors by the hashes of their texts.  Threads may share one object.

    What reads raises IndexUnavailableError: for damaged files, or ChromaServerError for a server that
    is away or refuses.  What writes raises OSError, or ChromaServerError.
    """

    def __init__(self, chroma: Chroma, collection: str, *, create: bool = False) -> None:
        self._chroma = chroma
        self._client = chroma.client
        if create:
            with chroma.writing():
                self._collection = self._client.create_collection(
                    collection,
                    embedding_function=None,  # else Chroma downloads a model of its own
                    configuration={"hnsw": _HNSW},
                )
        else:
            with chroma.reading():
                self._collection = self._client.get_collection(collection, embedding_function=None)
        with chroma.reading():
            self.step = min(_STEP, self._client.get_max_batch_size())

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Add at most ``step`` texts; ``vectors`` has shape ``(len(keys), 384)``, rows of length 1."""
        with self._chroma.writing():
            self._collection.add(ids=list(keys), embeddings=vectors)
        self._settle(len(keys))

    def remove(self, keys: Sequence[str]) -> None:
        """Remove texts, and their vectors from the files.

        Chroma leaves the place of a removed vector as it is and never uses it again, so each is
        overwritten first.
        """
        with self._chroma.writing():
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
        with self._chroma.writing():
            some = self._collection.get(limit=2, include=["embeddings"])
            if some["ids"]:
                self._collection.update(ids=some["ids"], embeddings=some["embeddings"])

    def dead(self) -> int:
        """How many places of removed vectors there are."""
        return int(cast(int, (self._collection.metadata or {}).get("dead", 0)))

    def search(self, vector: Vectors, limit: int) -> dict[str, float]:
        """At most ``limit`` texts by their keys, nearest to ``vector`` first, with their cosines.

        There is no filter: Chroma's takes a hundred times as long as the search, so what is not
        wanted is left out of the result.
        """
        with self._chroma.reading():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"]
            )
        distances = cast(list[list[float]], found["distances"])  # 1 less the inner product
        return {
            key: 1.0 - distance for key, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def vectors(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the texts with these keys that there are."""
        found: dict[str, Vectors] = {}
        for part in _parts(keys, self.step):
            with self._chroma.reading():
                got = self._collection.get(ids=list(part), include=["embeddings"])
            vectors = np.asarray(got["embeddings"], dtype=np.float32).reshape(-1, DIMENSIONS)
            found |= zip(got["ids"], vectors, strict=True)
        return found

    def keys(self) -> list[str]:
        """The keys of all texts."""
        with self._chroma.reading():
            return list(self._collection.get(include=[])["ids"])

    def a_vector(self) -> Vectors:
        """One of the vectors, shape ``(384,)``; some other if there are none."""
        with self._chroma.reading():
            keys = self._collection.get(limit=1, include=[])["ids"]
        found = self.vectors(keys)
        return next(iter(found.values()), np.ones(DIMENSIONS, np.float32))

    def count(self) -> int:
        """How many vectors there are."""
        with self._chroma.reading():
            return self._collection.count()

    def close(self) -> None:
        """Close the files, or the connection."""
        self._chroma.close()


def write(
    generation: Path,
    server: str | None,
    wanted: Sequence[str],
    vectors_of: Callable[[Sequence[str]], Vectors],
    previous: Path | None,
    done: Callable[[int], None] = lambda count: None,
) -> None:
    """Write the vectors of the texts ``wanted`` for a generation: into its folder, or to a server.

    Where ``previous``, a generation of the same model, has most of them in its folder, they are copied,
    and what differs is changed: putting a vector in its place takes a thousand times as long as copying
    it.  ``done`` counts what is added.  Raises OSError, or ChromaServerError.
    """
    if server:
        with closing(_on_server(take_place(generation, server), create=True)) as dense:
            _add(dense, wanted, vectors_of, done)
        return
    folder = generation / _FOLDER
    old = previous / _FOLDER if previous and place_of(previous) is None else None
    if not (old and len(wanted) > 1 and _change(old, folder, wanted, vectors_of, done)):
        with closing(_in_folder(folder, create=True)) as dense:
            _add(dense, wanted, vectors_of, done)
    without_gaps(folder)


@contextmanager
def open_dense(generation: Path) -> Iterator[DenseIndex]:
    """The vectors of a generation, to read; nothing is written to its folder.

    Raises IndexUnavailableError, or whatever Chroma raises for a folder that has none.
    """
    place = place_of(generation)
    if place:
        with closing(_on_server(place)) as dense:
            yield dense
    else:
        with view(generation / _FOLDER) as [own], closing(_in_folder(own)) as dense:
            yield dense


def has_vectors(generation: Path, count: int) -> bool:
    """Whether the server of a generation that has its vectors on one still has ``count`` of them.

    Raises ChromaServerError if the server does not say.
    """
    if place_of(generation) is None:
        return True
    try:
        with open_dense(generation) as dense:
            return dense.count() == count
    except LostVectorsError:
        return False


def copy_vectors(
    generation: Path, keys: Collection[str], add: Callable[[Sequence[str], Vectors], None]
) -> set[str]:
    """Give ``add`` the vectors that a generation has for ``keys``; say which they are.

    None where they cannot be read: then they are computed again.
    """
    copied: set[str] = set()
    with suppress(IndexUnavailableError), open_dense(generation) as dense:
        for part in _parts(sorted(keys), dense.step):
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
    try:
        shutil.copytree(previous, folder)
    except shutil.Error as error:  # a list of all files that could not be copied
        raise OSError(error.args[0][0][2]) from error
    dense = None
    try:
        dense = _in_folder(folder)
        there, needed = set(dense.keys()), set(wanted)
        gone = there - needed
        if dense.dead() + len(gone) <= _MOST_DEAD * len(needed):
            for part in _parts(sorted(gone), dense.step):
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
    for part in _parts(keys, dense.step):
        dense.add(part, vectors_of(part))
        done(len(part))


def _in_folder(folder: Path, *, create: bool = False) -> DenseIndex:
    from index.chroma_embedded import EmbeddedChroma

    return DenseIndex(EmbeddedChroma(folder), _COLLECTION, create=create)


def _on_server(place: Place, *, create: bool = False) -> DenseIndex:
    from index.chroma_server import ChromaServer

    chroma = ChromaServer(place.server)
    try:
        return DenseIndex(chroma, place.collection, create=create)
    except BaseException:
        chroma.close()
        raise


def _parts(keys: Sequence[str], step: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(keys), step):
        yield keys[first : first + step]
