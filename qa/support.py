"""Whether articles support a sentence that a language model wrote, and with which of their sentences.

A sentence is cut into clauses.  Each must be said by one sentence of one and the same article: nearly
all of its words stand there, in nearly the same order, and what must not be wrong is right: numbers
with what they count, names, quoted words, yes and no, more and less.  The article's title, author and
date may supply what its sentences take as known.  The cross-encoder alone would let a third of what is
made up through: it likes a wrong number as much as the right one (benchmarks/support.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article
from index.sentences import Span
from qa.evidence import (
    Evidence,
    agrees,
    clauses,
    counted,
    counts_same,
    has_verb,
    in_order,
    is_year,
    taken_as_known,
    tells_the_same,
    units_of,
)
from qa.instructions import instructs
from qa.numbers import Number, numbers_in
from qa.plain import plain
from qa.prompt import Shown, heading
from qa.true_dates import without_dates
from qa.wordforms import content_words, folded
from qa.wording import day

MOST = 3  # sentences of an article that prove one sentence
SHORTEST = 5  # words of what "the answer is", to be a sentence
SHORT = 4  # words of anything else, below which it must have a verb

_SAYS = (
    r"(?:says?|said|states?|stated|mentions?|mentioned|reports?|reported|notes?|noted|adds?|added"
    r"|wrote)"
)
_PIECE = r"(?:articles?|passages?|text|report|story|news)"
_THE_ANSWER = r"(?:so,? )?the answer (?:to (?:the|this|that|your) question )?is"
_FRAME = re.compile(
    rf"^(?:{_THE_ANSWER}(?: that|:)?,? ?)?(?:(?:the|this|an?) )?{_PIECE} (?:also |further |then )?"
    rf"(?:{_SAYS}|explains?|discusse[sd]|describe[sd])(?: that| how|:|,)? ?"
    rf"|^{_THE_ANSWER}(?: that|:)? "
    rf"|^(?:according to|as (?:stated|reported|mentioned) in) (?:the|this) {_PIECE},? ?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf",? (?:according to|as per|as (?:stated|mentioned|reported) in) the {_PIECE}[^,.]*(?=\.$)", re.I
)
_ANSWER = re.compile(rf"{_THE_ANSWER}(?! that\b)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”»]?|(?<!\w)[‘']([^‘’']{2,})[’'](?!\w)")
# "Built in 1968, not 2024": what no article says may be left out and the rest still be told.
_NOT_THAT = re.compile(
    r", (?:and )?not (?:in |the |an? |about )?(?=[\d$€£])(?![^,.;]*\bbut\b)[^,.;]*(?=[,.;]|$)"
)
_PRONOUN = re.compile(
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|such|both|the former|the latter)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of a clause must stand in its one sentence.

    ``own`` is the least share of its words in that sentence, ``understood`` with what is understood,
    and ``number`` the same where a number stands there as well.  If ``literal``, what it says must be
    said with the same words, in nearly the same order.
    """

    own: float
    understood: float
    number: float
    literal: bool


STRICT = Bar(0.5, 0.8, 0.75, literal=True)


@dataclass(frozen=True, slots=True)
class Proof:
    """Sentences of an article, as offsets into its text, that prove the sentence ``text``.

    ``corrected`` says whether a number in it was wrong and has been put right.
    """

    text: str
    passage: Shown
    sentences: tuple[Span, ...]
    corrected: bool = False


def prove(text: str, passages: Sequence[Shown], cites: Sequence[int] = ()) -> Proof | None:
    """The proof of the sentence ``text`` in ``passages``, first in those that it cites, or None.

    What it says a number is not ("in 1968, not 2024") is left out of it where only the rest is proven.
    Where all but one number is proven, and the proof has just one other number in its place, that is
    put in.  A phrase says nothing that could be proven without the question.
    """
    if not is_statement(text, cites) or is_phrase(text):
        return None
    order = sorted(passages, key=lambda passage: passage.number not in cites)
    for claimed in dict.fromkeys((text, _NOT_THAT.sub("", text))):
        for passage in order:
            body = bare(claimed, passage)
            if spans := proving(unframed(body), passage):
                return Proof(body, passage, spans)
    for passage in order:
        for corrected in _corrections(unframed(text), passage):
            if spans := proving(corrected, passage):
                return Proof(corrected, passage, spans, corrected=True)
    return None


def leans_on_another(text: str) -> bool:
    """Whether the sentence says only by the one before it whom or what it is about: "She left"."""
    return _PRONOUN.match(unframed(text)) is not None


def is_statement(text: str, cites: Sequence[int]) -> bool:
    """Whether ``text`` is a finished sentence that says something, and nothing to a machine."""
    return (
        is_finished(text, cites)
        and not text.endswith("?")
        and len(content_words(text)) > 1
        and not instructs(unframed(text))
    )


def is_finished(text: str, cites: Sequence[int]) -> bool:
    """Whether ``text`` ends as a sentence does, or in its citations."""
    return bool(cites) or text.rstrip("\"'”’)»").endswith((".", "!"))


