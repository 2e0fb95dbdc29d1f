"""Are the copies among articles found, and nothing else, and how fast?

Pairs planted in ``near_copies``; families of real articles, to be read; and articles mixed from the
sentences of real ones, with planted copies and updates, in a process of its own for each number.

    python -m benchmarks.near_copies --data ../shared/data
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import data
from index.families import Comparisons, families, sketch

NUMBERS = (10_000, 100_000)
EVERY = 50  # one of so many mixed articles is a copy of the one before it, and one an update


def main() -> None:
    """Measure, print and write ``benchmarks/near_copies.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("var/benchmarks"))
    parser.add_argument("--mixed", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sentences = arguments.work / "sentences.json"
    if arguments.mixed:
        pool, lengths = json.loads(sentences.read_text("utf-8"))
        print(json.dumps(mixed(pool, lengths, arguments.mixed)))
        return
    folders = {name: arguments.data / name for name in ("near_copies", "multihop_rag", "realtimeqa")}
    for folder in folders.values():
        if not folder.exists():
            sys.exit(f"{folder} is missing; name the folder of the measuring data with --data")
    result: dict[str, Any] = {"near_copies": planted(folders["near_copies"])}
    for name in ("multihop_rag", "realtimeqa"):
        result[name] = real(folders[name])
    arguments.work.mkdir(parents=True, exist_ok=True)
    sentences.write_text(json.dumps(sentences_of(folders["realtimeqa"])), "utf-8")
    for number in NUMBERS:
        command = [sys.executable, "-m", __spec__.name, "--work", str(arguments.work)]
        done = subprocess.run(
            [*command, "--mixed", str(number)], check=True, capture_output=True, text=True
        )
        result[f"mixed {number}"] = json.loads(done.stdout)
    for name, values in result.items():
        print(name)
        for key, value in values.items():
            print(f"    {key:<28}{value}")
    Path("benchmarks/near_copies.json").write_text(json.dumps(result, indent=1) + "\n")


def planted(folder: Path) -> dict[str, int]:
    """How many planted pairs are found, and how many others."""
    expected = {frozenset(pair) for pair in json.loads((folder / "pairs.json").read_text("utf-8"))}
    found = pairs(_families(folder))
    return {
        "planted": len(expected),
        "found": len(found & expected),
        "wrong": len(found - expected),
    }


def real(folder: Path) -> dict[str, Any]:
    """How many families there are, and of which sizes."""
    started = time.perf_counter()
    found = _families(folder)
    sizes = Counter(Counter(found.values()).values())
    return {
        "families": sum(sizes.values()),
        "articles in them": len(found),
        "families by size": dict(sorted(sizes.items())),
        "seconds": round(time.perf_counter() - started, 1),
    }


def sentences_of(folder: Path) -> tuple[list[str], list[int]]:
    """The sentences of all articles, and how many each has."""
    articles = [record["text"].replace(". ", ".\n").split("\n") for record in data.records(folder)]
    return [line for lines in articles for line in lines], [len(lines) for lines in articles]


def mixed(pool: list[str], lengths: list[int], number: int) -> dict[str, float]:
    """Time and memory for this many articles, which are made while they are read."""
    leads = [line for line in pool if 25 <= len(line.split()) < 40]

    def text(place: str) -> str:
        at = int(place)
        chance = random.Random(at)
        if at % EVERY == 1:
            return copy(text(str(at - 1)), chance)
        if at % EVERY == 3:
            return update(text(str(at - 1)), chance.choice(leads))
        return "\n".join(chance.choices(pool, k=min(max(chance.choice(lengths), 10), 200)))

    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of loading the sentences
    before = _peak()
    started = time.process_time()
    words = sum(len(text(str(at)).split()) for at in range(number))
    making = time.process_time() - started
    started, processor = time.perf_counter(), time.process_time()
    found = pairs(
        families(((str(at), sketch(text(str(at)))) for at in range(number)), text, Comparisons({}))
    )
    seconds = time.perf_counter() - started
    expected = {frozenset((str(at), str(at - 1))) for at in range(1, number, EVERY)}
    return {
        "words each": words // number,
        "planted": len(expected),
        "found": len(found & expected),
        "wrong": len(found - expected),
        "seconds": round(seconds, 1),
        "processor seconds": round(time.process_time() - processor, 1),
        "of these to make the texts": round(making, 1),
        "peak MB": round(_peak()),
        "of these for the sentences": round(before),
    }


def copy(text: str, chance: random.Random) -> str:
    """Another outlet's printing: up to a quarter cut at the end, 2 words in 100 other ones."""
    lines = text.split("\n")
    lines = lines[: round(len(lines) * chance.uniform(0.75, 1))]
    words = "\n".join(lines).split(" ")
    return " ".join("anders" if chance.random() < 0.02 else word for word in words)


def update(text: str, lead: str) -> str:
    """The story of the next day: another lead, the rest as it was."""
    return "\n".join([lead, *text.split("\n")[1:]])


def pairs(found: dict[str, str]) -> set[frozenset[str]]:
    """Each member with the one that names its family."""
    return {frozenset((member, name)) for member, name in found.items() if member != name}


def _families(folder: Path) -> dict[str, str]:
    texts = {record["id"]: record["text"] for record in data.records(folder)}
    return families(
        ((name, sketch(text)) for name, text in texts.items()), texts.__getitem__, Comparisons({})
    )


def _peak() -> float:
    """Of this process alone; what getrusage gives counts that of the process that started it."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
