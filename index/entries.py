"""What becomes of a draft: articles made anew, or as they stand in the generation before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.article import Article
from index.families import Sketch
from index.known import Known
from index.passages import split
from index.rows import PassageRow, digest_of_article
from index.store import Store
from index.workers import in_batches

TAKEN = 100  # drafts whose articles are taken over at a time


class Entry(NamedTuple):
    """An article with the hash of its content, its passages, and what copies of it are found by."""

    article: Article
    digest: str
    passages: list[PassageRow]
    sketch: Sketch

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.article.id

    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def whole(self) -> Entry:
        """This one."""
        return self

    def named(self, article_id: str, path: str) -> Entry:
        """The same under this id and path."""
        if (article_id, path) == (self.article.id, self.article.path):
            return self
        article = replace(self.article, id=article_id, path=path)
        return self._replace(article=article, digest=digest_of_article(article))

    def cut(self, passage_tokens: int) -> Entry:
        """The same in passages of this length."""
        passages = split(self.article, passage_tokens)
        return self._replace(passages=[PassageRow.of(self.article, passage) for passage in passages])


class Kept(NamedTuple):
    """An article as it stands under ``number`` in the ``store`` of the generation before."""

    store: Store
    number: int
    article_id: str
    path: str
    digest: str
    sketch: Sketch

    def text(self) -> str:
        """The article's text."""
        return self.store.text(self.article_id)

    def named(self, article_id: str, path: str) -> Entry | Kept:
        """The same under this id and path."""
        if (article_id, path) == (self.article_id, self.path):
            return self
        return self.whole().named(article_id, path)

    def whole(self) -> Entry:
        """The same with all that stands in the store."""
        [(_, stored)] = self.store.stored([self.number])
        return Entry(*stored, self.sketch)


class Cleaned(NamedTuple):
    """What became of a draft: articles by what stands after its id, None for one that is forgotten.

    ``asked`` and ``held`` are as in ``index.repeated.Asked``.
    """

    entries: Sequence[tuple[str, Entry | Kept | None]]
    asked: bytes
    held: bytes

    def whole(self) -> Cleaned:
        """The same with the whole of each article, as another process needs it."""
        return self._replace(
            entries=[(suffix, found and found.whole()) for suffix, found in self.entries]
        )

    def cut(self, passage_tokens: int) -> Cleaned:
        """The same in passages of this length."""
        entries = [
            (suffix, found and found.whole().cut(passage_tokens)) for suffix, found in self.entries
        ]
        return self._replace(entries=entries)


class Before(NamedTuple):
    """A generation to take over from; ``same_reading`` if its files would be read alike now."""

    known: Known
    store: Store
    same_reading: bool
    passage_tokens: int

    def results(self, drafts: Iterable[int]) -> Iterator[Cleaned]:
        """What became of each of these drafts of it, read many at a time."""
        for batch in in_batches(drafts, TAKEN):
            results = list(self.known.results(batch))
            numbers = [entry.article for *_, found in results for entry in found if entry.article]
            heads = self.store.heads(numbers)
            for asked, held, found in results:
                kept = [
                    (suffix, Kept(self.store, number, *heads[number], copies))
                    if number and copies
                    else (suffix, None)
                    for suffix, number, copies in found
                ]
                yield Cleaned(kept, asked, held)
