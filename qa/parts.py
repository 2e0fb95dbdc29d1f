"""The parts that a question is made of, each of which may have its answer in another article."""

from __future__ import annotations

import re

LEAST = 2  # words, besides those that every question has
_CUT = re.compile(
    r"[,;?!:]\s+|(?<!\b[A-Z])(?<!\bMr)(?<!\bDr)(?<!\bSt)\.\s+(?=[A-Z])"
    r"|\s+(?i:and|while|whereas|but|that|which|who|whose|after|before|compared\s+(?:to|with)"
    r"|as\s+well\s+as|than)\s+"
)
_WORD = re.compile(r"[^\W\d_]{4,}|\d+|[A-Z]{2,}")


def parts_of(question: str) -> tuple[str, ...]:
    """The clauses of a question that say enough to be looked for; none if there is but one.

    >>> parts_of("Which firm makes rockets, and which firm makes the bricks that rockets carry?")
    ('Which firm makes rockets', 'firm makes the bricks', 'rockets carry?')
    """
    parts = [part for part in _CUT.split(question) if len(_WORD.findall(part)) >= LEAST]
    return tuple(parts) if len(parts) > 1 else ()


_HELPING = r"(?:did|does|do|is|are|was|were|will|would|can|could|has|have|had|should)"
_BETWEEN = re.compile(
    rf"\?\s+(?:and\s+)?|,?\s+and\s+(?=how\s+m(?:any|uch)\b|what\s+happened\b"
    rf"|(?:what|when|where|why|how)\s+(?:\w+\s+){{0,2}}?{_HELPING}\b)"
    rf"|,\s+(?=(?:who|what|when|where|why|how)\s+(?:\w+\s+)?{_HELPING}\b)"
    rf"|,\s+and\s+(?=(?:who|whom|whose|which)\b)|\s+and\s+(?=who\s+{_HELPING}\b)",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\bbetween\b", re.IGNORECASE)  # what someone said and what someone else did
_BEGINS = re.compile(
    r"\W*(?:\w+\W+){0,3}?(?:who|whom|whose|what|when|where|why|how|which|did|does|do|is|are|was|were|will"
    r"|would|can|could|has|have|had|should)\b",
    re.IGNORECASE,
)


def questions_in(question: str) -> tuple[str, ...]:
    """The questions that ``question`` asks one after the other; none if there is but one.

    >>> questions_in("Who won the cup, and how many people saw the match?")
    ('Who won the cup?', 'how many people saw the match?')
    >>> len(questions_in("Where was Pavel Oren shot, how old was he, and who founded his party?"))
    3
    >>> questions_in("When and where was the cup won?")
    ()
    """
    if any(mark in question for mark in '"“”') or _COMPARED.search(question):
        return ()
    pieces = [piece.strip(" ?") for piece in _BETWEEN.split(question) if piece.strip(" ?")]
    whole = all(_BEGINS.match(piece) and len(piece.split()) >= LEAST for piece in pieces)
    return tuple(f"{piece}?" for piece in pieces) if whole and len(pieces) > 1 else ()
