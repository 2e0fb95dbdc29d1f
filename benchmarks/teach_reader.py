"""Teach the reader: upper layers of the cross-encoder learn which words answer, and whether any do.

It is run by hand where there is PyTorch, onnx and a GPU (six minutes on an H200), never at set-up.
The lower three layers stay as they are; the upper nine start from the cross-encoder's own and learn to
point at the first and the last token of the answer, or at [CLS] where the text has none (Devlin et al.
2019, 4.3), and to say so by a logit of its own.  They read paragraphs of SQuAD 2.0 and of news, and the
single sentences that a search shows for their questions (benchmarks/reader_groups.py), among which
they also learn to choose, by a logit that is not kept.  Beside SQuAD's own trick questions they see
questions with another name or number in the place of their own, other paragraphs, paragraphs with a
piece of their neighbours, and the sentences of a question without those that answer it.

    python -m benchmarks.teach_reader --groups groups.jsonl --fold 0   # what is held out, and figures
    python -m benchmarks.teach_reader --groups groups.jsonl --output qa/models/reader.onnx
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from benchmarks.networks import MASKED, Lower, Upper, read_weights, write
from benchmarks.reader_examples import (
    Example,
    Question,
    Shown,
    batches,
    changed,
    read_groups,
    read_set,
    shown,
)
from index.models import MINILM_L12, bundled_folder

EPOCHS, RATE, HEAD_RATE, DECAY, WARM = 3, 1.5e-4, 3e-4, 0.01, 0.05
GROUPS = 48  # questions with their sentences in a step, beside a batch of paragraphs
TOKENS = 384
FOLDS, SEED = 4, 0


def main() -> None:
    """Teach, print what is held out is worth, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--groups", type=Path, required=True)
    parser.add_argument("--models", type=Path, help="folder of the models, if not the bundled one")
    parser.add_argument("--fold", type=int, help=f"hold out one article in {FOLDS}, from this one")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    folder = (arguments.models or bundled_folder()) / MINILM_L12.folder
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS, strategy="only_second")
    weights = read_weights(folder / "model.onnx")
    lower, upper = Lower(weights).to(device).eval(), Upper(weights).to(device)
    articles, questions = read_set(arguments.data / "squad2")
    names = sorted(articles)
    random.Random(5).shuffle(names)
    held = set() if arguments.fold is None else set(names[arguments.fold :: FOLDS])
    groups, of_news, about_news = read_groups(arguments.groups, articles)
    taught = [q for q in (*questions, *about_news) if q.article not in held]
    groups = [group for group in groups if group.article not in held]
    teach(lower, upper, tokenizer, {**articles, **of_news}, taught, groups, device)
    if held:
        told = [q for q in questions if q.article in held]
        print(json.dumps(figures(lower, upper, tokenizer, articles, told, device)))
    if arguments.output:
        write(upper.cpu().eval(), arguments.output)


def teach(
    lower: Any,
    upper: Any,
    tokenizer: Tokenizer,
    articles: dict[str, list[str]],
    questions: Sequence[Question],
    groups: Sequence[Shown],
    device: str,
) -> None:
    """Make ``upper`` learn from paragraphs and from groups of sentences, others in each epoch."""
    chance = random.Random(SEED + 1)
    heads = [*upper.words.parameters(), *upper.answers.parameters()]
    layers = [*upper.layers.parameters(), *upper.pooler.parameters(), *upper.choice.parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": layers, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=DECAY
    )
    steps = EPOCHS * (len(groups) // GROUPS + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(step / (WARM * steps + 1), 1.0, max(0.0, 1 - step / (steps + 1)))
    )

    def read(batch: Any) -> tuple[Any, Any, Any]:
        """The loss of each text, whether it has an answer, and the logit that it is chosen by."""
        ids, types, mask, first, last = (part.to(device) for part in batch.tensors)
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            with torch.no_grad():
                hidden = lower(ids, types, mask)
            states = upper.states(hidden, mask)
            told, chosen = upper.read(states).float(), upper.chosen(states).float()
        return losses_of(told, mask, first, last, (first > 0).float()), first > 0, chosen

    def learn(loss: Any) -> float:
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        optimizer.step()
        return float(loss.item())

    upper.train()
    for epoch in range(EPOCHS):
        examples = [changed(question, articles, chance) for question in questions]
        paragraphs = batches(examples, tokenizer, chance)
        order = chance.sample(list(groups), len(groups))
        losses = []
        for start in range(0, len(order), GROUPS):
            told = [shown(group, chance) for group in order[start : start + GROUPS]]
            flat = [example for group in told for example in group]
            of_group = torch.tensor([number for number, group in enumerate(told) for _ in group])
            (batch,) = batches(flat, tokenizer, None, len(flat))
            read_each, has, chosen = read(batch)
            loss = read_each[~has].mean() + (read_each[has].mean() if has.any() else 0.0)
            loss = loss + _choice(chosen, has, of_group[batch.positions].to(device), len(told))
            losses.append(learn(loss))
            if paragraph := next(paragraphs, None):
                learn(read(paragraph)[0].mean())
            schedule.step()
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}")


