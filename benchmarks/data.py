"""The measuring data: folders with articles.jsonl (or .jsonl.gz) and questions.jsonl."""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import rebuild
from index.progress import Progress
from qa.evaluation import data_set
from qa.evaluation.data_set import read_lines


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set; ``answers`` is empty where the articles hold none."""

    text: str
    kind: str
    answers: tuple[str, ...]
    as_of: str | None
    until: str | None
    articles: tuple[str, ...]


def folder(name: str, data: Path) -> Path:
    """The folder of a set; ends the program with a clear line where it is missing."""
    path = data / name
    if not (path / "questions.jsonl").exists():
        sys.exit(f"{path} has no questions.jsonl; name the folder of the measuring data with --data")
    return path


def questions(path: Path, kinds: set[str]) -> list[Question]:
    """The questions of these kinds."""
    return [
        Question(
            question.question,
            question.kind,
            question.answers if question.answerable else (),
            question.as_of,
            None,
            tuple(evidence.article for evidence in question.evidence),
        )
        for question in read_lines(path / "questions.jsonl", data_set.Question)
        if question.kind in kinds
    ]


def records(path: Path) -> list[dict[str, Any]]:
    """The articles of a set."""
    files = [file for file in (path / "articles.jsonl", path / "articles.jsonl.gz") if file.exists()]
    return list(_records(files[0]))


def sample_index(path: Path, work: Path, wanted: set[str], others: int | None) -> Path:
    """Build an index, below ``work``, of the ``wanted`` articles and ``others`` more (None: all)."""
    articles = records(path)
    random.Random(7).shuffle(articles)
    rest = [record for record in articles if record["id"] not in wanted]
    kept = [record for record in articles if record["id"] in wanted] + rest[:others]
    seeds = work / path.name / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    with (seeds / "articles.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in kept)

    def show(progress: Progress) -> None:
        if progress.stage == "embedding" and sys.stderr.isatty():
            print(f"\r{path.name}: {progress.done}/{progress.total}", end="", file=sys.stderr)

    report = rebuild(seeds, work / path.name / "index", progress=show)
    print(
        f"{path.name}: {report.articles} articles, {report.passages} passages, "
        f"{len(report.skipped)} left out, {report.seconds:.0f} s",
        file=sys.stderr,
    )
    return work / path.name / "index"


def _records(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from map(json.loads, filter(None, text.split("\n")))
