"""Questions that an article may answer, made from its own sentences by rules.

They are guesses: a rule sees how a sentence is built, not what it means.  Whoever shows them asks them
first, and keeps those that are answered from this article (qa/page/suggestions.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.names import names_in

_SPEECH = r"(?:said|says|told|added|warned|wrote|announced|argued|insisted)"
_NUMBER = (
    r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens\s+of"
    r"|hundreds\s+of|thousands\s+of)"
)
_DONE = r"(?:\w{2,}ed|hurt|shot|built|made|sold|held|found|lost|sent|won)"  # past participles
_THINGS = r"((?:[a-z][\w-]*\s+){0,2}[a-z][\w-]{2,}s|people|children|women|men|police)"
# "killed seven civilians near Baghdad", "seven civilians were killed near Baghdad"
_ACTIVE = re.compile(rf"\b({_DONE})\s+(?:about\s+|at\s+least\s+|some\s+)?{_NUMBER}\s+{_THINGS}\b")
_PASSIVE = re.compile(
    rf"\b{_NUMBER}\s+{_THINGS}\s+(?:were|have\s+been|had\s+been)\s+({_DONE})\b", re.IGNORECASE
)
_PLACE = re.compile(r"^\s+((?:near|in|at|from|outside|across)\s+)")
_WHEN = re.compile(
    rf"^\s+(was|were)\s+({_DONE})\s+(?:[\w\s]{{0,30}}\s)?(?:in|on)\s+"
    r"(?:\d{4}|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*)"
)
_SPEAKS_AFTER = re.compile(rf"^(?:,[^,.;]{{3,80}}(?:,[^,.;]{{3,60}})?,)?\s+{_SPEECH}\b")
_SPEAKS_BEFORE = re.compile(rf"\b{_SPEECH}\s+$")
_ROLE_AFTER = re.compile(r"^,\s+(?:an?\s|the\s)?[a-z][^,.;]{5,80},")
_PERSON = re.compile(r"[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.|[a-z]{2,3}|[A-Z][\w'’-]+)){1,2}")
# "Iraqi Foreign Minister Fuad Hussein": what stands before the name proper.
_OFFICE = re.compile(
    r"^.*\b(?:Minister|President|Secretary|Senator|Governor|Mayor|Judge|Justice|Chancellor|Ambassador"
    r"|General|Colonel|Chairman|Chairwoman|Director|Commissioner|Representative|Professor|Speaker|Chief"
    r"|King|Queen|Prince|Princess|Pope|Sheikh|PM|FM|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Sen\.?|Rep\.?|Gov\.?|Gen\.?)\s+"
)


def questions_about(title: str | None, sentences: Sequence[str]) -> list[str]:
    """Questions to an article with this title and these sentences, most promising first.

    Each stands alone.  There may be none.

    >>> questions_about(None, ["A wayward rocket killed seven civilians near Baghdad on Monday."])
    ['How many civilians were killed near Baghdad?']
    """
    kinds = [
        _unlike(_how_many(sentences)),
        _unlike(_who(sentences)),
        _unlike(_what_said(title, sentences)),
        _unlike(_when(sentences)),
    ]
    return list(_in_turn(kinds))


def _how_many(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        for match in _ACTIVE.finditer(sentence):
            done, things = match.group(1), match.group(2)
            yield f"How many {_plain(things)} were {done.lower()}{_where(sentence[match.end() :])}?"
        for match in _PASSIVE.finditer(sentence):
            things, done = match.groups()
            yield f"How many {_plain(things)} were {done.lower()}{_where(sentence[match.end() :])}?"


def _where(following: str) -> str:
    """The place that a sentence goes on with: " near Baghdad"."""
    match = _PLACE.match(following)
    if not match:
        return ""
    names = names_in(following[match.end() :])
    return f" {match.group(1).strip()} {names[0].text}" if names and names[0].start == 0 else ""


def _who(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        for name, before, after in _named(sentence):
            has_office = before.endswith(" ") and _OFFICE.match(before.rstrip() + " ") is not None
            if _is_person(name) and (has_office or _ROLE_AFTER.match(after)):
                yield f"Who is {name}?"


def _what_said(title: str | None, sentences: Sequence[str]) -> Iterator[str]:
    # The word that a headline begins with is written as a name, whatever it is.
    names = sorted(names_in(title or ""), key=lambda name: name.start == 0 and " " not in name.text)
    of_title = [name.text for name in names]
    for sentence in sentences:
        named = list(_named(sentence))
        for name, before, after in named:
            speaks = _SPEAKS_AFTER.match(after) or _SPEAKS_BEFORE.search(before)
            if not (speaks and _is_person(name)):
                continue
            others = [other for other, _, _ in named]
            topics = sorted(of_title, key=lambda topic: topic not in others)
            about = next((topic for topic in topics if _is_topic(topic, name)), None)
            if about:
                yield f"What did {name} say about {about}?"


def _when(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        for name, before, after in _named(sentence):
            match = _WHEN.match(after)
            if match:
                the = "the " if before.lower().endswith("the ") else ""
                yield f"When {match.group(1)} {the}{name} {match.group(2)}?"


def _named(sentence: str) -> Iterator[tuple[str, str, str]]:
    """Each name in a sentence, with the text before and after it; an office is no part of a name."""
    for name in names_in(sentence):
        office = _OFFICE.match(name.text)
        start = name.start + (office.end() if office else 0)
        yield sentence[start : name.end], sentence[:start], sentence[name.end :]


def _is_person(name: str) -> bool:
    """Whether a name is written as those of people are: two or three words, no number."""
    return bool(_PERSON.fullmatch(name))


def _is_topic(topic: str, speaker: str) -> bool:
    shared = set(topic.lower().split()) & set(speaker.lower().split())
    describes = topic.rpartition("-")[2].islower()  # Iranian-backed
    return len(topic) > 2 and not shared and not topic.isupper() and not describes


def _plain(things: str) -> str:
    return " ".join(things.split())


def _unlike(questions: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(questions))


def _in_turn(kinds: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first of each kind, then the second of each."""
    for place in range(max(map(len, kinds), default=0)):
        yield from (questions[place] for questions in kinds if place < len(questions))
