"""Copies of one story count once: one member of a family stands for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from index.article import Article
from index.families import shares
from index.generation import Index
from index.scope import Scope
from qa.hits import Hit, window

PART = 1 / 3  # of a passage's words, in the one that stands for it in an article cut otherwise
HELD = 0.5  # of a sentence's words, in a text that prints it with small changes


def fold_copies(hits: Iterable[Hit], index: Index, scope: Scope) -> Iterator[Hit]:
    """``hits``, best first, with the passages of one member alone of each family.

    That member is the earliest in ``scope`` that has the sentences of the family's best passage.
    Another stands beside it only for a passage of which it, being cut, lacks sentences: no answer is
    lost to its own copy.
    """
    members: dict[str, list[Article]] = {}
    fronts: dict[str, list[Article]] = defaultdict(list)
    for hit in hits:
        family = hit.article.family
        if not family:
            yield hit
            continue
        if family not in members:
            members[family] = index.store.family(family, scope)
        front = _front(hit, fronts[family], members[family])
        if front not in fronts[family]:
            fronts[family].append(front)
        shown = hit if hit.article.id == front.id else _counterpart(hit, front, index)
        if shown:
            yield shown


def _front(hit: Hit, fronts: Sequence[Article], members: Sequence[Article]) -> Article:
    """The first of ``fronts``, then of ``members``, with every sentence, else what lacks least."""
    sentences = [hit.article.text[start:end] for start, end in hit.sentences]
    for article in (*fronts, *members):
        if not _lacking(sentences, article.text):
            return article
    return min(members, key=lambda member: _lacking(sentences, member.text))


def _lacking(sentences: Sequence[str], text: str) -> int:
    """How many of these sentences do not stand in ``text``, not even with small changes."""
    others = [sentence for sentence in sentences if sentence not in text]
    return sum(part < HELD for part in shares(others, text))


def _counterpart(hit: Hit, front: Article, index: Index) -> Hit | None:
    """The window of ``front`` with most of the words of ``hit``, if it has them."""
    passages = index.store.passages_of(front.id)
    found = [
        window(front, passages[place : place + 2], hit.score, hit.why) for place in range(len(passages))
    ]
    parts = [shares([hit.text], other.text)[0] for other in found]
    most = max(range(len(parts)), key=lambda place: parts[place])
    return found[most] if parts[most] >= PART else None
