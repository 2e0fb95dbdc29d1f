"""What is a logit worth?  Fits and checks the confidence of an answer.

Asks questions that their sets' articles answer, and questions that they do not, and looks whether
the answer's words stand in the quotes.  Prints the Platt scaling (Platt 1999) of the best quote's
logit, fitted on one half of the questions, and on the other half the expected calibration error
(Naeini et al. 2015, ten bins) and what the default threshold does.

    python -m benchmarks.calibration --data ../shared/data --work var/benchmarks
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data
from index.settings import load_settings
from qa.evaluation.figures import calibration_error
from qa.evaluation.judge import holds_an_answer
from qa.pipeline import retrieve
from qa.quote import choose_quotes
from qa.rerank import load_cross_encoder
from qa.settings import Settings

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
    rows = []
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
        rows += [(name, *measure(question, index)) for question in chosen]
    report(rows)


def measure(question: data.Question, index_dir: Path) -> tuple[str, bool, float, bool, int]:
    """kind, answerable, best quote's logit, right, words quoted."""
    settings = load_settings(Settings, index=index_dir)
    encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
    hits = retrieve(question.text, index_dir=index_dir, as_of=question.as_of, until=question.until)
    quotes = choose_quotes(question.text, hits, encoder, settings.quotes)
    text = " ".join(quote.text for quote in quotes)
    best = quotes[0].score if quotes else -12.0
    right = holds_an_answer(text, question.answers)
    return question.kind, bool(question.answers), best, right, len(text.split())


def report(rows: list[tuple[str, str, bool, float, bool, int]]) -> None:
    """Fit on the even rows, check on the odd ones."""
    logits = np.array([row[3] for row in rows])
    right = np.array([row[4] for row in rows], dtype=float)
    even = np.arange(len(rows)) % 2 == 0
    slope, intercept = fit(logits[even], right[even])
    sure = 1 / (1 + np.exp(-(slope * logits + intercept)))
    pairs = np.stack([sure, right], axis=-1)
    result: dict[str, Any] = {
        "slope": round(slope, 3),
        "intercept": round(intercept, 3),
        "expected_calibration_error": round(float(calibration_error(pairs[~even])), 3),
        "sets": {},
    }
    threshold = Settings.model_fields["confidence"].default
    groups = sorted({(row[0], row[1]) for row in rows})
    print(f"{'set':<14}{'kind':<12}{'questions':>9}{'answered':>10}{'right':>8}{'words':>7}")
    for name, kind in groups:
        members = [i for i, row in enumerate(rows) if row[:2] == (name, kind)]
        answered = [i for i in members if sure[i] >= threshold]
        share = len(answered) / len(members)
        good = sum(right[i] for i in answered) / len(members)
        words = float(np.median([rows[i][5] for i in members]))
        print(f"{name:<14}{kind:<12}{len(members):>9}{share:>10.1%}{good:>8.1%}{words:>7.0f}")
        result["sets"][f"{name}/{kind}"] = {
            "questions": len(members),
            "answered": round(share, 3),
            "right": round(good, 3),
        }
    print(json.dumps({key: value for key, value in result.items() if key != "sets"}))
    Path("benchmarks/calibration.json").write_text(json.dumps(result, indent=1) + "\n")


def fit(logits: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of ``right`` on ``logits``, by Newton's method."""
    design = np.stack([logits, np.ones_like(logits)], axis=1)
    weights = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (right - p)
        hessian = (design * (p * (1 - p))[:, None]).T @ design
        weights += np.linalg.solve(hessian, gradient)
    return float(weights[0]), float(weights[1])


if __name__ == "__main__":
    main()
