"""Take an article down at once, without reading the seeds again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.build import build, writing
from index.errors import IndexUnavailableError, UnknownArticleError
from index.forgotten import Forgotten
from index.generation import generations
from index.job import Job
from index.manifest import Manifest
from index.predecessor import Predecessor
from index.progress import Meter, Progress
from index.publishing import rebuild_lock
from index.scope import Scope
from index.settings import IndexSettings, load_settings
from index.survey import SeedEntry
from index.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What was taken down, and what else has its words.

    ``file`` is where the seeds still hold it, as a path below them; ``copies`` are ids of articles of
    its family, which stay; ``held`` are older generations that a process reads at this moment: they are
    deleted as soon as it lets go of them.  ``server`` is the Chroma server, if there is one: it drops
    the vectors, but leaves their files to whoever runs it.
    """

    article_id: str
    title: str | None
    file: str
    copies: list[str]
    held: list[str]
    server: str | None
    generation: str

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)


class _Kept:
    """In the place of an embedder, where every vector is there already."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.model
        self.fingerprint = manifest.model_fingerprint

    def embed_chunks(
        self,
        chunks: Iterable[Sequence[str]],
        done: Callable[[int], None],  # noqa: ARG002
    ) -> Iterator[Vectors]:
        """Those of no text; for any others raises IndexUnavailableError."""
        for texts in chunks:
            raise IndexUnavailableError(
                f"the vectors of {len(texts):,} passages are lost; run 'qa rebuild', which leaves the "
                "article out, too"
            )
        return iter(())


def forget(
    article_id: str,
    index_dir: str | Path | None = None,
    *,
    settings: IndexSettings | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Forgetting:
    """Publish the index in ``index_dir`` without an article, and note that it must not come back.

    Rebuilds leave out an article with this id or this very text from now on, until ``remember``.
    Raises UnknownArticleError, IndexUnavailableError, RebuildRunningError or IndexWriteError.
    """
    settings = settings or load_settings(IndexSettings)
    index_dir = Path(index_dir) if index_dir is not None else settings.index
    started = time.monotonic()
    with writing(index_dir), rebuild_lock(index_dir), Predecessor(index_dir) as before:
        manifest, store, known = before.manifest, before.store, before.known
        if manifest is None or store is None or known is None:
            raise IndexUnavailableError(
                f"the index in {index_dir} is not there, or damaged; build it with 'qa rebuild', then "
                "forget the article"
            )
        article = store.article(article_id)
        if article is None:
            raise UnknownArticleError(f"there is no article {article_id!r} in this index")
        family = store.family(article.family, Scope()) if article.family else []
        copies = [other.id for other in family if other.text != article.text]
        if manifest.articles <= 1 + sum(other.text == article.text for other in family[1:]):
            raise IndexUnavailableError(
                f"{article_id} is all that the index holds; delete the folder {index_dir} instead"
            )
        forgotten = Forgotten.of(index_dir)
        forgotten.add(article_id, article.text)
        seeds = Path(manifest.seeds)
        job = Job(
            index_dir=index_dir,
            seeds=seeds,
            files=[SeedEntry(seeds / f.name, f.name, f.size, f.digest) for f in known.files()],
            seen=manifest.seen,
            fields=manifest.fields,
            method=manifest.method,
            passage_tokens=manifest.passage_tokens,
            chroma=manifest.chroma,
            threads=1,
            embedder=_Kept(manifest),
            forgotten=forgotten,
            before=before,
            meter=Meter(progress),
            require_seeds=lambda: None,
            frozen=True,
        )
        report = build(job, started)
    held = [found.name for found in generations(index_dir) if not found.is_current]
    return Forgetting(
        article_id, article.title, article.path, copies, held, manifest.chroma, report.generation
    )


def remember(
    article_id: str, index_dir: str | Path | None = None, *, settings: IndexSettings | None = None
) -> None:
    """Take an article off the list of those that are forgotten; the next rebuild may find it again.

    Raises UnknownArticleError if it is not on the list.
    """
    settings = settings or load_settings(IndexSettings)
    index_dir = Path(index_dir) if index_dir is not None else settings.index
    with writing(index_dir), rebuild_lock(index_dir):
        if not Forgotten.of(index_dir).remove(article_id):
            raise UnknownArticleError(f"no article {article_id!r} was forgotten in {index_dir}")
