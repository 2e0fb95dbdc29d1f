"""A question of a conversation and what came of it; and how the browser, which keeps it, sends it.

What comes from a browser is checked here, once: everything after this may rely on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from index.errors import QuestionError
from qa.answer import Answer, ArticleRef, Citation

MOST_OUTLETS, NAME = 1000, 500  # that a question may be limited to; characters of the name of one
MOST_TURNS = 200  # of a conversation that one request may hold
COPIES = 20  # other articles with a quote's words that the page names
HISTORY = 12  # turns that a follow-up is understood from
OTHER_VERSION = "This answer was saved by another version of the page; ask again to see one."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question is asked of: days (ISO 8601, both included), outlets, and the day it is as of."""

    since: str | None = None
    until: str | None = None
    sources: Annotated[
        tuple[Annotated[str, Field(max_length=NAME)], ...], Field(max_length=MOST_OUTLETS)
    ] = ()
    as_of: str | None = None

    @property
    def are_on(self) -> bool:
        """Whether anything is left out."""
        return bool(self.since or self.until or self.sources or self.as_of)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, numbered from 1, and what came of it: an answer or an error in one line."""

    number: int
    question: str
    answer: Answer | None = None
    error: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Said:
    """A turn that was answered, as far as a follow-up needs it."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question from the browser; ``run`` is the browser's own name for this try."""

    run: str
    number: int
    question: str
    said: tuple[Said, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def history(self) -> list[dict[str, str]]:
        """The turns before, as the pipeline takes them."""
        turns = []
        for said in self.said[-HISTORY:]:
            turns.append({"role": "user", "content": said.question})
            turns.append({"role": "assistant", "content": said.text})
        return turns


@dataclass(frozen=True, slots=True)
class _Kept:
    question: str
    answer: dict[str, Any] | None = None
    error: str | None = None
    limits: Limits = field(default_factory=Limits)


_ASKED = TypeAdapter(Asked)
_KEPT = TypeAdapter(list[_Kept])
_ANSWER = TypeAdapter(Answer)


def bounded(answer: Answer) -> Answer:
    """``answer`` with no more copies of a quote than the page and the browser have room for.

    That is one more than are named, which tells that there are more.
    """
    citations = (
        replace(citation, also_in=citation.also_in[: COPIES + 1]) for citation in answer.citations
    )
    return replace(answer, citations=tuple(citations))


def asked(sent: Any) -> Asked:
    """The question that a browser sent.  Raises QuestionError for anything else."""
    try:
        return _ASKED.validate_python(sent)
    except ValidationError as error:
        raise QuestionError(_why(error)) from None


def kept(sent: Any) -> list[Turn]:
    """The turns that a browser kept.

    An answer that this version cannot read becomes an error in its turn.  Raises QuestionError for
    what is no conversation at all.
    """
    try:
        records = _KEPT.validate_python(sent)
    except ValidationError as error:
        raise QuestionError(_why(error)) from None
    if len(records) > MOST_TURNS:
        raise QuestionError(f"a conversation has at most {MOST_TURNS} questions; start a new one")
    return [_turn(number, record) for number, record in enumerate(records, start=1)]


def _turn(number: int, record: _Kept) -> Turn:
    answer, error = None, record.error
    if record.answer is not None:
        try:
            answer = _ANSWER.validate_python(record.answer)
            if not _is_whole(answer):
                raise ValueError
        except ValueError:  # pydantic's ValidationError is one
            answer, error = None, OTHER_VERSION
    return Turn(number, record.question, answer, error, record.limits)


def _is_whole(answer: Answer) -> bool:
    """Whether what is shown of it can be: markers have cards, and days are days."""
    numbers = {citation.number for citation in answer.citations}
    cited = {number for sentence in answer.sentences for number in sentence.citations}
    limits = (answer.searched.since, answer.searched.until)
    days = [*limits, *(article.published for article in _articles(answer))]
    uncited = any(not sentence.citations for sentence in answer.sentences)
    whole = answer.abstained or bool(answer.sentences)
    return whole and cited <= numbers and not uncited and all(map(_is_day, filter(None, days)))


def _articles(answer: Answer) -> Iterator[Citation | ArticleRef]:
    yield from answer.nearest
    for citation in answer.citations:
        yield citation
        yield from citation.also_in


def _is_day(published: str) -> bool:
    try:
        date.fromisoformat(published[:10])
        datetime.fromisoformat(published)
    except ValueError:
        return False
    return True


def _why(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"the page sent something that is no question ({where}: {first['msg']}); load it anew"
