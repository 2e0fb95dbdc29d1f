"""How much of a first rebuild is the model?

`qa rebuild` as a process of its own, against onnxruntime alone, in one run and round after round: the
same texts, tokenized beforehand, in batches sorted by length, with the best of several batch shapes and
both ways to use the cores (a thread a batch, or all on one).

    python -m benchmarks.rebuild_share --data FOLDER --articles 600
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data
from index import open_index
from index.build import EMBEDDED
from index.models import BGE_SMALL, TextModel, bundled_folder

WORK = Path("var/benchmarks/share")
SHAPES = (128, 256, 512, 1024, 2048)  # tokens of a batch
TRIED = 400  # texts that the shapes are tried on
CORES = 2


def main() -> None:
    """Measure, print and write ``benchmarks/rebuild_share.json``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    seeds = WORK / "seeds"
    shutil.rmtree(WORK, ignore_errors=True)
    seeds.mkdir(parents=True)
    records = data.records(data.folder("realtimeqa", arguments.data))[: arguments.articles]
    (seeds / "articles.jsonl").write_text("\n".join(map(json.dumps, records)))
    rebuild(seeds)
    with open_index(WORK / "index") as index:
        store = index.store
        texts = [text for _, text in store.texts(list(store.text_hashes(EMBEDDED)))]
    encodings = sorted(TextModel(BGE_SMALL, None, CORES).encode(texts), key=lambda e: -len(e.ids))
    threads, tokens = best_shape(encodings)
    shares, alone, whole = [], [], []
    for _ in range(arguments.rounds):
        alone.append(run_alone(encodings, threads, tokens))
        shutil.rmtree(WORK / "index")
        whole.append(rebuild(seeds))
        shares.append(whole[-1] / alone[-1])
    result = {
        "articles": len(records),
        "passages": len(texts),
        "onnxruntime alone, s": round(statistics.median(alone), 1),
        "its threads a batch": threads,
        "its tokens a batch": tokens,
        "first rebuild, s": round(statistics.median(whole), 1),
        "ratio": round(statistics.median(shares), 3),
    }
    for name, figure in result.items():
        print(f"{name:<24}{figure:>10,}")
    Path("benchmarks/rebuild_share.json").write_text(json.dumps(result, indent=1) + "\n")


def rebuild(seeds: Path) -> float:
    """Seconds of a `qa rebuild`, with the start of the program."""
    command = [
        sys.executable,
        "-m",
        "qa",
        "rebuild",
        "--seeds",
        str(seeds),
        "--index",
        str(WORK / "index"),
    ]
    started = time.perf_counter()
    subprocess.run([*command, "--threads", str(CORES)], check=True, capture_output=True)
    return time.perf_counter() - started


def best_shape(encodings: list[Any]) -> tuple[int, int]:
    """Threads of a batch, and its tokens, that are fastest on a sample of all lengths."""
    sample = encodings[:: max(1, len(encodings) // TRIED)]
    times = {
        (threads, tokens): run_alone(sample, threads, tokens)
        for threads in (1, CORES)
        for tokens in SHAPES
    }
    return min(times, key=lambda shape: times[shape])


def run_alone(encodings: list[Any], threads: int, tokens: int) -> float:
    """Seconds that onnxruntime takes for the batches, all cores in use."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    model = str(bundled_folder() / BGE_SMALL.folder / "model.onnx")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    batches = [padded(batch) for batch in cut(encodings, tokens)]
    session.run(None, batches[-1])
    started = time.perf_counter()
    with ThreadPoolExecutor(CORES // threads) as pool:
        list(pool.map(lambda batch: session.run(None, batch)[0][:, 0].copy(), batches))
    return time.perf_counter() - started


def cut(encodings: list[Any], tokens: int) -> list[list[Any]]:
    """Batches of at most ``tokens``, padding included, and at least one text."""
    batches: list[list[Any]] = []
    for encoding in encodings:
        if batches and len(batches[-1][0].ids) * (len(batches[-1]) + 1) <= tokens:
            batches[-1].append(encoding)
        else:
            batches.append([encoding])
    return batches


def padded(batch: list[Any]) -> dict[str, Any]:
    """What the model takes for a batch."""
    ids, mask, types = np.zeros((3, len(batch), len(batch[0].ids)), np.int64)
    for row, encoding in enumerate(batch):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


if __name__ == "__main__":
    main()
