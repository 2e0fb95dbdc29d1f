"""Teach the judge of entailment: does a passage say what a sentence says?

It is run by hand where there is PyTorch and onnx (two hours on two cores), never at set-up.  The lower
three layers of the cross-encoder stay as they are; nine more start from the reader's and learn to tell
the sentences of benchmarks/claims.jsonl apart, which a language model wrote about passages of the
articles of MultiHop-RAG: three that the passage supports and three that it does not, wrong in the ways
in which language models are, and pairs of which one is true and the other nearly the same.  Those of
benchmarks/rephrased.jsonl come last: of many the true one has quite other words than the passage, the
false one its own.  Beside them they see sentences with the passage of another article, and a passage's
own sentences, with and without these in it.

    python -m benchmarks.teach_entailment                                       # figures
    python -m benchmarks.teach_entailment --output qa/models/entailment.onnx    # and the model
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
from torch.nn import functional

from benchmarks import networks
from benchmarks.networks import Judge, Lower, read_upper, read_weights, write
from index.models import MINILM_L12, bundled_folder
from index.sentences import sentence_spans
from qa.entailment import premise_of

CLAIMS = Path(__file__).parent / "claims.jsonl"
REPHRASED = CLAIMS.with_name("rephrased.jsonl")
READER = Path(__file__).parent.parent / "qa" / "models" / "reader.onnx"
RATE, HEAD_RATE, DECAY, WARM = 1e-4, 3e-4, 0.01, 0.08
BATCH, TOKENS, SMOOTH, SEED = 16, 384, 0.03, 0
HELD = 0.1  # share of the articles that is not learned from
AGAIN = 0.3  # share of what was learned that is read once more in each later lesson
SHORT, LONG = 40, 260  # characters of a sentence that is a claim by itself


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the text that it is judged by, and whether that supports it."""

    text: str
    premise: str
    supported: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A batch of claims as tokens, and their places among all."""

    ids: Any
    types: Any
    mask: Any
    places: list[int]


def main() -> None:
    """Teach, print what is held out is worth, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    networks.DROPOUT = 0.0  # three epochs do not overfit, and chance is slow on a processor
    folder = bundled_folder() / MINILM_L12.folder
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS, strategy="only_second")
    weights = read_weights(folder / "model.onnx")
    lower, judge = Lower(weights).eval(), Judge(read_upper(READER, weights))
    lessons: list[list[Claim]] = []
    held: dict[str, list[Claim]] = {}
    for path, kind in ((CLAIMS, "claims"), (CLAIMS, "pairs"), (REPHRASED, "pairs")):
        taught, held[f"{path.stem}, {kind}"] = read_claims(arguments.data / "multihop_rag", path, kind)
        known = [claim for lesson in lessons for claim in lesson]
        lessons.append(taught + random.Random(SEED).sample(known, int(len(known) * AGAIN)))
    teach(lower, judge, tokenizer, [lessons[0], *lessons])
    for name, told in held.items():
        print(name, json.dumps(figures(lower, judge, tokenizer, told)))
    if arguments.output:
        write(judge.eval(), arguments.output)


def read_claims(folder: Path, path: Path, kind: str) -> tuple[list[Claim], list[Claim]]:
    """Those of ``path`` to learn from, and those about the articles in ``folder`` that are held out.

    ``kind`` is "claims", or "pairs", each of a sentence that is supported and one that is not.
    """
    lines = (folder / "articles.jsonl").read_text("utf-8").splitlines()
    articles = {row["id"]: row for row in map(json.loads, lines)}
    names = sorted(articles)
    random.Random(SEED + 9).shuffle(names)
    held = set(names[: int(len(names) * HELD)])
    taught: list[Claim] = []
    kept: list[Claim] = []
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        article = articles[row["article"]]
        premise = premise_of(
            article["title"],
            article["source"],
            article["published"],
            article["text"][row["start"] : row["end"]],
        )
        of = kept if row["article"] in held else taught
        if kind == "claims":
            right, wrong = row["supported"], row["unsupported"]
        else:
            right, wrong = zip(*row["pairs"], strict=True) if row["pairs"] else ((), ())
        of += [Claim(text, premise, supported=True) for text in right]
        of += [Claim(text, premise, supported=False) for text in wrong]
    return taught, kept


