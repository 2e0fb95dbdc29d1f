"""How much of a page's story is found, and how little else?

Scrapinghub's article-extraction-benchmark, by its own measure: runs of four words that the text found
shares with the text that people marked; precision and recall are means over the pages, F1 is theirs,
with a 95 % bootstrap interval.  trafilatura alone is the baseline, with its default settings, and the
clock runs for both in the same rounds, on two processes.  The halves are every other page: what was
tuned on one should hold on the other.

    python -m benchmarks.extraction --data ../shared/data
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from trafilatura import extract, extract_with_metadata

from index.readers.draft import UnreadableError
from index.readers.html import article_from_html

RUN = 4  # words
RESAMPLES = 1000
ROUNDS = 5
Counts = tuple[float, float, float]  # shared, found only, marked only


def main() -> None:
    """Measure, print and write ``benchmarks/extraction.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    folder = parser.parse_args().data / "article_extraction"
    if not folder.exists():
        sys.exit(f"{folder} is missing; name the folder of the measuring data with --data")
    marked = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    pages = {key: gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()) for key in marked}
    result: dict[str, Any] = {"pages": len(pages)}
    print(f"{'contender':<26}{'F1':>7}{'±':>7}{'precision':>11}{'recall':>8}{'halves':>15}{'lost':>6}")
    for name, contender in CONTENDERS.items():
        counts = [
            compare(marked[key]["articleBody"], contender(page) or "") for key, page in pages.items()
        ]
        result[name] = quality(counts)
        halves = [f1 for f1, _, _ in (metrics(counts[::2]), metrics(counts[1::2]))]
        result[name]["halves"] = [round(f1, 4) for f1 in halves]
        print(
            f"{name:<26}{result[name]['f1']:>7.4f}{result[name]['interval']:>7.4f}"
            f"{result[name]['precision']:>11.4f}{result[name]['recall']:>8.4f}"
            f"{halves[0]:>8.4f}{halves[1]:>7.4f}{result[name]['lost']:>6}"
        )
    result["speed"] = speed(list(pages.values()))
    for name, figures in result["speed"].items():
        print(f"{name:<26}{figures['pages_per_second']:>6.0f} pages/s", end="")
        print(f", ours is {figures['ours_is_faster_by']:.2f} times as fast")
    Path("benchmarks/extraction.json").write_text(json.dumps(result, indent=1) + "\n")


def _ours(page: bytes) -> str | None:
    try:
        return article_from_html(page).text
    except UnreadableError:
        return None


def _alone(page: bytes) -> str | None:
    return extract(page)


def _without_comments(page: bytes) -> str | None:
    return extract(page, include_comments=False)


def _with_metadata(page: bytes) -> object:
    return extract_with_metadata(page)


CONTENDERS: Mapping[str, Callable[[bytes], str | None]] = {
    "ours": _ours,
    "trafilatura": _alone,
    "trafilatura, no comments": _without_comments,
}
# Ours reads the metadata, too.
TIMED: Mapping[str, Callable[[bytes], object]] = {
    "ours": _ours,
    "trafilatura": _alone,
    "trafilatura with metadata": _with_metadata,
}


def compare(marked: str, found: str) -> Counts:
    """The shares of word runs in both texts, only in ``found`` and only in ``marked``."""
    ours, theirs = _runs(found), _runs(marked)
    counts = ((ours & theirs).total(), (ours - theirs).total(), (theirs - ours).total())
    whole = sum(counts) or 1
    return (counts[0] / whole, counts[1] / whole, counts[2] / whole)


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    runs = (tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))
    return Counter(run for run in runs if run)


def metrics(counts: Sequence[Counts]) -> tuple[float, float, float]:
    """F1, precision, recall.  A page without found words has no precision."""
    precision = statistics.mean(both / (both + found) for both, found, _ in counts if both + found)
    recall = statistics.mean(both / (both + marked) for both, _, marked in counts if both + marked)
    return 2 * precision * recall / (precision + recall), precision, recall


def quality(counts: Sequence[Counts]) -> dict[str, Any]:
    """The metrics of all pages, the interval of F1, and how many pages share no run of words."""
    f1, precision, recall = metrics(counts)
    generator = random.Random(7)
    resampled = [metrics(generator.choices(counts, k=len(counts)))[0] for _ in range(RESAMPLES)]
    return {
        "f1": round(f1, 4),
        "interval": round(1.96 * statistics.stdev(resampled), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "lost": sum(not both for both, _, _ in counts),
    }


def speed(pages: Sequence[bytes]) -> dict[str, dict[str, float]]:
    """Pages a second on two processes, and the median of the rounds' ratios to ours."""
    seconds: dict[str, list[float]] = {name: [] for name in TIMED}
    with ProcessPoolExecutor(2, initializer=logging.disable) as workers:
        for number in range(ROUNDS + 1):
            for name in TIMED:
                started = time.perf_counter()
                list(workers.map(_run, [(name, page) for page in pages], chunksize=4))
                if number:  # the first round loads the libraries
                    seconds[name].append(time.perf_counter() - started)
    return {
        name: {
            "pages_per_second": round(len(pages) / statistics.median(rounds), 1),
            "ours_is_faster_by": round(
                statistics.median(
                    theirs / ours for theirs, ours in zip(rounds, seconds["ours"], strict=True)
                ),
                2,
            ),
        }
        for name, rounds in seconds.items()
    }


def _run(task: tuple[str, bytes]) -> None:
    TIMED[task[0]](task[1])


if __name__ == "__main__":
    main()
