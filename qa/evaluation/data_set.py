"""A set to measure on: a folder with articles.jsonl (or .jsonl.gz) and questions.jsonl."""

from __future__ import annotations

import gzip
import random
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from index.article import first_instant, last_instant
from index.errors import EvaluationError

SEED = 7  # of the order in which a sample takes questions


class Record(BaseModel):
    """A line of a file; fields that are not known here do no harm."""

    model_config = ConfigDict(frozen=True)


class Evidence(Record):
    """An article that answers a question, by its id, and its words that do so."""

    article: str
    quote: str | None = None


class Question(Record):
    """A question; ``as_of`` is the day it was asked (ISO 8601), None is today.

    Whether it is ``answerable`` may be unknown (None).  ``since``, ``until`` and ``sources`` are limits
    that it was asked with.  ``turned_down`` are the quotes of an answer that somebody called wrong.
    For a follow-up, ``history`` is the conversation before it, as ``ask`` takes it, and
    ``standalone`` the question as a person words it who knows that conversation.
    """

    id: str
    question: str
    kind: str
    answerable: bool | None
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    as_of: str | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    turned_down: tuple[Evidence, ...] = ()
    history: tuple[dict[str, str], ...] = ()
    standalone: str | None = None

    @property
    def facts(self) -> list[str]:
        """The words of its evidence, where the set tells them."""
        quotes = [evidence.quote or "" for evidence in self.evidence]
        return [quote for quote in quotes if any(map(str.isalnum, quote))]

    @property
    def yes_or_no(self) -> bool:
        """Whether it is answered by "yes" or "no", words that stand in any text."""
        plain = {answer.casefold().strip(" .!") for answer in self.answers}
        return bool(plain) and plain <= {"yes", "no"}


class SetArticle(Record):
    """What is known of an article beside its text."""

    id: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class DataSet:
    """The files of a set, read; ``articles`` by their ids."""

    folder: Path
    articles_file: Path
    articles: dict[str, SetArticle]
    questions: tuple[Question, ...]

    def base_id(self, article_id: str) -> str:
        """The set's id of an article in an index, which may be a part of one: ``ID#2``."""
        base = article_id.rpartition("#")[0]
        return base if article_id not in self.articles and base in self.articles else article_id


def read_data_set(folder: Path) -> DataSet:
    """The set in ``folder``.

    Raises EvaluationError, with file and line, for what is missing or not as it should be.
    """
    if not folder.is_dir():
        raise EvaluationError(f"there is no folder {folder}; name one with articles and questions")
    names = ("articles.jsonl", "articles.jsonl.gz")
    articles_file = next((folder / name for name in names if (folder / name).is_file()), None)
    if articles_file is None:
        raise EvaluationError(f"{folder} has no articles.jsonl and no articles.jsonl.gz")
    questions_file = folder / "questions.jsonl"
    questions = tuple(read_lines(questions_file, Question))
    if not questions:
        raise EvaluationError(f"{questions_file} has no questions; write one a line")
    articles = {article.id: article for article in read_lines(articles_file, SetArticle)}
    for question in questions:
        for evidence in question.evidence:
            if evidence.article not in articles:
                raise EvaluationError(
                    f"{questions_file}: the evidence of question {question.id} names the article "
                    f"{evidence.article!r}, which {articles_file.name} does not have"
                )
    return DataSet(folder, articles_file, articles, questions)


R = TypeVar("R", bound=Record)


def read_lines(path: Path, kind: type[R]) -> Iterator[R]:
    """The records of a JSON Lines file, plain or gzip.  Raises EvaluationError."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _record(line, kind, f"{path}, line {number}")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise EvaluationError(f"{path} cannot be read: {reason}") from None


def _record(line: bytes, kind: type[R], where: str) -> R:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        message = first["msg"][:1].lower() + first["msg"][1:]
        raise EvaluationError(f"{where}: {field + ': ' if field else ''}{message}") from None


def known_by(data: DataSet, until: str) -> tuple[Question, ...]:
    """The questions as they stand when nothing counts that was published after ``until``.

    Evidence from later is taken away, and so is undated evidence, which no limit on dates lets in.
    A question that loses all of its evidence has no answer.  Raises EvaluationError.
    """
    try:
        last = last_instant(until)
    except ValueError:
        raise EvaluationError(f"until {until!r} is not a date; write it as 2020-11-15") from None
    return tuple(_known_by(question, last, data) for question in data.questions)


def _known_by(question: Question, last: float, data: DataSet) -> Question:
    known = tuple(e for e in question.evidence if _published(data, e.article) <= last)
    if question.evidence and not known:
        return question.model_copy(update={"answerable": False, "answers": (), "evidence": ()})
    return question.model_copy(update={"evidence": known})


def _published(data: DataSet, article_id: str) -> float:
    published = data.articles[article_id].published
    try:
        return first_instant(published) if published else float("inf")
    except ValueError:
        raise EvaluationError(
            f"{data.articles_file}: article {article_id} was published {published!r}, "
            "which is not an ISO 8601 date"
        ) from None


def sample(questions: Sequence[Question], limit: int) -> list[Question]:
    """``limit`` questions, as evenly from the kinds as they have them, in the set's order.

    The same ones each time, and a larger sample holds the smaller one.
    """
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        kinds[question.kind].append(place)
    for places in kinds.values():
        random.Random(SEED).shuffle(places)  # noqa: S311  # a sample, no secret
    rounds = chain.from_iterable(zip_longest(*(kinds[kind] for kind in sorted(kinds))))
    taken = [place for place in rounds if place is not None][:limit]
    return [questions[place] for place in sorted(taken)]
