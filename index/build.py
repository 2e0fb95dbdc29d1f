"""The story of a rebuild: seeds → articles → passages → families → vectors, words → a generation.

Each step takes over what it can from the generation before and makes the rest; what comes out is what a
rebuild from nothing would give.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index import dense, lexical
from index.embed import load_embedder
from index.errors import IndexWriteError
from index.forgotten import Forgotten
from index.generation import Index
from index.job import Job
from index.language import SERVED
from index.manifest import FileHash, Manifest, hash_files
from index.new_store import NewStore
from index.places import require_server
from index.predecessor import Predecessor
from index.program import program_digest
from index.progress import Meter, Progress
from index.publishing import delete_unread, new_generation, publish, rebuild_lock
from index.reports import Plan, RebuildReport
from index.settings import IndexSettings, load_settings
from index.store import Store
from index.survey import Survey, digest_of
from index.vectors import VectorCache, embed_missing

if TYPE_CHECKING:
    from index.articles import Articles

VECTORS = "vectors.bin"
EMBEDDED = (None, *SERVED)  # the model knows no other languages: those are found by words alone


def rebuild(
    seeds: str | Path | None = None,
    index_dir: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> RebuildReport:
    """Make the index in ``index_dir`` one of the articles in ``seeds``, and publish it.

    Folders that are not given are those of ``settings``, whose own default is the environment.
    Until the last step readers see the old index, and if anything fails they go on doing so.  If
    nothing has changed, nothing is made, and ``generation`` is the one that there is.
    Raises SeedsError, ModelsError, RebuildRunningError, WorkerLostError, IndexWriteError,
    ChromaServerError, ClusterError or SettingsError.
    """
    started = time.monotonic()
    settings = settings or load_settings(IndexSettings)
    seeds = Path(seeds) if seeds is not None else settings.seeds
    index_dir = Path(index_dir) if index_dir is not None else settings.index
    survey = Survey(seeds)
    with writing(index_dir), rebuild_lock(index_dir), Predecessor(index_dir) as before:
        job = _job(survey, index_dir, settings, before, Meter(progress))
        if before.manifest and before.store and job.would_be(before.manifest):
            return _unchanged(job, before.manifest, before.store, started)
        with _embedding(job, settings) as ready:
            return build(ready, started)


def plan(
    seeds: str | Path | None = None,
    index_dir: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Plan:
    """What ``rebuild`` would change now; nothing is changed, nothing embedded.  Raises as it does."""
    settings = settings or load_settings(IndexSettings)
    seeds = Path(seeds) if seeds is not None else settings.seeds
    index_dir = Path(index_dir) if index_dir is not None else settings.index
    survey = Survey(seeds)
    with Predecessor(index_dir) as before, _scratch() as folder:
        job = _job(survey, index_dir, settings, before, Meter(progress))
        store = NewStore(folder / "articles.db", job.before.store)
        try:
            found = _write_articles(job, folder, store)
            with VectorCache(index_dir / VECTORS, job.embedder.fingerprint) as cache:
                to_embed = sum(1 for _ in cache.missing(store.text_hashes(EMBEDDED)))
        finally:
            store.close()
        old = before.store.hashes() if before.store else {}
    kept = found.digests.keys() & old.keys()
    return Plan(
        added=sorted(found.digests.keys() - kept),
        changed=sorted(name for name in kept if found.digests[name] != old[name]),
        removed=sorted(old.keys() - kept),
        unchanged=sum(found.digests[name] == old[name] for name in kept),
        to_embed=to_embed,
        skipped=[(entry.path, entry.reason) for entry in found.skipped],
    )


def build(job: Job, started: float) -> RebuildReport:
    """Make a generation and publish it.  Needs the rebuild lock."""
    if job.chroma:
        require_server(job.chroma)  # before all the work
    delete_unread(job.index_dir)  # what rebuilds that were killed have left takes room
    with new_generation(job.index_dir) as folder:
        store = NewStore(folder / "articles.db", job.before.store)
        try:
            found = _write_articles(job, folder, store)
            texts = list(store.text_hashes(EMBEDDED))
            passages = store.passage_count()
            with VectorCache(job.index_dir / VECTORS, job.embedder.fingerprint) as cache:
                embedded = _fill(job, cache, store, texts)
                _write_indexes(job, folder, store, cache, texts)
                store.close()
                manifest = Manifest(
                    generation=folder.name,
                    created=datetime.now(UTC).isoformat(timespec="seconds"),
                    seeds=str(job.seeds),
                    seen=job.seen,
                    fields=job.fields,
                    method=job.method,
                    forgotten=job.forgotten.digest(),
                    model=job.embedder.name,
                    model_fingerprint=job.embedder.fingerprint,
                    passage_tokens=job.passage_tokens,
                    chroma=job.chroma,
                    articles=len(found.digests),
                    passages=passages,
                    texts=len(texts),
                    families=found.families,
                    vectors=FileHash(*cache.digest(texts)),
                    skipped=found.skipped,
                    files=hash_files(folder),
                )
                manifest.write(folder)
                _prove(folder, manifest)
                job.require_seeds()
                old = job.before.store.hashes() if job.before.store else {}
                job.before.close()
                publish(folder)
                delete_unread(job.index_dir)
                with suppress(OSError):  # published is published; the next rebuild tries again
                    cache.keep(texts)
        finally:
            store.close()
    return _report(manifest, found.digests, old, embedded, started)


def _job(
    survey: Survey, index_dir: Path, settings: IndexSettings, before: Predecessor, meter: Meter
) -> Job:
    return Job(
        index_dir=index_dir,
        seeds=survey.seeds,
        files=survey.entries,
        seen=digest_of(survey.entries),
        fields=settings.fields,
        method=program_digest(),
        passage_tokens=settings.passage_tokens,
        chroma=settings.chroma,
        threads=settings.threads,
        embedder=load_embedder(settings.models_dir, settings.batch_tokens, settings.threads),
        forgotten=Forgotten.of(index_dir),
        before=before,
        meter=meter,
        require_seeds=survey.require_folder,
    )


@contextmanager
def _embedding(job: Job, settings: IndexSettings) -> Iterator[Job]:
    """The job with its embedder on the cluster that the settings name, if they do."""
    if settings.ray is None:
        yield job
        return
    from index.ray_cluster import ray_embedder

    local = load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
    with ray_embedder(settings.ray, local, settings.models_dir) as embedder:
        yield replace(job, embedder=embedder)


def _write_articles(job: Job, folder: Path, store: NewStore) -> Articles:
    # Here, for all that reads and cleans takes a third of a second, which a rebuild with nothing to do
    # has not.
    from index.articles import write_articles

    return write_articles(job, folder, store)


def _fill(job: Job, cache: VectorCache, store: Store, texts: list[str]) -> int:
    """See that ``cache`` has the vectors of all texts; how many were embedded for it."""
    missing = set(cache.missing(texts))
    old = job.before
    if missing and old.dense and old.store and _same_model(job):
        # The cache was lost; the generation before has the vectors, too.
        there = old.store.numbers_with(sorted(missing)).keys()
        if there:
            missing -= dense.copy_vectors(old.dense, there, cache.add)
    count = job.meter.counter("embedding", len(missing))
    embed_missing(cache, store.texts(missing), job.embedder, count)
    cache.sync()
    return len(missing)


def _write_indexes(job: Job, folder: Path, store: Store, cache: VectorCache, texts: list[str]) -> None:
    """Write words and vectors side by side, for Tantivy needs no lock of Python's."""
    count = job.meter.counter("writing", store.passage_count())
    vectors_failed = threading.Event()

    def done(passages: int) -> None:
        if vectors_failed.is_set():
            raise CancelledError
        count(passages)

    previous = job.before.dense if _same_model(job) else None
    with ThreadPoolExecutor(1) as side:
        words = side.submit(
            lexical.write, folder / "lexical", store.outline(), store.records, job.before.lexical, done
        )
        try:
            dense.write(folder, job.chroma, texts, cache.take, previous)
        except BaseException:
            vectors_failed.set()
            raise
        words.result()


