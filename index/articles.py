"""The articles of a rebuild: read and clean what is new, take over the rest, and find the families."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from index.corpus import Corpus
from index.entries import TAKEN, Before, Entry, Kept
from index.errors import SeedsError
from index.families import Comparisons, Sketch, families
from index.job import Job
from index.known import Known
from index.new_store import NewStore
from index.readers.draft import Skipped
from index.readers.fields import field_names
from index.workers import Workers

SPREAD = 8 << 20  # bytes of seeds that are worth more than one process


class Articles(NamedTuple):
    """What was written of the articles: content hashes by id, and what was left out."""

    digests: dict[str, str]
    families: int
    skipped: list[Skipped]


def write_articles(job: Job, folder: Path, store: NewStore) -> Articles:
    """Write them to ``store``, and what the next rebuild needs of the seeds to ``folder``.

    Raises SeedsError if there is none, or the folder goes meanwhile, and WorkerLostError.
    """
    known = Known(folder / "seeds.db", create=True)
    digests: dict[str, str] = {}
    sketches: dict[str, Sketch] = {}
    before = _before(job)
    try:
        with Workers(_processes(job)) as workers:
            corpus = Corpus(
                job.files,
                job.seeds,
                field_names(job.fields),
                folder,
                workers,
                job.passage_tokens,
                known,
                before,
                job.forgotten,
                job.meter,
                job.frozen,
            )
            taken: list[int] = []
            for found in corpus:
                digests[found.article_id] = found.digest
                sketches[found.article_id] = found.sketch
                if isinstance(found, Kept):
                    taken.append(found.number)
                if isinstance(found, Entry) or len(taken) == TAKEN:
                    store.take_over(taken)
                    taken.clear()
                if isinstance(found, Entry):
                    store.add(found.article, found.digest, found.passages)
            store.take_over(taken)
        job.require_seeds()
        skipped = corpus.left_out.entries()
        if not digests:
            raise SeedsError(f"no article in {job.seeds}: {_why_none(skipped)}")
        # Last, and not in the digests: another article may give an unchanged one a family.
        comparisons = Comparisons(before.known.compared() if before else {})
        copies = families(sketches.items(), store.text, comparisons)
        known.add_compared(comparisons.asked)
        known.commit()
    finally:
        known.close()
    store.set_families(copies)
    store.commit()
    return Articles(digests, len(set(copies.values())), skipped)


def _before(job: Job) -> Before | None:
    """What of the generation before may be read instead of the seeds."""
    old = job.before
    if not (old.manifest and old.known and old.store) or old.manifest.method != job.method:
        return None
    return Before(old.known, old.store, old.manifest.fields == job.fields, old.manifest.passage_tokens)


def _processes(job: Job) -> int:
    """How many processes read what is new: starting them takes two seconds."""
    before = _before(job)
    known = {file.name: file.digest for file in before.known.files()} if before else {}
    new = sum(file.size for file in job.files if known.get(file.name, b"") != file.digest)
    return (job.threads or os.cpu_count() or 1) if new >= SPREAD else 1


def _why_none(skipped: list[Skipped]) -> str:
    if not skipped:
        return "the folder is empty; put articles into it, such as .txt, .html, .json or .pdf files"
    first = f"{skipped[0].path}: {skipped[0].reason}"
    return first if len(skipped) == 1 else f"{first}; and {len(skipped) - 1} more left out"
