"""What is a logit worth?  Fits and checks the confidence of an answer.

Asks questions that their sets' articles answer, and questions that they do not, and looks whether
the answer's words stand in the quotes.  Prints the weights of qa/confidence.py (Platt 1999), fitted
on one half of the questions, those about one thing and those about several apart, and on the other
half the expected calibration error (Naeini et al. 2015, ten bins) and what the default threshold does.

    python -m benchmarks.calibration --data ../shared/data --work var/benchmarks
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import data
from index import open_index
from index.settings import load_settings
from qa.confidence import signs
from qa.cross_encoder import load_cross_encoder
from qa.evaluation.figures import calibration_error
from qa.evaluation.judge import holds_an_answer
from qa.hits import lead
from qa.pipeline import LEADS, retrieve
from qa.quote import NOT_READ
from qa.reader import load_reader
from qa.reply import replies
from qa.settings import Settings
from qa.understand import understand

Rows = npt.NDArray[np.float64]
SETS = {
    # set: (kinds of questions, how many, articles beside those that the questions need)
    "realtimeqa": ({"gold", "silver"}, 250, 700),
    "multihop_rag": ({"inference", "null"}, 120, None),
    "squad2": ({"answerable", "impossible"}, 300, None),
}
STALE = 100  # RealTimeQA questions asked of articles from before their news


def main() -> None:
    """Measure, print and write ``benchmarks/calibration.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("var/benchmarks"))
    arguments = parser.parse_args()
    rows: list[Row] = []
    for name, (kinds, count, others) in SETS.items():
        folder = data.folder(name, arguments.data)
        chosen = data.questions(folder, kinds)
        random.Random(11).shuffle(chosen)
        chosen = chosen[:count]
        if name == "realtimeqa":
            stale = [q for q in data.questions(folder, kinds) if (q.as_of or "") >= "2025"]
            random.Random(13).shuffle(stale)
            chosen += [
                replace(q, kind="stale", answers=(), as_of=None, until="2022-12-31")
                for q in stale[:STALE]
            ]
        wanted = {article for question in chosen for article in question.articles}
        index = data.sample_index(folder, arguments.work, wanted, others)
        rows += filter(None, (measure(name, question, index) for question in chosen))
    random.Random(17).shuffle(rows)
    report(rows)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a question: ``signs`` are those of qa/confidence.py, with a 1 for the constant."""

    group: str
    several: bool
    signs: tuple[float, float, float, float]
    sure: float
    right: bool
    words: int


def measure(name: str, question: data.Question, index_dir: Path) -> Row | None:
    """Ask ``question`` of the set ``name``; None for one that asks several at once."""
    settings = load_settings(Settings, index=index_dir)
    encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
    limits: dict[str, Any] = {"as_of": question.as_of, "until": question.until}
    hits = retrieve(question.text, index_dir=index_dir, **limits)
    with open_index(index_dir) as index:
        query = understand(question.text, **limits, outlets=index.outlets.values())
        leads = [lead(index, hit) for hit in hits[:LEADS]]
        reader = load_reader(settings.batch_tokens, settings.threads)
        words = index.lexical.telling_words
        found = replies(query, hits, leads, encoder, reader, words, settings.quotes)
    if len(found) > 1:
        return None
    quotes = found[0].quotes
    answers = max((quote.answers for quote in found[0].read), default=NOT_READ)
    text = " ".join(quote.text for quote in quotes)
    return Row(
        f"{name}/{question.kind}",
        query.asks_several,
        (*(signs(query, quotes, answers, hits, encoder) if quotes else (-12.0, NOT_READ, 1.0)), 1.0),
        found[0].sure,
        holds_an_answer(text, question.answers),
        len(text.split()),
    )


def report(rows: list[Row]) -> None:
    """Fit on the even rows, check on the odd ones."""
    result: dict[str, Any] = {"weights": {}, "sets": {}}
    for several in (False, True):
        # What is stale is refused without weighing it.
        kept = [row for row in rows[::2] if row.several == several and row.sure > 0]
        columns = [0, 2, 3] if several else [0, 1, 3]
        design = np.array([row.signs for row in kept])[:, columns]
        weights = fit(design, np.array([row.right for row in kept], dtype=float))
        result["weights"]["several" if several else "one"] = [round(float(w), 3) for w in weights]
    pairs = np.array([(row.sure, row.right) for row in rows[1::2]], dtype=float)
    result["expected_calibration_error"] = round(float(calibration_error(pairs)), 3)
    threshold = Settings.model_fields["confidence"].default
    print(f"{'set and kind':<26}{'questions':>9}{'answered':>10}{'right':>8}{'words':>7}")
    for group in sorted({row.group for row in rows}):
        members = [row for row in rows if row.group == group]
        answered = [row for row in members if row.sure >= threshold]
        share = len(answered) / len(members)
        good = sum(row.right for row in answered) / len(members)
        words = float(np.median([row.words for row in members]))
        print(f"{group:<26}{len(members):>9}{share:>10.1%}{good:>8.1%}{words:>7.0f}")
        result["sets"][group] = {
            "questions": len(members),
            "answered": round(share, 3),
            "right": round(good, 3),
        }
    print(json.dumps({key: value for key, value in result.items() if key != "sets"}))
    Path("benchmarks/calibration.json").write_text(json.dumps(result, indent=1) + "\n")


def fit(design: Rows, right: Rows) -> Rows:
    """The logistic regression of ``right``, shape (n,), on ``design``, (n, k), by Newton's method.

    A hundredth is added to the Hessian's diagonal, so that it can be inverted.
    """
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 0.01 * np.eye(len(weights))
        weights += np.linalg.solve(hessian, design.T @ (right - p))
    return weights


if __name__ == "__main__":
    main()
