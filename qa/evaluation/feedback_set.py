"""What people think of answers, as a set to measure on: the articles are those that were asked.

thumb  of               what is expected of the next answer
up     an answer        the same articles are found, and its words stand in the answer again
up     an abstention    it abstains again
down   an answer        it does not say the same again; what would be right is not known
down   an abstention    it answers
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from index import open_index
from index.errors import EvaluationError
from index.manifest import Manifest
from qa.evaluation.data_set import DataSet, Evidence, Question, Record, SetArticle, read_lines
from qa.feedback import Thumb
from qa.language_model import QUOTES


class _Citation(Record):
    article: str
    quote: str
    answer: str | None = None


class _Answer(Record):
    abstained: bool
    writer: str
    citations: tuple[_Citation, ...] = ()


class _Scope(Record):
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    as_of: str | None = None


class _Feedback(Record):
    id: str
    thumb: Thumb | None
    question: str
    history: tuple[dict[str, str], ...] = ()
    scope: _Scope
    answer: _Answer


def read_feedback(path: Path, index_dir: Path) -> tuple[DataSet, Manifest]:
    """The feedback in a file that ``write_feedback`` has written, and the manifest of the index.

    Of lines with one id the last counts.  An article that is no longer in the index is still wanted.
    Raises EvaluationError, NoIndexError or IndexUnavailableError.
    """
    latest = {feedback.id: feedback for feedback in read_lines(path, _Feedback)}
    questions = tuple(_questions(latest.values()))
    if not questions:
        raise EvaluationError(f"{path} has no feedback; give a thumb up or down on the chat page")
    wanted = (evidence.article for question in questions for evidence in question.evidence)
    articles = {article: SetArticle(id=article) for article in wanted}
    with open_index(index_dir) as index:
        for article in index.articles():
            articles[article.id] = SetArticle(
                id=article.id, title=article.title, published=article.published
            )
        return DataSet(path, path, articles, questions), index.manifest


def _questions(given: Iterable[_Feedback]) -> Iterator[Question]:
    for feedback in given:
        if feedback.thumb is not None:
            yield _question(feedback, feedback.thumb)


def _question(feedback: _Feedback, thumb: Thumb) -> Question:
    answer, scope = feedback.answer, feedback.scope
    cited = tuple(Evidence(article=cited.article, quote=cited.quote) for cited in answer.citations)
    good = thumb == "up" and not answer.abstained
    known = answer.abstained or good
    return Question(
        id=feedback.id,
        question=feedback.question,
        kind=f"{thumb}, {'abstained' if answer.abstained else 'answered'}",
        answerable=(good or thumb == "down") if known else None,
        answers=_words(answer) if good else (),
        evidence=cited if good else (),
        turned_down=cited if thumb == "down" else (),
        history=feedback.history,
        as_of=scope.as_of,
        since=scope.since,
        until=scope.until,
        sources=scope.sources,
    )


def _words(answer: _Answer) -> tuple[str, ...]:
    """The few words that answered the question, where they were told, else the quotes.

    A language model may word it otherwise the next time.
    """
    few = tuple(cited.answer for cited in answer.citations if cited.answer)
    if few or answer.writer != QUOTES:
        return few
    return tuple(cited.quote for cited in answer.citations)
