"""Generations: complete, immutable states of an index, and how they are read.

Where they lie, and how they come and go, stands in index/publishing.py.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from index.article import Article
from index.dense import open_dense
from index.errors import (
    ChromaServerError,
    IndexDamagedError,
    IndexUnavailableError,
    NoIndexError,
    UnknownArticleError,
)
from index.lexical import LexicalIndex
from index.manifest import Manifest, changed_files
from index.publishing import delete_if_replaced
from index.store import Store
from index.vectors import Vectors
from index.viewing import view

_FOR_REBUILDS = "seeds.db"  # readers have no use for it


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds.  The dicts count articles; None is unknown, formats are endings of files."""

    manifest: Manifest
    sources: dict[str | None, int]
    months: dict[str | None, int]
    languages: dict[str | None, int]
    formats: dict[str | None, int]

    @property
    def families(self) -> int:
        """How many groups of articles are copies of one another."""
        return self.manifest.families

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            **{name: value for name, value in self.manifest.to_dict().items() if name != "files"},
            "sources": {name or "": count for name, count in self.sources.items()},
            "months": {month or "": count for month, count in self.months.items()},
            "languages": {name or "": count for name, count in self.languages.items()},
            "formats": self.formats,
            "undated": self.months.get(None, 0),
        }


class Index:
    """One open generation, as a context manager.  Threads may share one object.

    As long as it is open no rebuild deletes it.  Nothing is written to its folder.  For a reader its
    files are compared with their hashes first: of a damaged one Chroma or Tantivy can end the process,
    and a quote would not be what its article says.  When a reader closes it, the folder is deleted if
    another one is current by then, and nobody else reads it.
    """

    def __init__(self, folder: Path, *, as_reader: bool = False) -> None:
        with ExitStack() as opened:
            if as_reader:
                opened.callback(delete_if_replaced, folder)
            lock = os.open(folder / "lock", os.O_RDONLY)
            opened.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_SH)
            self.manifest = Manifest.read(folder)
            if as_reader:
                _require_whole(folder, self.manifest)
            self.store = Store(folder / "articles.db")
            opened.callback(self.store.close)
            [lexical] = opened.enter_context(view(folder / "lexical"))
            self.lexical = LexicalIndex(lexical)
            self.dense = opened.enter_context(open_dense(folder))
            self._opened = opened.pop_all()

    def article(self, article_id: str) -> Article:
        """The article with this id.  Raises UnknownArticleError."""
        article = self.store.article(article_id)
        if article is None:
            raise UnknownArticleError(
                f"there is no article {article_id!r} in this index; hits and citations name the ids"
            )
        return article

    def articles(self) -> Iterator[Article]:
        """All articles, in the order they were read."""
        return self.store.articles()

    @cached_property
    def outlets(self) -> dict[str, str]:
        """The names of all outlets, by the form in which they are compared."""
        return self.store.sources_by_key()

    def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Passages of the ``limit`` texts nearest to ``vector``: cosines by number, nearest first.

        Raises IndexUnavailableError if the files are damaged; so does ``vectors``.
        """
        cosines = self.dense.search(vector, limit)
        numbers = self.store.numbers_with(list(cosines))
        return {number: cosine for digest, cosine in cosines.items() for number in numbers[digest]}

    def vectors(self, numbers: Collection[int]) -> dict[int, Vectors]:
        """The vectors of the passages with these numbers that have one."""
        hashes = self.store.hashes_of(numbers)
        found = self.dense.vectors(sorted(set(hashes.values())))
        return {number: found[digest] for number, digest in hashes.items() if digest in found}

    def info(self) -> IndexInfo:
        """What the index holds."""
        return IndexInfo(
            self.manifest,
            self.store.counts_by("source"),
            self.store.counts_by("month"),
            self.store.counts_by("language"),
            self.store.counts_by_ending(),
        )

    def close(self) -> None:
        """Close the files; closing twice is harmless."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def current_generation(index_dir: Path) -> str:
    """The name of the generation that readers open.  Raises NoIndexError."""
    try:
        return (index_dir / "CURRENT").read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndexError(
            f"there is no index in {index_dir}; build it with 'qa rebuild --index {index_dir}'"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailableError(_unreadable(index_dir, error)) from error


class GenerationInfo(NamedTuple):
    """A generation on the disk; ``is_current`` for the one that readers open."""

    name: str
    created: str
    articles: int
    is_current: bool


def generations(index_dir: Path) -> list[GenerationInfo]:
    """The complete generations that are on the disk, the newest first.  Raises NoIndexError.

    Others than the current one are there as long as a process reads them.
    """
    current = current_generation(index_dir)
    found = []
    for folder in (index_dir / "generations").iterdir():
        try:
            manifest = Manifest.read(folder)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # being built, or deleted at this moment
        name = manifest.generation
        found.append(GenerationInfo(name, manifest.created, manifest.articles, name == current))
    return sorted(found, key=lambda info: (info.is_current, info.created), reverse=True)


def open_generation(index_dir: Path) -> Index:
    """Open the newest generation.  Raises NoIndexError or IndexUnavailableError."""
    while True:
        name = current_generation(index_dir)
        try:
            return Index(index_dir / "generations" / name, as_reader=True)
        except Exception as error:  # SQLite, Chroma and Tantivy each raise their own
            # A rebuild may have published another one, and deleted this one, just now.
            if current_generation(index_dir) == name:
                if isinstance(error, (ChromaServerError, IndexDamagedError)):
                    raise
                raise IndexUnavailableError(_unreadable(index_dir, error)) from error


def _require_whole(folder: Path, manifest: Manifest) -> None:
    """Raise IndexDamagedError if a file that a reader opens is not as it was written."""
    files = {name: found for name, found in manifest.files.items() if name != _FOR_REBUILDS}
    for name, what in changed_files(folder, files).items():
        raise IndexDamagedError(_unreadable(folder.parent.parent, f"{name} {what}"))


def _unreadable(index_dir: Path, why: Exception | str) -> str:
    return (
        f"the index in {index_dir} cannot be read ({why}); "
        f"make it anew with 'qa rebuild --index {index_dir}'"
    )
