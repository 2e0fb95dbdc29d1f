"""What a conversation is about: the people, places, bodies and things that its words mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from qa.names import names_in
from qa.wordforms import is_past

Kind = Literal["person", "place", "body", "thing", "many"]

# Words of a name that say what it is, and that it is no person.
_BODY = frozenset(
    """
    agency airlines airways alliance army assembly association authority bank board brothers bureau
    cabinet centre center church city club college commission committee company conservatives corp
    corporation council county court democrats energy federation firm foods forum foundation fund
    government greens group guild holdings inc industries institute labour league ledger ltd
    ministry motors movement nations network office organisation organization parliament party
    police post press republicans school senate service society systems team technologies times
    trust union united university works
    """.split()
)
_THING = frozenset(
    """
    act agreement airport avenue award bridge bill building castle championship cup dam day deal
    festival final games gate hall harbour harbor hospital hotel island lake law mount mountain
    museum open palace park plan prize river road sea station street square tower treaty war
    """.split()
)
# First words of names of two that are places, or those who rule there: "South Korea beat Wales".
_BEFORE_NAMES_OF_PLACES = frozenset(
    """
    cape central costa downing east eastern el great hong latin los middle new north northern puerto
    san santa saudi south southern sri upper wall west western white
    """.split()
)
_ROLE = (
    r"(?:president|minister|mayor|chief|captain|coach|director|governor|senator|chair|chairman"
    r"|chairwoman|king|queen|prince|princess|pope|judge|leader|head|reporter|actor|actress|singer"
    r"|author|painter|player|doctor|professor|general|mrs?\.?|ms\.?|dr\.?)"
)
_BEFORE_A_PLACE = re.compile(r"\b(in|at|on|near|from|off|across|around|outside)\s+(?:the\s+)?$", re.I)
# Whose object is no person.
_OWNED_BEFORE = re.compile(
    r"\bwho (?:owns|runs|founded|heads|bought|acquired|operates|manages|chairs)\s+$", re.IGNORECASE
)
_ROLE_BEFORE = re.compile(rf"\b{_ROLE}\s+$", re.IGNORECASE)
_AGE_AFTER = re.compile(r",\s+(?:\d\d\b|an?\s|who\b|the\s)")
# A title in quotation marks is no person; one that a quoted sentence begins with may be.
_QUOTE_BEFORE = re.compile(r"[\"“‘]$")
_QUOTE_AFTER = re.compile(r"[,.!?]?(?:[\"”]|’(?!s\b))")
_PAUSE = re.compile(r"[?!,.;:()]")
_HELPERS = frozenset("do does did will would can could should".split())
_BE = frozenset("is are was were do does did".split())
_DETERMINERS = frozenset("the a an this that these those".split())
_PREPOSITIONS = frozenset("of in at on for against between near with from about over to off".split())
_PLURALS = frozenset("people children women men police workers".split())
# Words that are in no noun phrase, or end it.
_ENDS = frozenset(
    """
    who whom whose what which when where why how is are was were be been being am do does did done
    has have had having will would can could shall should may might must and or but not n't no yes
    i you he she it we they him her them us me my your his its our their there here then if because
    so than as by while after before since until during without within into through up down out
    also else ever still yet again already now today yesterday tomorrow tonight ago long far old
    many much more most less very too just only really next last first
    """.split()
)
# Verbs, which end a noun phrase, too, unless they come after an article: "the attack".
_VERBS = frozenset(
    """
    accept affect agree announce appear arrive ask attack become began begin believe belong blame
    bring build built buy call called came carry catch caught cause change choose close come complete
    consider continue cost create cut damage decide deny develop die died differ drop earn elected
    employ end ended
    exist expect explain fail fall fell feel fight find follow form get give go grow happen happened
    help hold hurt improve include involve join keep kill killed know last lead leave left like live
    look lose lost make mean meet move need offer open order originate own pay plan play please produce
    promise
    propose protest publish put quit raise reach receive recover reject release remain replace report
    resign respond return reverse rise run said say scored see sell send serve set settle shot show shut
    sign spend spread stand start started stay steal step stop stopped strike suffer support take talk
    tell think
    threaten travel try turn use visit vote want watch watched win won work worry write
    arrested based born built closed cut destroyed found founded hit held injured made paid played
    released sold stolen taken told used wounded written leads runs makes lives owns wants says
    """.split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words for somebody or something, and for a place the word before it: "in", "on"."""

    text: str
    kind: Kind
    before: str = ""


