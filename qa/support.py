"""Whether articles support a sentence that a language model wrote, and with which of their sentences.

A sentence is cut into clauses.  Each must be said by one sentence of one and the same article: nearly all
of its words stand there, in nearly the same order, and what must not be wrong is right: numbers with what
they count, names, quoted words, yes and no, more and less.  The article's title, outlet and date may
supply what its sentences take as known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from index.article import Article
from index.sentences import Span
from qa.instructions import instructs
from qa.names import names_in
from qa.numbers import Number, numbers_in
from qa.plain import plain
from qa.prompt import Shown, heading
from qa.wordforms import content_words, negations, turning_points
from qa.wording import day

MOST = 3  # sentences of an article that prove one sentence
OWN = 0.5  # least share of a clause's words in its one sentence
WITH_CONTEXT, WITH_NUMBER = 0.8, 0.75  # and with what is understood; where a number stands there as well
IN_ORDER = 0.8  # least share of the words in common that stand in the same order
AROUND = 14  # words between a number and what it counts
STRETCH = 3  # words in a row that do not stand there are a statement of their own
SHORTEST = 2  # words with a meaning, below which a clause goes with the one before

_FRAME = re.compile(
    r"^(?:so,? )?(?:the answer is(?: that|:)?,? ?)?(?:(?:the|this|an?) )?(?:articles?|passages?|text|report|story|news) (?:also |further |then )?"
    r"(?:says?|said|states?|stated|mentions?|mentioned|reports?|reported|notes?|noted|adds?|added|explains?|discusse[sd]|describe[sd])"
    r"(?: that| how|:|,)? ?|^(?:so,? )?the answer is(?: that|:)? |^(?:according to|as (?:stated|reported|mentioned) in) (?:the|this) "
    r"(?:article|passage|text|report)s?,? ?",
    re.IGNORECASE,
)
# Where a clause may end.
_CLAUSE = re.compile(
    r"[;:—–]\s+|,\s+(?=(?:and|but|which|who|while|whereas|so|as|with|because|although|where|when)\b)"
    r"|\s+(?=(?:and|but|when|while|whereas|because|although)\s)|\.\s+"
)
# After these comes the number that does not hold, or no longer does.
_CONTRAST = re.compile(r"\b(?:rather than|instead of|not|from|than|against|compared (?:with|to)|expected|planned)\W*(?:the |an? |about |some )?$", re.I)
_SAYS = r"(?:also )?(?:reports?|reported|says?|said|states?|stated|writes?|wrote|notes?|noted|mentions?|mentioned)"
_IS_A = re.compile(r"\b(?:is|are|was|were|be|been) (?:an?|the) ", re.I)
_IS = re.compile(r"\b(?:is|are|was|were|be|been|being|as|becomes?|became)\b|,", re.I)
_ATTRIBUTED = re.compile(  # ", the coastguard said." at the end
    r"^(.*),\s+([^,]*\b(?:said|says|decided|found|finds|heard|announced|told|estimated|reported|shows?|showed)\b[^,]*)$",
    re.I | re.S,
)
_SAID = re.compile(
    r"\b(?:said|says?|saying|told|tells?|found|finds?|heard|announced|estimated?|reported|shows?|showed|added|wrote|called"
    r"|asked|warned|argued|according|believes?|thinks?|expects?|blamed?|blames)\b", re.I
)
_SPEAKER = re.compile(rf"^(?:and |but )?((?:(?!that\b)\S+ ){{1,9}}?){_SAID.pattern} that\b", re.I)
_PREDICATE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|can|could|may|might|must|did|does|do"
    r"|(?:allowed|able|forced|made|ordered|told|asked|wants?|wanted|decided|voted|agreed|refused|failed|tried|need|needs) to)\b"
    r"(?:\s+(?:going|set|due|planning|about|expected) to\b)?"
    r"(?:\s+(?:\w+ly|also|not|now|already|still|been|being|be|have|had|the|an?)\b)*\s+(?=((?:[^\W\d_]|['’-])+))", re.I
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”»]?|(?<!\w)[‘']([^‘’']{2,})[’'](?!\w)")
_PRONOUN = re.compile(
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|such|both|the former|the latter)\b", re.I
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = re.compile(rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}}(?!\d)(?:st|nd|rd|th)?)(?:,?\s+\d{{4}})?|\b(?:{_MONTHS})\s+\d{{4}}", re.I)


@dataclass(frozen=True, slots=True)
class Proof:
    """Sentences of an article that prove a sentence, as offsets into its text; ``text`` is the sentence.

    ``corrected`` says whether a number in it was wrong and has been put right.
    """

    text: str
    passage: Shown
    sentences: tuple[Span, ...]
    corrected: bool = False


@dataclass(frozen=True)
class _Evidence:
    """A sentence of an article, or all that is known around it, read for comparison."""

    text: str
    span: Span = (0, 0)

    @cached_property
    def units(self) -> list[str]:
        return _units(self.text)

    @cached_property
    def orders(self) -> list[list[str]]:
        """The units as they stand, and with who said it first."""
        said = _ATTRIBUTED.match(self.text)
        return [self.units, *([_units(f"{said[2]} {said[1]}")] if said else [])]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for word in content_words(self.text):
            places.setdefault(word.stem, []).append(word.place)
        return places

    @cached_property
    def numbers(self) -> list[Number]:
        return numbers_in(self.text)

    @cached_property
    def folded(self) -> str:
        return _fold(self.text)


def prove(text: str, passages: Sequence[Shown], cites: Sequence[int] = ()) -> Proof | None:
    """The proof of the sentence ``text`` in ``passages``, those that it cites first; None if there is none.

    Where all but one number is proven, and the proof has just one other number in its place, that is
    put in.
    """
    if not _is_statement(text, cites):
        return None
    order = sorted(passages, key=lambda passage: passage.number not in cites)
    for passage in order:
        body = _bare(text, passage)
        if spans := _proving(_unframed(body), passage):
            return Proof(body, passage, spans)
    for passage in order:
        for corrected in _corrections(_unframed(text), passage):
            if spans := _proving(corrected, passage):
                return Proof(corrected, passage, spans, corrected=True)
    return None


def leans_on_another(text: str) -> bool:
    """Whether the sentence says only by the one before it whom or what it is about: "She left"."""
    return _PRONOUN.match(_unframed(text)) is not None


def _is_statement(text: str, cites: Sequence[int]) -> bool:
    finished = bool(cites) or text.rstrip("\"'”’)»").endswith((".", "!"))
    return finished and not text.endswith("?") and len(content_words(text)) > 1 and not instructs(text)


def _proving(text: str, passage: Shown) -> tuple[Span, ...]:
    """The sentences of ``passage`` that together prove ``text``; none if they do not."""
    article = passage.hit.article
    evidence = [
        _Evidence(words, (start, end))
        for start, end in passage.sentences
        if not instructs(words := plain(article.text[start:end]))
    ]
    known = _Evidence(_about(article))
    text = _unattributed(text, article)
    if not _quotes_stand(text, evidence, known):
        return ()
    chosen: list[Span] = []
    for clause in _clauses(text):
        best = _best(clause, evidence, known)
        if best is None:
            return ()
        if best.span not in chosen:
            chosen.append(best.span)
    return tuple(sorted(chosen)) if len(chosen) <= MOST else ()


def _best(clause: str, evidence: Sequence[_Evidence], known: _Evidence) -> _Evidence | None:
    """The sentence that says what ``clause`` says, with most of its words."""
    wanted = _units(_DATE.sub(" ", clause))
    best, best_share = None, 0.0
    for place, sentence in enumerate(evidence):
        own = set(sentence.units)
        # Names and the subject are said once in an article and understood from then on.
        earlier = set().union(*(other.units for other in evidence[:place]))
        understood = set(known.units) | (earlier & _understood(clause))
        shared = [stem for stem in wanted if stem in own]
        share = len(shared) / max(len(wanted), 1)
        together = sum(stem in own or stem in understood for stem in wanted) / max(len(wanted), 1)
        if share <= best_share or share < OWN or together < (WITH_NUMBER if numbers_in(clause) else WITH_CONTEXT):
            continue
        if _tells_the_same(clause, sentence, understood) and _agrees(clause, shared, sentence, known, understood):
            best, best_share = sentence, share
    return best


def _tells_the_same(clause: str, sentence: _Evidence, understood: set[str]) -> bool:
    """Whether what ``clause`` says of its subject stands in the sentence, with no stretch of its own."""
    own = set(sentence.units)
    if not _predicates(clause) <= own | understood:
        return False
    if verb := _PREDICATE.search(clause):
        said = _units(_DATE.sub(" ", clause[verb.start() :]))
        if sum(unit in own for unit in said) < OWN * len(said):
            return False
    if (speaker := _SPEAKER.match(clause)) and not _SAID.search(sentence.text):
        return False
    if speaker and not set(_units(speaker[1])) & own:
        return False
    if _IS_A.search(clause) and not _IS.search(sentence.text):
        return False
    units = _units(_DATE.sub(" ", clause))
    if units[0] not in own | understood:
        return False  # what it is about
    stretch = longest = 0
    for unit in units:
        stretch = 0 if unit in own | understood else stretch + 1
        longest = max(longest, stretch)
    return longest < STRETCH


def _units(text: str) -> list[str]:
    """The words that say something, as stems, and numbers by what they are worth, in their order."""
    units, last = [], 0
    for number in numbers_in(text):
        units += [word.stem for word in content_words(text[last : number.start])] + [f"{number.value:g}"]
        last = number.end
    return units + [word.stem for word in content_words(text[last:])]


def _understood(clause: str) -> set[str]:
    """The words of the names in ``clause``, and of what stands before its first verb that shows."""
    match = _PREDICATE.search(clause)
    subject = clause[: match.start()] if match else ""
    return _stems_of(" ".join([subject, *(name.text for name in names_in(clause))]))


def _predicates(clause: str) -> set[str]:
    """What is said to be or to have been done: "was found" gives "found"."""
    return {stem for match in _PREDICATE.finditer(clause) for stem in _stems_of(match[1]) if not numbers_in(match[1])}


def _agrees(
    clause: str, shared: Sequence[str], sentence: _Evidence, known: _Evidence, understood: set[str]
) -> bool:
    """Whether nothing in ``clause`` that must be right is missing from or against ``sentence``."""
    return (
        bool(shared)
        and _numbers_stand(clause, sentence, known)
        and _names_stand(clause, understood.union(sentence.units))
        and turning_points(clause) <= turning_points(sentence.text + " " + known.text)
        and _says_no(clause, sentence)
        and max(_in_order(shared, units) for units in sentence.orders) >= IN_ORDER
    )


def _numbers_stand(clause: str, sentence: _Evidence, known: _Evidence) -> bool:
    rest = _without_dates(clause, sentence, known)
    if rest is None:
        return False
    return all(
        any(
            _same(number, other)
            and _counts_same(rest, number, sentence, other)
            and _contrasts(rest, number) == _contrasts(sentence.text, other)
            for other in sentence.numbers
        )
        for number in numbers_in(rest)
    )


def _without_dates(clause: str, sentence: _Evidence, known: _Evidence) -> str | None:
    """``clause`` less the dates in it, if they stand in the sentence or are its article's; else None."""
    for match in _DATE.finditer(clause):
        parts = re.findall(r"[a-z]{3,}|\d+", match.group().lower())
        year = [part for part in parts if len(part) == 4 and part.isdigit()]
        of_day = {part for part in parts if part not in year}
        texts = [place.text.lower() for place in (sentence, known)]
        days = [found.group() for text in texts for found in _DATE.finditer(text)]
        stands = any(of_day <= set(re.findall(r"[a-z]{3,}|\d+", text)) for text in (days if len(of_day) > 1 else texts))
        if not stands or any(part not in " ".join(texts) for part in year):
            return None
    return _DATE.sub(" ", clause)


