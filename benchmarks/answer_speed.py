"""How long does a question take on the articles that ship with the project?

Cold: the whole command `qa ask`, from start to exit.  Warm: `ask()` in a process that has the models
loaded.  The baseline of the same run is the cross-encoder alone, once over all sentences of the two
articles, each read to the end.

    python -m benchmarks.answer_speed
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from index import open_index, rebuild
from index.sentences import sentence_spans
from index.settings import load_settings
from qa import ask
from qa.cross_encoder import load_cross_encoder
from qa.settings import Settings

QUESTIONS = (
    "How many civilians were killed by the rocket near Baghdad?",
    "Who is David Schenker?",
    "How many US troops are in Iraq?",
    "Did the US confirm that it would close its embassy?",
    "When did Prime Minister Kadhemi visit the White House?",
    "What did Pompeo tell the Iraqi government?",
    "Whom did Kurdish authorities blame?",
    "What is the capital of Australia?",
    "Who won the 2018 World Cup?",
    "How do I donate to SpaceDaily?",
)
COLD, WARM = 7, 10  # runs of the command; rounds over all questions


def main() -> None:
    """Measure, print and write ``benchmarks/answer_speed.json``."""
    index_dir = Path("var/benchmarks/seeds-index")
    rebuild("seeds", index_dir)
    command = [sys.executable, "-m", "qa", "ask", QUESTIONS[0], "--index", str(index_dir)]
    cold = [
        _seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(COLD)
    ]
    ask(QUESTIONS[0], index_dir=index_dir)
    warm, least = [], []
    settings = load_settings(Settings)
    encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
    with open_index(index_dir) as index:
        texts = [article.text for article in index.articles()]
    sentences = [text[start:end] for text in texts for start, end in sentence_spans(text)]
    for _ in range(WARM):
        for question in QUESTIONS:
            warm.append(_seconds(partial(ask, question, index_dir=index_dir)))
            least.append(_seconds(partial(encoder.score, question, sentences)))
    ratio = statistics.median(a / b for a, b in zip(warm, least, strict=True))
    result = {
        "cold_seconds_median": statistics.median(cold),
        "cold_seconds_max": max(cold),
        "warm_ms_p50": 1000 * statistics.median(warm),
        "warm_ms_p95": 1000 * statistics.quantiles(warm, n=20)[-1],
        "cross_encoder_alone_ms_p50": 1000 * statistics.median(least),
        "warm_over_cross_encoder_alone": ratio,
    }
    for name, value in result.items():
        print(f"{name:<32}{value:>8.2f}")
    Path("benchmarks/answer_speed.json").write_text(json.dumps(result, indent=1) + "\n")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
