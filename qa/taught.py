"""Models of our own: upper layers that were taught to go on from the cross-encoder's lower quarter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.models import MINILM_L12, TextModel, open_session
from qa.cross_encoder import open_lower


class TaughtModel(TextModel):
    """The two halves, and of each text what the upper one, the file ``upper``, says of it."""

    def __init__(self, upper: Path, threads: int) -> None:
        self._upper = upper
        # Always on the bundled files, whatever QA_MODELS_DIR says: it was taught on these.
        super().__init__(MINILM_L12, None, threads)

    def open_model(self, path: Path) -> Any:
        return _Halves(open_lower(path), open_session(self._upper.read_bytes()))

    def kept(self, output: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return output


@dataclass(frozen=True, slots=True)
class _Halves:
    """Two sessions, the second of which goes on from what the first gives."""

    lower: Any
    upper: Any

    def run(self, outputs: None, feed: dict[str, npt.NDArray[np.int64]]) -> list[Any]:
        hidden = self.lower.run(outputs, feed)[0]
        mask = feed["attention_mask"]
        found: list[Any] = self.upper.run(outputs, {"hidden": hidden, "attention_mask": mask})
        return found
