"""Families: articles that are copies of one another, such as one agency text in ten outlets.

A copy may have another headline, a house style of its own, small edits, and an end that is cut.  An
update of a story is no copy: it says something else, and who hides it hides the news.  So two texts
are copies if all of these hold, where a word "is shared" if it stands in the other text together
with its neighbours, in a run of three words or more:

- Nine in ten words of the shorter text are shared.  Words, not runs: a house style changes a word
  here and there, which spoils three runs each time, an update adds whole sentences.
- The shorter text has at least six tenths of the words of the longer one.  An agency story that grew
  from five paragraphs to nine looks just like a copy of the long one that was cut to five; at this
  length both count as two stories.
- Half of the first forty words of each are shared by the other.  News says first what is new: an
  update has another lead, and pages that share pages of boilerplate below have another lead too.
- No number has changed: nowhere do the same two words before and after a number stand around another
  number.  It tells a death toll that rose, and stories written by form (results, weather, earnings).

Below forty words only the same words are a copy: there a single word is a story.

Evidence, from the pairs among 9,962 American and British articles that share a quarter of their runs:
reprints with other quotation marks, headlines, captions or links shared 95 to 100 words in a hundred;
stories of later days on the same matter mostly less than 90.  Those that shared more were told by
their lead (a spacecraft's return, put off for a day; five World Cup stories above 5,000 words of one
page) or by a number (an earthquake's 82 dead, the next day 98).  Not told, and taken for copies, are
guides that were printed again with a few lines changed, or local editions with a paragraph added.

The time is linear in the number of articles.  MinHash signatures (datasketch's) are cut into bands,
and texts that agree in one are compared by their signatures and, nearest first, by their words; what
is compared is bounded for each text, and texts are fetched again for it, so that only signatures are
held.  The bands are sorted with numpy: datasketch's own LSH takes 1.4 GB for 100,000 articles.

Families are stars, not chains: every member is a copy of the longest, whose id names the family.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import sha256
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

RUN = 3  # words
SHARED = 0.9  # of the words of the shorter text
LENGTH = 0.6  # of the words of the longer text
LEAD, LEAD_SHARED = 40, 0.5  # words, and how much of them
SHORT = 40  # words below which only the same words are a copy
LONGEST = 200_000  # characters of a text that are looked at

# Runs of texts that are barely copies have a Jaccard similarity of about 0.5; with 42 bands of 3 such
# a pair is missed in 0.4 % of cases, one of 0.6 in 0.004 %.
BANDS, ROWS = 42, 3
SIMILAR = 0.35  # of the signatures: 0.5 less three standard deviations
NEIGHBOURS = 100  # texts of a band's bucket, of nearest length, that each text is compared with
TRIES = 8  # texts, of nearest signature, whose families each text is compared with

_WORD = re.compile(r"\d[\d.,]*\d|\w+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")  # 6.4, but no 3.5.2021
_DIGITS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
Array = NDArray[Any]


Pair = tuple[bytes, bytes]  # digests of the sketches of two texts, the shorter one's first


class _Signed(NamedTuple):
    digest: bytes
    words: int
    signature: Array


class Comparisons:
    """Whether texts are copies, by their digests: two texts of the same words compare alike.

    ``known`` is what earlier comparisons gave; ``asked`` fills with what is asked for.
    """

    def __init__(self, known: Mapping[Pair, bool]) -> None:
        self._known = known
        self.asked: dict[Pair, bool] = {}

    def are_copies(self, pair: Pair, compare: Callable[[], bool]) -> bool:
        """What is known of ``pair``, or else what ``compare`` finds."""
        copies = self._known.get(pair)
        self.asked[pair] = compare() if copies is None else copies
        return self.asked[pair]


class Sketch(NamedTuple):
    """What is held of a text while all are read: a hash of its words, how many, their MinHash.

    Texts of less than SHORT words have no ``signature``; others' is BANDS * ROWS numbers.
    """

    digest: bytes
    words: int
    signature: Array | None

    def to_bytes(self) -> bytes:
        """All of it."""
        signature = b"" if self.signature is None else self.signature.tobytes()
        return self.digest + self.words.to_bytes(8, "little") + signature

    @classmethod
    def from_bytes(cls, data: bytes) -> Sketch:
        """What ``to_bytes`` gave."""
        signature = np.frombuffer(data, np.uint32, offset=40) if len(data) > 40 else None
        return cls(data[:32], int.from_bytes(data[32:40], "little"), signature)


def sketch(text: str) -> Sketch:
    """The sketch of ``text``, by its words."""
    words = _words(text)
    digest = sha256(" ".join(words).encode("utf-8", "surrogatepass")).digest()
    if len(words) < SHORT:
        return Sketch(digest, len(words), None)
    minhash = _empty_minhash().copy()
    minhash.update_batch((_runs(words) & np.uint64(0xFFFFFFFF)).tolist())
    return Sketch(digest, len(words), minhash.hashvalues.astype(np.uint32))  # they are no larger


def families(
    sketched: Iterable[tuple[str, Sketch]], text_of: Callable[[str], str], comparisons: Comparisons
) -> dict[str, str]:
    """The family of each article that has copies; a family is named by the id of its longest text.

    ``sketched`` gives the articles' ids and sketches, ``text_of`` the text of an id.  The order of
    the articles does not matter.
    """
    same, sketches = _by_least_id(sketched)
    # The longest first, so that a text is compared with those that are as long or longer.
    first = sorted(sketches, key=lambda name: (-sketches[name].words, name))
    nearest = _nearest(
        np.array([sketches[name].signature for name in first], np.uint32).reshape(-1, BANDS * ROWS),
        np.array([sketches[name].words for name in first], np.int64),
    )
    look = lru_cache(512)(lambda name: _Text.of(text_of(name)))

    def compare(shorter: str, longer: str) -> bool:
        return _are_copies(look(shorter), look(longer))

    heads = list(range(len(first)))
    for row, others in nearest.items():
        for head in dict.fromkeys(heads[other] for other in others):
            shorter, longer = first[row], first[head]
            pair = sketches[shorter].digest, sketches[longer].digest
            if comparisons.are_copies(pair, partial(compare, shorter, longer)):
                heads[row] = head
                break
    family = {name: first[head] for name, head in zip(first, heads, strict=True)}

    members = defaultdict[str, list[str]](list)
    for name, ids in same.items():
        members[family.get(name, name)] += ids
    return {article_id: name for name, ids in members.items() if len(ids) > 1 for article_id in ids}


def shares(texts: Sequence[str], other: str) -> list[float]:
    """How much of the words of each text is shared by ``other``, 0 to 1.

    >>> shares(["The old bridge was closed", "on Monday"], "On Friday the old bridge was closed.")
    [1.0, 0.0]
    """
    if not texts:
        return []
    known = _Text.of(other)
    shared = [_shared(_Text.of(text), known) for text in texts]
    return [float(words.mean()) if len(words) else 0.0 for words in shared]


@dataclass(frozen=True, slots=True)
class _Text:
    """What texts are compared by.

    ``runs`` are hashes of the runs of words, in order; ``numbers`` are by the words around them.
    """

    words: int
    runs: Array
    numbers: dict[tuple[str, ...], set[str]]

    @classmethod
    def of(cls, text: str) -> _Text:
        words = _words(text)
        numbers = defaultdict[tuple[str, ...], set[str]](set)
        for place in range(2, len(words) - 2):
            if _NUMBER.fullmatch(words[place]):
                around = (*words[place - 2 : place], *words[place + 1 : place + 3])
                # Numbers around it would make it a part of a date, a time or a table.
                if all(map(str.isalpha, around)):
                    numbers[around].add(words[place])
        return cls(len(words), _runs(words), numbers)


def _are_copies(shorter: _Text, longer: _Text) -> bool:
    ours, theirs = _shared(shorter, longer), _shared(longer, shorter)
    return bool(
        shorter.words >= LENGTH * longer.words
        and ours.mean() >= SHARED
        and ours[:LEAD].mean() >= LEAD_SHARED
        and theirs[:LEAD].mean() >= LEAD_SHARED
        and not any(
            shorter.numbers[around].isdisjoint(longer.numbers[around])
            for around in shorter.numbers.keys() & longer.numbers.keys()
        )
    )


def _shared(text: _Text, other: _Text) -> NDArray[np.bool_]:
    """Of each word whether it is shared."""
    found = np.isin(text.runs, other.runs)
    shared = np.zeros(text.words, dtype=np.bool_)
    for place in range(RUN):
        shared[place : place + len(found)] |= found
    return shared


def _words(text: str) -> list[str]:
    """Words in lower case, numbers as digits: "Twelve" and "12", "1,500" and "1500" are the same."""
    return [
        word.replace(",", "") if word[0].isdigit() else _DIGITS.get(word, word)
        for word in _WORD.findall(text[:LONGEST].casefold())
    ]


def _runs(words: Sequence[str]) -> Array:
    """A hash of each run of words, the same on every machine."""
    if len(words) < RUN:
        return np.zeros(0, np.uint64)
    hashes = np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint64)
    return _mix(np.lib.stride_tricks.sliding_window_view(hashes, RUN))


def _mix(rows: Array) -> Array:
    """A 64-bit hash of each row of numbers, which in another order have another hash."""
    mixed = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        mixed = (mixed + column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
    return mixed


@cache
def _empty_minhash() -> Any:
    # Here, since asking needs this module, too, and datasketch brings scipy along.
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * ROWS, hashfunc=int)


def _by_least_id(
    sketched: Iterable[tuple[str, Sketch]],
) -> tuple[dict[str, list[str]], dict[str, _Signed]]:
    """Articles of the same words, and sketches of those that are not short, both by the least id."""
    same = defaultdict[bytes, list[str]](list)
    signed: dict[bytes, _Signed] = {}
    for article_id, (digest, words, signature) in sketched:
        if words:
            same[digest].append(article_id)
        if signature is not None:
            signed.setdefault(digest, _Signed(digest, words, signature))
    names = {digest: min(ids) for digest, ids in same.items()}
    return (
        {names[digest]: ids for digest, ids in same.items()},
        {names[digest]: sketch for digest, sketch in signed.items()},
    )


def _nearest(signatures: Array, lengths: Array) -> dict[int, list[int]]:
    """For each row, in order, the rows before it that are most like it by their signatures.

    Rows must be sorted by length, the longest first.
    """
    kept = np.zeros((3, 0), np.int64)  # rows, rows before them, how many places differ
    for band in range(BANDS):
        keys = _mix(signatures[:, band * ROWS : (band + 1) * ROWS])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        found = [kept]
        for step in range(1, NEIGHBOURS + 1):
            equal = np.flatnonzero(keys[step:] == keys[:-step])
            if not len(equal):
                break
            before, row = order[equal], order[equal + step]
            near = lengths[row] >= LENGTH * lengths[before]
            before, row = before[near], row[near]
            differ = (signatures[row] != signatures[before]).sum(axis=1)
            near = differ <= (1 - SIMILAR) * BANDS * ROWS
            found.append(np.array([row[near], before[near], differ[near]]))
        kept = _best(np.concatenate(found, axis=1))
    nearest = defaultdict[int, list[int]](list)
    for later, earlier, _ in kept.T.tolist():
        nearest[later].append(earlier)
    return nearest


def _best(found: Array) -> Array:
    """The TRIES best of each row."""
    rows, before, differ = found = np.unique(found, axis=1)
    found = found[:, np.lexsort((before, differ, rows))]
    starts = np.searchsorted(found[0], found[0])  # where each row's own begin
    return found[:, np.arange(found.shape[1]) - starts < TRIES]
