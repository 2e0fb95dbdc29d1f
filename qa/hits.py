"""From candidates to hits: windows of text, spread over articles, copies of one story counting once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.article import Article
from index.generation import Index
from index.passages import Passage
from index.sentences import Span
from qa.search import Candidate


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: ``article.text[start:end] == text``; a higher score is better.

    It is a window: a passage of the index with the one after it.  ``sentences`` are offsets into the
    article's text; ``why`` says in words why it was found.
    """

    article: Article
    text: str
    start: int
    end: int
    score: float
    sentences: tuple[Span, ...]
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Everything but the whole article's text, as JSON values."""
        article = self.article.to_dict()
        del article["text"]
        fields = {name: getattr(self, name) for name in ("text", "start", "end", "score", "why")}
        return {"article": article, **fields}


def windows(index: Index, candidates: Iterable[Candidate]) -> Iterator[Hit]:
    """The hits of candidates, best first; the rest of what overlaps a better one comes last."""
    articles: dict[int, Article] = {}
    taken: dict[int, int] = {}  # numbers of passages, and of the articles that they are of
    overlapping: list[Candidate] = []

    def hit(candidate: Candidate) -> Hit:
        passages = index.store.passages(
            [n for n in (candidate.number, candidate.number + 1) if n not in taken]
        )
        article_id = passages[candidate.number].article_id
        if candidate.article not in articles:
            articles[candidate.article] = index.article(article_id)
        own = [passage for passage in passages.values() if passage.article_id == article_id]
        taken.update((candidate.number + place, candidate.article) for place in range(len(own)))
        return window(articles[candidate.article], own, candidate.score, candidate.why)

    for candidate in candidates:
        if candidate.article not in (taken.get(candidate.number), taken.get(candidate.number + 1)):
            yield hit(candidate)
        else:
            overlapping.append(candidate)
    for candidate in overlapping:
        if candidate.number not in taken:
            yield hit(candidate)


def window(article: Article, passages: Sequence[Passage], score: float, why: str) -> Hit:
    """The hit that reaches over ``passages``, one or two that follow each other."""
    start, end = passages[0].start, passages[-1].end
    sentences = tuple(sentence for passage in passages for sentence in passage.sentences)
    return Hit(article, article.text[start:end], start, end, score, sentences, why)


def lead(index: Index, hit: Hit) -> Hit:
    """The window that the article of ``hit`` begins with; ``hit`` itself if it is that."""
    passages = index.store.passages_of(hit.article.id)[:2]
    return hit if hit.start == passages[0].start else window(hit.article, passages, hit.score, hit.why)


def spread(hits: Iterable[Hit], limit: int, per_article: int) -> list[Hit]:
    """The best ``limit`` hits that do not overlap, best first.

    Of an article there are at most ``per_article``, unless ``hits`` has no other articles left.
    """
    kept: list[Hit] = []
    more: list[Hit] = []
    for hit in hits:
        of_article = [other for other in (*kept, *more) if other.article.id == hit.article.id]
        if any(hit.start < other.end and other.start < hit.end for other in of_article):
            continue  # a copy that has been found in its own right
        (kept if len(of_article) < per_article else more).append(hit)
        if len(kept) == limit:
            break
    return sorted([*kept, *more[: limit - len(kept)]], key=lambda hit: -hit.score)
