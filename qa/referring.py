"""Pronouns and phrases such as "the company" in a question, put into words of the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.mentions import Mention, is_noun_like, of_kind
from qa.names import names_in
from qa.talk import TIME, Exchange

_HE, _SHE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
_THEY = frozenset("they them their theirs themselves".split())
_IT = frozenset("it its itself".split())
_OBJECT = frozenset("him them".split())
_OF_SOMEBODY = frozenset("his their its theirs hers".split())
_CLASSES = {
    "body": (
        "company firm business group organisation organization agency party club team bank corporation"
    ),
    "place": "country city town village region state county island",
    "person": "man woman suspect victim",
}
_CLASS = re.compile(
    r"\b(?:the|this|that)\s+(" + "|".join(_CLASSES.values()).replace(" ", "|") + r")\b(['’]s)?"
    r"(?!\s+(?:of|in|that|which|who|at|for)\b)(?=\s+(\w+)|\W*$)",
    re.IGNORECASE,
)
_IDLE_IT = re.compile(
    r"\bit\s+(?:true|possible|likely|legal|safe|worth|important|necessary|ok|okay|take|takes|took|rain"
    r"|mean)\b|\bit(?:['’]s|\s+is|\s+was)\s+\w+\s+(?:that|to)\b",
    re.IGNORECASE,
)
_IS = frozenset("is are was were be been isn't aren't wasn't weren't".split())
_WORD = re.compile(r"[^\W\d_]+")
_AT_ALL = re.compile(
    r"\b(?:that|this|these|those)\b(?=\W*$|\s+(?:happen|mean|cost|affect|take|end|start|work)\b)", re.I
)
_AFTER_VERB = re.compile(
    r"(?<=\babout )(?:that|this|these|those)\b(?!\s+\w+)|"
    r"(?<=\b(?:is|as) )(?:that|this)\b(?=\s+(?:so|a|an|the|not|true|why|how|because|important)\b)",
    re.IGNORECASE,
)
_LATER = re.compile(r"\w\W+\w+\W+\w+[.?!]\s")  # a sentence of some words has gone before
_ONE = re.compile(
    r"\b(?P<before>(?:a|an|the|which|another|other|this|that)\s+(?:[a-z]+\s+)?)ones?\b(?!\s+of\b)"
)


def resolved(question: str, exchanges: Sequence[Exchange]) -> str | None:
    """``question`` with the first word of each sort that points back put into other words.

    Where nobody and nothing is found for such a word, the topic of the last question is put behind it.
    None if there is no such word.
    """
    changed, missed = question, False
    for finder in (_person_for, _many_for, _thing_for, _one_for, _place_for, _class_for, _time_for):
        found = finder(changed, exchanges)
        if found is None:
            continue
        missed = missed or found == changed
        changed = found
    if missed:
        return exchanges[-1].beside(changed)
    return changed if changed != question else None


def _person_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    for word in _WORD.finditer(question):
        lowered = word.group().lower()
        if lowered not in _HE | _SHE or _is_inside(question, word):
            continue
        as_agent = lowered in ("he", "she")
        mention = _somebody(question, exchanges, _SHE if lowered in _SHE else _HE, as_agent)
        return _put(question, word, mention)
    return None


def _somebody(
    question: str, exchanges: Sequence[Exchange], pronouns: frozenset[str], as_agent: bool
) -> Mention | None:
    for exchange in reversed(exchanges):
        single = [mention for mention in of_kind(exchange.asked, "thing") if " " not in mention.text]
        known = [*exchange.people(as_agent=as_agent), *single]
        known = [mention for mention in known if mention.text not in question]
        fitting = [mention for mention in known if _may_be(mention, pronouns, exchanges)]
        if fitting or known:
            return (fitting or known)[0]
    return None


def _may_be(mention: Mention, pronouns: frozenset[str], exchanges: Sequence[Exchange]) -> bool:
    """Whether the first pronoun after the name, before another person's, is one of these."""
    for exchange in exchanges:
        others = [person.text for person in exchange.people() if person.text != mention.text]
        for part in exchange.answer.split(mention.text)[1:]:
            for other in others:
                part = part.partition(other)[0]
            words = (word.group().lower() for word in _WORD.finditer(part[:150]))
            first = next((word for word in words if word in _HE | _SHE), None)
            if first is not None:
                return first in pronouns
    return True


def _many_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    for word in _WORD.finditer(question):
        if word.group().lower() in _THEY and not _is_inside(question, word):
            mention = _some(question, exchanges)
            if mention and mention.kind == "thing" and question[: word.start()].endswith(" of "):
                mention = None  # "how many of them": of the people in it
            return _put(question, word, mention)
    return None


def _some(question: str, exchanges: Sequence[Exchange]) -> Mention | None:
    for exchange in reversed(exchanges):
        single, many = of_kind(exchange.asked, "thing"), of_kind(exchange.things, "many")
        bodies = of_kind(exchange.asked, "body")
        known = [
            *exchange.pair(),
            *(body for body in bodies if not any(body.text in some.text for some in many)),
            *many,
            *single,
            *of_kind(exchange.told, "body"),
            *of_kind(exchange.things, "thing"),
        ]
        for mention in known:
            if mention.text not in question:
                return exchange.with_article(mention)
    return None