def named_in(text: str) -> list[Mention]:
    """The names in ``text``, each once, told apart by their own words and those around them.

    >>> [(m.text, m.kind) for m in named_in("Acme Corp and Jane Roe met in Paris.")]
    [('Acme Corp', 'body'), ('Jane Roe', 'person'), ('Paris', 'place')]
    """
    found: dict[str, Mention] = {}
    for name in names_in(text):
        if not content_words(name.text) and not name.text.isupper():
            continue  # "OK", "I'd"
        before, after = text[max(name.start - 40, 0) : name.start], text[name.end : name.end + 20]
        mention = _named(_person_of(name.text), before, after)
        if mention.text not in found or found[mention.text].kind == "thing" != mention.kind:
            found[mention.text] = mention
    return list(found.values())


def _person_of(name: str) -> str:
    """``name`` without what is around a person's: "Helen Aske of the Centre", "Jane Roe 6"."""
    first, of, _ = name.partition(" of ")
    words = re.sub(r"^[^\s-]+-year-old\s+|\s\d+$", "", first).split()
    is_person = len(words) > 1 and not {word.lower() for word in words} & (_BODY | _THING)
    return " ".join(words) if is_person and (words[0] != "United" or not of) else name


def _named(name: str, before: str, after: str) -> Mention:
    words = name.split()
    lowered = {word.lower() for word in words}
    place = _BEFORE_A_PLACE.search(before)
    if _ROLE_BEFORE.search(before) or re.match(rf"{_ROLE}\s", name, re.IGNORECASE):
        return Mention(name, "person")
    if (
        lowered & _BODY
        or _OWNED_BEFORE.search(before)
        or (len(words) == 1 and len(name) > 1 and name.isupper())
    ):
        return Mention(name, "body")
    if lowered & _THING and not place:
        return Mention(name, "thing")
    if place:
        return Mention(name, "place", place[1])
    if words[0].lower() in _BEFORE_NAMES_OF_PLACES:
        return Mention(name, "thing")
    is_full = 2 <= len(words) <= 4 and all(word[:1].isupper() for word in (words[0], words[-1]))
    is_title = _QUOTE_BEFORE.search(before) and _QUOTE_AFTER.match(after)
    has_article = words[0] == "The" or re.search(r"\b[Tt]he\s+$", before)
    if not is_title and not has_article and (is_full or _AGE_AFTER.match(after)):
        return Mention(name, "person")
    return Mention(name, "thing")


def things_in(question: str) -> list[Mention]:
    """The things that ``question`` is about, as it words them.

    >>> [thing.text for thing in things_in("Why did the footbridge at Brenholt fall?")]
    ['the footbridge at Brenholt']
    """
    return [Mention(text, "many" if _is_plural(text) else "thing") for text in _noun_phrases(question)]


