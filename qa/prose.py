"""What a language model writes, as plain sentences with the passages that they name.

A model may write anything: markup, links, images, scripts, thoughts.  Only words remain, and a sentence
comes out as soon as it is certain where it ends.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.sentences import sentence_spans
from qa.plain import plain
from qa.wordforms import folded

LONGEST = 6_000  # characters that are read of an answer, thoughts aside
THOUGHTS = 40_000  # and with them
LOOK = 8  # characters that are waited for before the next look at where a sentence ends
_NUMBERS = r"\d{1,3}(?:\s*(?:,|;|-|–|and|&)\s*\d{1,3})*"
_WORD = r"(?:(?:passages?|sources?|articles?|citations?|ref(?:erence)?s?)\s*:?\s*#?)?"
# [1]  [1, 2]  (1)  【1】  [^1]  [passage 2]  (Source: 1); in parentheses a year is no marker.
_MARKER = re.compile(
    rf"\s*(?:\[\^?\s*{_WORD}({_NUMBERS})\s*\]|【({_NUMBERS})[^】]*】|\({_WORD}({_NUMBERS})\))", re.I
)
_LEADING = re.compile(rf"(?:{_MARKER.pattern})+", re.I)  # the markers of the sentence before
_DROPPED = re.compile(
    r"<(think|thinking|reasoning|script|style|svg|iframe|object|template)\b[^>]*>.*?(?:</\1\s*>|$)",
    re.S | re.I,
)
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_ADDRESS = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]*://|www\.|javascript:|data:|vbscript:|mailto:)[^\s<>)\]]*>?", re.I
)
_BLOCK = re.compile(
    r"^[ \t]*(?:[-*+•]|\d{1,2}[.)]|#{1,6}|>+)[ \t]+|^[ \t]*(?:```|~~~).*$|^[ \t]*[-=*_]{3,}[ \t]*$",
    re.M,
)
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1", re.S)
_HALF = re.compile(r"\s*[\[【][^\]】]{0,20}$")  # a marker that the model did not finish
_BEGINS = re.compile(r"[\"'“‘«]?\w")
_WORDS = re.compile(r"[^\W\d_]{2,}|\d")
_OPEN = {"(": ")", "[": "]", "<": ">", "【": "】"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, unproven, and the numbers of the passages that it names."""

    text: str
    cites: tuple[int, ...]


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """The sentences in the pieces of a model's answer, each as soon as the next one begins.

    A sentence that was written before comes once.  What is longer than ``LONGEST`` characters is cut.
    """
    raw, done, due = "", 0, 0
    seen: set[str] = set()
    for piece in pieces:
        raw += piece
        if len(raw) > THOUGHTS:
            break
        if len(raw) < due:
            continue
        if (settled := _settled(raw, done)) > done:
            yield from _new(raw[done:settled], seen)
            done = settled
        if len(raw) > LONGEST and len(_DROPPED.sub("", raw)) > LONGEST:
            break
        # Each look reads all that is not settled: few looks, and fewer the longer that is.
        due = len(raw) + LOOK + (len(raw) - done) // 8
    yield from _new(raw[done:THOUGHTS], seen)


def sentences(text: str) -> list[Draft]:
    """The sentences of ``text``, with the markers in and after each.

    >>> sentences("**Rain** fell. [1] It [stopped](http://x.y/z) (2, 3).")
    [Draft(text='Rain fell.', cites=(1,)), Draft(text='It stopped.', cites=(2, 3))]
    """
    found: list[Draft] = []
    words = _without_markup(text)
    for start, end in sentence_spans(words):
        part = words[start:end]
        if found and (leading := _LEADING.match(part)):
            last = found[-1]
            found[-1] = Draft(last.text, _unique((*last.cites, *_cites(leading.group()))))
            part = part[leading.end() :]
        sentence = plain(_HALF.sub("", _MARKER.sub("", part)))
        sentence = re.sub(r"\s+([.,;:!?])", r"\1", sentence).strip(" *_`~|#\\")
        if _WORDS.search(sentence):
            found.append(Draft(sentence, _unique(_cites(part))))
    return found


def _new(text: str, seen: set[str]) -> Iterator[Draft]:
    for draft in sentences(text):
        words = folded(draft.text)
        if words not in seen:
            seen.add(words)
            yield draft


def _settled(raw: str, done: int) -> int:
    """How much of ``raw`` is whole sentences, whatever may follow; at least ``done``."""
    rest = raw[done:]
    enclosed = _enclosed(rest)
    for begin, _ in reversed(sentence_spans(rest)[1:]):
        start = begin
        if markers := _LEADING.match(rest, start):  # of the sentence before
            start = len(rest) - len(rest[markers.end() :].lstrip())
        # What begins with a word is no more of its markers, nor markup.
        if _BEGINS.match(rest, start) and not any(first < start < last for first, last in enclosed):
            return done + start
    return done


def _enclosed(text: str) -> list[tuple[int, int]]:
    """``[start, end)`` of brackets, tags and dropped elements; what has not ended yet has no end."""
    found: list[tuple[int, int]] = []
    for match in _DROPPED.finditer(text):
        closed = match.group().rstrip().endswith(">") and "</" in match.group()
        found.append((match.start(), match.end() if closed else len(text) + 1))
    pending: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char in _OPEN:
            pending.append((_OPEN[char], at))
        elif pending and char == pending[-1][0]:
            found.append((pending.pop()[1], at + 1))
    return found + [(at, len(text) + 1) for _, at in pending]


def _without_markup(text: str) -> str:
    text = html.unescape(_DROPPED.sub(" ", text))
    text = re.sub(r"<!--.*?(?:-->|$)", " ", text, flags=re.S)
    text = _DROPPED.sub(" ", text)  # what was written as character references
    text = _IMAGE.sub(" ", text)
    text = _LINK.sub(lambda match: f"[{match[1]}]" if match[1].strip().isdigit() else match[1], text)
    text = _ADDRESS.sub(" ", text)
    text = re.sub(r"</?(?:[abiu]|em|strong|code|span|su[bp])(?:\s[^<>]*)?>", "", text, flags=re.I)
    text = re.sub(r"</?[a-zA-Z!|][^<>]*>", " ", text)
    text = _BLOCK.sub("", text)
    text = re.sub(r"(?<=[.!?])(?=[\[【(])", " ", text)  # else no sentence would end there
    for _ in range(3):  # bold in italics in code
        text = _EMPHASIS.sub(r"\2", text)
    return text.replace("<", " ").replace(">", " ")


def _cites(text: str) -> tuple[int, ...]:
    groups = (group for match in _MARKER.finditer(text) for group in match.groups() if group)
    return tuple(int(number) for group in groups for number in re.findall(r"\d+", group))


def _unique(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))
