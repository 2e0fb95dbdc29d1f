"""How fast are passages embedded, and in how much memory?

Our embedder against LlamaIndex with fastembed, on the same weights and the same passages, in the
same run: each in a process of its own, one after the other, round after round.

    python -m benchmarks.embedding_speed --data ../shared/data --passages 600 --rounds 3
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import data
from index import Article
from index.models import BGE_SMALL, bundled_folder
from index.passages import passage_text, split

WARM_UP = 20  # texts embedded before the clock starts, by each contender
CONTENDERS = {
    "ours": "our embedder, its default settings, through BaseEmbedding",
    "fastembed 10": "LlamaIndex with fastembed, its default batch of 10",
    "fastembed 256": "LlamaIndex with fastembed, fastembed's default batch of 256",
}


def main() -> None:
    """Measure, print and write ``benchmarks/embedding_speed.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("var/benchmarks"))
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    texts = arguments.work / "passages.json"
    if arguments.contender:
        print(json.dumps(embed(arguments.contender, json.loads(texts.read_text("utf-8")))))
        return
    arguments.work.mkdir(parents=True, exist_ok=True)
    texts.write_text(json.dumps(passages(arguments.data, arguments.passages)), "utf-8")
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for _ in range(arguments.rounds):
        for name in CONTENDERS:
            command = [sys.executable, "-m", __spec__.name, "--work", str(arguments.work)]
            done = subprocess.run(
                [*command, "--contender", name], check=True, capture_output=True, text=True
            )
            runs[name].append(json.loads(done.stdout.splitlines()[-1]))
    report(runs, arguments.passages)


def passages(folder: Path, count: int) -> list[str]:
    """Passages of real articles, as a rebuild makes them."""
    records = data.records(data.folder("multihop_rag", folder))
    articles = (Article(id=r["id"], text=r["text"], path="", title=r["title"]) for r in records)
    found = (
        passage_text(article.title, article.text[passage.start : passage.end])
        for article in articles
        for passage in split(article, passage_tokens=200)
    )
    return list(islice(found, count))


def embed(contender: str, texts: Sequence[str]) -> dict[str, float]:
    """Seconds to embed all texts, without loading; peak memory of the process in MB."""
    model: Any = MAKERS[contender]()
    model.get_text_embedding_batch(list(texts[:WARM_UP]))
    started = time.perf_counter()
    vectors = model.get_text_embedding_batch(list(texts))
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "first": vectors[0][0],
    }


def _ours() -> Any:
    from qa.llamaindex import ArticleEmbedding

    return ArticleEmbedding()


def _fastembed(batch: int) -> Any:
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType
    from llama_index.embeddings.fastembed import FastEmbedEmbedding

    TextEmbedding.add_custom_model(
        model="local/bge-small",
        pooling=PoolingType.CLS,
        normalization=True,
        sources=ModelSource(url="http://localhost/never-fetched"),
        dim=384,
        model_file="model.onnx",
    )
    return FastEmbedEmbedding(
        model_name="local/bge-small",
        specific_model_path=str(bundled_folder() / BGE_SMALL.folder),
        embed_batch_size=batch,
    )


MAKERS: dict[str, Callable[[], Any]] = {
    "ours": _ours,
    "fastembed 10": lambda: _fastembed(10),
    "fastembed 256": lambda: _fastembed(256),
}


def report(runs: dict[str, list[dict[str, float]]], count: int) -> None:
    """Print and write medians, and the ratios of each round."""
    result: dict[str, Any] = {"passages": count, "rounds": len(runs["ours"])}
    print(f"{'contender':<16}{'passages/s':>12}{'peak MB':>10}{'ours is faster by':>20}")
    for name, rounds in runs.items():
        rate = count / statistics.median(run["seconds"] for run in rounds)
        peak = statistics.median(run["peak_mb"] for run in rounds)
        ratio = statistics.median(
            run["seconds"] / ours["seconds"] for run, ours in zip(rounds, runs["ours"], strict=True)
        )
        print(f"{name:<16}{rate:>12.1f}{peak:>10.0f}{ratio:>20.2f}")
        result[name] = {"passages_per_second": rate, "peak_mb": peak, "times_slower": ratio}
    Path("benchmarks/embedding_speed.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
