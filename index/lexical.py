"""Search by words: BM25 in Tantivy, over windows of two passages with their title and outlet.

A fact and the words that a question has for it may stand on both sides of a passage's end, so each
passage is read together with the one after it.  One field: a word counts alike wherever it stands,
which found more than a field for titles with a weight of its own.

The articles are cut, in their order, into runs, and each run is a Tantivy segment that never changes: a
generation links those it has in common with the one before.  A run ends where the hash of an article's
id says so, so that a new article changes its own run alone.  Tantivy counts words over all segments, so
how they are cut does not change a score; and it keeps their order, and the order of passages in them,
from which follows a passage's number.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, tee, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from index.rows import Outline, PassageRecord
from index.scope import Scope

if TYPE_CHECKING:
    import tantivy

_ANALYZER = "english"
_ONE_THREAD = 1  # with one, passages stay in order
_HEAP_BYTES = 2_000_000_000  # that may be taken, so that a run is not cut, however long its article
_RUNS = 128  # about; with more a change costs less, and a search more
_FEWEST = 16  # articles of a run, about
_MOST = 4 << 20  # characters of a run


class LexicalIndex:
    """Words by passage number.  Threads may share one object."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(_ANALYZER, _analyzer(stop_words=False))
        self._words = _analyzer(stop_words=False)
        self._telling_words = _analyzer(stop_words=True)
        self._starts = [0, *accumulate(segment["max_doc"] for segment in _meta(folder)["segments"])]

    def search(self, question: str, limit: int, scope: Scope) -> list[tuple[int, float]]:
        """At most ``limit`` passages in ``scope`` whose windows share a word, best first.

        Each is the number of a window's first passage, with the window's BM25 score.  Words too
        common to tell anything are left out, unless the question has no others.  The question is
        taken as words alone: it has no query syntax.
        """
        words = self.telling_words(question) or set(self._words.analyze(question))
        if not words:
            return []
        query, occur = self._tantivy.Query, self._tantivy.Occur
        schema = self._index.schema
        terms = [(occur.Should, query.term_query(schema, "text", word)) for word in sorted(words)]
        whole = query.boolean_query([(occur.Must, query.boolean_query(terms)), *_limits(schema, scope)])
        hits = self._index.searcher().search(whole, limit, count=False).hits
        return [
            (self._starts[address.segment_ord] + address.doc + 1, float(score))
            for score, address in hits
        ]

    def count(self) -> int:
        """How many passages there are."""
        return int(self._index.searcher().num_docs)

    def telling_words(self, text: str) -> set[str]:
        """The stems of the words in ``text`` that tell what it is about."""
        return set(self._telling_words.analyze(text))


class Run(NamedTuple):
    """Articles of one segment: its name, and their passages, numbers above ``after`` to ``last``."""

    name: str
    after: int
    last: int


def write(
    folder: Path,
    outline: Iterable[Outline],
    records: Callable[[int, int], Iterable[PassageRecord]],
    previous: Path | None,
    done: Callable[[int], None] = lambda count: None,
) -> None:
    """Write an index of all articles to a new ``folder``; ``records(after, last)`` gives passages.

    Runs that ``previous``, a folder that was written so, has are linked.  ``done`` counts passages.
    Raises OSError.
    """
    folder.mkdir()
    old = _segments(previous) if previous else {}
    files = defaultdict[str, list[Path]](list)
    for path in previous.iterdir() if previous else ():
        files[path.stem].append(path)
    meta: dict[str, Any] | None = None
    segments = []
    for run in _runs(list(outline)):
        name = UUID(run.name)
        if name in old:
            for path in files[name.hex]:
                _link(path, folder / path.name)
            segments.append(old[name])
        else:
            meta = _write_run(folder, run, records(run.after, run.last))
            segments.append(meta["segments"][0] | {"segment_id": str(name)})
        done(run.last - run.after)
    meta = (meta or _meta(previous or folder)) | {"segments": segments, "opstamp": 0}
    (folder / "meta.json").write_text(json.dumps(meta), "utf-8")
    managed = sorted(path.name for path in folder.iterdir())
    (folder / ".managed.json").write_text(json.dumps(managed), "utf-8")


