"""How far a rebuild is, how fast it goes, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_EVERY = 0.1  # seconds between two reports of a stage


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` files read, drafts cleaned, passages embedded or entries written.

    ``stage`` is "reading", "cleaning", "embedding" or "writing".  ``per_second`` is the rate of the
    stage so far, ``seconds_left`` what the rest of it takes at that rate; None while that is unknown.
    """

    stage: str
    done: int
    total: int
    per_second: float | None = field(default=None, compare=False)
    seconds_left: float | None = field(default=None, compare=False)


class Meter:
    """Tells ``callback`` about progress, at most ten times a second and at the end of each stage."""

    def __init__(self, callback: Callable[[Progress], None]) -> None:
        self._callback = callback
        self._stage = ""
        self._started = self._told = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._started, self._told = stage, now, now
        if done < total and now - self._told < _EVERY:
            return
        self._told = now
        elapsed = now - self._started
        rate = done / elapsed if done and elapsed > 0 else None
        left = (total - done) / rate if rate else None
        self._callback(Progress(stage, done, total, rate, left))

    def counter(self, stage: str, total: int) -> Callable[[int], None]:
        """A function that is told how many more of a stage are done."""
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            self(stage, done, total)

        return count
