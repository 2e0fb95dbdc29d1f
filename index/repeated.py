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
from functools import lru_cache
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from index.readers.draft import Draft

_FEWEST = 3  # articles
_SHARE = 0.002  # of the outlet's articles
_EDGE = 3  # lines from the start, and from the end
_LONGEST = 600
_EDGE_MARK, _SPEAKS, _STORY = 1, 2, 4  # what a line is, or looks like
_SLOTS = 1 << 21  # lines that were seen once and are remembered; 24 MB
_DIGITS = re.compile(r"\d+")
_TO_THE_READER = re.compile(
    r"\b(?:you|your|us)\b|@|https?:|^(?:read|see|get|take|sign|subscribe|follow|play|visit|check|watch|listen"
    r"|download|join|click|support|send|help|want|need|contributing|updated|published)\b"
)
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_WORD = re.compile(r"[^\W\d_]{4,}")


class Lines(NamedTuple):
    """What is learned from of one draft: no words, but hashes of its lines, and what they look like.

    ``topic`` holds hashes of 4 bytes of the words it is about, ``keys`` one of 8 bytes a line, and
    ``marks`` a byte a line, of _EDGE_MARK, _SPEAKS and _STORY.
    """

    outlet: str
    topic: bytes
    keys: bytes
    marks: bytes


class Repeated:
    """The lines that are furniture of an outlet.  ``Repeated()`` has learned of none."""

    def __init__(self, lines: Iterable[int] = ()) -> None:
        self.lines = frozenset(lines)

    def __len__(self) -> int:
        return len(self.lines)

    def holds(self, outlet: str, line: str) -> bool:
        """Whether ``line`` is furniture on pages of ``outlet``."""
        return bool(self.lines) and len(line) <= _LONGEST and _key(outlet, line) in self.lines


class Asked(Repeated):
    """What was learned, with a note of what of it was asked.

    Cleaning is a function of a draft and the answers that it gets here: as long as these stay the same,
    so does its result.
    """

    def __init__(self, learned: Repeated) -> None:
        super().__init__(learned.lines)
        self._asked: dict[int, bool] = {}

    def holds(self, outlet: str, line: str) -> bool:
        if len(line) > _LONGEST:
            return False
        key = _key(outlet, line)
        return self._asked.setdefault(key, key in self.lines)

    def answers(self) -> tuple[bytes, bytes]:
        """The lines that were asked about, and those of them that are furniture, as ``Lines.keys``."""
        asked = array("Q", self._asked)
        return asked.tobytes(), array("Q", filter(self._asked.__getitem__, asked)).tobytes()


def same_answers(asked: bytes, held: bytes, learned: Repeated) -> bool:
    """Whether ``learned`` would give the answers that ``Asked.answers`` has noted."""
    return array("Q", filter(learned.lines.__contains__, array("Q", asked))).tobytes() == held


class Learner:
    """Counts the lines of drafts, one ``add`` each; ``result`` decides.

    Memory is bounded by the number of lines that repeat: texts are not kept, and of lines seen
    once only the latest two million.
    """

    def __init__(self) -> None:
        self._articles = Counter[str]()
        self._topics: list[bytes] = []
        self._once = array("Q", bytes(8 * _SLOTS))
        self._first = array("L", bytes(array("L").itemsize * _SLOTS))
        self._seen: dict[int, _Line] = {}

    def add(self, lines: Lines) -> None:
        """Count the lines of a draft; the order of drafts matters."""
        self._articles[lines.outlet] += 1
        article = len(self._topics)
        self._topics.append(lines.topic)
        once, topic = self._once, frozenset[int]()
        for key, marks in zip(array("Q", lines.keys), lines.marks, strict=True):
            at_edge = marks & _EDGE_MARK
            seen = self._seen.get(key)
            if seen is None:
                slot = key % _SLOTS
                if once[slot] != key:
                    once[slot] = key
                    self._first[slot] = article << 1 | at_edge
                    continue
                seen = self._seen[key] = _Line(lines.outlet, marks, self._first[slot])
            seen.count += 1
            seen.edges += at_edge
            topic = topic or _words(lines.topic)
            seen.others += not _overlap(_words(self._topics[seen.first]), topic)

    def result(self) -> Repeated:
        """The lines that are furniture."""
        return Repeated(
            key for key, line in self._seen.items() if line.is_furniture(self._articles[line.outlet])
        )


class _Line:
    """What is known of a line that came twice or more."""

    __slots__ = ("count", "edges", "first", "others", "outlet", "speaks", "story")

    def __init__(self, outlet: str, marks: int, first: int) -> None:
        self.outlet = outlet
        self.first = first >> 1  # the article it came in first
        self.count = 1
        self.edges = first & 1
        self.others = 0  # articles about something else than the first
        self.speaks = bool(marks & _SPEAKS)
        self.story = bool(marks & _STORY)

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


def lines_of(draft: Draft, path: str) -> Lines:
    """What is learned from of a repaired draft."""
    outlet = outlet_of(draft, path)
    lines = [line for line in map(str.strip, draft.text.split("\n")) if line]
    marks: dict[int, int] = {}
    for number, line in enumerate(lines):
        # A dateline says where the story is from, however often it comes.
        if not 3 <= len(line) <= _LONGEST or line.endswith(("-", "–", "—")):
            continue
        key = _key(outlet, line)
        if key not in marks:
            at_edge = number < _EDGE or number >= len(lines) - _EDGE
            marks[key] = _EDGE_MARK * at_edge | _looks(line)
    topic = array("I", sorted(_topic(draft)))
    return Lines(outlet, topic.tobytes(), array("Q", marks).tobytes(), bytes(marks.values()))


def _looks(line: str) -> int:
    speaks = bool(_TO_THE_READER.search(line.lower())) and '"' not in line and "“" not in line
    story = bool(_ENDS_A_SENTENCE.search(line)) or len(line.split()) < 4
    return _SPEAKS * speaks | _STORY * story


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


@lru_cache(4096)
def _words(topic: bytes) -> frozenset[int]:
    return frozenset(array("I", topic))


def _overlap(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two articles are about the same thing: two words, and a quarter of one's, are common."""
    return 4 * len(one & other) >= max(8, min(len(one), len(other)))