def _contrasts(text: str, number: Number) -> bool:
    return _CONTRAST.search(text[: number.start]) is not None


def _same(number: Number, other: Number) -> bool:
    return number.value == other.value and (number.unit == other.unit or not (number.unit and other.unit))


def _counts_same(clause: str, number: Number, sentence: _Evidence, other: Number) -> bool:
    """Whether the word after the number in the clause stands near the number in the sentence, too."""
    if number.unit or number.unit != other.unit:
        return number.unit == other.unit or not other.unit
    counted = _counted(clause, number)
    before = len(re.findall(r"\w+", sentence.text[: other.start]))
    places = sentence.places.get(counted, [])
    return not counted or any(abs(place - before) <= AROUND for place in places)


def _counted(text: str, number: Number) -> str:
    """The stem of the word right after a number, or ""."""
    after = re.match(r"[\s-]*((?:[^\W\d_]|['’-])+)", text[number.end :])
    words = content_words(after[1]) if after else []
    return words[0].stem if words else ""


def _is_year(number: Number) -> bool:
    return not number.unit and number.value.is_integer() and 1800 <= number.value < 2200 and number.end - number.start == 4


def _stems_of(text: str) -> set[str]:
    return {word.stem for word in content_words(text)}


def _names_stand(clause: str, words: set[str]) -> bool:
    """Whether each word of each name in ``clause`` is one of ``words``."""
    return all(unit in words for name in names_in(clause) for unit in _units(name.text))


