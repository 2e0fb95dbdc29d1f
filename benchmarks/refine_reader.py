"""Refine the reader with questions that a large language model wrote about news.

benchmarks/questions.jsonl has three for each of 1,200 passages that the passage answers, and three that
it only seems to: another event of the same kind, something that it leaves out, what came of it.  The
reader learns from these, from the stretches that a search shows (benchmarks/reader_stretches.py) and,
not to forget, from some of SQuAD 2.0.  What is written lies half way between the reader before and the
reader after (Wortsman et al. 2022), which is better than both at what it has not learned from.  It
is run by hand where there is PyTorch and onnx, half an hour on two cores, after teach_reader.py.

    python -m benchmarks.refine_reader --stretches stretches.jsonl                # figures
    python -m benchmarks.refine_reader --stretches stretches.jsonl --output qa/models/reader.onnx
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from benchmarks import networks
from benchmarks.networks import Lower, read_upper, read_weights, write
from benchmarks.reader_examples import Example, Question, batches, changed, read_set
from benchmarks.reader_stretches import QUESTIONS
from benchmarks.teach_entailment import READER
from benchmarks.teach_reader import TOKENS, losses_of
from index.models import MINILM_L12, bundled_folder

RATE, HEAD_RATE, DECAY, WARM, SMOOTH, SEED = 6e-5, 1.2e-4, 0.01, 0.06, 0.02, 0
BATCH = 16
SQUAD = 0.35  # share of its questions
HELD = 0.1  # share of the articles that is not learned from
SHARPER = 1.25  # what the logit of an answer is multiplied by: smoothed aims have made it smaller
HALF_WAY = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """An example, the article that it is about, and whether a search has shown its text."""

    example: Example
    article: str
    is_found: bool


def main() -> None:
    """Refine, print what is held out is worth, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--stretches", type=Path, required=True)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    networks.DROPOUT = 0.0  # one epoch does not overfit
    folder = bundled_folder() / MINILM_L12.folder
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS, strategy="only_second")
    weights = read_weights(folder / "model.onnx")
    lower, upper = Lower(weights).eval(), read_upper(READER, weights)
    asked = [*of_passages(arguments.data / "multihop_rag"), *of_stretches(arguments.stretches)]
    names = sorted({one.article for one in asked})
    random.Random(SEED + 9).shuffle(names)
    names = names[: int(len(names) * HELD)]
    held = [one for one in asked if one.article in names]
    print("before", json.dumps(figures(lower, upper, tokenizer, held)))
    before = {name: value.clone() for name, value in upper.state_dict().items()}
    taught = [one.example for one in asked if one.article not in names]
    refine(lower, upper, tokenizer, taught, *read_set(arguments.data / "squad2"))
    with torch.no_grad():
        for part in upper.answers.parameters():
            part *= SHARPER
    print("after", json.dumps(figures(lower, upper, tokenizer, held)))
    after = upper.state_dict()
    upper.load_state_dict({name: torch.lerp(before[name], after[name], HALF_WAY) for name in before})
    print("half way", json.dumps(figures(lower, upper, tokenizer, held)))
    if arguments.output:
        write(upper.eval(), arguments.output)


def of_passages(folder: Path) -> Iterator[Asked]:
    """The questions with the passages that they were written about."""
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    texts = {article["id"]: article["text"] for article in map(json.loads, lines)}
    for row in map(json.loads, QUESTIONS.read_text("utf-8").splitlines()):
        name, text = row["article"], texts[row["article"]][row["start"] : row["end"]]
        for question, answer in row["answered"]:
            place = text.index(answer)
            yield Asked(Example(question, text, (place, place + len(answer))), name, is_found=False)
        for question in row["unanswered"]:
            yield Asked(Example(question, text, None), name, is_found=False)


def of_stretches(path: Path) -> Iterator[Asked]:
    """The questions with what a search has shown for them."""
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        place = row["answer"] and (row["answer"][0], row["answer"][1])
        yield Asked(Example(row["question"], row["text"], place), row["article"], is_found=True)


def refine(
    lower: Any,
    upper: Any,
    tokenizer: Tokenizer,
    taught: Sequence[Example],
    articles: dict[str, list[str]],
    questions: Sequence[Question],
) -> None:
    """Make ``upper`` learn once from ``taught`` and from some of the ``questions`` of SQuAD."""
    chance = random.Random(SEED + 1)
    again = chance.sample(list(questions), int(len(questions) * SQUAD))
    examples = [*taught, *(changed(question, articles, chance) for question in again)]
    heads = [*upper.words.parameters(), *upper.answers.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": upper.layers.parameters(), "lr": RATE}, {"params": heads, "lr": HEAD_RATE}],
        weight_decay=DECAY,
    )
    steps = len(examples) // BATCH + 1
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM * steps + 1), 1.0, max(0.0, 1 - step / steps))
    )
    upper.train()
    for batch in batches(examples, tokenizer, chance, BATCH):
        ids, types, mask, first, last = batch.tensors
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                hidden = lower(ids, types, mask)
            told = upper(hidden, mask).float()
        aims = (first > 0).float() * (1 - 2 * SMOOTH) + SMOOTH
        optimizer.zero_grad()
        losses_of(told, mask, first, last, aims).mean().backward()
        nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def figures(lower: Any, upper: Any, tokenizer: Tokenizer, held: Sequence[Asked]) -> dict[str, float]:
    """How well what answers is told from what does not, of passages and of what was found."""
    upper.eval()
    answers = np.zeros(len(held))
    for batch in batches([one.example for one in held], tokenizer, None, BATCH):
        ids, types, mask, *_ = batch.tensors
        with torch.no_grad():
            answers[batch.positions] = upper(lower(ids, types, mask), mask)[:, 0, 2].numpy()
    has = np.array([one.example.answer is not None for one in held])
    found = np.array([one.is_found for one in held])
    told: dict[str, float] = {}
    for name, of in (("passages", ~found), ("found", found)):
        right, wrong = answers[has & of], answers[~has & of]
        told[f"area under the curve, {name}"] = (right[:, None] > wrong[None]).mean()
        told[f"others above what 95% of those that answer have, {name}"] = (
            wrong >= np.quantile(right, 0.05)
        ).mean()
    return {name: round(float(value), 3) for name, value in told.items()}


if __name__ == "__main__":
    main()
