"""Is there something to ask?  Builds the index if there is none, and finds questions to suggest."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from index.embed import load_embedder
from index.errors import ArticleQAError, NoIndexError
from index.generation import Index
from index.scope import Scope
from index.shared import shared_index
from qa.cross_encoder import load_cross_encoder
from qa.entailment import load_entailment
from qa.page.markup import as_sentence
from qa.page.rebuilding import UNEXPECTED, Rebuilding, State
from qa.page.suggestions import Suggestions
from qa.reader import load_reader
from qa.settings import Settings
from qa.wording import count, day

LAST = 5  # seconds that what is loading may take to end: a process that ends meanwhile is aborted
AGAIN = 30  # seconds until a build that found another process building is tried again

__all__ = ["UNEXPECTED", "Readiness", "Status"]


@dataclass(frozen=True, slots=True)
class Status:
    """What the page can do now.  Without a ``generation`` there is nothing to ask yet.

    ``contents`` and ``outlets`` say what it holds; ``examples`` are None as long as they are being
    looked for.
    """

    generation: str = ""
    contents: str = ""
    outlets: tuple[str, ...] = ()
    examples: tuple[str, ...] | None = None
    rebuilding: State = field(default_factory=State)
    problem: str = ""

    @property
    def ready(self) -> bool:
        """Whether questions can be asked."""
        return bool(self.generation)

    @property
    def settled(self) -> bool:
        """Whether this stays as it is unless somebody does something."""
        return not self.rebuilding.running and (bool(self.problem) or self.examples is not None)


class Readiness:
    """One for a server: all tabs ask the same one, so that they share one build."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self.closed = False  # whether the page has ended
        self._working: list[threading.Thread] = []
        self._looking = ""  # the generation that examples are being looked for in
        self.rebuilding = Rebuilding(settings)
        self.suggestions = Suggestions(settings)

    def warm_up(self) -> None:
        """Load the models and find examples in the background, so that no one waits for it."""
        self._in_background(self._warm_up)

    def close(self) -> None:
        """End what is running."""
        self.closed = True
        self.rebuilding.stop()
        self.suggestions.close()
        for thread in self._working:
            thread.join(LAST)

    def status(self) -> Status:
        """How things are.  If there is no index, this starts to build one."""
        state = self.rebuilding.state
        try:
            with shared_index(self._settings.index) as index:
                return self._of(index, state)
        except NoIndexError:
            if state.problem and not state.elsewhere:
                return Status(rebuilding=state, problem=state.problem)
            if state.elsewhere and time.monotonic() < self.rebuilding.started + AGAIN:
                return Status(rebuilding=state)  # it will come to an index, or end
            if not state.running:
                self.rebuilding.start(niceness=0)  # there is nothing to ask meanwhile
            return Status(rebuilding=self.rebuilding.state)
        except ArticleQAError as error:
            return Status(rebuilding=state, problem=as_sentence(str(error)))

    def retry(self) -> Status:
        """Forget what went wrong, and look again."""
        self.rebuilding.forget()
        return self.status()

    def _of(self, index: Index, state: State) -> Status:
        generation = index.manifest.generation
        examples = self.suggestions.starters(generation)
        with self._lock:
            look = examples is None and self._looking != generation
            if look:
                self._looking = generation
        if look:
            self._in_background(self._look_for_examples)
        days = index.store.dates(Scope())
        return Status(
            generation,
            _contents(index, days),
            tuple(sorted(index.outlets.values(), key=str.casefold)),
            None if examples is None else tuple(example.question for example in examples),
            state,
        )

    def _warm_up(self) -> None:
        settings = self._settings
        try:
            with contextlib.suppress(NoIndexError), shared_index(settings.index):
                pass  # it is open, and the page can be used
            # The models are loaded with the first words that they read.
            embedder = load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
            encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
            reader = load_reader(settings.batch_tokens, settings.threads)
            loads: list[Callable[[], object]] = [
                lambda: embedder.embed_query("Ready?"),
                lambda: encoder.score("Ready?", ["Ready."]),
                lambda: reader.read("Ready?", ["Ready."]),
                self.status,
            ]
            if settings.llm:
                judge = load_entailment(settings.batch_tokens, settings.threads)
                loads.append(lambda: judge.score("Ready.", ["Ready."]))
            for load in loads:
                if not self.closed:
                    load()
        except ArticleQAError:
            pass  # whoever asks is told
        except Exception:
            if not self.closed:  # what it reads may be closed under it
                raise

    def _in_background(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._working = [*(other for other in self._working if other.is_alive()), thread]
        thread.start()

    def _look_for_examples(self) -> None:
        try:
            self.suggestions.find_starters()
        except ArticleQAError:
            self._looking = ""  # the page is without examples meanwhile; whoever asks is told
        except Exception:
            if not self.closed:
                raise


def _contents(index: Index, days: tuple[str, str] | None) -> str:
    """``2 articles, 30 September 2020 – 15 November 2020``."""
    words = count(index.manifest.articles, "article")
    if days is None:
        return words
    first, last = map(day, days)
    return f"{words}, {first}" if first == last else f"{words}, {first} – {last}"
