"""How well a text answers a question, by a cross-encoder that reads both together.

Its lower layers tell already which texts are worth reading to the end: ``score_best`` reads all of them
with these, and only the most promising with the others, as early exits do (BERxiT, Xin et al. 2021).
``models/skim.npy``, from benchmarks/teach_skim.py, has the weights that foretell the logit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.models import MINILM_L12, TextModel, Tokens, open_session
from qa.half_model import lower_part, upper_part

SKIM = Path(__file__).parent / "models" / "skim.npy"
# What the third of twelve layers gives, in the file whose hash MINILM_L12 names.
SKIM_LAYER = "/bert/encoder/layer.2/output/LayerNorm/Add_1_output_0"

AT_ONCE = 64  # pairs whose tokens are held between the halves, 0.75 MB each at most
SHARES = 4  # that few texts are read in
SLACK = 1.1  # of a batch over what would be even, as some texts are longer than others


@dataclass(frozen=True, slots=True)
class Skimmed:
    """A pair of question and text that the lower layers have read.

    ``hidden`` is what they give for each token, shape ``(tokens, 384)``.
    """

    ids: list[int]
    type_ids: list[int]
    hidden: npt.NDArray[np.float32]

    @property
    def features(self) -> npt.NDArray[np.float32]:
        """What they give for [CLS], and in the mean for the text and for the question, ``(1152,)``."""
        is_text = np.array(self.type_ids) == 1
        text, question = self.hidden[is_text], self.hidden[1:][~is_text[1:]]
        return np.concatenate([self.hidden[0], text.mean(axis=0), question.mean(axis=0)])


class CrossEncoder:
    """Scores pairs of question and text.  Threads may share one object."""

    def __init__(self, models_dir: Path | None, batch_tokens: int, threads: int) -> None:
        self._model = _InTwo(MINILM_L12, models_dir, threads)
        self._batch_tokens = batch_tokens

    def score(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A logit for each text, shape ``(len(texts),)``; higher is better, about -11 to +11.

        Question and text together are cut to 512 tokens.
        """
        return self.score_pairs([(question, text) for text in texts])

    def score_pairs(self, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float32]:
        """A logit for each pair of a question and a text, shape ``(len(pairs),)``."""
        scores = np.empty(len(pairs), dtype=np.float32)
        for start in range(0, len(pairs), AT_ONCE):
            part = pairs[start : start + AT_ONCE]
            encodings = self.skim(part) if self._model.is_known else self._model.encode(part)
            scores[start : start + AT_ONCE] = self._run(encodings)
        return scores

    def score_best(
        self, question: str, texts: Sequence[str], most: int, bonus: npt.NDArray[np.floating[Any]]
    ) -> npt.NDArray[np.float32]:
        """Like ``score``, of the ``most`` texts that promise most; NaN of the others.

        ``bonus``, shape ``(len(texts),)``, is added to the logits that are foretold.
        """
        if not self._model.is_known or len(texts) <= most:
            return self.score(question, texts)
        skimmed = self.skim([(question, text) for text in texts])
        features = np.stack([text.features for text in skimmed])
        promise = features @ _skim()[:-1] + _skim()[-1] + bonus
        rows = np.argsort(-promise, kind="stable")[:most]
        scores = np.full(len(texts), np.nan, dtype=np.float32)
        scores[rows] = self.finish([skimmed[row] for row in rows])
        return scores

    def skim(self, pairs: Sequence[tuple[str, str]]) -> list[Skimmed]:
        """Pairs of a question and a text as the lower layers read them."""
        encodings = self._model.encode(pairs)
        return [
            Skimmed(encoding.ids, encoding.type_ids, hidden[: len(encoding.ids)])
            for encoding, hidden in zip(encodings, self._run(encodings), strict=True)
        ]

    def finish(self, skimmed: Sequence[Skimmed]) -> npt.NDArray[np.float32]:
        """Their logits, once the upper layers have read them, too."""
        return np.array(self._run(skimmed), dtype=np.float32)

    def _run(self, texts: Sequence[Tokens]) -> list[npt.NDArray[np.float32]]:
        """What the model, or the half whose turn it is, gives for each of the texts."""
        found: dict[int, npt.NDArray[np.float32]] = {}
        lengths = [len(text.ids) for text in texts]
        tokens = evenly(lengths, self._batch_tokens)
        for batch, outputs in self._model.run(texts, tokens):
            found.update(zip(batch, outputs, strict=True))
        return [found[position] for position in range(len(texts))]


def evenly(lengths: Sequence[int], batch_tokens: int) -> int:
    """Tokens of a batch, at most about ``batch_tokens``, so that few texts, too, make several batches.

    One batch would be read by one thread alone.  Their number does not hang on that of the threads, for
    a batch is rounded together: the same question gets the same logits on every machine.

    >>> evenly([70, 70, 70, 70], 256), evenly([70] * 12, 256), evenly([70] * 90, 256)
    (77, 231, 248)
    """
    rounds = math.ceil(sum(lengths) / (batch_tokens * SHARES)) or 1
    even = round(SLACK * sum(lengths) / (rounds * SHARES))
    return max(min(batch_tokens, even), *lengths, 1)


@cache
def load_cross_encoder(models_dir: Path | None, batch_tokens: int, threads: int) -> CrossEncoder:
    """The cross-encoder, loaded once a process."""
    return CrossEncoder(models_dir, batch_tokens, threads)


@cache
def open_lower(path: Path) -> Any:
    """The lower layers of the file that MINILM_L12 names, opened once for all who go on from them."""
    return open_session(lower_part(path.read_bytes(), SKIM_LAYER))


@cache
def _skim() -> npt.NDArray[np.float32]:
    """Weights of the features, the last of the constant."""
    weights: npt.NDArray[np.float32] = np.load(SKIM)
    return weights


class _InTwo(TextModel):
    """The model in two halves: texts are read by the lower one, and by the upper one once they are.

    Of other files nobody knows what their lower layers tell: they stay whole, and read all to the end.
    """

    def open_model(self, path: Path) -> Any:
        if not self.is_known:
            return super().open_model(path)
        upper = open_session(upper_part(path.read_bytes(), SKIM_LAYER))
        return _Halves(open_lower(path), upper, frozenset(value.name for value in upper.get_inputs()))

    def feed(self, batch: Sequence[Tokens]) -> dict[str, npt.NDArray[Any]]:
        feed = super().feed(batch)
        skimmed = [text.hidden for text in batch if isinstance(text, Skimmed)]
        if skimmed:
            feed[SKIM_LAYER] = np.zeros(
                (*feed["input_ids"].shape, skimmed[0].shape[1]), dtype=np.float32
            )
            for row, hidden in enumerate(skimmed):
                feed[SKIM_LAYER][row, : len(hidden)] = hidden
        return feed

    def kept(self, output: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return output if output.ndim == 3 else super().kept(output)


@dataclass(frozen=True, slots=True)
class _Halves:
    """Two sessions, of which the second takes what the first gives."""

    lower: Any
    upper: Any
    inputs: frozenset[str]  # of the upper one

    def run(self, outputs: None, feed: dict[str, npt.NDArray[Any]]) -> list[Any]:
        if SKIM_LAYER not in feed:
            found: list[Any] = self.lower.run(outputs, feed)
        else:
            given = {name: value for name, value in feed.items() if name in self.inputs}
            found = self.upper.run(outputs, given)
        return found
