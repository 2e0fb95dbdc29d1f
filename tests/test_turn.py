"""What a browser sends of its conversations is checked before anything is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.errors import QuestionError
from qa import ask
from qa.page.conversation import conversation
from qa.page.turn import MOST_TURNS, OTHER_VERSION, asked, kept


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
    ],
)
def test_what_is_no_question_is_refused_in_one_line(sent: Any) -> None:
    with pytest.raises(QuestionError) as refused:
        asked(sent)
    assert "\n" not in str(refused.value)