def _runs(outline: list[Outline]) -> Iterator[Run]:
    """Articles in runs: how many in one follows from how many there are."""
    every = 1 << max(len(outline) // _RUNS, _FEWEST).bit_length() - 1
    digest, size, after, last = hashlib.blake2b(digest_size=16), 0, 0, 0
    for article in outline:
        digest.update(f"{article.digest} {article.cut}\n".encode())
        last += article.passages
        size += article.length
        ends = int.from_bytes(hashlib.blake2b(article.id.encode(), digest_size=8).digest()) % every == 0
        if (ends or size > _MOST or article is outline[-1]) and last > after:
            yield Run(digest.hexdigest(), after, last)
            digest, size, after = hashlib.blake2b(digest_size=16), 0, last


def _write_run(folder: Path, run: Run, records: Iterable[PassageRecord]) -> dict[str, Any]:
    """Write a segment to ``folder``; what Tantivy says of it."""
    import tantivy

    work = folder / "new"
    work.mkdir()
    index = tantivy.Index(_schema(), path=str(work))
    index.register_tokenizer(_ANALYZER, _analyzer(stop_words=False))
    writer = index.writer(_HEAP_BYTES, _ONE_THREAD)
    for record, text in _windows(records):
        document = tantivy.Document()
        document.add_text("text", text)
        if record.key.published is not None:
            document.add_float("published", record.key.published)
        if record.key.source is not None:
            document.add_text("source", record.key.source)
        writer.add_document(document)
    try:
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # what Tantivy raises for everything, a full disk, too
        raise OSError(f"Tantivy could not write the words: {error}") from error
    meta = _meta(work)
    [segment] = meta["segments"]
    for path in work.glob(f"{UUID(segment['segment_id']).hex}.*"):
        path.rename(folder / f"{run.name}{path.suffix}")
    shutil.rmtree(work)
    return meta


def _meta(folder: Path) -> dict[str, Any]:
    """What Tantivy keeps in its own file about an index."""
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_bytes())
    return meta


def _segments(folder: Path) -> dict[UUID, Any]:
    """The segments of an index, none if it is damaged."""
    try:
        return {UUID(segment["segment_id"]): segment for segment in _meta(folder)["segments"]}
    except (OSError, ValueError, KeyError):
        return {}


def _link(path: Path, link: Path) -> None:
    """The same file under another name, or a copy where the disk knows no such links."""
    try:
        os.link(path, link)
    except OSError:
        shutil.copyfile(path, link)


def _windows(records: Iterable[PassageRecord]) -> Iterator[tuple[PassageRecord, str]]:
    """Each passage with the text of its window."""
    own, following = tee(records)
    next(following, None)
    for record, after in zip_longest(own, following):
        lines = [record.title, record.source, record.text]
        if after and after.article == record.article:
            lines.append(after.text)
        yield record, "\n".join(filter(None, lines))


def _limits(schema: tantivy.Schema, scope: Scope) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    import tantivy

    queries = []
    if scope.since is not None or scope.until is not None:
        queries.append(
            tantivy.Query.range_query(
                schema, "published", tantivy.FieldType.Float, scope.since, scope.until
            )
        )
    if scope.sources:
        queries.append(tantivy.Query.term_set_query(schema, "source", scope.folded_sources))
    # Limits choose passages and must not change their scores.
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in queries]


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_float_field("published", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer(*, stop_words: bool) -> tantivy.TextAnalyzer:
    import tantivy

    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    if stop_words:
        builder = builder.filter(tantivy.Filter.stopword("english")).filter(
            tantivy.Filter.custom_stopword(_QUESTION_WORDS)
        )
    return builder.filter(tantivy.Filter.stemmer("english")).build()


# Words of questions that Tantivy's English stop words lack, and words about articles rather than about
# what is in them.
_QUESTION_WORDS = """
    about after am any been before being between can could did do does doing during from had has
    have having he her here hers him his how i its me more most my of off on once our out over own
    she should so some than them those too under until up us very was we were what when where which
    while who whom whose why will would you your

    according article articles claim claimed claims cover coverage covered describe described describes
    detail detailed details discuss discussed discusses discussing feature featured features highlight
    highlighted highlights indicate indicates mention mentioned mentions note noted notes piece portray
    portrayed publication publish published report reported reporting reports stated suggest suggested
    suggesting suggests
""".split()
