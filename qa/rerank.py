"""Hits for a question that asks several things: for each part the passage that stands out.

For a question about one thing the cross-encoder's order of passages is worse than that of the search,
which knows the days and the outlets (benchmarks/retrieval.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from qa.cross_encoder import CrossEncoder
from qa.hits import Hit

READ = 36  # pairs of a part and a hit, all in all
READ_LEAST = 3  # hits for each part
SENTENCES = 2  # of a hit that are read for a part
LONGEST = 500  # characters of them
WEIGHT, SCALE, MOST = 0.3, 4.0, 2.0  # of a logit above the part's mean: 0.3 for 4, at most 0.6
SCORE = 0.3  # of a hit's score beside its words in common with a part, to choose what is read


def rerank_by_parts(
    parts: Sequence[str],
    hits: Sequence[Hit],
    encoder: CrossEncoder,
    telling_words: Callable[[str], set[str]],
) -> list[Hit]:
    """``hits`` in the order in which they answer the ``parts`` of a question, best first.

    For each part the cross-encoder reads the two sentences with most words in common, of those hits
    that have most; the hits that stand out get a higher score.
    """
    if not hits or not parts:
        return list(hits)
    sentences = [[hit.article.text[start:end] for start, end in hit.sentences] for hit in hits]
    words = [[telling_words(sentence) for sentence in of_hit] for of_hit in sentences]
    counts = Counter(word for of_hit in words for of_sentence in of_hit for word in of_sentence)
    total = sum(map(len, sentences))
    weights = {word: math.log(1 + total / count) for word, count in counts.items()}
    pairs: list[tuple[str, str]] = []
    rows_of_parts = []
    for part in parts:
        wanted = telling_words(part)
        common = [[sum(weights[w] for w in wanted & own) for own in of_hit] for of_hit in words]
        chosen = [sorted(_best(scores, SENTENCES)) for scores in common]
        share = np.array([sum(sorted(scores)[-SENTENCES:]) for scores in common])
        order = share / (share.max() or 1.0) + SCORE * np.array([hit.score for hit in hits])
        rows = _best(order, max(READ_LEAST, READ // len(parts)))
        pairs += [(part, _shown(hits[row], [sentences[row][n] for n in chosen[row]])) for row in rows]
        rows_of_parts.append(rows)
    bonuses = np.zeros(len(hits))
    ends = np.cumsum(list(map(len, rows_of_parts)))[:-1]
    for rows, logits in zip(rows_of_parts, np.split(encoder.score_pairs(pairs), ends), strict=True):
        above = np.clip((logits - logits.mean()) / SCALE, 0.0, MOST)
        bonuses[rows] = np.maximum(bonuses[rows], WEIGHT * above)
    rescored = [
        replace(hit, score=hit.score + float(bonus)) for hit, bonus in zip(hits, bonuses, strict=True)
    ]
    return sorted(rescored, key=lambda hit: -hit.score)


def _best(scores: Sequence[float] | npt.NDArray[np.float64], count: int) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: -scores[place])[:count]


def _shown(hit: Hit, sentences: Sequence[str]) -> str:
    return f"{hit.article.title or ''}: {' '.join(sentences)}"[:LONGEST]
