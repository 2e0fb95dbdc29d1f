"""Search by words: BM25 in Tantivy, over windows of two passages with their title and outlet.

A fact and the words that a question has for it may stand on both sides of a passage's end, so each
passage is read together with the one after it.  One field: a word counts alike wherever it stands,
which found more than a field for titles with a weight of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import tee, zip_longest
from pathlib import Path

import tantivy

from index.scope import Scope
from index.store import PassageRecord

_ANALYZER = "english"
_ONE_THREAD = 1  # with one, passages get the same order in every rebuild
_HEAP_BYTES = 50_000_000


class LexicalIndex:
    """Words by passage number.  Threads may share one object."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if create:
            folder.mkdir()
            self._index = tantivy.Index(_schema(), path=str(folder))
        else:
            self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(_ANALYZER, _analyzer(stop_words=False))
        self._words = _analyzer(stop_words=False)
        self._telling_words = _analyzer(stop_words=True)

    def add(self, records: Iterable[PassageRecord]) -> None:
        """Add passages in the order of their numbers, all at once."""
        writer = self._index.writer(_HEAP_BYTES, _ONE_THREAD)
        for record, text in _windows(records):
            document = tantivy.Document()
            document.add_unsigned("number", record.number)
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
        self._index.reload()

    def search(self, question: str, limit: int, scope: Scope) -> list[tuple[int, float]]:
        """At most ``limit`` passages in ``scope`` whose windows share a word, best first.

        Each is the number of a window's first passage, with the window's BM25 score.  Words too
        common to tell anything are left out, unless the question has no others.  The question is
        taken as words alone: it has no query syntax.
        """
        words = self.telling_words(question) or set(self._words.analyze(question))
        if not words:
            return []
        schema = self._index.schema
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word))
            for word in sorted(words)
        ]
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.boolean_query(terms)), *_limits(schema, scope)]
        )
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        return [(int(searcher.doc(address)["number"][0]), float(score)) for score, address in hits]

    def telling_words(self, text: str) -> set[str]:
        """The stems of the words in ``text`` that tell what it is about."""
        return set(self._telling_words.analyze(text))


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
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_float_field("published", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer(*, stop_words: bool) -> tantivy.TextAnalyzer:
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
