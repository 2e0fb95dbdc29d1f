"""What the reader is refined with: the stretches of articles that ``ask`` has it read for a question.

For each question of benchmarks/questions.jsonl that its passage answers, a search shows two stretches
among all articles, and two more among all but its own: those look as if they answered, and do not.
Words that are the answer anywhere else may be one, so such stretches are left out.  Ten minutes on two
cores.

    python -m benchmarks.reader_stretches --data FOLDER --output stretches.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.reader_groups import NEWS
from index import open_index
from index.generation import Index
from index.sentences import Span
from index.settings import load_settings
from qa.cross_encoder import CrossEncoder, load_cross_encoder
from qa.hits import Hit, lead
from qa.pipeline import LEADS, retrieve
from qa.quote import read_sentences
from qa.reading import STRETCHES, around
from qa.settings import Settings
from qa.understand import understand

QUESTIONS = Path(__file__).parent / "questions.jsonl"


def main() -> None:
    """Write the stretches, one a line, with where in each the answer stands, or null."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--work", type=Path, default=Path("var/groups"))
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    settings = load_settings(Settings)
    encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
    news = data.folder(NEWS, arguments.data)
    records = {record["id"] for record in data.records(news)}
    index_dir = data.sample_index(news, arguments.work, records, 0)
    with arguments.output.open("w", encoding="utf-8") as file, open_index(index_dir) as index:
        for row in map(json.loads, arguments.questions.read_text("utf-8").splitlines()):
            for question, answer in row["answered"]:
                hits = retrieve(question, index_dir=index_dir)
                others = [hit for hit in hits if hit.article.id != row["article"]]
                for found in (hits, others):
                    for hit, span in stretches(question, found, index, encoder):
                        text = hit.article.text[slice(*span)]
                        place = place_of(answer, hit, span, row)
                        if place or answer.lower() not in text.lower():
                            told = {"article": row["article"], "question": question, "text": text}
                            file.write(json.dumps({**told, "answer": place}) + "\n")


def stretches(
    question: str, hits: Sequence[Hit], index: Index, encoder: CrossEncoder
) -> Iterator[tuple[Hit, Span]]:
    """Those that the reader reads; none for who asks several things, for which it reads none."""
    if understand(question, outlets=index.outlets.values()).asks_several:
        return
    leads = [lead(index, hit) for hit in hits[:LEADS]]
    read: list[tuple[Hit, Span]] = []
    for quote in read_sentences(question, hits, leads, encoder, index.lexical.telling_words):
        if len(read) == STRETCHES:
            break
        span = around(quote.hit.sentences, (quote.start, quote.end))
        same = [of for hit, of in read if hit.article.id == quote.hit.article.id]
        if not any(first <= quote.start and quote.end <= last for first, last in same):
            read.append((quote.hit, span))
    yield from read


def place_of(answer: str, hit: Hit, span: Span, row: dict[str, Any]) -> Span | None:
    """Where in the stretch the answer stands, if the passage that was asked about reaches into it."""
    start, end = span
    if hit.article.id != row["article"] or end <= row["start"] or row["end"] <= start:
        return None
    place = hit.article.text.find(answer, max(start, row["start"]), end)
    return (place - start, place - start + len(answer)) if place >= 0 else None


if __name__ == "__main__":
    main()