def _thing_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    idle = [match.span() for match in _IDLE_IT.finditer(question)]
    found = [
        word
        for word in _WORD.finditer(question)
        if word.group().lower() in _IT
        and not any(start <= word.start() < end for start, end in idle)
        and not _is_inside(question, word)
    ]
    if found:
        return _put(question, found[0], _something(question, exchanges))
    pointing = [*_AFTER_VERB.finditer(question), *_AT_ALL.finditer(question)]
    pointing = [word for word in pointing if not _LATER.search(question, 0, word.start())]
    if not pointing:
        return None
    # "That" is what happened, seldom a place or a body alone.
    mention = _something(question, exchanges)
    return _put(question, pointing[0], mention if mention and " " in mention.text else None)


def _something(question: str, exchanges: Sequence[Exchange]) -> Mention | None:
    for exchange in reversed(exchanges):
        told = of_kind(exchange.told, "thing")
        things = of_kind(exchange.things, "thing")
        named = [mention for mention in exchange.asked if mention.kind != "person"]
        bodies = of_kind(named, "body", "thing")
        own = [body for body in bodies if not any(body.text in thing.text for thing in things)]
        first = (told or [exchange.what]) if exchange.answers_with_a_thing else []
        many = of_kind(exchange.things, "many")
        some = [thing for thing in many if any(name.text in thing.text for name in named)]
        for mention in [*first, *things, *some, *own, *named, *told[:1]]:
            if mention.text not in question:
                mention = exchange.with_article(mention)
                return Mention(re.sub(r"^an? ", "the ", mention.text), mention.kind)
        if exchange.things:
            return None
    return None


def _one_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    match = _ONE.search(question)
    if match is None:
        return None
    mention = _something(question, exchanges)
    if mention is None:
        return question
    what = re.sub(r"^(?:the|an?)\s+", "", mention.text)
    return question[: match.end("before")] + what + question[match.end() :]


def _place_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    words = list(_WORD.finditer(question))
    for place, word in enumerate(words):
        if word.group().lower() != "there" or question[word.end() : word.end() + 1] in ("'", "’"):
            continue
        beside = {other.group().lower() for other in words[max(place - 1, 0) : place + 2]}
        if (beside & _IS and place + 1 < len(words)) or place == 0:
            continue  # "are there", "there are"
        if place + 1 == len(words) and words[place - 1].group().lower() in _IS:
            continue  # "how many are there?"
        mention = _somewhere(question, exchanges)
        if mention is None:
            return question
        from_there = words[place - 1].group().lower() in ("from", "over", "in", "around", "near", "to")
        before = "" if from_there else f"{mention.before or 'in'} "
        return question[: word.start()] + before + mention.text + question[word.end() :]
    return None


def _somewhere(question: str, exchanges: Sequence[Exchange]) -> Mention | None:
    for exchange in reversed(exchanges):
        single = [mention for mention in of_kind(exchange.asked, "thing") if " " not in mention.text]
        asked, told = of_kind(exchange.asked, "place"), of_kind(exchange.told, "place")
        for mention in [*reversed(asked), *reversed(single), *told]:
            if mention.text not in question:
                return exchange.with_article(mention)
    return None


def _class_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    match = _CLASS.search(question)
    if match is None or names_in(question) or (match[3] and is_noun_like(match[3].lower())):
        return None
    for exchange in reversed(exchanges):
        for kind, words in _CLASSES.items():
            if match[1].lower() not in words.split():
                continue
            for mention in [*exchange.asked, *exchange.told]:
                alike = ("body", "thing") if kind == "body" else (kind,)
                if mention.kind in alike:
                    after = question[match.end(1) :]
                    return question[: match.start()] + mention.text + after
    return None


def _time_for(question: str, exchanges: Sequence[Exchange]) -> str | None:
    match = re.search(r"\b(?:back |by )?then(?=\W*$)|\bat (?:that|the) time\b", question, re.IGNORECASE)
    if match is None or TIME.search(question):
        return None
    for exchange in reversed(exchanges):
        when = TIME.search(exchange.question)
        if when:
            return question[: match.start()] + when.group() + question[match.end() :]
    return None


def _is_inside(question: str, word: re.Match[str]) -> bool:
    """Whether the question itself has the name that the pronoun stands for."""
    lowered = word.group().lower()
    named = any(name.end <= word.start() for name in names_in(question))
    if not named or lowered in _OBJECT:
        return False
    return _is_possessive(question, word) or _following(question, word) != ""


def _following(question: str, word: re.Match[str]) -> str:
    after = _WORD.search(question, word.end())
    return after.group().lower() if after else ""


def _is_possessive(question: str, word: re.Match[str]) -> bool:
    lowered = word.group().lower()
    if lowered == "her":
        following = _following(question, word)
        gap = question[word.end() : word.end() + 1] == " "
        return gap and following != "" and is_noun_like(following)
    return lowered in _OF_SOMEBODY


def _put(question: str, word: re.Match[str], mention: Mention | None) -> str:
    """``question`` with ``mention`` for ``word``; as it is if there is none."""
    if mention is None:
        return question
    text = mention.text
    if _is_possessive(question, word):
        text += "'" if text.endswith("s") and mention.kind == "many" else "'s"
    return question[: word.start()] + text + question[word.end() :]
