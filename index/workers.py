"""Work on all cores: a function on batches, each in a process that is free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, TypeVar

from index.errors import WorkerLostError

AHEAD = 2  # batches for each process that may wait or be done before they are asked for

B = TypeVar("B")
R = TypeVar("R")


class Workers:
    """``count`` processes, which end with the context; with a count of 1 it is this one.

    loky's processes, unlike the standard library's, do not run the program's main module again: a
    script that calls ``rebuild()`` needs no ``if __name__ == "__main__"``.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor: Any = None
        if count > 1:
            from loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(count, env={"OMP_NUM_THREADS": "1"})

    def map(self, function: Callable[[B], R], batches: Iterable[B]) -> Iterator[R]:
        """What ``function`` returns for each batch, in order; only few batches are held at a time.

        Raises what ``function`` raises, and WorkerLostError if a process was killed.
        """
        if self._executor is None:
            yield from map(function, batches)
            return
        from loky.process_executor import TerminatedWorkerError

        results: deque[Any] = deque()
        try:
            for batch in batches:
                results.append(self._executor.submit(function, batch))
                if len(results) > AHEAD * self._count:
                    yield results.popleft().result()
            while results:
                yield results.popleft().result()
        except TerminatedWorkerError:
            raise WorkerLostError(
                "a process that reads articles was killed, perhaps for want of memory; the index "
                "before is untouched: free some memory, or use fewer processes with --threads 1"
            ) from None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor:
            self._executor.shutdown(kill_workers=True)