def _says_no(clause: str, sentence: _Evidence) -> bool:
    """Whether clause and the clauses of the sentence that it takes its words from agree on yes and no."""
    wanted, parts = set(_units(clause)), _clauses(sentence.text)
    common = [len(wanted.intersection(_units(part))) for part in parts]
    used = [
        part
        for part, count in zip(parts, common, strict=True)
        if count == max(common) or count * 2 > len(_units(part))
    ]
    return negations(clause) % 2 == sum(map(negations, used)) % 2


def _in_order(shared: Sequence[str], stems: Sequence[str]) -> float:
    """The longest run of shared words, gaps allowed, that both have in the same order, as a share."""
    if not shared:
        return 0.0
    row = [0] * (len(stems) + 1)
    for stem in shared:
        diagonal = 0
        for place, other in enumerate(stems, start=1):
            above = row[place]
            row[place] = diagonal + 1 if stem == other else max(above, row[place - 1])
            diagonal = above
    return row[-1] / len(shared)


def _quotes_stand(text: str, evidence: Sequence[_Evidence], known: _Evidence) -> bool:
    quoted = [_fold(match[1] or match[2]) for match in _QUOTED.finditer(text)]
    whole = " ".join([known.folded, *(sentence.folded for sentence in evidence)])
    return all(words in whole for words in quoted)


