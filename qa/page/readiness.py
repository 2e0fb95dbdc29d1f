"""Is there something to ask?  Builds the index if there is none, and tries the examples out."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from index.build import rebuild
from index.embed import load_embedder
from index.errors import ArticleQAError, NoIndexError, RebuildRunningError
from index.generation import Index
from index.progress import Progress
from index.scope import Scope
from index.shared import shared_index
from qa.page.markup import as_sentence
from qa.pipeline import ask
from qa.rerank import load_cross_encoder
from qa.settings import Settings
from qa.wording import count, day

# About the articles that come with the project; only those the index answers are shown.
EXAMPLES = (
    "How many civilians were killed by the rocket near Baghdad?",
    "Who is David Schenker?",
    "How many US troops are in Iraq?",
    "Did the US confirm that it would close its embassy?",
)
UNEXPECTED = "Something went wrong here; the details are in the window that runs 'qa chat'."


@dataclass(frozen=True, slots=True)
class Status:
    """What the page can do now, and ``done`` of ``total`` of the stage of a build."""

    contents: str = ""
    examples: tuple[str, ...] = ()
    building: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""
    settled: bool = True

    @property
    def ready(self) -> bool:
        """Whether questions can be asked."""
        return not self.building and not self.problem


class Readiness:
    """One for a server: all tabs ask the same one, so that they share one build."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._build: threading.Thread | None = None
        self._progress = Progress("", 0, 0)
        self._problem = ""
        self._examples: dict[str, tuple[str, ...]] = {}  # by generation
        self._checking = ""  # the generation that the examples are being tried on

    def warm_up(self) -> None:
        """Load the models and try the examples in the background, so that no one waits for it."""
        _in_background(self._warm_up)

    def status(self) -> Status:
        """How things are.  If there is no index, this starts to build one."""
        with self._lock:
            if self._build and self._build.is_alive():
                return self._being_built()
            try:
                with shared_index(self._settings.index) as index:
                    generation, contents = index.manifest.generation, _contents(index)
            except NoIndexError:
                if self._problem:
                    return Status(problem=self._problem)
                self._progress = Progress("", 0, 0)
                self._build = _in_background(self._rebuild)
                return self._being_built()
            except ArticleQAError as error:
                return Status(problem=as_sentence(str(error)))
            self._problem = ""
            examples = self._examples.get(generation)
            if examples is None and self._checking != generation:
                self._checking = generation
                _in_background(lambda: self._try_examples(generation))
            return Status(contents, examples or (), settled=examples is not None)

    def retry(self) -> Status:
        """Forget what went wrong, and look again."""
        with self._lock:
            self._problem = ""
        return self.status()

    def _being_built(self) -> Status:
        step = self._progress
        return Status("", (), True, step.stage, step.done, step.total, settled=False)

    def _rebuild(self) -> None:
        settings = self._settings

        def show(progress: Progress) -> None:
            self._progress = progress

        try:
            rebuild(settings.seeds, settings.index, settings=settings, progress=show)
        except RebuildRunningError:
            pass  # another process does it; the page asks again until that has ended
        except ArticleQAError as error:
            self._problem = as_sentence(str(error))
        except Exception:  # a thread's last chance to tell
            traceback.print_exc(file=sys.stderr)
            self._problem = UNEXPECTED

    def _warm_up(self) -> None:
        settings = self._settings
        try:
            load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
            load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
            with shared_index(settings.index) as index:
                generation = index.manifest.generation
            with self._lock:
                mine = self._checking != generation and generation not in self._examples
                self._checking = generation
            if mine:
                self._try_examples(generation)
        except ArticleQAError:
            pass  # whoever asks is told

    def _try_examples(self, generation: str) -> None:
        answered: tuple[str, ...] = ()
        try:
            answered = tuple(
                question
                for question in EXAMPLES
                if not ask(question, settings=self._settings).abstained
            )
        except ArticleQAError:
            pass  # a page without examples; whoever asks is told what is wrong
        finally:
            self._examples[generation] = answered


def _contents(index: Index) -> str:
    """``2 articles, 30 September 2020 – 15 November 2020``."""
    words = count(index.manifest.articles, "article")
    dates = index.store.dates(Scope())
    if dates is None:
        return words
    first, last = day(dates[0]), day(dates[1])
    return f"{words}, {first}" if first == last else f"{words}, {first} – {last}"


def _in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
