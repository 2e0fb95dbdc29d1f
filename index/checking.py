"""Prove an index: that it is as it was written, and that its parts say the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.build import EMBEDDED
from index.errors import IndexDamagedError, IndexWriteError
from index.forgotten import Forgotten
from index.generation import Index, current_generation
from index.manifest import Manifest, damaged_files
from index.passages import passage_text
from index.publishing import held
from index.rows import digest_of_article, hash_of
from index.settings import IndexSettings, load_settings
from index.sql import unchanging
from index.store import Store
from index.vectors import VectorCache

_PART = 5000  # vectors that are read at a time
_NAMED = 10  # passages or articles of one fault that are named
_ROUNDING = 1e-3  # of a vector's length


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at, and what is wrong: a line for each fault, none for a sound index."""

    generation: str
    articles: int
    passages: int
    vectors: int
    files: int
    problems: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)


def check(index_dir: str | Path | None = None, *, settings: IndexSettings | None = None) -> CheckReport:
    """Look at every file, article, passage and vector of the index in ``index_dir``.

    Nothing is written.  Raises NoIndexError; what else is wrong is in the report.
    """
    settings = settings or load_settings(IndexSettings)
    index_dir = Path(index_dir) if index_dir is not None else settings.index
    while True:
        name = current_generation(index_dir)
        folder = index_dir / "generations" / name
        with held(folder):
            if current_generation(index_dir) == name:  # else a rebuild may have begun to delete it
                return _report(index_dir, folder)


def _report(index_dir: Path, folder: Path) -> CheckReport:
    name = folder.name
    if not folder.is_dir():
        problem = f"CURRENT names the generation {name!r}, which is not there"
        return CheckReport(name, 0, 0, 0, 0, [problem])
    try:
        manifest = Manifest.read(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return CheckReport(name, 0, 0, 0, 0, [f"manifest.json cannot be used ({error})"])
    damaged = damaged_files(folder, manifest)
    problems = [f"{path} {what}" for path, what in damaged.items()]
    problems += _guarded("articles.db", lambda: _articles(folder, manifest))
    # A damaged file of Chroma's can end the process that opens it; and it is named already.
    if not {"dense", "lexical"} & {Path(path).parts[0] for path in damaged}:
        problems += _guarded("the index", lambda: _parts(folder, manifest))
    problems += _guarded("vectors.bin", lambda: _cache(index_dir, folder, manifest))
    problems += _guarded("forgotten.json", lambda: _forgotten(index_dir))
    return CheckReport(
        name, manifest.articles, manifest.passages, manifest.texts, len(manifest.files), problems
    )


def _guarded(part: str, look: Callable[[], Iterator[str]]) -> list[str]:
    """What ``look`` finds; what stops it is a fault, too."""
    found: list[str] = []
    try:
        found += look()
    except Exception as error:  # SQLite, Chroma and Tantivy each raise their own
        found.append(f"{part} cannot be read: {error}")
    return found


def _articles(folder: Path, manifest: Manifest) -> Iterator[str]:
    """That the articles are what they were, and the passages are the articles' own words."""
    with closing(sqlite3.connect(unchanging(folder / "articles.db"), uri=True)) as database:
        for (line,) in database.execute("PRAGMA integrity_check(5)").fetchall():
            if line != "ok":
                yield f"articles.db: {line}"
    with closing(Store(folder / "articles.db")) as store:
        digests, changed, wrong, articles, passages = store.hashes(), list[str](), list[str](), 0, 0
        for _, (article, digest, rows) in store.stored(range(1, len(digests) + 1)):
            articles += 1
            if digest != digest_of_article(article) or digests.get(article.id) != digest:
                changed.append(article.id)
            for row in rows:
                passages += 1
                text = article.text[row.start : row.end]
                if hash_of(passage_text(article.title, text)) != row.hash:
                    wrong.append(f"{article.id} {row.start}-{row.end}")
        yield from _named("articles whose content is not what it was", changed)
        yield from _named("passages that are not the words of their article", wrong)
        if (articles, passages) != (manifest.articles, manifest.passages):
            yield (
                f"articles.db has {articles:,} articles in {passages:,} passages, "
                f"manifest.json says {manifest.articles:,} in {manifest.passages:,}"
            )


def _parts(folder: Path, manifest: Manifest) -> Iterator[str]:
    """That words and vectors are those of the passages."""
    with Index(folder) as index:
        words = index.lexical.count()
        if words != manifest.passages:
            yield f"BM25 has {words:,} passages, manifest.json says {manifest.passages:,}"
        wanted, there = set(index.store.text_hashes(EMBEDDED)), index.dense.keys()
        if len(there) != manifest.texts:
            yield f"Chroma has {len(there):,} vectors, manifest.json says {manifest.texts:,}"
        yield from _named("texts without a vector", sorted(wanted - set(there)))
        yield from _named("vectors without a text", sorted(set(there) - wanted))
        bad: list[str] = []
        for first in range(0, len(there), _PART):
            found = index.dense.vectors(there[first : first + _PART])
            lengths = np.linalg.norm(np.stack(list(found.values())), axis=1)
            sound = np.isfinite(lengths) & (abs(lengths - 1) < _ROUNDING)
            bad += [key for key, is_sound in zip(found, sound, strict=True) if not is_sound]
        yield from _named("vectors that are not finite or not of length 1", bad)


def _cache(index_dir: Path, folder: Path, manifest: Manifest) -> Iterator[str]:
    """That a rebuild would find the vectors, so that it has nothing to embed."""
    with (
        closing(Store(folder / "articles.db")) as store,
        VectorCache(index_dir / "vectors.bin", manifest.model_fingerprint) as cache,
    ):
        missing = list(cache.missing(store.text_hashes(EMBEDDED)))
        # A rebuild that has published meanwhile has left there what the new generation needs.
        if missing and current_generation(index_dir) == folder.name:
            yield (
                f"vectors.bin lacks {len(missing):,} of {manifest.texts:,} vectors, or they are damaged"
            )


def _forgotten(index_dir: Path) -> Iterator[str]:
    """That what was taken down would not come back."""
    try:
        Forgotten.of(index_dir)
    except IndexWriteError as error:
        yield str(error)


def _named(fault: str, found: list[str]) -> Iterator[str]:
    if found:
        others = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        yield f"{len(found):,} {fault}: {', '.join(found[:_NAMED])}{others}"


def require_sound(report: CheckReport, index_dir: Path) -> None:
    """Raise IndexDamagedError if something is wrong."""
    if report.problems:
        raise IndexDamagedError(
            f"the index in {index_dir} is damaged; 'qa rebuild --index {index_dir}' repairs it"
        )
