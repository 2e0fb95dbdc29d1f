"""Copies of one story count once: one member of a family stands for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.article import Article
from index.families import shares
from index.generation import Index
from index.scope import Scope
from qa.search import Hit, lacking

PART = 1 / 3  # of a passage's words, in the one that stands for it in an article cut otherwise


def fold_copies(hits: Iterable[Hit], index: Index, scope: Scope) -> list[Hit]:
    """``hits``, best first, with the passages of one member alone of each family.

    That member is the earliest in ``scope``, or if that lacks sentences of the family's best passage,
    being cut, the earliest of those that have most of them: no answer is lost to its own copy.
    """
    fronts: dict[str, Article] = {}
    folded: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        shown: Hit | None = hit
        if family := hit.article.family:
            if family not in fronts:
                fronts[family] = _front(hit, index.store.family(family, scope))
            if hit.article.id != fronts[family].id:
                shown = _counterpart(hit, fronts[family], index)
        if shown:
            folded.setdefault((shown.article.id, shown.start), shown)
    return list(folded.values())


def _front(hit: Hit, members: Sequence[Article]) -> Article:
    sentences = [hit.article.text[start:end] for start, end in hit.sentences]
    return min(members, key=lambda member: lacking(sentences, member.text))


def _counterpart(hit: Hit, front: Article, index: Index) -> Hit | None:
    """The passage of ``front`` with most of the words of ``hit``, if it has them."""
    passages = index.store.passages_of(front.id)
    texts = [front.text[passage.start : passage.end] for passage in passages]
    parts = [shares([hit.text], text)[0] for text in texts]
    most = max(range(len(parts)), key=lambda place: parts[place])
    if parts[most] < PART:
        return None
    best = passages[most]
    return replace(
        hit,
        article=front,
        text=texts[most],
        start=best.start,
        end=best.end,
        sentences=best.sentences,
    )
