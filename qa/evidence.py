"""Whether a sentence of an article says what a clause says, by what must not be wrong in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.sentences import Span, sentence_spans
from qa.done import told_as_done, told_of_all
from qa.names import names_in
from qa.numbers import Number, numbers_in
from qa.subject import SAID, same_owner, same_subject
from qa.true_dates import without_dates, without_true_dates
from qa.wordforms import content_words, folded, is_past, negations, turning_points

OWN = 0.5  # least share of what a clause says of its subject that stands in the one sentence
MOVED = 0.2  # greatest share of the words in common that stand in another order; one always may
AROUND = 14  # words between a number and what it counts
STRETCH = 3  # words in a row that do not stand there are a statement of their own
SHORTEST = 2  # words with a meaning, below which a clause goes with the one before

# Where a clause may end.
_CLAUSE = re.compile(
    r"[;:—–]\s+"
    r"|,\s+(?=(?:and|but|which|who|while|whereas|so|as|with|because|although|where|when)\b)"
    r"|\s+(?=(?:and|but|when|while|whereas|because|although)\s)"
)
# "King Charles and Queen Camilla" are not two clauses.
_NAMES = re.compile(r"(\b[A-Z][^\s,]*) and (?=(?:the )?[A-Z])")
# After these comes the number that does not hold, or no longer does.
_CONTRAST = re.compile(
    r"\b(?:rather than|instead of|not|from|than|against|compared (?:with|to)|expected|planned)"
    r"\W*(?:the |an? |about |some )?$",
    re.IGNORECASE,
)
_IS_A = re.compile(r"\b(?:is|are|was|were|be|been) (?:an?|the) ", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|was|were|be|been|being|as|becomes?|became)\b|,", re.IGNORECASE)
# Who says it, before "said that" and after ", said" at the end.
_SPEAKER = re.compile(
    rf"^(?:and |but )?((?:(?!that\b)\S+ ){{1,9}}?){SAID.pattern} that\b", re.IGNORECASE
)
_ATTRIBUTED = re.compile(rf"^(.*),\s+([^,]*{SAID.pattern}[^,]*)$", re.IGNORECASE | re.DOTALL)
_DATELINE = re.compile(r"[A-Z]{3}[^.!?]{0,60}? (?:[–—−-]|\([A-Z]+\)) ")  # "VANCOUVER, Canada – "
_AND = re.compile(r"\s+(?:and|&)\s+(?:[a-z]+ )?")
# What comes after a verb that only helps: "was found", "will be built", "decided to leave".
_PREDICATE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|can|could|may|might|must|did|does|do"
    r"|(?:allowed|able|forced|made|ordered|told|asked|wants?|wanted|decided|voted|agreed|refused|failed"
    r"|tried|need|needs) to)\b"
    r"(?:\s+(?:going|set|due|planning|about|expected) to\b)?"
    r"(?:\s+(?:\w+ly|also|not|now|already|still|been|being|be|have|had|the|an?)\b)*"
    r"\s+(?=((?:[^\W\d_]|['’-])+))",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_HELPS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|did|does|do)\b",
    re.IGNORECASE,
)
_NO_VERBS = frozenset("as its his this us years days months weeks plus".split())


@dataclass(frozen=True)
class Evidence:
    """A sentence of an article, or all that is known around it, read for comparison."""

    text: str
    span: Span = (0, 0)

    @cached_property
    def units(self) -> list[str]:
        return units_of(self.text)

    @cached_property
    def orders(self) -> list[list[str]]:
        """The units as they stand, and where that says the same: who said it first, the place of the
        report last, "A and B" as B and A."""
        text, names = self.text, names_in(self.text)
        orders = [text]
        if said := _ATTRIBUTED.match(text):
            orders.append(f"{said[2]} {said[1]}")
        if line := _DATELINE.match(text):
            orders.append(f"{text[line.end() :]} {line[0]}")
        for one, other in pairwise(names):
            if _AND.fullmatch(between := text[one.end : other.start]):
                swapped = f"{other.text}{between}{one.text}"
                orders.append(f"{text[: one.start]}{swapped}{text[other.end :]}")
        return [units_of(order) for order in orders]

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
        return folded(self.text)


def agrees(
    clause: str, shared: Sequence[str], sentence: Evidence, known: Evidence, understood: set[str]
) -> bool:
    """Whether nothing in ``clause`` that must be right is missing from or against ``sentence``."""
    return (
        bool(shared)
        and _numbers_stand(clause, sentence, known)
        and _names_stand(clause, understood.union(sentence.units))
        and same_subject(clause, sentence.text)
        and same_owner(clause, sentence.text)
        and told_as_done(clause, sentence.text)
        and told_of_all(clause, sentence.text)
        and turning_points(clause) <= turning_points(sentence.text + " " + known.text)
        and _says_no(clause, sentence)
    )


def in_order(shared: Sequence[str], sentence: Evidence) -> bool:
    """Whether the words that a clause has in common with ``sentence`` stand nearly as they do there."""
    moved = min(_out_of_order(shared, units) for units in sentence.orders)
    return moved <= max(1, MOVED * len(shared))


def tells_the_same(clause: str, sentence: Evidence, understood: set[str]) -> bool:
    """Whether what ``clause`` says of its subject stands in the sentence, with no stretch beside."""
    own = set(sentence.units)
    if not _predicates(clause) <= own | understood:
        return False
    if verb := _PREDICATE.search(clause):
        said = units_of(without_dates(clause[verb.start() :]))
        if sum(unit in own for unit in said) < OWN * len(said):
            return False
    if (speaker := _SPEAKER.match(clause)) and not SAID.search(sentence.text):
        return False
    if speaker and not set(units_of(speaker[1])) & own:
        return False
    if _IS_A.search(clause) and not _IS.search(sentence.text):
        return False
    units = units_of(without_dates(clause))
    if units[0] not in own | understood:
        return False  # what it is about
    stretch = longest = 0
    for unit in units:
        stretch = 0 if unit in own | understood else stretch + 1
        longest = max(longest, stretch)
    return longest < STRETCH


def _numbers_stand(clause: str, sentence: Evidence, known: Evidence) -> bool:
    rest = without_true_dates(clause, (sentence.text, known.text))
    if rest is None:
        return False
    return all(
        any(
            _same(number, other)
            and counts_same(rest, number, sentence, other)
            and _contrasts(rest, number) == _contrasts(sentence.text, other)
            for other in sentence.numbers
        )
        for number in numbers_in(rest)
    )


def _contrasts(text: str, number: Number) -> bool:
    return _CONTRAST.search(text[: number.start]) is not None


def _same(number: Number, other: Number) -> bool:
    return number.value == other.value and (
        number.unit == other.unit or not (number.unit and other.unit)
    )


def counts_same(clause: str, number: Number, sentence: Evidence, other: Number) -> bool:
    """Whether the word after the number in the clause stands near the number in the sentence, too."""
    if number.unit or number.unit != other.unit:
        return number.unit == other.unit or not other.unit
    noun = counted(clause, number)
    before = len(re.findall(r"\w+", sentence.text[: other.start]))
    places = sentence.places.get(noun, [])
    return not noun or any(abs(place - before) <= AROUND for place in places)


def counted(text: str, number: Number) -> str:
    """The stem of the word right after a number, or ""."""
    after = re.match(r"[\s-]*((?:[^\W\d_]|['’-])+)", text[number.end :])
    words = content_words(after[1]) if after else []
    return words[0].stem if words else ""


def _names_stand(clause: str, words: set[str]) -> bool:
    """Whether each word of each name in ``clause`` is one of ``words``."""
    return all(unit in words for name in names_in(clause) for unit in units_of(name.text))


def _says_no(clause: str, sentence: Evidence) -> bool:
    """Whether clause and the part of the sentence that it takes its words from agree on yes and no."""
    wanted, parts = set(units_of(clause)), clauses(sentence.text)
    common = [len(wanted.intersection(units_of(part))) for part in parts]
    used = [
        part
        for part, count in zip(parts, common, strict=True)
        if count == max(common) or count * 2 > len(units_of(part))
    ]
    return negations(clause) % 2 == sum(map(negations, used)) % 2


def _out_of_order(shared: Sequence[str], stems: Sequence[str]) -> int:
    """How many shared words are not in the longest run, gaps allowed, that both have in one order."""
    row = [0] * (len(stems) + 1)
    for stem in shared:
        diagonal = 0
        for place, other in enumerate(stems, start=1):
            above = row[place]
            row[place] = diagonal + 1 if stem == other else max(above, row[place - 1])
            diagonal = above
    return len(shared) - row[-1]


def _predicates(clause: str) -> set[str]:
    """What is said to be or to have been done: "was found" gives "found"."""
    return {
        stem
        for match in _PREDICATE.finditer(clause)
        for stem in _stems_of(match[1])
        if not numbers_in(match[1])
    }


def has_verb(text: str) -> bool:
    """Whether something in ``text`` looks like a verb: one that helps, a past, or "wants"."""
    words = [word if word.islower() else "" for word in _WORDS.findall(text)]
    return (
        _HELPS.search(text) is not None
        or any(map(is_past, words))
        or any(word.endswith("s") and word not in _NO_VERBS for word in words[:-1])
    )


def taken_as_known(clause: str) -> set[str]:
    """The words of the names in ``clause``, and of what stands before its first verb that shows."""
    match = _PREDICATE.search(clause)
    subject = clause[: match.start()] if match else ""
    return _stems_of(" ".join([subject, *(name.text for name in names_in(clause))]))


def units_of(text: str) -> list[str]:
    """The words that say something, as stems, and numbers by what they are worth, in their order."""
    units: list[str] = []
    last = 0
    for number in numbers_in(text):
        units += [word.stem for word in content_words(text[last : number.start])]
        units.append(f"{number.value:g}")
        last = number.end
    return units + [word.stem for word in content_words(text[last:])]


def _stems_of(text: str) -> set[str]:
    return {word.stem for word in content_words(text)}


def is_year(number: Number) -> bool:
    """Whether it looks like a year."""
    return (
        not number.unit
        and number.value.is_integer()
        and 1800 <= number.value < 2200
        and number.end - number.start == 4
    )


def clauses(text: str) -> list[str]:
    """``text`` cut where it goes on with a statement of its own."""
    found: list[str] = []
    joined = _NAMES.sub(r"\1 & ", text)
    sentences = [joined[start:end] for start, end in sentence_spans(joined)]
    for part in [part for sentence in sentences for part in _CLAUSE.split(sentence)]:
        if found and min(len(content_words(part)), len(content_words(found[-1]))) < SHORTEST:
            found[-1] += f", {part}"
        elif part.strip():
            found.append(part)
    return found
