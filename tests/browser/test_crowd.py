"""Many people at once: each gets the answer to the own question, or is told that the line is full."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import pytest

from benchmarks.answer_speed import QUESTIONS
from benchmarks.load import Visitor, ask_at_once

ROOT = Path(__file__).parents[2]
Serve = Callable[..., str]
OF_SMALL = (
    "How many civilians were killed by the rocket near Baghdad?",
    "How many US troops are in Iraq?",
    "What may Washington close?",
    "Who said that the embassy may close?",
    "Who won the 2018 World Cup?",
)


def visitor_at(site: str) -> Visitor:
    return Visitor(site.removeprefix("http://").rstrip("/"))


def test_25_people_at_once_get_the_answers_to_their_own_questions(
    serve: Serve, small_index: Path
) -> None:
    visitor = visitor_at(serve(small_index))
    alone = {question: visitor.ask(question).answer for question in OF_SMALL}
    asked = ask_at_once(visitor, list(islice(cycle(alone), 25)))
    assert [found.error for found in asked] == [None] * 25
    for found in asked:
        expected = alone[found.question]
        assert found.answer
        assert expected
        assert found.answer["question"] == found.question
        assert found.answer["text"] == expected["text"]


def test_a_full_line_refuses_the_next_and_answers_those_in_it(serve: Serve, seeds_index: Path) -> None:
    visitor = visitor_at(serve(seeds_index, ROOT / "seeds", "--waiting", "2"))

    def outcome(question: str) -> str:
        try:
            return "answered" if visitor.ask(question).answer else "not answered"
        except ValueError as error:
            return str(error)[:3]

    with ThreadPoolExecutor(25) as people:
        outcomes = list(people.map(outcome, islice(cycle(QUESTIONS), 25)))
    assert set(outcomes) == {"answered", "503"}
    assert outcomes.count("answered") >= 3
    assert visitor.ask(QUESTIONS[0]).answer  # and then goes on


@pytest.mark.parametrize("length", [2_001, 3_000_000])
def test_a_question_that_is_too_long_is_refused_in_words(site: str, length: int) -> None:
    asked = visitor_at(site).ask("x" * length)
    assert asked.answer is None
    assert "characters" in (asked.error or "")


def test_a_request_that_is_too_large_is_refused_before_it_is_read(site: str) -> None:
    with pytest.raises((ValueError, OSError), match=r"413|Broken pipe|reset"):
        visitor_at(site).ask("x" * 5_000_000)
