"""The words of a text that say something, reduced to stems, and those that turn its meaning around."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.stem.snowball import EnglishStemmer

_TOKEN = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’][^\W\d_]+)*")
_STOP = frozenset(
    """
    a about after all also although an and any are as at be became become been before being both but
    by can could did do does doing during each for from had has have having he her here hers him his
    how i if in into is it its itself just may me might more most must my no nor not of off on once
    only onto or other our out over own per she should since so some such than that the their them
    then there these they this those though through to too under until up upon very was we were what
    when where whether which while who whom whose why will with within would you your said says say
    told according there's it's that's however meanwhile additionally furthermore moreover
    """.split()
)
NEGATIONS = frozenset(
    """no not never none nobody nothing neither nor without cannot denied denies deny hardly n't false
    untrue baseless unfounded hoax""".split()
)
# Words of one direction may stand for each other; those of the other may not.
_DIRECTIONS = (
    """
    increase increased increases increasing rise rises rising rose risen raise raises raised raising
    grow grows grew grown growing climb climbed jump jumped gain gained higher more larger dearer up
    """,
    """
    decrease decreased decreases fall falls fell fallen falling drop drops dropped cut cuts lower
    lowered reduce reduced reduces decline declined less fewer cheaper smaller down
    """,
    "win wins won winning winner beat beats defeat defeats victory",
    "lose loses lost losing loser defeated",
)
# Words that say the same in news, whatever they are about; the first stands for the others.
_SYNONYMS = """
    hurt injured injuries wounded; killed died dead death deaths; built build builds constructed;
    start starts started
    begin begins began begun; end ends ended finish finished; find finds found discovered; arrested
    detained; buy buys bought purchased; stop stops stopped halt halted; postponed delayed; child
    children; huge enormous; show shows showed shown; strike strikes struck; evacuated evacuate;
    choose chose chosen; reject rejected rejects refused; help helps helped aid; about around
    roughly approximately; nearly almost
"""
# Verbs whose past has another stem, where no group above has them.
_IRREGULAR = """
    bend bent; bite bit bitten; blow blew blown; break broke broken; bring brought; catch caught;
    come came; deal dealt; dig dug; draw drew drawn; drink drank drunk; drive drove driven; eat ate
    eaten; feed fed; feel felt; fight fought; flee fled; fly flew flown; forbid forbade forbidden;
    forget forgot forgotten; freeze froze frozen; get got gotten; give gave given; go went gone;
    hang hung; hear heard; hide hid hidden; hold held; keep kept; know knew known; lead led; leave
    left; lend lent; lose lost; make made; mean meant; meet met; overcome overcame; overthrow
    overthrew overthrown; pay paid; ride rode ridden; run ran; see saw seen; seek sought; sell sold;
    send sent; shake shook shaken; shoot shot; shrink shrank shrunk; sing sang sung; sink sank sunk;
    sleep slept; speak spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck;
    swear swore sworn; sweep swept; swim swam swum; swing swung; take took taken; teach taught; tear
    tore torn; think thought; throw threw thrown; understand understood; undergo underwent
    undergone; wake woke woken; wear wore worn; win won; withdraw withdrew withdrawn; write wrote
    written
"""
# Pasts that the groups above have.
_PASTS = """began begun bought built chose chosen fallen fell found grew grown hit hurt risen rose shown
    shut struck"""
_EXACT = """first last only best worst least most highest lowest largest smallest biggest before after
    former next previous always every""".split()


@dataclass(frozen=True, slots=True)
class Word:
    """A word that says something: its stem, and where it stands among all words of its text."""

    stem: str
    place: int


def content_words(text: str) -> list[Word]:
    """The words of ``text`` without small ones and numbers, as stems, in their order."""
    found = []
    for place, token in enumerate(_TOKEN.findall(text)):
        lowered = re.sub(r"['’]s?$", "", token.lower())
        # The US is no us, and IT no it.
        if not lowered[0].isdigit() and (lowered not in _STOP or (token.isupper() and len(token) > 1)):
            found.append(Word(_stem(lowered), place))
    return found


def folded(text: str) -> str:
    """The letters and digits of ``text`` alone, in lower case: what stays the same in any layout."""
    return "".join(char for char in text.casefold() if char.isalnum())


def negations(text: str) -> int:
    """How often ``text`` says no; "not 40" only says which number does not hold."""
    text = re.sub(r"\bnot\s+(?:the |an? |about )?(?=[\d$€£])", " ", text)
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower())
    return sum(word in NEGATIONS or word.replace("’", "'").endswith("n't") for word in words)


def turning_points(text: str) -> frozenset[str]:
    """What in ``text`` must not be added: directions, by their number, and superlatives."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    found = {f"direction {n}" for n, group in enumerate(_directions()) if words & group}
    return frozenset(found | (words & set(_EXACT)))


def is_past(word: str) -> bool:
    """Whether a word in small letters looks like the past of a verb.

    >>> is_past("fought"), is_past("defended"), is_past("fire")
    (True, True, False)
    """
    return word in _pasts() or (word.endswith("ed") and len(word) > len("need"))


@cache
def _pasts() -> frozenset[str]:
    groups = (group.split()[1:] for group in _IRREGULAR.split(";"))
    return frozenset(word for group in groups for word in group) | frozenset(_PASTS.split())


@cache
def _directions() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group.split()) for group in _DIRECTIONS)


@cache
def _synonyms() -> dict[str, str]:
    groups = [group.split() for group in f"{_SYNONYMS};{_IRREGULAR}".split(";")]
    return {word: group[0] for group in groups for word in group}


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    word = _without_accents(word)
    word = re.sub(r"(?<=[^\W\d_]{4})(?:yy|iy|ij)$", "y", word)  # Zelenskyy, Zelenskiy
    word = _synonyms().get(word, word)
    word = re.sub(r"(?<=[^\Waeiou\d_])re(s?)$", r"er\1", word)  # kilometre, centre
    word = re.sub(r"(?<=[^\W\d_]{3})our(s?|ed|ing)$", r"or\1", word)  # harbour, labour
    word = re.sub(r"(?<=[^\W\d_]{4})is(e|es|ed|ing|ation)$", r"iz\1", word)  # organise
    return str(_stemmer().stem(word))


def _without_accents(word: str) -> str:
    """``word`` with each letter bare: Inácio, Inacio."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(char for char in parts if not unicodedata.combining(char))


@cache
def _stemmer() -> EnglishStemmer:
    from nltk.stem.snowball import EnglishStemmer  # takes a second

    return EnglishStemmer()