def _corrections(text: str, passage: Shown) -> list[str]:
    """``text`` with one number that is not in the passage put right, each way that is beyond doubt."""
    article, found = passage.hit.article, []
    for number in numbers_in(text):
        for start, end in passage.sentences:
            sentence = _Evidence(plain(article.text[start:end]))
            others = [
                other
                for other in sentence.numbers
                if other.unit == number.unit
                and _is_year(other) == _is_year(number)
                and (number.unit or _is_year(number) or _counted(text, number))
                and not any(other.value == own.value for own in numbers_in(text))
                and _counts_same(text, Number(other.value, other.unit, number.start, number.end), sentence, other)
            ]
            if any(number.value == other.value for other in sentence.numbers) or len(others) != 1:
                continue
            right = sentence.text[others[0].start : others[0].end].strip()
            found.append(text[: number.start] + right + text[number.end :])
    return found


def _clauses(text: str) -> list[str]:
    clauses: list[str] = []
    for part in _CLAUSE.split(text):
        if clauses and (len(content_words(part)) < SHORTEST or len(content_words(clauses[-1])) < SHORTEST):
            clauses[-1] += f", {part}"
        elif part.strip():
            clauses.append(part)
    return clauses


def _unframed(text: str) -> str:
    """``text`` without "The article says that"."""
    for _ in range(2):
        text = _FRAME.sub("", text, count=1) or text
    return text


def _unattributed(text: str, article: Article) -> str:
    """``text`` without "The Meridian reported that" where The Meridian is the article's outlet."""
    if not article.source:
        return text
    name = rf"(?:the )?{re.escape(re.sub('^the ', '', article.source, flags=re.I))}"
    text = re.sub(rf"^{name} {_SAYS}(?: that|:|,)? ", "", text, flags=re.I)
    text = re.sub(rf" (?:in|of|by) {name}(?= )", "", text, count=1, flags=re.I)
    return re.sub(rf"^according to {name},? |,? according to {name}(?=[.,]|$)", "", text, flags=re.I)


def _bare(text: str, passage: Shown) -> str:
    """``text`` without its passage's heading, which some models repeat."""
    head = heading(passage.hit)
    outlet_and_day = head.partition(": ")[0] + ":"
    for start in (head, outlet_and_day):
        if text.startswith(start) and len(rest := text[len(start) :].lstrip(" .:")) > 0:
            return rest
    return text


def _about(article: Article) -> str:
    parts = (article.title, article.author, day(article.published) if article.published else None)
    return plain(". ".join(filter(None, parts)))


def _fold(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
