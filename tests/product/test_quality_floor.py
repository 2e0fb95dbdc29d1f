"""What finding and answering are worth on news of our own, which must not get worse unnoticed.

The figures of ``tests/evaluation/floors.json`` are those of the day they were written, less a small
margin.  A better figure is no reason to change them by itself; a worse one is a decision.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from qa.evaluation.run import evaluate

SET = Path(__file__).parent.parent / "evaluation"


@pytest.mark.skipif(find_spec("ir_measures") is None, reason="ir-measures is missing")
def test_no_figure_falls_below_its_floor(tmp_path: Path) -> None:
    floors = json.loads((SET / "floors.json").read_text("utf-8"))
    overall = evaluate(SET, index_dir=tmp_path / "index").overall
    found = {name: figure.value for name, figure in overall.items()}
    low = {name: found[name] for name, floor in floors["at_least"].items() if found[name] < floor}
    high = {name: found[name] for name, floor in floors["at_most"].items() if found[name] > floor}
    assert (low, high) == ({}, {})