def proving(text: str, passage: Shown, bar: Bar = STRICT) -> tuple[Span, ...]:
    """The sentences of ``passage`` that together prove ``text``; none if they do not."""
    article = passage.hit.article
    evidence = [
        Evidence(words, (start, end))
        for start, end in passage.sentences
        if not instructs(words := plain(article.text[start:end]))
    ]
    known = Evidence(about(article))
    text = _unattributed(text, article)
    if not _quotes_stand(text, evidence, known):
        return ()
    chosen: list[Span] = []
    for clause in clauses(text):
        best = _best(clause, evidence, known, bar)
        if best is None:
            return ()
        if best.span not in chosen:
            chosen.append(best.span)
    return tuple(sorted(chosen)) if len(chosen) <= MOST else ()


def _best(clause: str, evidence: Sequence[Evidence], known: Evidence, bar: Bar) -> Evidence | None:
    """The sentence that says what ``clause`` says, with most of its words."""
    wanted = units_of(without_dates(clause))
    best: Evidence | None = None
    best_share = 0.0
    for place, sentence in enumerate(evidence):
        own = set(sentence.units)
        # Names and the subject are said once in an article and understood from then on.
        earlier: set[str] = set().union(*(other.units for other in evidence[:place]))
        understood = set(known.units) | (earlier & taken_as_known(clause))
        shared = [stem for stem in wanted if stem in own]
        share = len(shared) / max(len(wanted), 1)
        together = sum(stem in own or stem in understood for stem in wanted) / max(len(wanted), 1)
        least = bar.number if numbers_in(clause) else bar.understood
        if share <= best_share or share < bar.own or together < least:
            continue
        if bar.literal and not (
            tells_the_same(clause, sentence, understood) and in_order(shared, sentence)
        ):
            continue
        if agrees(clause, shared, sentence, known, understood):
            best, best_share = sentence, share
    return best


def _quotes_stand(text: str, evidence: Sequence[Evidence], known: Evidence) -> bool:
    quoted = [folded(match[1] or match[2]) for match in _QUOTED.finditer(text)]
    whole = " ".join([known.folded, *(sentence.folded for sentence in evidence)])
    return all(words in whole for words in quoted)


def _corrections(text: str, passage: Shown) -> list[str]:
    """``text`` with one number that is not in the passage put right, each way that is beyond doubt."""
    article, found = passage.hit.article, []
    for number in numbers_in(text):
        for start, end in passage.sentences:
            sentence = Evidence(plain(article.text[start:end]))
            others = [
                other
                for other in sentence.numbers
                if other.unit == number.unit
                and is_year(other) == is_year(number)
                and (number.unit or is_year(number) or counted(text, number))
                and not any(other.value == own.value for own in numbers_in(text))
                and counts_same(
                    text, Number(other.value, other.unit, number.start, number.end), sentence, other
                )
            ]
            if any(number.value == other.value for other in sentence.numbers) or len(others) != 1:
                continue
            right = sentence.text[others[0].start : others[0].end].strip()
            found.append(text[: number.start] + right + text[number.end :])
    return found


def bare(text: str, passage: Shown) -> str:
    """``text`` without its passage's heading, which some models repeat."""
    head = heading(passage.hit)
    outlet_and_day = head.partition(": ")[0] + ":"
    for start in (head, outlet_and_day):
        if text.startswith(start) and len(rest := text[len(start) :].lstrip(" .:")) > 0:
            return rest
    return text


def is_bare_answer(text: str) -> bool:
    """Whether it is "The answer is" and a few words, none of them for a machine."""
    return is_phrase(text) and _ANSWER.match(text) is not None and not instructs(unframed(text))


def is_phrase(text: str) -> bool:
    """Whether it is no sentence but words that may answer one: "The answer is: Acme", "3 May."

    >>> is_phrase("The answer is: Elin Marsk."), is_phrase("Elin Marsk left.")
    (True, False)
    >>> is_phrase("The new nuggets."), is_phrase("The nuggets are new.")
    (True, False)
    """
    bare, count = unframed(text), len(units_of(unframed(text)))
    short = _ANSWER.match(text) is not None and count < SHORTEST
    return short or (count < SHORT and not has_verb(bare))


def unframed(text: str) -> str:
    """``text`` without "The article says that"."""
    for _ in range(2):  # "The answer is: The article says that"
        text = _FRAME.sub("", text, count=1) or text
    return _AFTER.sub("", text)


def _unattributed(text: str, article: Article) -> str:
    """``text`` without "The Meridian reported that" where The Meridian is the article's outlet."""
    if not article.source:
        return text
    name = rf"(?:the )?{re.escape(re.sub('^the ', '', article.source, flags=re.I))}"
    text = re.sub(rf"^{name} (?:also )?{_SAYS}(?: that|:|,)? ", "", text, flags=re.I)
    text = re.sub(rf" (?:in|of|by) {name}(?= )", "", text, count=1, flags=re.I)
    return re.sub(rf"^according to {name},? |,? according to {name}(?=[.,]|$)", "", text, flags=re.I)


def about(article: Article) -> str:
    """What is known of an article beside its text, which its sentences take as known."""
    parts = (article.title, article.author, day(article.published) if article.published else None)
    return plain(". ".join(filter(None, parts)))