def _noun_phrases(question: str) -> Iterator[str]:
    """Runs of words from an article, or a plural, up to a word that ends them."""
    named = [(name.start, name.end) for name in names_in(question)]
    words = list(re.finditer(r"[^\s?!,.;:()\"“”]+(?:\.(?=\w)[^\s?!,;:()\"“”]+)*", question))
    lowered = [word.group().lower() for word in words]

    def is_name(place: int) -> bool:
        return any(start <= words[place].start() < end for start, end in named)

    def is_noun(place: int, *, after_article: bool = False) -> bool:
        if place >= len(words) or (place and _PAUSE.search(_between(question, words, place))):
            return False
        word = lowered[place]
        return is_name(place) or (
            word.isascii() and word not in _ENDS and word not in _PREPOSITIONS
            and (after_article or word not in _VERBS)
            and word not in _DETERMINERS and not words[place].group()[0].isupper()
            and not word.endswith("ly") and word[0].isalpha()
        )  # fmt: skip

    place = 0
    while place < len(words):  # each round takes a word at least
        after_article = lowered[place] in _DETERMINERS
        first = place + after_article
        counted = lowered[max(place - 2, 0) : place] in (["how", "many"], ["how", "much"])
        starts = after_article or counted or _is_plural(lowered[place]) or lowered[place].isdigit()
        # "about garage doors", "are search engines": what follows a preposition, or has a plural next
        before = lowered[place - 1] if place else ""
        starts = starts or (before in _PREPOSITIONS and before != "to")
        starts = starts or (before in _BE and is_noun(place + 1) and _is_plural(lowered[place + 1]))
        if (
            not starts
            or not is_noun(first, after_article=after_article)
            or (is_name(first) and not after_article and not counted)
        ):
            place += 1
            continue
        last = first
        while True:
            following = last + 1
            # "How many firefighters fought the fire?"
            if is_noun(following) and not (counted and is_past(lowered[following])):
                last = following
            elif following < len(words) and (
                lowered[following] in _PREPOSITIONS
                or (lowered[following] == "and" and "between" in lowered[first:last])
            ):
                inner = following + 1
                has_article = inner < len(words) and lowered[inner] in _DETERMINERS
                inner += has_article
                if not is_noun(inner, after_article=has_article):
                    break
                last = inner
            else:
                break
        after = lowered[last + 1] if last + 1 < len(words) else ""
        if place and lowered[place - 1] in _HELPERS and after not in _VERBS and last > first:
            # "Why did the bridge in Genoa collapse?": the verb that has to come is its last word.
            last -= not is_name(last)
        yield question[words[place].start() : words[last].end()]
        place = last + 1


def _between(question: str, words: list[re.Match[str]], place: int) -> str:
    return question[words[place - 1].end() : words[place].start()]


def _is_plural(phrase: str) -> bool:
    words = phrase.lower().split()
    head = next(
        (words[n - 1] for n, word in enumerate(words) if n and word in _PREPOSITIONS), words[-1]
    )
    ends_so = head.endswith("s") and not head.endswith(("ss", "us", "is", "'s", "’s"))
    return head in _PLURALS or (ends_so and head not in _ENDS | _VERBS and len(head) > 3)


def is_noun_like(word: str) -> bool:
    """Whether a word in small letters may stand in a noun phrase: no verb, preposition or the like."""
    return word not in _ENDS | _VERBS | _PREPOSITIONS and word not in _DETERMINERS


def is_content(word: str) -> bool:
    """Whether a word in small letters says what is asked, rather than only how."""
    return word not in _COMMON and word not in _PREPOSITIONS and word not in _DETERMINERS


_COMMON = frozenset(
    """
    who whom whose what which when where why how is are was were be been being am do does did done
    has have had having will would can could shall should may might must and or but not no yes i you
    he she it we they him her them us me my your his its our their there here then if so than as by
    also else ever still yet again already now many much more most less very too just only really
    some any all anybody anyone somebody someone everybody nobody thing things one ones tell about
    please okay ok happen happened happens get got s t n long far exactly please oh well
    going people high big large strong bad d ll m ve re let
    """.split()
)


def content_words(text: str) -> set[str]:
    """The words of ``text`` that say what it is about, in small letters and without a plural's s.

    >>> sorted(content_words("How many wolves live in the forests?"))
    ['forest', 'live', 'wolve']
    """
    words = re.findall(r"[^\W_]+", text.lower())
    return {_singular(word) for word in words if is_content(word)}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def of_kind(mentions: Iterable[Mention], *kinds: Kind) -> list[Mention]:
    """Those of ``mentions`` that are of one of these kinds, in their order."""
    return [mention for mention in mentions if mention.kind in kinds]
