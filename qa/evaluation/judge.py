"""What one question's hits and answer are worth: values by their measures' names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.util import find_spec

from index.errors import EvaluationError
from index.passages import encoding
from qa.answer import Answer, unescape_markdown
from qa.evaluation.data_set import Question

CUT = 512  # cl100k_base tokens of a hit that are looked at for facts

# The names are ours, the measures those of ir_measures.
ARTICLES: dict[str, str] = {
    "article_recall@1": "R@1",
    "article_recall@4": "R@4",
    "article_recall@10": "R@10",
    "article_ndcg@10": "nDCG@10",
    "article_rr@10": "RR@10",
    "article_first": "Success@1",
    "article_in_ten": "Success@10",
}
FACTS: dict[str, str] = {
    "fact_hits@4": "Success@4",
    "fact_hits@10": "Success@10",
    "fact_mrr@10": "RR@10",
}
_MARKER = re.compile(r"(?<!\\)\[(\d+)\]")


def check_measures() -> None:
    """Raises EvaluationError where the library of the measures is not installed."""
    if find_spec("ir_measures") is None:
        raise EvaluationError(
            "evaluating needs the package ir-measures, which comes along on macOS and on Linux on "
            "x86-64 alone; where there is a C compiler, run 'pip install ir-measures'"
        )


def judge_articles(found: Sequence[str], wanted: Collection[str]) -> dict[str, float]:
    """The measures of ``ARTICLES`` for ids of articles, best first, each once."""
    return _measured(ARTICLES, dict.fromkeys(wanted, 1), found)


def judge_facts(texts: Sequence[str], facts: Sequence[str]) -> dict[str, float]:
    """The measures of ``FACTS`` for texts of hits, best first, and how many of the facts they hold.

    A text holds a fact whose letters and digits stand in it, in any case, one after the other.
    """
    folded = [_fold(_start(text)) for text in texts]
    held = {str(rank): [_fold(fact) in text for fact in facts] for rank, text in enumerate(folded)}
    values = _measured(FACTS, {rank: int(any(holds)) for rank, holds in held.items()}, list(held))
    share = sum(any(holds) for holds in zip(*held.values(), strict=True)) / len(facts)
    return values | {"fact_recall@10": share, "all_evidence@10": float(share == 1)}


def _measured(
    measures: Mapping[str, str], relevance: Mapping[str, int], ranking: Sequence[str]
) -> dict[str, float]:
    import ir_measures

    run = {"": {item: 1 / rank for rank, item in enumerate(ranking, start=1)}}
    wanted = [ir_measures.parse_measure(measure) for measure in measures.values()]
    found = {
        str(metric.measure): metric.value
        for metric in ir_measures.iter_calc(wanted, {"": relevance}, run)
    }
    return {name: found.get(measure, 0.0) for name, measure in measures.items()}


def judge_answer(
    answer: Answer, question: Question, article_text: Callable[[str], str]
) -> dict[str, float | tuple[float, float]]:
    """What an answer is worth; ``article_text`` gives the text of the article with an id.

    Whether the right words stand in an answer says nothing for questions of yes or no, or where no
    right words are known, and is left out.  ``calibration`` is (confidence, right), of answers that
    are known to be right or wrong.
    """
    values: dict[str, float | tuple[float, float]] = {}
    plain = unescape_markdown(_MARKER.sub("", answer.text))
    right = not answer.abstained and holds_an_answer(plain, question.answers)
    wrong = question.answerable is False or _is_turned_down(answer, question)
    if question.answerable:
        values["refused"] = float(answer.abstained)
        if not answer.abstained:
            values["answer_words"] = float(len(plain.split()))
        if question.answers and not question.yes_or_no:
            values["words_in_answer"] = float(right)
    elif question.answerable is False:
        values["answered_unanswerable"] = float(not answer.abstained)
    if question.turned_down:
        values["turned_down_again"] = float(wrong)
    known = wrong or (question.answers and not question.yes_or_no)
    if known and not answer.abstained:
        values["calibration"] = answer.confidence, float(right and not wrong)
    values["citation_faults"] = float(citation_faults(answer, article_text))
    return values


def _is_turned_down(answer: Answer, question: Question) -> bool:
    """Whether it says nothing but what somebody has called wrong."""
    said = {(citation.article_id, citation.quote) for citation in answer.citations}
    return bool(said) and said <= {(quote.article, quote.quote) for quote in question.turned_down}


def citation_faults(answer: Answer, article_text: Callable[[str], str]) -> int:
    """Quotes that are not in their articles, sentences without citation, markers without one."""
    numbers = {citation.number for citation in answer.citations}
    quotes = sum(c.quote != article_text(c.article_id)[c.start : c.end] for c in answer.citations)
    sentences = sum(numbers.isdisjoint(sentence.citations) for sentence in answer.sentences)
    markers = sum(int(number) not in numbers for number in _MARKER.findall(answer.text))
    return quotes + sentences + markers


def normalise(text: str) -> str:
    """Words alone, in lower case, each with a space around it.

    >>> normalise("On 3 May: “Rain”!")
    ' on 3 may rain '
    """
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    return f" {' '.join(words)} "


def holds_an_answer(text: str, answers: Sequence[str]) -> bool:
    """Whether the words of one of the answers stand in ``text``, one after the other."""
    return any(normalise(answer) in normalise(text) for answer in answers if normalise(answer).strip())


def _fold(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def _start(text: str) -> str:
    return encoding().decode(encoding().encode(text, disallowed_special=())[:CUT])
