"""Articles of a few sentences, and quotes of them."""

from __future__ import annotations

from index.article import Article
from qa.hits import Hit
from qa.quote import Quote

DIED = "How many people died in the fire?"
WHY = "Why?"


def article(name: str, *sentences: str, published: str | None = None, family: str | None = None) -> Hit:
    """The hit over a whole article of these sentences."""
    text = " ".join(sentences)
    places, start = [], 0
    for sentence in sentences:
        places.append((start, start + len(sentence)))
        start += len(sentence) + 1
    it = Article(name, text, f"{name}.txt", source=name.title(), published=published, family=family)
    return Hit(it, text, 0, len(text), 1.0, tuple(places), "")


def quote(hit: Hit, place: int, rank: float) -> Quote:
    start, end = hit.sentences[place]
    return Quote(hit, start, end, rank, rank)


def words(text: str) -> set[str]:
    return set(text.lower().rstrip("?.").split()) - {"in", "the", "how", "many"}


def texts(quotes: list[Quote]) -> list[str]:
    return [chosen.text for chosen in quotes]
