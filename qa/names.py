"""Names of people, places, bodies and works in a text, told by how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Words that begin a sentence with a capital and are no names.
_COMMON = frozenset(
    """
    a about according across after again all almost also although always am among an and another any
    anyone anything are aren't around as ask at because before being besides between both but by can
    can't compare considering could couldn't describe despite did didn't do does doesn't don't
    during each either else even ever every everyone explain few find first for from further give
    had has hasn't have he her here hers him his how however i if in including inside instead into
    is isn't it its itself just last later latest less like list many may maybe me meanwhile might
    more most much must my name near neither never next no nobody none nor not nothing now of off
    often ok on once one only onto or other otherwise our out over per perhaps please rather same
    second see several shall she should show since so some someone something soon still such
    summarise summarize tell than thanks that the their them then there therefore these they this
    those though through thus to today together tomorrow tonight too toward towards two under unlike
    until up upon us using very was wasn't we well were weren't what what's whatever when where
    whereas whether which while who who's whoever whom whose why will with within without won't
    would wouldn't yes yesterday yet you your
    """.split()
)
# Those that are no names inside a sentence either, but may begin one: The Verge, A Few Good Men.
_NEVER = frozenset(
    """
    a an the i january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
# Small words inside a name, such as Bank of England; never at its ends.
_JOINT = r"(?:of|the|de|del|della|da|dos|du|la|le|van|von|der|den|al|bin|y|&)"
_INITIAL = r"(?:[A-Z]\.){1,4}"  # J. or U.S.
_TITLE = r"(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Jr|Sr)\."
_CAPITAL = r"(?=[^\W\d_]*[A-ZÀ-ÞĀ-Ž])[^\W_]+(?:[-'’.&][^\W_]+)*"  # iPad, O'Neill, Jay-Z, AT&T
_WORD = rf"(?:{_INITIAL}|{_TITLE}|{_CAPITAL})"
_RUN = re.compile(
    rf"(?<![^\W_]){_WORD}"
    rf"(?:(?<!['’]s)\s+(?:{_JOINT}\s+){{0,2}}{_WORD}|\s+\d{{1,3}}\b(?![\d,.]*\d))*"  # Apollo 11
)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name: ``text[start:end]`` of the text that it was found in, without a possessive 's."""

    text: str
    start: int
    end: int


def names_in(text: str) -> tuple[Name, ...]:
    """The names in ``text``, in their order: runs of words with capitals.

    The first word of a sentence counts as well, unless it is a common one.  In a text all in
    capitals there is nothing to tell names by, and none is found.

    >>> [name.text for name in names_in("Did the Bank of England answer Rachel Reeves's letter?")]
    ['Bank of England', 'Rachel Reeves']
    """
    if text == text.upper():
        return ()
    found = []
    for run in _RUN.finditer(text):
        left_out = _NEVER | _COMMON if _begins_sentence(text, run.start()) else _NEVER
        words = list(re.finditer(r"\S+", run.group()))
        while words and _is_one_of(left_out, words[0].group()):
            words.pop(0)
        while words and _is_one_of(_NEVER, words[-1].group()):
            words.pop()
        if not words or not any(map(str.isupper, "".join(word.group() for word in words))):
            continue
        start = run.start() + words[0].start()
        name = _POSSESSIVE.sub("", text[start : run.start() + words[-1].end()])
        found.append(Name(name, start, start + len(name)))
    return tuple(found)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:;\n"


def _is_one_of(words: frozenset[str], word: str) -> bool:
    """Whether it is one of these; the US is no us."""
    return _POSSESSIVE.sub("", word.lower()) in words and not (len(word) > 1 and word.isupper())
