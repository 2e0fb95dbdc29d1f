"""What a browser sends of its conversations is checked before anything is done with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import QuestionError
from qa import ask
from qa.answer import ArticleRef
from qa.page.cards import proof
from qa.page.conversation import conversation
from qa.page.turn import COPIES, MOST_TURNS, OTHER_VERSION, Turn, asked, bounded, kept

pytestmark = pytest.mark.usefixtures("remembering")


def test_an_answer_comes_back_from_the_browser_as_it_was(seeds_index: Path) -> None:
    answer = ask("How many US troops are in Iraq?", index_dir=seeds_index)
    (turn,) = kept([{"question": answer.question, "answer": answer.to_dict(), "error": None}])
    assert turn.answer == answer


@pytest.mark.parametrize(
    "change",
    [
        {"citations": []},
        {"sentences": [{"text": "Forged", "citations": [], "origin": None}]},
        {"sentences": []},
        {"confidence": "high"},
        {"searched": {"articles": 1, "since": "yesterday"}},
        {"nearest": [{"id": "<b>"}]},
    ],
)
def test_an_answer_that_cannot_be_shown_is_an_error_in_its_turn(
    seeds_index: Path, change: dict[str, Any]
) -> None:
    answer = ask("How many US troops are in Iraq?", index_dir=seeds_index).to_dict() | change
    (turn,) = kept([{"question": "How many?", "answer": answer}])
    assert turn.answer is None
    assert turn.error == OTHER_VERSION
    assert OTHER_VERSION in conversation([turn])


def test_quotation_marks_side_by_side_are_parted(seeds_index: Path) -> None:
    answer = ask("How many US troops are in Iraq?", index_dir=seeds_index)
    [first, *others] = answer.sentences
    said = replace(first, text=f'"{first.text}"')
    shown = conversation([Turn(1, "?", replace(answer, sentences=(said, *others)))])
    assert "“\N{HAIR SPACE}&quot;" in shown
    assert "&quot;\N{HAIR SPACE}”" in shown
    assert "“\N{HAIR SPACE}&quot;" not in conversation([Turn(1, "?", answer)])


@pytest.mark.parametrize(
    "sent", [None, {}, [1], [{"answer": {}}], [{"question": "?"}] * (MOST_TURNS + 1)]
)
def test_what_is_no_conversation_is_refused(sent: Any) -> None:
    with pytest.raises(QuestionError):
        kept(sent)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"run": "1", "number": "x", "question": "?"},
        {"run": "1", "number": 1, "question": 2},
        {"run": "1", "number": 1, "question": "?", "limits": {"sources": ["x"] * 1001}},
        {"run": "1", "number": 1, "question": "?", "limits": {"sources": ["x" * 501]}},
    ],
)
def test_what_is_no_question_is_refused_in_one_line(sent: Any) -> None:
    with pytest.raises(QuestionError) as refused:
        asked(sent)
    assert "\n" not in str(refused.value)


def test_a_quote_that_hundreds_print_does_not_fill_the_browser(seeds_index: Path) -> None:
    answer = ask("How many US troops are in Iraq?", index_dir=seeds_index)
    copies = tuple(ArticleRef(str(n), f"Copy {n}", None, None, None, None, "x") for n in range(500))
    cited = replace(answer.citations[0], also_in=copies)
    kept_of_it = bounded(replace(answer, citations=(cited,)))
    assert len(kept_of_it.citations[0].also_in) == COPIES + 1
    html = proof(Turn(1, answer.question, kept_of_it))
    assert html.count("Copy ") == COPIES
    assert "and others" in html
