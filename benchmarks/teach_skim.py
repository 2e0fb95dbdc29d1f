"""Teach the cross-encoder which texts are worth reading to the end, from its lower layers alone.

Ridge regression (Hoerl and Kennard 1970) of the whole model's logit on what its lower layers give for
the first token and, in the mean, for the tokens of the text and of the question, which by then know
whether the text has what they ask for.  Nobody's labels are needed, the model teaches itself: on
questions of SQuAD 2.0 and sentences of the articles that they are about.  A fifth of the questions is
held out, and measured: how many of the sentences that the whole model likes well enough to be quoted
are among those that it would read.

    python -m benchmarks.teach_skim --data FOLDER
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import data
from index.sentences import sentence_spans
from qa.choose import LEAST, MARGIN
from qa.cross_encoder import SKIM, load_cross_encoder
from qa.wordforms import content_words

KINDS = {"answerable", "impossible"}
QUESTIONS = 600
ALIKE, OTHERS = 20, 4  # sentences for a question: those with most words in common, and any
PENALTY = 2000.0
READ = (4, 6, 8, 12)


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences: what the lower layers tell of each, and the model's logit for it."""

    features: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]

    @property
    def quotable(self) -> npt.NDArray[np.bool_]:
        """Which of them could be quoted, as ``choose`` in qa/choose.py has it."""
        return np.greater(self.logits, max(LEAST, float(self.logits.max()) - MARGIN))

    def kept(self, skim: npt.NDArray[np.float64], most: int) -> float:
        """The share of these that are among the ``most`` which promise most."""
        promise = self.features @ skim[:-1]
        return float(np.isin(np.flatnonzero(self.quotable), np.argsort(-promise)[:most]).mean())


def main() -> None:
    """Teach, measure and write ``qa/models/skim.npy``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    folder = parser.parse_args().data
    examples = list(_examples(data.folder("squad2", folder)))
    part = len(examples) * 4 // 5
    taught, held_out = examples[:part], examples[part:]
    skim = _fitted(taught)
    for most in READ:
        kept = [example.kept(skim, most) for example in held_out if example.quotable.any()]
        print(
            f"of {len(kept)} questions held out, {most} of {ALIKE + OTHERS} read: {np.mean(kept):.3f}"
        )
    np.save(SKIM, skim.astype(np.float32))


def _examples(path: Path) -> Iterator[Example]:
    chance = random.Random(0)
    encoder = load_cross_encoder(None, 1000, 0)
    sentences = {
        record["id"]: [record["text"][start:end] for start, end in sentence_spans(record["text"])]
        for record in data.records(path)
    }
    for question in chance.sample(data.questions(path, KINDS), QUESTIONS):
        known = sentences[question.articles[0]]
        wanted = _stems(question.text)
        alike = sorted(known, key=lambda sentence: -len(wanted & _stems(sentence)))
        shown = [*alike[:ALIKE], *chance.sample(alike[ALIKE:], OTHERS)]
        skimmed = encoder.skim([(question.text, sentence) for sentence in shown])
        yield Example(np.stack([text.features for text in skimmed]), encoder.finish(skimmed))


def _fitted(examples: list[Example]) -> npt.NDArray[np.float64]:
    """Weights of the features, the last of the constant."""
    features = np.concatenate([example.features for example in examples]).astype(np.float64)
    logits = np.concatenate([example.logits for example in examples]).astype(np.float64)
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = (features - mean) / spread
    normal = scaled.T @ scaled + PENALTY * np.eye(scaled.shape[1])
    weights = np.linalg.solve(normal, scaled.T @ (logits - logits.mean())) / spread
    return np.append(weights, logits.mean() - mean @ weights)


def _stems(text: str) -> set[str]:
    return {word.stem for word in content_words(text)}


if __name__ == "__main__":
    main()
