"""What hits and answers are worth, and the figures of many."""

from __future__ import annotations

import math
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import Answer, Citation, Searched, Sentence
from qa.evaluation.data_set import DataSet, Question, SetArticle, sample
from qa.evaluation.figures import calibration_error, figures
from qa.evaluation.judge import citation_faults, judge_answer, judge_articles, judge_facts

pytestmark = pytest.mark.skipif(find_spec("ir_measures") is None, reason="ir-measures is missing")

QUESTION = {
    "id": "q1",
    "question": "How many seals had settled on the quay of Kelmar?",
    "kind": "number",
    "answerable": True,
    "answers": ["31"],
    "evidence": [{"article": "harbour", "quote": "31 seals had settled on the quay"}],
}


def question(**changes: Any) -> Question:
    return Question.model_validate({**QUESTION, **changes})


def given(text: str = "So it was. [1]", **changes: Any) -> Answer:
    citation = Citation(
        1, "harbour", "Harbour closed", None, None, None, None, "a.jsonl", "closed", 4, 10, "", 1.0
    )
    answer = Answer(
        question="?",
        standalone_question="?",
        text=text,
        sentences=(Sentence("So it was.", (1,)),),
        citations=(citation,),
        abstained=False,
        confidence=0.8,
        searched=Searched(1),
        nearest=(),
        writer="quotes",
        generation="g",
        timings_ms={},
    )
    return replace(answer, **changes)


def text_of(article_id: str) -> str:
    return {"harbour": "The closed harbour"}[article_id]


def test_articles_are_measured_by_rank() -> None:
    dcg, ideal = 1 / math.log2(3) + 1 / math.log2(4), 1 + 1 / math.log2(3)
    assert judge_articles(["other", "x", "y"], {"x", "y"}) == pytest.approx(
        {
            "article_recall@1": 0,
            "article_recall@4": 1,
            "article_recall@10": 1,
            "article_ndcg@10": dcg / ideal,
            "article_rr@10": 1 / 2,
            "article_first": 0,
            "article_in_ten": 1,
        }
    )
    assert set(judge_articles([], {"x"}).values()) == {0}


def test_facts_are_held_whatever_their_punctuation() -> None:
    texts = ["Nothing here.", "He said: “3,000 SEALS”, no more.", "The quay is long."]
    assert judge_facts(texts, ["3000 seals", "Paris"]) == pytest.approx(
        {
            "fact_hits@4": 1,
            "fact_hits@10": 1,
            "fact_mrr@10": 1 / 2,
            "fact_recall@10": 1 / 2,
            "all_evidence@10": 0,
        }
    )
    assert judge_facts(texts, ["quay", "seals"])["all_evidence@10"] == 1
    assert set(judge_facts([], ["quay"]).values()) == {0}


def test_facts_count_in_the_first_512_tokens_of_a_hit_and_by_place() -> None:
    assert judge_facts(["word " * 480 + "seals"], ["seals"])["fact_recall@10"] == 1
    assert judge_facts(["word " * 600 + "seals"], ["seals"])["fact_recall@10"] == 0
    fifth = judge_facts(["a", "b", "c", "d", "seals"], ["seals"])
    assert (fifth["fact_hits@4"], fifth["fact_hits@10"], fifth["fact_mrr@10"]) == (0, 1, 1 / 5)


@pytest.mark.parametrize(
    ("text", "answer", "right"),
    [
        (r"It cost \$5 \*and\* more. [1]", "$5 and more", 1),
        ("It was Rolf Amund’s. [1]", "rolf amund", 1),
        ("There were 310 of them. [1]", "31", 0),
        ("There were some. [1]", "1", 0),  # a marker is not a word of the answer
    ],
)
def test_right_words_stand_one_after_the_other(text: str, answer: str, right: int) -> None:
    values = judge_answer(given(text), question(answers=[answer]), text_of)
    assert values["words_in_answer"] == right
    assert values["calibration"] == (0.8, right)


