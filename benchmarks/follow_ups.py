"""Are follow-ups put into words as a person puts them?

    python -m benchmarks.follow_ups --data FOLDER

FOLDER holds rewrites.jsonl: one JSON object a line with ``history``, ``question`` and ``rewrite``, the
stand-alone form that a person gave.  Measured are content words and names of that form: how many stand
in ours (recall) and how many of ours stand in it (precision); beside it the question as asked.  A
question whose form by a person has the same content words and names should come back unchanged.
Needs no models.  Prints its table and writes it as follow_ups.json.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from qa.follow_up import standalone
from qa.mentions import content_words

PLACE = Path(__file__).with_suffix(".json")


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True)
def main(data: Path) -> None:
    """Measure ``standalone`` on the rewrites in DATA."""
    lines = (data / "rewrites.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    started = time.perf_counter()
    ours = [standalone(row["question"], row["history"]) for row in rows]
    seconds = time.perf_counter() - started
    asked = [row["question"] for row in rows]
    rewrites = [row["rewrite"] for row in rows]
    alone = [content_words(q) == content_words(r) for q, r in zip(asked, rewrites, strict=True)]
    kept = [q == o for q, o in zip(asked, ours, strict=True)]
    pairs = list(zip(kept, alone, strict=True))
    left_alone = sum(is_kept for is_kept, stands in pairs if stands)
    changed = sum(not is_kept for is_kept, stands in pairs if not stands)
    figures = {
        "questions": len(rows),
        "as asked": _agreement(asked, rewrites),
        "stand-alone": _agreement(ours, rewrites),
        "should be unchanged": sum(alone),
        "of these unchanged": round(left_alone / sum(alone), 3),
        "should be changed": len(rows) - sum(alone),
        "of these changed": round(changed / (len(rows) - sum(alone)), 3),
        "ms a question": round(1000 * seconds / len(rows), 2),
    }
    for name, value in figures.items():
        print(f"{name:22} {value}")
    PLACE.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _agreement(forms: list[str], rewrites: list[str]) -> dict[str, float]:
    """Precision, recall and F1 of the content words of all forms together."""
    pairs = [(content_words(form), content_words(by)) for form, by in zip(forms, rewrites, strict=True)]
    shared = sum(len(form & by) for form, by in pairs)
    precision = shared / sum(len(form) for form, _ in pairs)
    recall = shared / sum(len(by) for _, by in pairs)
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


if __name__ == "__main__":
    main()
