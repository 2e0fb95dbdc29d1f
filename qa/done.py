"""Whether a clause tells as done, or of all, what a sentence tells as planned, or of some.

"She has opened a school" has all words of "She hopes to open a school", and "the leading cause" those
of "one of the leading causes".
"""

from __future__ import annotations

import re

from qa.wordforms import content_words, is_past

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADVERBS = r"(?:(?:\w+ly|soon|again|also|now|then|not|never|ever|(?:one|some) day)\s+)*"
# Before a verb: it is not said that it happened.
_AHEAD = re.compile(
    r"(?:\b(?:will|would|may|might|could|can|should|must|shall)|['’]ll|\bto|\bfrom|\bplans? on)\s+"
    rf"{_ADVERBS}(?:(?:have|be)\s+)?(?:been\s+)?{_ADVERBS}$",
    re.IGNORECASE,
)
_TO_AND = re.compile(
    r"\b(?:to|will|would)\s+[a-z]+(?:\s+[^\s,.;]+){0,5}\s+(?:and|or)\s+$", re.IGNORECASE
)
# After these it did: "managed to win", "was forced to sell".
_DID = re.compile(
    r"(?:\b(?:managed|went on|goes on|continue[sd]?|began|begins?|start(?:s|ed)?|able|proceeded)"
    rf"|\b(?:was|were|is|are|been) (?:made|forced)|\bhelp(?:s|ed)?(?: \w+)?)\s+to\s+{_ADVERBS}$",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\b(?:one|some|many|most|part|half) of (?:the |its |his |her |their )?(?:\w+ )??$", re.IGNORECASE
)
_THE = re.compile(r"\bthe (?:\w+ )??$", re.IGNORECASE)
_SOME = re.compile(r"\b(?:some|many|most|several|few|half)(?: of)?(?: the)? (?:\w+ )??$", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|every|each)(?: of)?(?: the)? (?:\w+ )??$", re.IGNORECASE)


def told_as_done(clause: str, sentence: str) -> bool:
    """Whether each act that ``clause`` tells as done, where ``sentence`` has it, is done there, too.

    >>> told_as_done("She has opened a school.", "She hopes to open a school by May.")
    False
    >>> told_as_done("She opened a school.", "She managed to open a school.")
    True
    """
    for match in _WORD.finditer(clause):
        word = match.group()
        if not word.islower() or not is_past(word) or _is_ahead(clause[: match.start()]):
            continue
        places = _places(word, sentence)
        if places and all(_is_ahead(sentence[:place], sentence[place:]) for place in places):
            return False
    return True


def told_of_all(clause: str, sentence: str) -> bool:
    """Whether what ``clause`` says of "the" one or of all, ``sentence`` does not say of some.

    >>> told_of_all("It is the leading cause.", "It is one of the leading causes.")
    False
    >>> told_of_all("All workers left.", "Some workers left.")
    False
    """
    for match in _WORD.finditer(clause):
        before = clause[: match.start()]
        one = _THE.search(before) and not _ONE_OF.search(before)
        for told, some in ((one, _ONE_OF), (_ALL.search(before), _SOME)):
            places = _places(match.group(), sentence) if told else []
            if places and all(some.search(sentence[:place]) for place in places):
                return False
    return True


def _is_ahead(before: str, verb: str = "") -> bool:
    """Whether the ``verb`` after ``before`` is still to be done: "to win", "to play and win"."""
    if _DID.search(before):
        return False
    plain = (match := _WORD.match(verb)) is not None and not is_past(match.group())
    return _AHEAD.search(before) is not None or (plain and _TO_AND.search(before) is not None)


def _places(word: str, sentence: str) -> list[int]:
    """Where in ``sentence`` a form of ``word`` stands."""
    stems = {found.stem for found in content_words(word)}
    return [
        match.start()
        for match in _WORD.finditer(sentence)
        if stems & {found.stem for found in content_words(match.group())}
    ]
