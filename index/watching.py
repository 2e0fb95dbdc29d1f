"""Follow a folder of articles: rebuild when it has changed and settled, whatever goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from index.errors import ArticleQAError, one_line

SETTLED = 1.0  # seconds without a change after which a burst is over
LONGEST = 30.0  # seconds after which a burst that goes on is taken in all the same
AGAIN = 10.0  # seconds after which what failed is tried again
LOOK = 60.0  # seconds between looks without being told: of network folders the system tells nothing


def watch(
    seeds: Path,
    rebuild: Callable[[], None],
    failed: Callable[[ArticleQAError], None],
    stop: threading.Event,
) -> None:
    """Call ``rebuild`` now and after each burst of changes below ``seeds``, until ``stop`` is set.

    An error is told to ``failed``, if it is another one than the last, and ends nothing: the rebuild is
    tried again after a while.
    """
    last_error = ""

    def tell(error: ArticleQAError) -> None:
        nonlocal last_error
        if str(error) != last_error:
            last_error = str(error)
            failed(error)

    def attempt() -> bool:
        nonlocal last_error
        try:
            rebuild()
        except ArticleQAError as error:
            tell(error)
            return False
        except Exception as error:  # nobody is there to start it again
            tell(_unexpected(error))
            return False
        last_error = ""
        return True

    while not stop.is_set():
        if attempt():
            try:
                _follow(seeds, attempt, stop)
            except Exception as error:
                tell(_unexpected(error))
        stop.wait(AGAIN)


def _unexpected(error: Exception) -> ArticleQAError:
    return ArticleQAError(
        f"the rebuild failed in a way nobody foresaw ({type(error).__name__}: {one_line(error)}); "
        "the index before is untouched, and it is tried again: please report this"
    )


def _follow(seeds: Path, attempt: Callable[[], bool], stop: threading.Event) -> None:
    """Attempt a rebuild after each burst, until one fails or the folder is gone."""
    import watchfiles

    def is_seed(_: watchfiles.Change, path: str) -> bool:
        below = Path(path).relative_to(root) if Path(path).is_relative_to(root) else Path(path)
        return not any(part.startswith(".") for part in below.parts)

    root = seeds.absolute()
    looked = 0.0  # so that what changed before the system was asked to tell is seen soon
    try:
        for changes in watchfiles.watch(
            root,
            watch_filter=is_seed,
            debounce=int(LONGEST * 1000),
            step=int(SETTLED * 1000),
            rust_timeout=int(AGAIN * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
        ):
            if changes or time.monotonic() - looked > LOOK:
                if not attempt():
                    return
                looked = time.monotonic()
    except OSError:
        return  # the folder has gone; the next attempt says so
