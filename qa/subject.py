"""Whether a clause says it of the same one as a sentence does, where it begins with a name.

"Carl Munro replaces her" has all words of "She replaces Carl Munro", and a sentence about Irina Marenko
proves nothing about Anton Reshko, whom its article names as well.  A name that the sentence does not
have may be understood from the ones before, but only where it names nobody else in that place.
"""

from __future__ import annotations

import re

from qa.names import Name, names_in
from qa.wordforms import content_words, is_past

FIRST = 5  # words before a name, at most, with which a clause begins

SAID = re.compile(
    r"\b(?:said|says?|saying|told|tells?|found|finds?|heard|announced|estimated?|reported|shows?|showed"
    r"|decided|added|wrote|called|asked|warned|argued|according|believes?|thinks?|expects?|blame[ds]?)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:in|at|on|of|from|near|to|for|with|by|into|over|under|between|against|through|across|around"
    r"|after|before|since|during|outside|inside|off|along|like|than)"
    r"\s+(?:the |an? |its |his |her |their )?$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?:,[^,]*,?){0,3}\s*(?:\w+ )?(?:is|are|was|were|been|be|being)\b", re.IGNORECASE
)
# "The NFL star Rob Gronkowski" may be about either, as "The FBI raided Mar-a-Lago" is.
_DESCRIBES = re.compile(r"(?:The|An?) (?:[A-Z]\S* )+(?:[a-z]+ ){1,3}[A-Z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LIST = re.compile(r"^(?:\s|,|and|&|or)*$")
_BY = re.compile(r"\bby\s+(?:the |an? )?(?:[a-z]+ ){0,2}$")
# What comes after these says what somebody is, or is called: ", an Air National Guardsman".
_IS_CALLED = re.compile(
    r"(?:,\s+an?|\b(?:known as|described as|called|named|dubbed|nicknamed))\s+(?:the |an? )?"
    r"(?:[a-z]+ ){0,2}[\"“]?$"
)
_WHO = re.compile(r"\bwhom?\b[^,]*$")  # before "said": "Brandt, who a spokesman said is ill"
_THAT = re.compile(r"\s+that\b")
# Where somebody else may do something.
_OPENS = re.compile(
    r"\b(?:when|until|as|before|after|while|that|who|which|because|and|but|if|since|where)\b",
    re.IGNORECASE,
)
_DONE_TO = re.compile(r"\b(?:is|are|was|were|been|be|being)\s+(?:\w+ly\s+)?(?!\w+ing\b)(?=\w)")


def same_subject(clause: str, sentence: str) -> bool:
    """Whether ``sentence`` may say of the name that ``clause`` begins with what the clause does.

    >>> same_subject("Anton Reshko took 41 percent.", "Irina Marenko of Free Korvia took 41 percent.")
    False
    >>> same_subject("Anton Reshko took 41 percent.", "The president of Korvia took 41 percent.")
    True
    """
    subject = _first_name(clause, sentence)
    if subject is None:
        return True
    verb = _first_shared(clause[subject.end :], sentence)
    if verb is None:
        return True
    names = names_in(sentence)
    is_passive = _PASSIVE.match(clause[subject.end :]) is not None
    if is_passive and not _has_agents(clause, sentence, verb):
        return False
    same = [name for name in names if _is_same(name, subject)]
    before = [name for name in same if name.end <= verb and not _is_owner(sentence, name)]
    if before:
        return not _swaps(clause, sentence, verb) and _reaches(sentence, before[-1], verb, clause)
    if same:
        return is_passive or any(_acts_after(sentence, name) for name in same)
    return not any(
        name.end <= verb and not _BESIDE.search(sentence[: name.start]) and not _in(name, clause)
        for name in names
    )


def same_owner(clause: str, sentence: str) -> bool:
    """Whether what is somebody's in ``clause`` is not somebody else's in ``sentence``.

    >>> same_owner("Lake Arn's level fell to 9 metres.", "Lake Tarn's level fell to 9 metres.")
    False
    """
    theirs = [
        (name, _owned(sentence, name)) for name in names_in(sentence) if _is_owner(sentence, name)
    ]
    for name in names_in(clause):
        if _is_owner(clause, name):
            owned = _owned(clause, name)
            owners = [other for other, of in theirs if owned & of]
            if owners and not any(_is_same(name, other) for other in owners):
                return False
    return True


def _owned(text: str, owner: Name) -> set[str]:
    """The word or two after "Lake Arn's"."""
    return {word.stem for word in content_words(" ".join(text[owner.end + 2 :].split()[:2]))}


def _has_agents(clause: str, sentence: str, verb: int) -> bool:
    """Whether who did it, "by" whom it was done in the passive ``clause``, does it in the sentence."""
    for agent in names_in(clause):
        if _BY.search(clause[: agent.start]):
            same = [name for name in names_in(sentence) if _is_same(name, agent)]
            if same and not any(n.end <= verb or _acts_after(sentence, n) for n in same):
                return False
    return True


def _first_name(clause: str, sentence: str) -> Name | None:
    for name in names_in(clause):
        if _is_a_word(name, clause, sentence):
            continue
        if len(clause[: name.start].split()) > FIRST or _DESCRIBES.match(clause):
            return None
        if not _BESIDE.search(clause[: name.start]) and not _is_owner(clause, name):
            return name
    return None


def _is_a_word(name: Name, clause: str, sentence: str) -> bool:
    """Whether it only looks like a name, as it begins the clause: "Classified documents"."""
    following = re.match(r"\s+[^\W\d_]+", clause[name.end :])
    words = name.text.lower() + (following.group() if following else " ")
    return name.start == 0 and " " not in name.text and words in sentence


def _first_shared(rest: str, sentence: str) -> int | None:
    """Where in ``sentence`` the first word of ``rest`` stands that it has, names left out."""
    for name in reversed(names_in(rest)):
        rest = f"{rest[: name.start]} {rest[name.end :]}"
    first: dict[str, int] = {}
    for match in _WORD.finditer(sentence):
        for stem in _stems(match.group()):
            first.setdefault(stem, match.start())
    return next((first[word.stem] for word in content_words(rest) if word.stem in first), None)


def _swaps(clause: str, sentence: str, verb: int) -> bool:
    """Whether what was done to the subject in the sentence, the clause says that it did: "was shot"."""
    word = sentence[verb:].split()[0]
    own = [match.start() for match in _WORD.finditer(clause) if _stems(match.group()) & _stems(word)]
    return (
        is_past(word.strip(".,;:!?").lower())
        and _is_done_to(sentence, verb)
        # "Lang, arrested on Monday, was fined": it was done to him there, too.
        and not any(_is_done_to(clause, at) or clause[:at].endswith(", ") for at in own)
    )


def _is_done_to(text: str, verb: int) -> bool:
    return any(match.end() == verb for match in _DONE_TO.finditer(text))


def _reaches(sentence: str, subject: Name, verb: int, clause: str) -> bool:
    """Whether nobody else comes between the subject and what is said of it."""
    between = sentence[subject.end : verb]
    said = SAID.search(between)
    if said and not SAID.search(clause):
        asides = _WHO.search(between[: said.start()]) and not _THAT.match(between[said.end() :])
        if not asides:
            return False
    others = [
        name
        for name in names_in(sentence)
        if subject.end <= name.start and name.end <= verb and not _in(name, clause)
    ]
    # "Chestnut won Nathan's Contest, devouring 63 hot dogs": whoever won did.
    goes_on = re.search(r",\s+(?:\w+ly\s+)?$", between) and re.match(r"\w+ing\b", sentence[verb:])
    if goes_on and not _OPENS.search(between):
        return True
    return all(
        _BESIDE.search(sentence[: name.start])
        or _IS_CALLED.search(sentence[: name.start])
        or _LIST.match(sentence[subject.end : name.start])
        for name in others
    )


def _acts_after(sentence: str, name: Name) -> bool:
    """Whether a name that comes after what is done has done or said it: "…, Kolle said", "by Kolle"."""
    said = sentence[name.end :].lstrip(" ,")
    head = sentence[: name.start]
    return bool(SAID.match(said) or SAID.search(head[-40:]) or _BY.search(head))


def _is_owner(text: str, name: Name) -> bool:
    return text[name.end :].startswith(("'s", "’s", "' ", "’ "))


def _in(name: Name, clause: str) -> bool:
    return any(_is_same(name, other) for other in names_in(clause))


def _is_same(name: Name, other: Name) -> bool:
    """Whether one is a part of the other: Maren Stall is not Ruben Stall."""
    own, theirs = _stems(name.text), _stems(other.text)
    return own <= theirs or theirs <= own


def _stems(text: str) -> set[str]:
    return {word.stem for word in content_words(text)}