def _same_model(job: Job) -> bool:
    old = job.before.manifest
    return old is not None and old.model_fingerprint == job.embedder.fingerprint


def _prove(folder: Path, manifest: Manifest) -> None:
    """Open a generation as a reader would; raise IndexWriteError if its parts do not agree."""
    with Index(folder) as index:
        found = (index.store.passage_count(), index.lexical.count(), index.dense.count())
        index.nearest(index.dense.a_vector(), 1)
    if found != (manifest.passages, manifest.passages, manifest.texts):
        raise IndexWriteError(
            f"the new index was not published, for its parts do not agree (passages, words, vectors: "
            f"{found}); what was there before is untouched: run 'qa rebuild' again"
        )


def _unchanged(job: Job, manifest: Manifest, store: Store, started: float) -> RebuildReport:
    """Clean up what a rebuild that was killed has left, and mend the vectors."""
    delete_unread(job.index_dir)
    path, embedded = job.index_dir / VECTORS, 0
    if not path.exists() or FileHash.of(path) != manifest.vectors:
        texts = list(store.text_hashes(EMBEDDED))
        with VectorCache(path, job.embedder.fingerprint) as cache:
            embedded = _fill(job, cache, store, texts)
            cache.keep(texts)
    digests = store.hashes()
    return _report(manifest, digests, digests, embedded, started)


def _report(
    manifest: Manifest, digests: dict[str, str], old: dict[str, str], embedded: int, started: float
) -> RebuildReport:
    kept = digests.keys() & old.keys()
    unchanged = sum(digests[article_id] == old[article_id] for article_id in kept)
    return RebuildReport(
        articles=manifest.articles,
        passages=manifest.passages,
        added=len(digests) - len(kept),
        changed=len(kept) - unchanged,
        removed=len(old) - len(kept),
        unchanged=unchanged,
        embedded=embedded,
        families=manifest.families,
        skipped=[(entry.path, entry.reason) for entry in manifest.skipped],
        seconds=round(time.monotonic() - started, 3),
        generation=manifest.generation,
    )


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Say in one line that, and why, the index cannot be written."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise IndexWriteError(
            f"the index in {index_dir} cannot be written ({error}); what was there before is "
            "untouched: check the folder's permissions and the space on its disk"
        ) from error


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what a plan must write; says in one line that, and why, it cannot be written."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    except (OSError, sqlite3.Error) as error:
        raise IndexWriteError(
            f"what a dry run makes cannot be written to the temporary folder ({error}); see to the "
            "space there, or name another folder with TMPDIR"
        ) from error
