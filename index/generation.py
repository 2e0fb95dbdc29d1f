"""Generations: complete, immutable states of an index, and the pointer to the newest.

    INDEX/CURRENT              the name of the generation that readers open
    INDEX/rebuild.lock         held by the one rebuild that may run
    INDEX/generations/NAME/    manifest.json, articles.db, dense/, lexical/, and lock, which readers
                               share and which a rebuild must have alone to delete the folder

A generation is written in its own folder and published by replacing CURRENT, one atomic step.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.article import Article
from index.dense import DenseIndex
from index.errors import (
    IndexUnavailableError,
    NoIndexError,
    RebuildRunningError,
    UnknownArticleError,
)
from index.lexical import LexicalIndex
from index.readers.draft import Skipped
from index.store import Store

FORMAT = 3  # of everything below the index folder


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is and what it was made with and from."""

    generation: str
    created: str
    seeds: str
    model: str
    model_fingerprint: str
    passage_tokens: int
    articles: int
    passages: int
    skipped: list[Skipped]
    format: int = FORMAT

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest in ``folder``.  Raises OSError, or ValueError for one that cannot be used."""
        fields = json.loads((folder / "manifest.json").read_text("utf-8"))
        if fields["format"] != FORMAT:
            raise ValueError(f"it has format {fields['format']}, this version reads {FORMAT}")
        fields["skipped"] = [Skipped(**entry) for entry in fields["skipped"]]
        return cls(**fields)

    def write(self, folder: Path) -> None:
        """Write it, lasting."""
        content = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        _write_lasting(folder / "manifest.json", content)


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds.  The dicts count articles; None is unknown, formats are endings of files.

    ``families`` counts the groups of articles that are copies of one another.
    """

    manifest: Manifest
    families: int
    sources: dict[str | None, int]
    months: dict[str | None, int]
    languages: dict[str | None, int]
    formats: dict[str | None, int]

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            **asdict(self.manifest),
            "families": self.families,
            "sources": {name or "": count for name, count in self.sources.items()},
            "months": {month or "": count for month, count in self.months.items()},
            "languages": {name or "": count for name, count in self.languages.items()},
            "formats": self.formats,
            "undated": self.months.get(None, 0),
        }


class Index:
    """One open generation, as a context manager.  Threads may share one object.

    As long as it is open no rebuild deletes it.
    """

    def __init__(self, folder: Path) -> None:
        with ExitStack() as opened:
            lock = os.open(folder / "lock", os.O_RDONLY)
            opened.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_SH)
            self.manifest = Manifest.read(folder)
            self.store = Store(folder / "articles.db")
            opened.callback(self.store.close)
            self.lexical = LexicalIndex(folder / "lexical")
            self.dense = DenseIndex(folder / "dense")
            opened.callback(self.dense.close)
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

    def info(self) -> IndexInfo:
        """What the index holds."""
        return IndexInfo(
            self.manifest,
            self.store.family_count(),
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
        raise _unreadable(index_dir, error) from error


def open_generation(index_dir: Path) -> Index:
    """Open the newest generation.  Raises NoIndexError or IndexUnavailableError."""
    while True:
        name = current_generation(index_dir)
        try:
            return Index(index_dir / "generations" / name)
        except Exception as error:  # SQLite, Chroma and Tantivy each raise their own
            # A rebuild may have published another one, and deleted this one, just now.
            if current_generation(index_dir) == name:
                raise _unreadable(index_dir, error) from error


def _unreadable(index_dir: Path, error: Exception) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"the index in {index_dir} cannot be read ({error}); "
        f"make it anew with 'qa rebuild --index {index_dir}'"
    )


@contextmanager
def rebuild_lock(index_dir: Path) -> Iterator[None]:
    """Hold the right to rebuild.  Raises RebuildRunningError if another process has it.

    The system gives the lock up when its holder ends, however it ends.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / "rebuild.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RebuildRunningError(
                f"the index in {index_dir} is being rebuilt by process {file.read() or '?'}; "
                "try again when it has ended"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def new_generation(index_dir: Path) -> Iterator[Path]:
    """The folder for a new generation; it is deleted if the block fails.  Needs the rebuild lock."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
    folder = index_dir / "generations" / name
    folder.mkdir(parents=True)
    try:
        (folder / "lock").touch()
        yield folder
    except BaseException:
        if not _is_current(folder):  # it may have been published before it was interrupted
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _is_current(folder: Path) -> bool:
    pointer = folder.parent.parent / "CURRENT"
    return pointer.exists() and pointer.read_text("utf-8").strip() == folder.name


def publish(folder: Path) -> None:
    """Make the generation in ``folder`` the one that readers open, then delete those nobody reads."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        _sync(path)
    index_dir = folder.parent.parent
    pointer = index_dir / "CURRENT.new"
    _write_lasting(pointer, folder.name + "\n")
    pointer.replace(index_dir / "CURRENT")
    _sync(index_dir)
    for other in folder.parent.iterdir():
        if other != folder:
            _delete_if_unread(other)


def _delete_if_unread(folder: Path) -> None:
    try:
        with (folder / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except FileNotFoundError:  # left by a rebuild that was killed in its first moment
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        pass  # in use, or not ours to delete: the next rebuild tries again


def _write_lasting(path: Path, content: str) -> None:
    path.write_text(content, "utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
