"""How many articles a second does a rebuild take in, but for the models?

The whole rebuild without vectors: read, repaired,
learned from, cleaned, split, sketched for families, written to SQLite and Tantivy.  The baseline of the
same run is LlamaIndex's sentence splitter with its defaults alone, over the same texts in one process:
what any program on LlamaIndex spends on splitting, before it has cleaned anything.

    python -m benchmarks.reading_speed --data FOLDER
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import data
from benchmarks.stand_in import StandIn
from index import build, rebuild
from index.passages import encoding

ARTICLES = 4000
WORK = Path("var/benchmarks/reading")


def main() -> None:
    """Measure, print and write ``benchmarks/reading_speed.json``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of the measuring data")
    records = data.records(data.folder("realtimeqa", parser.parse_args().data))[:ARTICLES]
    characters = sum(len(record["text"]) for record in records)
    result: dict[str, Any] = {
        "articles": len(records),
        "characters each": characters // len(records),
        "LlamaIndex's splitter alone": _rate(records, _split),
        "JSON Lines": _rate(records, _as_lines),
        "text files": _rate(records, _as_files),
    }
    for name, figure in result.items():
        print(f"{name:<28}{figure:>8}" + (" articles/s" if isinstance(figure, float) else ""))
    Path("benchmarks/reading_speed.json").write_text(json.dumps(result, indent=1) + "\n")


def _rate(records: list[dict[str, Any]], prepare: Callable[..., Callable[[], Any]]) -> float:
    run = prepare(records)
    started = time.perf_counter()
    run()
    return round(len(records) / (time.perf_counter() - started), 1)


def _split(records: list[dict[str, Any]]) -> Callable[[], Any]:
    encoding()  # else tiktoken looks for its ranks in the network
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter()
    return lambda: [splitter.split_text(record["text"]) for record in records]


def _as_lines(records: list[dict[str, Any]]) -> Callable[[], Any]:
    seeds = _empty_folder("lines")
    with (seeds / "articles.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)
    return lambda: _rebuild(seeds)


def _as_files(records: list[dict[str, Any]]) -> Callable[[], Any]:
    seeds = _empty_folder("files")
    for number, record in enumerate(records):
        text = "\n\n".join(filter(None, [record["title"], record["published"], record["text"]]))
        (seeds / f"{number}.txt").write_text(text, "utf-8")
    return lambda: _rebuild(seeds)


def _rebuild(seeds: Path) -> None:
    with (
        mock.patch.object(build, "load_embedder", return_value=StandIn()),
        mock.patch.object(build, "_fill", return_value=0),
        mock.patch("index.dense.write"),
        mock.patch.object(build, "_prove"),
    ):
        rebuild(seeds, WORK / "index")


def _empty_folder(name: str) -> Path:
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(WORK / "index", ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
