"""Work on all cores: a function on batches, each in a process that is free."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from types import TracebackType
from typing import Any, TypeVar

from index.errors import WorkerLostError

FEW = 2  # batches for each process, and fewer are not worth its start
AHEAD = 2  # batches for each process that may wait or be done before they are asked for
_LOOK = 0.5  # seconds between two looks of a process whether the one that started it is still there

B = TypeVar("B")
T = TypeVar("T")
R = TypeVar("R")


class Workers:
    """``count`` processes, which end with the context; with a count of 1 it is this one.

    However this process ends, the others end with it.

    loky's processes, unlike the standard library's, do not run the program's main module again: a
    script that calls ``rebuild()`` needs no ``if __name__ == "__main__"``.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor: Any = None  # until there is enough to do

    def map(self, function: Callable[[B], R], batches: Iterable[B]) -> Iterator[R]:
        """What ``function`` returns for each batch, in order; only few batches are held at a time.

        A few batches are worked off here, for processes take two seconds to start.
        Raises what ``function`` raises, and WorkerLostError if a process was killed.
        """
        remaining = iter(batches)
        few = list(islice(remaining, FEW * self._count))
        if self._count == 1 or (self._executor is None and len(few) < FEW * self._count):
            yield from map(function, chain(few, remaining))
            return
        executor = self._executor = self._executor or self._start()
        from loky.process_executor import TerminatedWorkerError

        results: deque[Any] = deque()
        try:
            for batch in chain(few, remaining):
                results.append(executor.submit(function, batch))
                if len(results) > AHEAD * self._count:
                    yield results.popleft().result()
            while results:
                yield results.popleft().result()
        except TerminatedWorkerError:
            raise WorkerLostError(
                "a process that reads articles was killed, perhaps for want of memory; the index "
                "before is untouched: free some memory, or use fewer processes with --threads 1"
            ) from None

    def _start(self) -> Any:
        from loky import ProcessPoolExecutor

        return ProcessPoolExecutor(
            self._count, env={"OMP_NUM_THREADS": "1"}, initializer=_end_with, initargs=(os.getpid(),)
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor:
            self._executor.shutdown(kill_workers=True)


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """``items`` in lists of ``size``, the last of which may have fewer."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _end_with(parent: int) -> None:
    """See that this process ends with ``parent``: loky's would wait for work for ever.

    Linux can send a signal then, but does so as soon as the thread that started the process is gone.
    """

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=look, name="end with parent", daemon=True).start()
