"""Vectors that were computed once, by text and model, so that no text is embedded twice.

    INDEX/vectors.bin    records of one length: a key, a vector at half precision, a checksum

The key is a hash of the text's hash and of the model.  Records are appended as they are computed, so
that what a killed rebuild has embedded is there for the next one; one that was cut off, or has been
damaged since, does not match its checksum and counts as none.  Half precision changes a cosine by less
than 0.0001, which is less than the model's own quantization does, and every vector goes through it, so
that a vector is the same whether it is new, old, or taken back from a collection.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

import numpy as np
import numpy.typing as npt

from index.lasting import sync

DIMENSIONS = 384
CHUNK = 1024  # texts embedded together: enough to sort by length, little enough to lose
_RECORD = np.dtype([("key", "V16"), ("vector", "<f2", DIMENSIONS), ("check", "<u4")])
_PART = 8192  # records that are copied at a time

Vectors = npt.NDArray[np.float32]


class PassageEmbedder(Protocol):
    """What turns texts into vectors; see ``index.embed.Embedder``."""

    @property
    def fingerprint(self) -> str: ...

    def embed_chunks(
        self, chunks: Iterable[Sequence[str]], done: Callable[[int], None]
    ) -> Iterator[Vectors]: ...


class VectorCache:
    """The vectors of one model in a file, as a context manager.  One process at a time may write it."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._file: BinaryIO | None = None
        count = len(self)
        keys = self._records()["key"].tobytes()
        # The last one counts: one that is damaged is made anew, and stands after it.
        self._rows = {keys[16 * row : 16 * row + 16]: row for row in range(count)}

    def __len__(self) -> int:
        """How many records there are, of all models."""
        try:
            return self._path.stat().st_size // _RECORD.itemsize
        except FileNotFoundError:
            return 0

    def add(self, digests: Sequence[str], vectors: Vectors) -> None:
        """Add vectors by the hashes of their texts; ``vectors`` has shape ``(len(digests), 384)``."""
        records = np.zeros(len(digests), _RECORD)
        keys = [self._key(digest) for digest in digests]
        records["key"] = np.frombuffer(b"".join(keys), "V16")
        records["vector"] = vectors
        records["check"] = _checks(records)
        if self._file is None:
            self._file = self._path.open("ab")
            self._file.truncate(len(self) * _RECORD.itemsize)  # the rest was cut off
        first = len(self)
        self._file.write(records.tobytes())
        self._file.flush()
        self._rows |= {key: first + row for row, key in enumerate(keys)}

    def missing(self, digests: Iterable[str]) -> Iterator[str]:
        """Those of the hashes for which there is no sound record."""
        remaining = iter(digests)
        while part := list(islice(remaining, _PART)):
            rows = [self._rows.get(self._key(digest), -1) for digest in part]
            known = [row for row in rows if row >= 0]
            records = self._records()[known] if known else np.zeros(0, _RECORD)
            sound = dict(zip(known, _sound(records).tolist(), strict=True))
            yield from (digest for digest, row in zip(part, rows, strict=True) if not sound.get(row))

    def take(self, digests: Sequence[str]) -> Vectors:
        """The vectors for these hashes, which must not be missing; of length 1 but for rounding."""
        rows = [self._rows[self._key(digest)] for digest in digests]
        vectors: Vectors = self._records()[rows]["vector"].astype(np.float32)
        return vectors

    def digest(self, digests: Sequence[str]) -> tuple[int, str]:
        """The size and the SHA-256 of the file that ``keep`` would leave."""
        size, digest = 0, hashlib.sha256()
        for part in self._parts([self._rows[self._key(digest)] for digest in digests]):
            size += len(part)
            digest.update(part)
        return size, digest.hexdigest()

    def keep(self, digests: Sequence[str]) -> None:
        """Make the file one of just the records for these hashes, in their order, and close it.

        They must not be missing.  The file is replaced in one step, unless it is that already.
        """
        new = self._path.with_name(self._path.name + ".new")
        new.unlink(missing_ok=True)
        rows = [self._rows[self._key(digest)] for digest in digests]
        if rows != list(range(len(self))):
            with new.open("wb") as file:
                file.writelines(self._parts(rows))
            sync(new)
            new.replace(self._path)
        self.close()

    def _parts(self, rows: Sequence[int]) -> Iterator[bytes]:
        records = self._records()
        for first in range(0, len(rows), _PART):
            yield records[rows[first : first + _PART]].tobytes()

    def sync(self) -> None:
        """Make what was added lasting."""
        if self._file:
            sync(self._path)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _records(self) -> npt.NDArray[Any]:
        count = len(self)
        return np.memmap(self._path, _RECORD, "r", shape=count) if count else np.zeros(0, _RECORD)

    def _key(self, digest: str) -> bytes:
        return hashlib.blake2b(f"{digest} {self._fingerprint}".encode(), digest_size=16).digest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def embed_missing(
    cache: VectorCache,
    texts: Iterable[tuple[str, str]],
    embedder: PassageEmbedder,
    done: Callable[[int], None],
) -> None:
    """Put the vectors of ``texts``, given with their hashes, into ``cache``; ``done`` counts them.

    Each chunk is kept as soon as it is computed, so that a rebuild which is killed loses little.
    """
    remaining = iter(texts)
    begun: deque[Sequence[str]] = deque()

    def chunks() -> Iterator[Sequence[str]]:
        while chunk := list(islice(remaining, CHUNK)):
            digests, passages = zip(*chunk, strict=True)
            begun.append(digests)
            yield passages

    for vectors in embedder.embed_chunks(chunks(), done):
        cache.add(begun.popleft(), vectors)


def _checks(records: npt.NDArray[Any]) -> list[int]:
    """The checksum of each record's key and vector."""
    data = records.tobytes()
    step, length = _RECORD.itemsize, _RECORD.itemsize - 4
    return [zlib.crc32(data[at : at + length]) for at in range(0, len(data), step)]


def _sound(records: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Of each record whether it is as it was written."""
    sound: npt.NDArray[np.bool_] = np.array(_checks(records), np.uint32) == records["check"]
    return sound
