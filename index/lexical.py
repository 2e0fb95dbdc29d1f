"""Search by words: BM25 over titles and passages, in Tantivy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import tantivy

from index.scope import Scope
from index.store import PassageRecord

TITLE_WEIGHT = 0.5  # a title's words against a passage's own
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
        """Add passages, all at once."""
        writer = self._index.writer(_HEAP_BYTES, _ONE_THREAD)
        for record in records:
            document = tantivy.Document()
            document.add_unsigned("number", record.number)
            document.add_text("text", record.text)
            if record.title:
                document.add_text("title", record.title)
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

    def search(self, question: str, limit: int, scope: Scope) -> list[int]:
        """Numbers of at most ``limit`` passages in ``scope`` that share a word, best BM25 first.

        Words too common to tell anything are left out, unless the question has no others.  The
        question is taken as words alone: it has no query syntax.
        """
        words = set(self._telling_words.analyze(question)) or set(self._words.analyze(question))
        if not words:
            return []
        schema = self._index.schema
        terms: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for word in sorted(words):
            title = tantivy.Query.term_query(schema, "title", word)
            terms += [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word)),
                (tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_WEIGHT)),
            ]
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.boolean_query(terms)), *_limits(schema, scope)]
        )
        searcher = self._index.searcher()
        addresses = [address for _, address in searcher.search(query, limit, count=False).hits]
        return [int(searcher.doc(address)["number"][0]) for address in addresses]


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
    builder.add_text_field("title", tokenizer_name=_ANALYZER, index_option="freq")
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


# Words of questions that Tantivy's English stop words lack.
_QUESTION_WORDS = """
    about after am any been before being between can could did do does doing during from had has
    have having he her here hers him his how i its me more most my of off on once our out over own
    she should so some than them those too under until up us very was we were what when where which
    while who whom whose why will would you your
""".split()
