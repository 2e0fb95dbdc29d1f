"""Passages for a question: by meaning and by words, fused, the best of them reranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.article import Article
from index.embed import Embedder
from index.errors import OtherModelError
from index.families import shares
from index.generation import Index
from index.passages import passage_text
from index.sentences import Span
from qa.rerank import CrossEncoder
from qa.understand import Query

RRF_K = 60  # as in the paper below
POOL = 50  # passages that each search gives to the fusion
WIDEST = 800  # the same where copies leave too few others
HELD = 0.5  # of a sentence's words, in a text that prints it with small changes


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: ``article.text[start:end] == text``; a higher score is better.

    ``sentences`` are offsets into the article's text.
    """

    article: Article
    text: str
    start: int
    end: int
    score: float
    sentences: tuple[Span, ...]


def find(index: Index, query: Query, embedder: Embedder, limit: int) -> list[Hit]:
    """At most ``limit`` passages, fused from search by meaning and search by words.

    Passages whose sentences have all come before in a copy of their article are left out.
    Raises OtherModelError if the index holds vectors of another model.
    """
    if index.manifest.model_fingerprint != embedder.fingerprint:
        raise OtherModelError(
            f"the index was built with the model {index.manifest.model} "
            f"({index.manifest.model_fingerprint[:8]}), but the one here is {embedder.name} "
            f"({embedder.fingerprint[:8]}); run 'qa rebuild', or set QA_MODELS_DIR as it was"
        )
    pool = max(limit, POOL)
    vector = embedder.embed_query(query.question)
    while True:
        dense = index.dense.search(vector, pool, query.scope)
        lexical = index.lexical.search(query.question, pool, query.scope)
        fused = reciprocal_rank_fusion([dense, lexical])
        hits = list(islice(_without_copies(fused, index), limit))
        if len(hits) == limit or pool >= WIDEST or max(len(dense), len(lexical)) < pool:
            return hits
        pool *= 4  # copies took the places of other articles


def _without_copies(fused: Sequence[tuple[int, float]], index: Index) -> Iterator[Hit]:
    passages = index.store.passages([number for number, _ in fused])
    articles: dict[str, Article] = {}
    seen: dict[str, str] = defaultdict(str)  # what of each family has come
    for number, score in fused:
        passage = passages[number]
        article = articles.get(passage.article_id) or index.article(passage.article_id)
        articles[article.id] = article
        text = article.text[passage.start : passage.end]
        if article.family:
            sentences = [article.text[start:end] for start, end in passage.sentences]
            if not lacking(sentences, seen[article.family]):
                continue
            seen[article.family] += f"\n{text}"
        yield Hit(article, text, passage.start, passage.end, score, passage.sentences)


def lacking(sentences: Sequence[str], text: str) -> int:
    """How many of these sentences do not stand in ``text``, not even with small changes."""
    others = [sentence for sentence in sentences if sentence not in text]
    return sum(part < HELD for part in shares(others, text))


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Items of all rankings with their fused scores, best first.

    score(d) = Σ 1 / (60 + rank(d)) over the rankings that hold d, ranks counted from 1
    (Cormack, Clarke and Büttcher, SIGIR 2009).
    """
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] += 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))


def rerank(question: str, hits: Sequence[Hit], encoder: CrossEncoder) -> list[Hit]:
    """``hits`` with the cross-encoder's scores, best first."""
    scores = encoder.score(question, [passage_text(hit.article.title, hit.text) for hit in hits])
    rescored = [replace(hit, score=float(score)) for hit, score in zip(hits, scores, strict=True)]
    return sorted(rescored, key=lambda hit: -hit.score)
