"""Does a rebuild that is killed at any moment ever disturb a reader, or leave a broken index?

Rebuilds of made-up articles, each in a process of its own with stand-in vectors, are killed with
SIGKILL after random times, while readers in other processes ask without a pause.  Each answer must be
that of one state that was published whole.  After each kill the index is checked as `qa check` does.
Then rebuilds run to their ends, one after another, with half of the articles changed each time, to see
whether the disk that they use stays flat.

    python -m benchmarks.rebuild_faults --kills 200 --rebuilds 100
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import statistics
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty
from typing import Any
from unittest import mock

from benchmarks.stand_in import StandIn
from index import build, open_index
from index.checking import check
from index.scope import Scope
from index.shared import shared_index

WORK = Path("var/benchmarks/faults")
ARTICLES = 40
WARM_UP = 3  # rebuilds that tell how long one takes


def main() -> None:
    """Measure, print and write ``benchmarks/rebuild_faults.json``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rebuilds", type=int, default=100)
    arguments = parser.parse_args()
    kills = arguments.kills
    shutil.rmtree(WORK, ignore_errors=True)
    seeds, index_dir = WORK / "seeds", WORK / "index"
    seeds.mkdir(parents=True)
    write_state(seeds, 0)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.stand_in", "index.build", "chromadb", "tantivy"])
    rebuild(seeds, index_dir)
    stop, results = context.Event(), context.Queue()
    readers = [context.Process(target=read, args=(index_dir, stop, results)) for _ in range(2)]
    for reader in readers:
        reader.start()
    started = time.perf_counter()  # beside the readers, or nearly all kills would come too early
    for state in range(1, WARM_UP + 1):
        write_state(seeds, state)
        run = context.Process(target=rebuild, args=(seeds, index_dir))
        run.start()
        run.join()
    takes = (time.perf_counter() - started) / WARM_UP
    result: dict[str, float] = kill(seeds, index_dir, kills, takes, context)
    stop.set()
    answers, wrong = 0, list[str]()
    for _ in readers:
        try:
            count, faults = results.get(timeout=60)
        except Empty:
            count, faults = 0, ["a reader died"]
        answers += count
        wrong += faults
    result |= {"answers": answers, "wrong or failed answers": len(wrong)}
    result |= disk(seeds, index_dir, kills + WARM_UP + 1, arguments.rebuilds)
    for name, figure in result.items():
        print(f"{name:<26}{figure:>10,}")
    for fault in wrong[:5]:
        print(fault)
    Path("benchmarks/rebuild_faults.json").write_text(json.dumps(result, indent=1) + "\n")


def kill(seeds: Path, index_dir: Path, kills: int, takes: float, context: Any) -> dict[str, float]:
    """Start a rebuild and kill it, again and again; what the index was like each time."""
    chance = random.Random(7)
    broken = old = new = finished = 0
    for number in range(WARM_UP + 1, WARM_UP + 1 + kills):
        write_state(seeds, number)
        with open_index(index_dir) as index:
            before = index.manifest.generation
        run = context.Process(target=rebuild, args=(seeds, index_dir))
        run.start()
        run.join(chance.uniform(0, 1.1 * takes))
        finished += not run.is_alive()
        run.kill()
        run.join()
        report = check(index_dir)
        # A record may be cut off in the cache of vectors, which the next rebuild mends.
        broken += any("vectors.bin" not in problem for problem in report.problems)
        old, new = old + (report.generation == before), new + (report.generation != before)
    rebuild(seeds, index_dir)
    report = check(index_dir)
    with open_index(index_dir) as index:
        last = index.article("0").text
    return {
        "kills": kills,
        "ended before the kill": finished,
        "old index left": old,
        "new index left": new,
        "broken indexes": broken + bool(report.problems),
        "last rebuild is right": int(f"state{kills + WARM_UP}." in last),
    }


def disk(seeds: Path, index_dir: Path, state: int, rebuilds: int) -> dict[str, float]:
    """Megabytes below the index folder after the first, the median and the last of ``rebuilds``."""
    used: list[float] = []
    for number in range(state, state + rebuilds):
        write_state(seeds, number)
        rebuild(seeds, index_dir)
        files = [path for path in index_dir.rglob("*") if path.is_file()]
        used.append(round(sum(path.stat().st_size for path in files) / 1e6, 3))
    return {
        "rebuilds in a row": rebuilds,
        "MB after the first": used[0],
        "MB, median": statistics.median(used),
        "MB after the last": used[-1],
    }


def write_state(seeds: Path, state: int) -> None:
    """Articles of which half say the state, and the others stay; there are never more or fewer."""
    for number in range(0, ARTICLES, 2 if state else 1):
        told = f"The article of number {number} tells of bridge {number * 31}, and of state{state}."
        (seeds / f"{number}.txt").write_text(told)


def rebuild(seeds: Path, index_dir: Path) -> None:
    """Rebuild with stand-in vectors."""
    with mock.patch.object(build, "load_embedder", return_value=StandIn()):
        build.rebuild(seeds, index_dir)


def read(index_dir: Path, stop: Event, results: Any) -> None:
    """Ask until told to stop; puts the number of answers, and those that were wrong."""
    answers, wrong = 0, list[str]()
    embedder = StandIn()
    while not stop.is_set():
        try:
            with shared_index(index_dir) as index:
                state = index.article("0").text.split()[-1].rstrip(".")
                hits = index.lexical.search(state, 100, Scope())
                near = index.nearest(embedder.embed_passages([f"bridge {answers}"])[0], 10)
                passages = index.store.passages([*(number for number, _ in hits), *near]).values()
                texts = {index.article(passage.article_id).text for passage in passages}
                said = {text.split()[-1].rstrip(".") for text in texts}
                if len(hits) != ARTICLES // 2 + (ARTICLES // 2 if state == "state0" else 0):
                    wrong.append(f"{len(hits)} hits for {state}")
                if not said <= {state, "state0"} or len(near) != 10:
                    wrong.append(f"{said} in {state}")
        except Exception as error:
            wrong.append(repr(error))
        answers += 1
    results.put((answers, wrong))


if __name__ == "__main__":
    main()
