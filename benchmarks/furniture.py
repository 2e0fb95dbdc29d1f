"""What is taken out of pages, and which pages are left out?

A page counts as furniture alone if every line of it, numbers aside, stands on ten or more pages
of its outlet.  That is said without any rule of the product, so pages that the product leaves out
are checked against it.  Prints the counts, the removed lines by rule and the speed; with --samples
also pages and lines to be read by a person.

    python -m benchmarks.furniture --data ../shared/data --samples 50
"""

from __future__ import annotations

import argparse
import json
import random
import re
import textwrap
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks import data
from index.clean import articles_of, repaired
from index.furniture import furniture_of
from index.header import read_header
from index.readers.draft import Draft
from index.repeated import Learner, Repeated, lines_of, outlet_of

SETS = ("realtimeqa", "multihop_rag")
COMMON = 10  # pages


def main() -> None:
    """Measure, print and write ``benchmarks/furniture.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--samples", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rows = [
        measure(name, data.folder(name, arguments.data), arguments.samples, arguments.seed)
        for name in SETS
    ]
    print(json.dumps(rows, indent=1))
    Path(__file__).with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n")


def measure(name: str, folder: Path, samples: int, seed: int) -> dict[str, Any]:
    """Clean all articles of a set and count."""
    drafts = [_draft(record) for record in data.records(folder)]
    alone = _furniture_alone(drafts)
    articles_of(drafts[0], "warm-up", "a.jsonl")  # loads the language model

    started = time.process_time()
    drafts = [repaired(draft) for draft in drafts]
    repair_seconds = time.process_time() - started
    started = time.process_time()
    learner = Learner()
    for draft in drafts:
        learner.add(lines_of(draft, f"{name}.jsonl"))
    learned = learner.result()
    learn_seconds = time.process_time() - started
    started = time.process_time()
    found = [articles_of(draft, draft.id or "", f"{name}.jsonl", learned) for draft in drafts]
    clean_seconds = time.process_time() - started

    skipped = {number for number, articles in enumerate(found) if not articles}
    removed = [
        (number, *line) for number in range(len(drafts)) for line in _removed(drafts[number], learned)
    ]
    if samples:
        _show(drafts, found, skipped, removed, samples, random.Random(seed))
    seconds = repair_seconds + learn_seconds + clean_seconds
    return {
        "set": name,
        "pages": len(drafts),
        "furniture_alone": len(alone),
        "furniture_alone_left_out": len(alone & skipped),
        "others_left_out": len(skipped - alone),
        "pages_with_other_stories": sum(len(articles) > 1 for articles in found),
        "learned_lines": len(learned),
        "removed_lines": dict(Counter(rule for _, rule, _ in removed).most_common()),
        "languages": dict(Counter(a.language or "?" for articles in found for a in articles)),
        "repair_seconds": round(repair_seconds, 2),
        "learn_seconds": round(learn_seconds, 2),
        "clean_seconds": round(clean_seconds, 2),
        "articles_a_second": round(len(drafts) / seconds),
    }


def _draft(record: dict[str, Any]) -> Draft:
    fields = ("id", "title", "source", "author", "published", "url", "text")
    return Draft(**{key: record[key] for key in fields})


def _furniture_alone(drafts: list[Draft]) -> set[int]:
    pages: defaultdict[tuple[str | None, str], set[int]] = defaultdict(set)
    keys: list[set[tuple[str | None, str]]] = []
    for number, draft in enumerate(drafts):
        lines = (re.sub(r"\d+", "#", line.strip()) for line in draft.text.split("\n") if line.strip())
        keys.append({(draft.source, line) for line in lines})
        for key in keys[-1]:
            pages[key].add(number)
    return {n for n, lines in enumerate(keys) if all(len(pages[line]) >= COMMON for line in lines)}


def _removed(draft: Draft, learned: Repeated) -> list[tuple[str, str]]:
    header = read_header(draft.text, draft.title)
    outlet = outlet_of(draft, "")
    lines = header.body.split("\n")
    rules = furniture_of(lines, (header.title, draft.source), lambda line: learned.holds(outlet, line))
    return [(rule, line) for rule, line in zip(rules, lines, strict=True) if rule]


def _show(
    drafts: list[Draft],
    found: list[list[Any]],
    skipped: set[int],
    removed: list[tuple[int, str, str]],
    samples: int,
    chance: random.Random,
) -> None:
    def some(items: list[Any], count: int) -> list[Any]:
        return chance.sample(items, min(count, len(items)))

    for number in some(sorted(skipped), samples):
        text = " / ".join(drafts[number].text.split("\n\n"))
        print(f"LEFT OUT {drafts[number].title}: {textwrap.shorten(text, 300)}")
    for number, rule, line in some(removed, 2 * samples):
        print(f"REMOVED {rule} | {textwrap.shorten(drafts[number].title or '', 50)} | {line[:260]}")
    for number in some([n for n in range(len(drafts)) if found[n]], samples):
        article = found[number][0]
        print(f"KEPT {article.title} | {article.author} | {article.published}")
        for line in article.text.split("\n"):
            if line:
                print("    ", textwrap.shorten(line, 130))


if __name__ == "__main__":
    main()
