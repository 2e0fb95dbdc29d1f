"""The story of an evaluation: set → index → questions → hits and answers → figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index import open_index
from index.article import last_instant
from index.errors import EvaluationError, QuestionError
from index.progress import Progress
from index.settings import load_settings
from qa.answer import Answer
from qa.evaluation.data_set import DataSet, Question, known_by, read_data_set, sample
from qa.evaluation.feedback_set import read_feedback
from qa.evaluation.figures import Figure, figures
from qa.evaluation.judge import check_measures, judge_answer, judge_articles, judge_facts
from qa.evaluation.set_index import prepare_index
from qa.follow_up import standalone
from qa.pipeline import ask, retrieve
from qa.settings import Settings

PLACE = Path("var/evaluate")  # of the sets' indexes
K = 10  # hits that are looked at
WORST = 10  # misses that are told


@dataclass(frozen=True, slots=True)
class Miss:
    """A question for which another article came first; ``rank`` of the first right one, if found.

    ``wanted`` and ``first`` are titles, or ids of articles that have none; ``first`` is None where
    nothing was found.
    """

    id: str
    question: str
    wanted: tuple[str, ...]
    first: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: its values by name, and the articles found, by the set's ids."""

    question: Question
    values: dict[str, float | tuple[float, float]]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a set, of all questions and of each kind, by the names of the measures.

    ``yes_or_no`` counts the questions left out of "right words in the answer" and of the
    calibration error; ``articles``, ``passages`` and ``left_out`` count what the index holds.
    """

    data: str
    until: str | None
    index: str
    generation: str
    articles: int
    passages: int
    left_out: int
    questions: int
    yes_or_no: int
    overall: dict[str, Figure]
    kinds: dict[str, dict[str, Figure]]
    misses: tuple[Miss, ...]

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)


def evaluate(
    data_dir: str | Path,
    limit: int | None = None,
    until: str | None = None,
    index_dir: str | Path | None = None,
    *,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Evaluation:
    """Ask the questions of the set in ``data_dir`` and measure what comes back.

    ``limit`` takes a sample of that many questions; ``until`` is an ISO date after which no article
    counts; ``index_dir`` is where the set's index lies, ``var/evaluate/NAME`` if not given, and is
    built when needed.  Or ``data_dir`` is a file of feedback: then ``index_dir`` is the index to ask,
    that of ``settings`` if not given, and nothing is built.
    Raises EvaluationError, and what ``rebuild``, ``retrieve`` and ``ask`` raise.
    """
    check_measures()
    source, settings = Path(data_dir), settings or load_settings(Settings)
    if source.is_file():
        settings = settings.model_copy(update={"index": Path(index_dir or settings.index)})
        data, manifest = read_feedback(source, settings.index)
    else:
        data = read_data_set(source)
        place = Path(index_dir or PLACE / data.folder.resolve().name)
        settings = settings.model_copy(update={"index": place})
        manifest = prepare_index(data.articles_file, settings, progress)
    questions = known_by(data, until) if until else data.questions
    if limit is not None:
        questions = tuple(sample(questions, limit))
    outcomes = []
    for outcome in _outcomes(data, questions, until, settings):
        outcomes.append(outcome)
        progress(Progress("questions", len(outcomes), len(questions)))
    return Evaluation(
        data=str(data.folder),
        until=until,
        index=str(settings.index),
        generation=manifest.generation,
        articles=manifest.articles,
        passages=manifest.passages,
        left_out=len(manifest.skipped),
        questions=len(outcomes),
        yes_or_no=sum(bool(question.answerable) and question.yes_or_no for question in questions),
        overall=figures([outcome.values for outcome in outcomes]),
        kinds={
            kind: figures([o.values for o in outcomes if o.question.kind == kind])
            for kind in sorted({question.kind for question in questions})
        },
        misses=_misses(outcomes, data),
    )


def _outcomes(
    data: DataSet, questions: Sequence[Question], until: str | None, settings: Settings
) -> Iterator[Outcome]:
    with open_index(settings.index) as index:

        def text(article_id: str) -> str:
            return index.article(article_id).text

        _outcome(questions[0], data, until, settings, text)  # loads the models
        for question in questions:
            yield _outcome(question, data, until, settings, text)


def _outcome(
    question: Question,
    data: DataSet,
    until: str | None,
    settings: Settings,
    article_text: Callable[[str], str],
) -> Outcome:
    limits: dict[str, Any] = {
        "since": question.since,
        "until": min(filter(None, (until, question.until)), key=last_instant, default=None),
        "sources": question.sources or None,
        "as_of": question.as_of,
        "settings": settings,
    }
    try:
        started = time.perf_counter()
        hits = retrieve(standalone(question.question, question.history), k=K, **limits)
        retrieved = time.perf_counter()
        answer = ask(question.question, question.history, **limits)
        answered = time.perf_counter()
        follow_up = _follow_up(question, answer, limits, article_text) if question.history else {}
    except QuestionError as error:
        raise EvaluationError(f"question {question.id} of {data.folder}: {error}") from None
    found = tuple(dict.fromkeys(data.base_id(hit.article.id) for hit in hits))
    values = judge_answer(answer, question, article_text) | follow_up
    values["retrieve_ms"] = (retrieved - started) * 1000
    values["ask_ms"] = (answered - retrieved) * 1000
    if question.evidence:
        values |= judge_articles(found, {evidence.article for evidence in question.evidence})
    if facts := question.facts:
        values |= judge_facts([hit.text for hit in hits], facts)
    return Outcome(question, values, found)


def _follow_up(
    question: Question,
    answer: Answer,
    limits: Mapping[str, Any],
    article_text: Callable[[str], str],
) -> dict[str, float | tuple[float, float]]:
    """Whether a follow-up is answered rightly: as asked, in a person's words, without its history."""
    ways = {"follow_up_right": answer, "follow_up_alone": ask(question.question, **limits)}
    if question.standalone:
        ways["follow_up_in_full"] = ask(question.standalone, **limits)
    judged = {way: judge_answer(given, question, article_text) for way, given in ways.items()}
    return {
        way: values["words_in_answer"] for way, values in judged.items() if "words_in_answer" in values
    }


def _misses(outcomes: Sequence[Outcome], data: DataSet) -> tuple[Miss, ...]:
    """The worst: first those without a right article, then those with the latest ones."""
    missed = [outcome for outcome in outcomes if outcome.values.get("article_first") == 0]
    missed.sort(key=lambda outcome: outcome.values["article_ndcg@10"])
    return tuple(_miss(outcome, data) for outcome in missed[:WORST])


def _miss(outcome: Outcome, data: DataSet) -> Miss:
    wanted = dict.fromkeys(evidence.article for evidence in outcome.question.evidence)
    ranks = [rank for rank, article in enumerate(outcome.found, start=1) if article in wanted]
    return Miss(
        outcome.question.id,
        outcome.question.question,
        tuple(_title(article_id, data) for article_id in wanted),
        _title(outcome.found[0], data) if outcome.found else None,
        min(ranks, default=None),
    )


def _title(article_id: str, data: DataSet) -> str:
    return data.articles[article_id].title or article_id