def losses_of(told: Any, mask: Any, first: Any, last: Any, answers: Any) -> Any:
    """Of each text the cross-entropy of its first and last token and of its having an answer."""
    words = told[:, :, :2].masked_fill(mask[:, :, None] == 0, MASKED)
    return (
        functional.cross_entropy(words[:, :, 0], first, reduction="none")
        + functional.cross_entropy(words[:, :, 1], last, reduction="none")
    ) / 2 + functional.binary_cross_entropy_with_logits(told[:, 0, 2], answers, reduction="none")


def _choice(chosen: Any, has: Any, of_group: Any, groups: int) -> Any:
    """Of each group the cross-entropy of what answers; of each sentence, whether it does."""
    loss = functional.binary_cross_entropy_with_logits(chosen, has.float(), reduction="none")
    loss = loss[~has].mean() / 2 + (loss[has].mean() / 2 if has.any() else 0.0)
    own = of_group[None] == torch.arange(groups, device=chosen.device)[:, None]
    every = chosen.masked_fill(~own, MASKED).logsumexp(-1)
    right = chosen.masked_fill(~(own & has), MASKED).logsumexp(-1)
    told = (own & has).any(-1)
    return loss + ((every - right)[told].mean() if told.any() else 0.0)


def figures(
    lower: Any,
    upper: Any,
    tokenizer: Tokenizer,
    articles: dict[str, list[str]],
    questions: Sequence[Question],
    device: str,
) -> dict[str, float]:
    """How well answerable questions are told from others, and the share of right words."""
    upper.eval()
    examples = [Example(q.text, articles[q.article][q.paragraph], None) for q in questions]
    answers, right = np.zeros(len(questions)), np.zeros(len(questions), bool)
    for batch in batches(examples, tokenizer, None):
        ids, types, mask, *_ = (part.to(device) for part in batch.tensors)
        with torch.no_grad():
            told = upper(lower(ids, types, mask), mask).cpu().numpy()
        for row, position in enumerate(batch.positions):
            encoding = batch.encodings[row]
            inside = np.array([of == 1 for of in encoding.sequence_ids])
            starts, ends = (np.where(inside, told[row, : len(inside), side], MASKED) for side in (0, 1))
            sums = starts[:, None] + ends[None]
            start, end = divmod(int(np.triu(sums - 4 * MASKED).argmax()), len(inside))
            words = examples[position].text[encoding.offsets[start][0] : encoding.offsets[end][1]]
            known = [answer.lower() for answer in questions[position].answers]
            right[position] = any(a in words.lower() or words.lower() in a for a in known)
            answers[position] = told[row, 0, 2]
    has = np.array([bool(question.answers) for question in questions])
    above = (answers[has][:, None] > answers[~has][None]).mean()
    found = {"area under the curve": above, "right words": right[has].mean()}
    for kept in (0.95, 0.9, 0.85):
        least = np.quantile(answers[has], 1 - kept)
        found[f"tricks above what {kept:.0%} of the others have"] = (answers[~has] >= least).mean()
    return {name: round(float(value), 3) for name, value in found.items()}


if __name__ == "__main__":
    main()
