"""A rebuild beside the page, in a process of its own with low priority: nobody who asks waits for it.

Run as a program it takes settings as JSON and a niceness, and writes a line of JSON for each thing
that it has to say.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from index.build import rebuild
from index.errors import ArticleQAError, RebuildRunningError
from index.progress import Progress
from index.settings import IndexSettings
from qa.page.markup import as_sentence

OFTEN = 0.1  # seconds between two messages about the progress
UNEXPECTED = "Something went wrong here; the details are in the window that runs 'qa chat'."
LOW_PRIORITY = 10  # the niceness of the process, of -20 to 19; asking has 0


@dataclass(frozen=True, slots=True)
class State:
    """How a rebuild is: ``done`` of ``total`` of its stage, and what came of the last one.

    ``seconds_left`` is what the rest of the stage takes, if that is known; ``elsewhere`` says that
    another process rebuilds this index.
    """

    running: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    report: dict[str, Any] | None = None
    problem: str = ""
    elsewhere: bool = False


class Rebuilding:
    """One rebuild at a time, for all tabs."""

    def __init__(self, settings: IndexSettings) -> None:
        names = IndexSettings.model_fields
        self._settings = settings.model_dump_json(include=set(names))
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._state = State()
        self.started = -math.inf  # when the last one began, by the monotonic clock

    @property
    def state(self) -> State:
        """How things are."""
        return self._state

    def start(self, niceness: int = LOW_PRIORITY) -> None:
        """Begin, unless a rebuild is running; at 0 ``niceness`` nobody has to be spared."""
        with self._lock:
            if self._state.running:
                return
            command = [sys.executable, "-m", "qa.page.rebuilding", self._settings, str(niceness)]
            try:
                # A session of its own: Ctrl-C ends the page, which ends this one in its turn.
                self._process = subprocess.Popen(  # noqa: S603  # no word of it is anybody else's
                    command, stdout=subprocess.PIPE, text=True, start_new_session=True
                )
            except OSError as error:
                self._state = State(problem=f"No rebuild can be started here: {error.strerror}.")
                return
            self._state = State(running=True)
            self.started = time.monotonic()
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def stop(self) -> None:
        """End a rebuild that is running; the index stays as it was."""
        with self._lock:
            process = self._process
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def forget(self) -> None:
        """Forget what went wrong last."""
        with self._lock:
            if not self._state.running:
                self._state = State()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        last = State(problem=UNEXPECTED)  # unless it says something else
        for line in process.stdout or ():
            try:
                message = json.loads(line)
            except ValueError:
                continue  # what a library prints
            if "stage" in message:
                self._state = replace(self._state, **message)
            else:
                last = State(**message)
        if process.stdout:
            process.stdout.close()
        process.wait()
        self._state = last


def main() -> None:
    """Rebuild as the arguments say, and say how far it is."""
    ended = threading.Event()

    def end(*_: object) -> None:
        ended.set()
        raise KeyboardInterrupt  # what is half done is cleared away

    def lose(lost: sys.UnraisableHookArgs) -> None:
        if not ended.is_set():
            sys.__unraisablehook__(lost)

    signal.signal(signal.SIGTERM, end)
    sys.unraisablehook = lose  # Python goes on after what is raised while it deletes something
    priority = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(priority, int(sys.argv[2])))
    settings = IndexSettings.model_validate_json(sys.argv[1])
    try:
        report = rebuild(settings.seeds, settings.index, settings=settings, progress=_teller(ended))
    except RebuildRunningError as error:
        _say(problem=as_sentence(str(error)), elsewhere=True)
    except ArticleQAError as error:
        _say(problem=as_sentence(str(error)))
    except Exception:  # the last chance to tell
        if ended.is_set():  # a library that was just being loaded makes an ImportError of it
            raise KeyboardInterrupt from None
        traceback.print_exc(file=sys.stderr)
        _say(problem=UNEXPECTED)
    else:
        _say(report={**report.to_dict(), "skipped": len(report.skipped)})


def _teller(ended: threading.Event) -> Callable[[Progress], None]:
    """Tells of the progress, but not more often than anybody looks, until it has ``ended``."""
    told = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told
        if ended.is_set():  # and the interrupt was lost
            raise KeyboardInterrupt
        now = time.monotonic()
        if now - told >= OFTEN or progress.done == progress.total:
            told = now
            _say(
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                seconds_left=progress.seconds_left,
            )

    return tell


def _say(**message: Any) -> None:
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the page was killed, and could not end this
        # Or else Python would try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise KeyboardInterrupt from None


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # the page has ended
        main()
