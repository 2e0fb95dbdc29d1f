"""The story of a rebuild: seeds → articles → passages → families → vectors, words → a generation."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from index.corpus import Corpus
from index.dense import DenseIndex
from index.embed import DIMENSIONS, Embedder, Vectors, load_embedder
from index.errors import IndexUnavailableError, IndexWriteError, SeedsError
from index.families import Sketch, families
from index.generation import (
    Index,
    Manifest,
    new_generation,
    open_generation,
    publish,
    rebuild_lock,
)
from index.language import SERVED
from index.lexical import LexicalIndex
from index.passages import passage_text
from index.read import seed_files
from index.readers.draft import Skipped
from index.readers.fields import field_names
from index.settings import IndexSettings, load_settings
from index.store import PassageRecord, Store
from index.workers import Workers

SPREAD = 8 << 20  # bytes of seeds that are worth more than one process
CHUNK = 1024  # passages embedded together: enough to sort by length, little enough to hold


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: ``done`` of ``total`` files read, stories cleaned or passages embedded."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did.  All but the last four are numbers of articles or passages.

    ``added``, ``changed``, ``removed`` and ``unchanged`` compare with the generation before.
    ``families`` counts the groups of two or more articles that are copies of one another.
    """

    articles: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    families: int
    skipped: list[tuple[str, str]]
    seconds: float
    generation: str

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)


def rebuild(
    seeds: str | Path | None = None,
    index_dir: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> RebuildReport:
    """Build the index in ``index_dir`` from the articles in ``seeds`` and publish it.

    Folders that are not given are those of ``settings``, whose own default is the environment.
    Until the last step readers see the old index, and if anything fails they go on doing so.
    Raises SeedsError, ModelsError, RebuildRunningError, IndexWriteError or SettingsError.
    """
    settings = settings or load_settings(IndexSettings)
    seeds = Path(seeds) if seeds is not None else settings.seeds
    index_dir = Path(index_dir) if index_dir is not None else settings.index
    files = seed_files(seeds)
    embedder = load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
    try:
        with rebuild_lock(index_dir), new_generation(index_dir) as folder:
            return _build(files, seeds, folder, embedder, settings, progress)
    except (OSError, sqlite3.Error) as error:
        raise IndexWriteError(
            f"the index in {index_dir} cannot be written ({error}); what was there before is "
            "untouched: check the folder's permissions and the space on its disk"
        ) from error


def _build(
    files: list[Path],
    seeds: Path,
    folder: Path,
    embedder: Embedder,
    settings: IndexSettings,
    progress: Callable[[Progress], None],
) -> RebuildReport:
    started = time.monotonic()
    store = Store(folder / "articles.db", create=True)
    digests: dict[str, str] = {}
    sketches: dict[str, Sketch] = {}
    with Workers(_processes(files, settings.threads)) as workers:
        corpus = Corpus(
            files,
            seeds,
            field_names(settings.fields),
            folder,
            workers,
            settings.passage_tokens,
            lambda stage, done, total: progress(Progress(stage, done, total)),
        )
        for article, passages, sketch in corpus:
            digests[article.id] = _digest(json.dumps(article.to_dict()))
            texts = [passage_text(article.title, article.text[p.start : p.end]) for p in passages]
            store.add(article, digests[article.id], zip(passages, map(_digest, texts), strict=True))
            sketches[article.id] = sketch
    skipped = corpus.left_out.entries()
    if not digests:
        raise SeedsError(f"no article in {seeds}: {_why_none(skipped)}")

    # Last, and not in the digests: another article may give an unchanged one a family.
    copies = families(sketches.items(), store.text)
    store.set_families(copies)
    store.commit()

    LexicalIndex(folder / "lexical", create=True).add(store.records())
    previous = _previous(folder.parent.parent)
    try:
        _embed(store, folder / "dense", embedder, previous, progress)
        before = previous.store.hashes() if previous else {}
    finally:
        if previous:
            previous.close()
    passage_count = store.passage_count()
    store.close()

    Manifest(
        generation=folder.name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seeds=str(seeds),
        model=embedder.name,
        model_fingerprint=embedder.fingerprint,
        passage_tokens=settings.passage_tokens,
        articles=len(digests),
        passages=passage_count,
        skipped=skipped,
    ).write(folder)
    publish(folder)
    kept = digests.keys() & before.keys()
    unchanged = sum(digests[article_id] == before[article_id] for article_id in kept)
    return RebuildReport(
        articles=len(digests),
        passages=passage_count,
        added=len(digests) - len(kept),
        changed=len(kept) - unchanged,
        removed=len(before) - len(kept),
        unchanged=unchanged,
        families=len(set(copies.values())),
        skipped=[(entry.path, entry.reason) for entry in skipped],
        seconds=round(time.monotonic() - started, 3),
        generation=folder.name,
    )


def _embed(
    store: Store,
    folder: Path,
    embedder: Embedder,
    previous: Index | None,
    progress: Callable[[Progress], None],
) -> None:
    """Write the vectors of all passages; those the previous generation has are taken from it."""
    dense = DenseIndex(folder, create=True)
    known: dict[str, int] = {}
    if previous and previous.manifest.model_fingerprint == embedder.fingerprint:
        known = previous.store.numbers_by_hash()
    served = (None, *SERVED)  # the model knows no other languages: those are found by words alone
    total = store.passage_count(served)
    done = 0

    def count(batch: int) -> None:
        nonlocal done
        done += batch
        progress(Progress("embedding", done, total))

    try:
        for chunk in _chunks(record for record in store.records() if record.language in served):
            vectors = np.empty((len(chunk), DIMENSIONS), dtype=np.float32)
            old = list({known[record.hash] for record in chunk if record.hash in known})
            found = _old_vectors(previous, old) if previous and old else {}
            new = []
            for row, record in enumerate(chunk):
                vector = found.get(known.get(record.hash, 0))
                if vector is None:
                    new.append(row)
                else:
                    vectors[row] = vector
            count(len(chunk) - len(new))
            texts = [passage_text(chunk[row].title, chunk[row].text) for row in new]
            vectors[new] = embedder.embed_passages(texts, count)
            dense.add([record.number for record in chunk], vectors)
    finally:
        dense.close()


def _old_vectors(previous: Index, numbers: list[int]) -> dict[int, Vectors]:
    try:
        return dict(previous.dense.vectors(numbers))
    except IndexUnavailableError:
        return {}  # damaged: this rebuild is the cure, and embeds them again


def _processes(files: list[Path], threads: int) -> int:
    """How many processes read ``files``: starting them takes two seconds."""
    size = sum(path.stat().st_size for path in files if path.is_file())
    return (threads or os.cpu_count() or 1) if size >= SPREAD else 1


def _chunks(records: Iterable[PassageRecord]) -> Iterator[list[PassageRecord]]:
    chunk: list[PassageRecord] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _previous(index_dir: Path) -> Index | None:
    try:
        return open_generation(index_dir)
    except IndexUnavailableError:
        return None  # none yet, or one that this rebuild repairs


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _why_none(skipped: list[Skipped]) -> str:
    if not skipped:
        return "the folder is empty; put articles into it, such as .txt, .html, .json or .pdf files"
    first = f"{skipped[0].path}: {skipped[0].reason}"
    return first if len(skipped) == 1 else f"{first}; and {len(skipped) - 1} more left out"
