"""Furniture that is learned: lines that an outlet repeats on pages about different things.

A first pass over all drafts counts lines; numbers and dates in them do not matter.  What is
furniture is then decided by where a line stands, how often, and in what company, because real
sentences repeat, too: the background paragraph of an affair comes back in every report on it.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from index.readers.draft import Draft

_FEWEST = 3  # articles
_SHARE = 0.002  # of the outlet's articles
_EDGE = 3  # lines from the start, and from the end
_LONGEST = 600
_SLOTS = 1 << 21  # lines that were seen once and are remembered; 24 MB
_DIGITS = re.compile(r"\d+")
_TO_THE_READER = re.compile(
    r"\b(?:you|your|us)\b|@|https?:|^(?:read|see|get|take|sign|subscribe|follow|play|visit|check|watch|listen"
    r"|download|join|click|support|send|help|want|need|contributing|updated|published)\b"
)
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_WORD = re.compile(r"[^\W\d_]{4,}")


class Repeated:
    """The lines that are furniture of an outlet.  ``Repeated()`` has learned of none."""

    def __init__(self, lines: Iterable[int] = ()) -> None:
        self._lines = frozenset(lines)

    def __len__(self) -> int:
        return len(self._lines)

    def holds(self, outlet: str, line: str) -> bool:
        """Whether ``line`` is furniture on pages of ``outlet``."""
        return bool(self._lines) and len(line) <= _LONGEST and _key(outlet, line) in self._lines


class Learner:
    """Counts the lines of drafts, one ``add`` each; ``result`` decides.

    Memory is bounded by the number of lines that repeat: texts are not kept, and of lines seen
    once only the latest two million.
    """

    def __init__(self) -> None:
        self._articles = Counter[str]()
        self._topics: list[frozenset[int]] = []
        self._once = array("Q", bytes(8 * _SLOTS))
        self._first = array("L", bytes(array("L").itemsize * _SLOTS))
        self._seen: dict[int, _Line] = {}

    def add(self, draft: Draft, path: str) -> None:
        """Count the lines of a repaired draft."""
        outlet = outlet_of(draft, path)
        self._articles[outlet] += 1
        article = len(self._topics)
        self._topics.append(_topic(draft))
        lines = [line for line in map(str.strip, draft.text.split("\n")) if line]
        keys: set[int] = set()
        for number, line in enumerate(lines):
            # A dateline says where the story is from, however often it comes.
            if not 3 <= len(line) <= _LONGEST or line.endswith(("-", "–", "—")):
                continue
            key = _key(outlet, line)
            if key in keys:
                continue
            keys.add(key)
            at_edge = number < _EDGE or number >= len(lines) - _EDGE
            seen = self._seen.get(key)
            if seen is None:
                slot = key % _SLOTS
                if self._once[slot] != key:
                    self._once[slot] = key
                    self._first[slot] = article << 1 | at_edge
                    continue
                seen = self._seen[key] = _Line(outlet, line, self._first[slot])
            seen.count += 1
            seen.edges += at_edge
            seen.others += not _overlap(self._topics[seen.first], self._topics[article])

    def result(self) -> Repeated:
        """The lines that are furniture."""
        return Repeated(
            key for key, line in self._seen.items() if line.is_furniture(self._articles[line.outlet])
        )


class _Line:
    """What is known of a line that came twice or more."""

    __slots__ = ("count", "edges", "first", "others", "outlet", "speaks", "story")

    def __init__(self, outlet: str, line: str, first: int) -> None:
        self.outlet = outlet
        self.first = first >> 1  # the article it came in first
        self.count = 1
        self.edges = first & 1
        self.others = 0  # articles about something else than the first
        lowered = line.lower()
        self.speaks = bool(_TO_THE_READER.search(lowered)) and '"' not in line and "“" not in line
        self.story = bool(_ENDS_A_SENTENCE.search(line)) or len(line.split()) < 4

    def is_furniture(self, articles: int) -> bool:
        """Enough pages, and most of them about different things.

        A line that speaks to the reader may stand anywhere; another is furniture only at the edges
        of its pages, and one that could be a sentence or a heading of the story only if it is on
        many of them.
        """
        needed = max(_FEWEST, _SHARE * articles)
        if self.count < needed or self.others < 0.6 * (self.count - 1):
            return False
        if self.speaks:
            return True
        if self.story:
            return self.count >= max(5, 2 * needed) and self.edges >= 0.95 * self.count
        return self.edges >= 0.8 * self.count or self.count >= 5 * needed


def outlet_of(draft: Draft, path: str) -> str:
    """Whose page it is: the source, else the host of the address, else the folder."""
    if draft.source and draft.source.strip():
        return draft.source.strip().casefold()
    try:
        host = urlsplit(draft.url or "").hostname
    except ValueError:
        host = None
    return host or f"{PurePosixPath(path).parent}/"


def _key(outlet: str, line: str) -> int:
    masked = _DIGITS.sub("#", f"{outlet}\n{line.casefold()}")
    return int.from_bytes(blake2b(masked.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _topic(draft: Draft) -> frozenset[int]:
    """Hashes of the words of the title, or of the first lines if there is none."""
    words = _WORD.findall((draft.title or draft.text[:600]).casefold())
    return frozenset(_word_key(word) for word in words[:60])


def _word_key(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=4).digest(), "big")


def _overlap(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two articles are about the same thing: two words, and a quarter of one's, are common."""
    return 4 * len(one & other) >= max(8, min(len(one), len(other)))
