"""Which words of a text answer a question, and whether any do.

The cross-encoder tells what a text is about, not whether it answers: "Who led the attack of 1565?" gets
the same score from a text about another attack.  The reader is its lower quarter with upper layers of
its own, ``models/reader.onnx``, that benchmarks/teach_reader.py taught on SQuAD 2.0 (Rajpurkar, Jia
and Liang 2018), half of whose questions have no answer in their text, and on questions that a language
model wrote about news; models/README.md says how well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.taught import TaughtModel

UPPER = Path(__file__).parent / "models" / "reader.onnx"
LONGEST = 30  # tokens of an answer
START, END, ANSWERS = range(3)  # what the model says of a token; the last is of the whole text
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a text: its words ``text[start:end]`` answer best.

    ``words`` is the logit for these words less that for none, about -20 to +15, and ``answers`` the
    logit that the text has an answer, about -6 to +6.
    """

    start: int
    end: int
    words: float
    answers: float


class Reader:
    """Finds answers in texts.  Threads may share one object."""

    def __init__(self, batch_tokens: int, threads: int) -> None:
        self._model = TaughtModel(UPPER, threads)
        self._batch_tokens = batch_tokens

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """What each text, not empty, says to ``question``; both together are cut to 512 tokens."""
        encodings = self._model.encode([(question, text) for text in texts])
        found: dict[int, Reading] = {}
        for batch, outputs in self._model.run(encodings, self._batch_tokens):
            for position, output in zip(batch, outputs, strict=True):
                encoding = encodings[position]
                of_text = np.array([of == 1 for of in encoding.sequence_ids])
                start, end, words = _best(output[: len(of_text)], of_text)
                first, last = encoding.offsets[start][0], encoding.offsets[end][1]
                found[position] = Reading(first, last, words, float(output[0, ANSWERS]))
        return [found[position] for position in range(len(texts))]


@cache
def load_reader(batch_tokens: int, threads: int) -> Reader:
    """The reader, loaded once a process."""
    return Reader(batch_tokens, threads)


def _best(output: npt.NDArray[np.float32], of_text: npt.NDArray[np.bool_]) -> tuple[int, int, float]:
    """The best tokens of the text, first and last, and their logit less that of [CLS], for none."""
    none = float(output[0, START] + output[0, END])
    starts, ends = (np.where(of_text, output[:, side], _NEVER) for side in (START, END))
    sums = starts[:, None] + ends[None, :]
    length = len(of_text)
    allowed = np.triu(np.ones((length, length), bool)) & ~np.triu(
        np.ones((length, length), bool), LONGEST
    )
    start, end = divmod(int(np.where(allowed, sums, 2 * _NEVER).argmax()), length)
    return start, end, float(sums[start, end]) - none