def teach(lower: Any, judge: Any, tokenizer: Tokenizer, lessons: Sequence[Sequence[Claim]]) -> None:
    """Make ``judge`` learn from ``lessons``, an epoch each, and from other claims made of them."""
    chance = random.Random(SEED + 1)
    optimizer = torch.optim.AdamW(
        [
            {"params": judge.layers.parameters(), "lr": RATE},
            {"params": judge.says.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=DECAY,
    )
    steps = sum(len(with_others(lesson, chance)) // BATCH + 1 for lesson in lessons)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM * steps + 1), 1.0, max(0.0, 1 - step / steps))
    )
    judge.train()
    for number, lesson in enumerate(lessons, start=1):
        losses = []
        for read, right in batches(with_others(lesson, chance), tokenizer, chance):
            with torch.no_grad():
                hidden = lower(read.ids, read.types, read.mask)
            told = judge(hidden, read.mask)[:, 0]
            aim = right * (1 - 2 * SMOOTH) + SMOOTH
            loss = functional.binary_cross_entropy_with_logits(told, aim)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.item()))
        print(f"epoch {number}: loss {np.mean(losses):.3f}")


def with_others(claims: Sequence[Claim], chance: random.Random) -> list[Claim]:
    """``claims``, some with the text of others, and sentences of texts, with and without these."""
    found = list(claims)
    supported = [claim for claim in claims if claim.supported]
    for claim in chance.sample(supported, len(supported) // 8):
        other = chance.choice(claims)
        if other.premise != claim.premise:
            found.append(Claim(claim.text, other.premise, supported=False))
    for claim in chance.sample(list(claims), len(claims) // 12):
        start, end = chance.choice(sentence_spans(claim.premise))
        sentence = claim.premise[start:end]
        if SHORT < len(sentence) < LONG:
            found.append(Claim(sentence, claim.premise, supported=True))
            found.append(Claim(sentence, claim.premise.replace(sentence, ""), supported=False))
    return found


def batches(
    claims: Sequence[Claim], tokenizer: Tokenizer, chance: random.Random | None
) -> Iterator[tuple[Read, Any]]:
    """Claims of about equal length together, in any order, and which of them are supported."""
    encodings = tokenizer.encode_batch([(claim.text, claim.premise) for claim in claims])
    order = sorted(range(len(claims)), key=lambda place: len(encodings[place].ids))
    groups = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    if chance:
        chance.shuffle(groups)
    for group in groups:
        longest = max(len(encodings[place].ids) for place in group)

        def padded(part: str, group: list[int] = group, longest: int = longest) -> Any:
            rows = [list(getattr(encodings[place], part)) for place in group]
            return torch.tensor([row + [0] * (longest - len(row)) for row in rows])

        right = torch.tensor([float(claims[place].supported) for place in group])
        yield Read(padded("ids"), padded("type_ids"), padded("attention_mask"), group), right


def figures(lower: Any, judge: Any, tokenizer: Tokenizer, claims: Sequence[Claim]) -> dict[str, float]:
    """How well supported claims are told from others."""
    judge.eval()
    scores = np.zeros(len(claims))
    for read, _ in batches(claims, tokenizer, None):
        with torch.no_grad():
            told = judge(lower(read.ids, read.types, read.mask), read.mask)[:, 0]
        scores[read.places] = told.numpy()
    right = np.array([claim.supported for claim in claims])
    found = {"area under the curve": (scores[right][:, None] > scores[~right][None]).mean()}
    for through in (0.02, 0.05, 0.1):
        least = np.quantile(scores[~right], 1 - through)
        found[f"lost where {through:.0%} get through"] = (scores[right] <= least).mean()
    return {name: round(float(value), 3) for name, value in found.items()}


if __name__ == "__main__":
    main()
