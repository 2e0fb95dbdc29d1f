"""What does a rebuild cost: the first, one with nothing changed, one with ten articles changed?

Each rebuild is a process of its own, as `qa rebuild` is, with stand-in vectors, so that storage is what
is measured; the size of the cleaned text is the measure of the disk.  Larger sets are made from the
real articles: one word in three is from elsewhere in the text, so that none is a copy of another.
CPU seconds are of all processes of a rebuild, and tell more than the clock on a busy machine.  A
question's time is that of a search by words and one by meaning over the open index, without models.

    python -m benchmarks.rebuild_speed --data FOLDER --articles 9962 100000
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import data
from benchmarks.stand_in import StandIn
from index import build, open_index
from index.scope import Scope

WORK = Path("var/benchmarks/rebuild")
QUESTIONS = 200


def main() -> None:
    """Measure, print and write ``benchmarks/rebuild_speed.json``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, nargs="+", default=[9962])
    parser.add_argument(
        "--files", action="store_true", help="a file an article, else one of JSON Lines"
    )
    parser.add_argument("--once", nargs=2, metavar=("SEEDS", "INDEX"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.once:
        print(json.dumps(once(*map(Path, arguments.once))))
        return
    path = data.folder("realtimeqa", arguments.data)
    questions = [question.text for question in data.questions(path, {"gold", "silver"})][:QUESTIONS]
    results = {}
    for count in arguments.articles:
        results[str(count)] = measure(data.records(path), count, questions, files=arguments.files)
        print(f"{count:,} articles")
        for name, figure in results[str(count)].items():
            print(f"  {name:<34}{figure:>14,}")
    output = Path("benchmarks/rebuild_speed.json")
    output.write_text(json.dumps(results, indent=1) + "\n")


def measure(
    records: list[dict[str, Any]], count: int, questions: list[str], *, files: bool
) -> dict[str, float]:
    """The figures for ``count`` articles."""
    work = WORK / str(count)
    shutil.rmtree(work, ignore_errors=True)
    seeds, index_dir = work / "seeds", work / "index"
    write_seeds(seeds, records, count, files=files)
    first = run(seeds, index_dir)
    result: dict[str, float] = {
        "passages": first["passages"],
        "first rebuild, s": first["wall"],
        "first rebuild, CPU s": first["cpu"],
        "first rebuild, peak MB": first["peak_mb"],
    }
    with open_index(index_dir) as index:
        text = sum(len(article.text.encode()) for article in index.articles())
    result["cleaned text, MB"] = round(text / 1e6, 1)
    result["disk over cleaned text"] = round(used(index_dir) / text, 2)
    nothing = run(seeds, index_dir)
    result["nothing changed, s"], result["nothing changed, CPU s"] = nothing["wall"], nothing["cpu"]
    change_ten(seeds, files=files)
    changed = run(seeds, index_dir)
    result["10 changed, s"], result["10 changed, CPU s"] = changed["wall"], changed["cpu"]
    result["10 changed, peak MB"] = changed["peak_mb"]
    result["10 changed, articles changed"] = changed["changed"]
    result["searchable at once"] = searchable(index_dir)
    result["disk after 10 changed"] = round(used(index_dir) / text, 2)
    result["question p50, ms"], result["question p95, ms"] = ask(index_dir, questions)
    return result


def write_seeds(seeds: Path, records: list[dict[str, Any]], count: int, *, files: bool) -> None:
    """``count`` articles: the real ones, then copies of them in other words."""
    seeds.mkdir(parents=True)
    chance = random.Random(7)
    lines = []
    for number in range(count):
        record = records[number % len(records)]
        if number >= len(records):
            record = other_words(record, number, chance)
        lines.append(json.dumps(record))
    if files:
        for number, line in enumerate(lines):
            folder = seeds / f"{number // 500:04}"
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.json").write_text(line)
    else:
        (seeds / "articles.jsonl").write_text("\n".join(lines) + "\n")


def other_words(record: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    """An article with one word in three replaced by others of its own."""
    words = record["text"].split(" ")
    for place in range(0, len(words), 3):
        words[place] = chance.choice(words)
    return {**record, "id": f"{record['id']}-{number}", "text": " ".join(words)}


def change_ten(seeds: Path, *, files: bool) -> None:
    """Add a sentence to ten articles."""
    chance = random.Random(11)
    if files:
        for path in chance.sample(sorted(seeds.rglob("*.json")), 10):
            path.write_text(changed(path.read_text()))
        return
    path = seeds / "articles.jsonl"
    lines = path.read_text().splitlines()
    for place in chance.sample(range(len(lines)), 10):
        lines[place] = changed(lines[place])
    path.write_text("\n".join(lines) + "\n")


def changed(line: str) -> str:
    """A record whose article has one sentence more."""
    record = json.loads(line)
    words = record["text"].split()[5:25]  # or else it would be furniture: the same on ten pages
    return json.dumps(record | {"text": f"{record['text']}\n\nThe quixworth knows: {' '.join(words)}."})


def run(seeds: Path, index_dir: Path) -> dict[str, float]:
    """A rebuild in a process of its own; ``wall`` has the start of Python in it."""
    command = [sys.executable, "-m", __spec__.name, "--once", str(seeds), str(index_dir)]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found | {"wall": round(time.perf_counter() - started, 2)}


def once(seeds: Path, index_dir: Path) -> dict[str, Any]:
    """Rebuild, and say what it took."""
    with mock.patch.object(build, "load_embedder", return_value=StandIn()):
        report = build.rebuild(seeds, index_dir)
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, helpers = (usage.ru_maxrss for usage in usages)  # of the helpers the largest
    cores = 2 if helpers > 50_000 else 0
    return report.to_dict() | {
        "skipped": [],
        "peak_mb": round((own + cores * helpers) / 1024),
        "cpu": round(sum(usage.ru_utime + usage.ru_stime for usage in usages), 2),
    }


def searchable(index_dir: Path) -> int:
    """How many of the ten changed articles are found by the word that came."""
    with open_index(index_dir) as index:
        hits = index.lexical.search("quixworth", 100, Scope())
        passages = index.store.passages([number for number, _ in hits]).values()
        return len({passage.article_id for passage in passages})


def used(index_dir: Path) -> int:
    """Bytes of all files below ``index_dir``."""
    return sum(path.stat().st_size for path in index_dir.rglob("*") if path.is_file())


def ask(index_dir: Path, questions: list[str]) -> tuple[float, float]:
    """Median and 95th percentile of a search by words and one by meaning, in milliseconds."""
    embedder = StandIn()
    times = []
    with open_index(index_dir) as index:
        for question in questions + questions:
            vector = embedder.embed_passages([question])[0]
            started = time.perf_counter()
            index.lexical.search(question, 200, Scope())
            index.nearest(vector, 400)
            times.append(1000 * (time.perf_counter() - started))
    kept = sorted(times[len(questions) :])  # the first round loads the files
    return round(statistics.median(kept), 1), round(kept[int(0.95 * len(kept))], 1)


if __name__ == "__main__":
    main()