def test_answers_and_refusals_are_told_apart() -> None:
    refusal = given("31 articles do not say.", abstained=True, citations=(), sentences=())
    assert judge_answer(refusal, question(), text_of) == {
        "refused": 1,
        "words_in_answer": 0,
        "citation_faults": 0,
    }
    unanswerable = question(answerable=False, answers=[])
    assert judge_answer(refusal, unanswerable, text_of)["answered_unanswerable"] == 0
    assert judge_answer(given(), unanswerable, text_of) == {
        "answered_unanswerable": 1,
        "calibration": (0.8, 0),
        "citation_faults": 0,
    }
    yes = judge_answer(given("Yes, so it was. [1]"), question(answers=["Yes."]), text_of)
    assert yes == {"refused": 0, "answer_words": 4, "citation_faults": 0}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, 0),
        ({"citations": (replace(given().citations[0], start=5),)}, 1),
        ({"sentences": (Sentence("So it was.", ()),)}, 1),
        ({"text": "So it was. [1][2]"}, 1),
        ({"text": r"So it was, see \[2\]. [1]"}, 0),  # words of an article, no marker
        ({"citations": ()}, 2),
    ],
)
def test_citation_faults_are_counted(changes: dict[str, Any], faults: int) -> None:
    assert citation_faults(given(**changes), text_of) == faults


def test_calibration_error_is_that_of_the_bins() -> None:
    pairs = np.array([[0.95, 1], [0.91, 0], [0.15, 0], [1.0, 1]])
    # bin 10: |0.95 + 0.91 + 1.0 - 2| = 0.86, bin 2: 0.15, of four
    assert float(calibration_error(pairs)) == pytest.approx((0.86 + 0.15) / 4)


def test_figures_carry_intervals_that_are_always_the_same() -> None:
    rows: list[dict[str, float | tuple[float, float]]] = [
        {"article_first": float(i % 2), "ask_ms": 100.0 + i, "citation_faults": 1.0} for i in range(40)
    ]
    found = figures(rows)
    first = found["article_first"]
    assert (first.value, first.questions) == (0.5, 40)
    # Of the binomial distribution: 0.5 ± 1.96 · √(0.25 / 40) = 0.345 to 0.655
    assert first.low == pytest.approx(0.345, abs=0.03)
    assert first.high == pytest.approx(0.655, abs=0.03)
    assert found["ask_p50_ms"].value == 119.5
    assert found["ask_p95_ms"].value == pytest.approx(137.05)
    assert found["citation_faults"].value == 40
    assert "refused" not in found
    assert figures(rows) == found


def test_a_sample_is_even_over_the_kinds_and_grows() -> None:
    sizes = {"a": 20, "b": 2, "c": 9}
    questions = [question(id=f"{kind}{i}", kind=kind) for kind, n in sizes.items() for i in range(n)]
    small, large = sample(questions, 6), sample(questions, 12)
    assert [q.kind for q in small] == ["a", "a", "b", "b", "c", "c"]
    assert [q.kind for q in large] == ["a"] * 5 + ["b"] * 2 + ["c"] * 5
    assert {q.id for q in small} < {q.id for q in large}
    assert sample(questions, 6) == small
    assert sample(questions, 99) == questions


def test_facts_without_a_letter_or_digit_are_none() -> None:
    quotes = [{"article": "harbour", "quote": quote} for quote in (None, "", "…", "31 seals")]
    assert question(evidence=quotes).facts == ["31 seals"]


def test_a_part_of_an_article_counts_as_the_article() -> None:
    articles = {name: SetArticle(id=name) for name in ("a", "b#2")}
    data = DataSet(Path(), Path(), articles, ())
    assert [data.base_id(name) for name in ("a", "a#2", "b#2", "c#3")] == ["a", "a", "b#2", "c#3"]
