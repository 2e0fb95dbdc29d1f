"""What finding and answering are worth on news of our own, which must not get worse unnoticed.

The figures of ``tests/evaluation/floors.json`` are those of the day they were written, less a small
margin.  A better figure is no reason to change them by itself; a worse one is a decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from qa import Answer
from qa.evaluation import run
from qa.evaluation.data_set import Question
from qa.evaluation.judge import judge_answer

SET = Path(__file__).parent.parent / "evaluation"


def as_asked(
    question: Question, answer: Answer, _: object, text: Callable[[str], str]
) -> dict[str, Any]:
    """Of a follow-up only what has a floor: not how two other wordings of it are answered."""
    judged = judge_answer(answer, question, text)
    return {"follow_up_right": judged["words_in_answer"]} if "words_in_answer" in judged else {}


@pytest.mark.skipif(find_spec("ir_measures") is None, reason="ir-measures is missing")
def test_no_figure_falls_below_its_floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_follow_up", as_asked)
    floors = json.loads((SET / "floors.json").read_text("utf-8"))
    overall = run.evaluate(SET, index_dir=tmp_path / "index").overall
    found = {name: figure.value for name, figure in overall.items()}
    low = {name: found[name] for name, floor in floors["at_least"].items() if found[name] < floor}
    high = {name: found[name] for name, floor in floors["at_most"].items() if found[name] > floor}
    assert (low, high) == ({}, {})
