"""Questions to suggest: made from the articles, and shown only when these have answered them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.article import Article
from index.errors import ArticleQAError
from index.generation import Index
from index.scope import Scope
from index.shared import shared_index
from qa.answer import Answer, Citation
from qa.pipeline import ask
from qa.settings import Settings
from qa.suggest import questions_about

SHOWN = 4  # questions at the start
READ = 60  # articles that those are looked for in
TRIES = 16  # questions that are tried for the start
OF_ARTICLE, TRIES_OF_ARTICLE = 2, 4  # kept of one article, and tried
SURE = 0.4  # probability of being right that an answer must have
REMEMBERED = 2000  # articles whose questions are kept at hand
WAITING = 3  # who may wait for questions after an answer; the others get none
PAUSE = 0.1  # seconds between looks at whether people are asking


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that was answered, and the quote that answers it first."""

    question: str
    article_id: str
    start: int


@dataclass
class _OfGeneration:
    """What is known of one generation; a rebuild makes it worthless."""

    name: str
    starters: tuple[Suggestion, ...] | None = None
    by_article: dict[str, tuple[Suggestion, ...]] = field(default_factory=dict)


class Suggestions:
    """One for a server.  It tries one question at a time, and none while people ask."""

    def __init__(self, settings: Settings) -> None:
        # An offer must not cost what a language model costs.
        self._settings = settings.model_copy(update={"llm": None})
        self._known = _OfGeneration("")
        self._trying = threading.Lock()
        self._lock = threading.Lock()
        self._asking = 0
        self._waiting = 0
        self._closed = False

    def close(self) -> None:
        """Try nothing more."""
        self._closed = True

    @contextmanager
    def while_asking(self) -> Iterator[None]:
        """Somebody asks: nothing is tried meanwhile."""
        with self._lock:
            self._asking += 1
        try:
            yield
        finally:
            with self._lock:
                self._asking -= 1

    def starters(self, generation: str) -> tuple[Suggestion, ...] | None:
        """The questions for the start; None as long as they are not known."""
        return self._of(generation).starters

    def find_starters(self) -> None:
        """Look for the questions for the start; takes seconds."""
        with self._trying, shared_index(self._settings.index) as index:
            known = self._of(index.manifest.generation)
            if known.starters is None:
                known.starters = tuple(self._tried(_spread(index), TRIES, SHOWN))

    def after(self, article_ids: Sequence[str]) -> list[Suggestion]:
        """Questions that these articles answer, at most ``OF_ARTICLE`` of each; may take seconds.

        None where others wait already: this is an offer, and must not keep a thread from who asks.
        """
        with self._lock:
            if self._waiting >= WAITING:
                return []
            self._waiting += 1
        try:
            return self._after(article_ids)
        finally:
            with self._lock:
                self._waiting -= 1

    def _after(self, article_ids: Sequence[str]) -> list[Suggestion]:
        found: list[Suggestion] = []
        with self._trying, shared_index(self._settings.index) as index:
            known = self._of(index.manifest.generation)
            for article_id in article_ids:
                if article_id not in known.by_article:
                    article = index.store.article(article_id)
                    questions = _questions(article, index) if article else []
                    tried = self._tried(questions, TRIES_OF_ARTICLE, OF_ARTICLE)
                    if len(known.by_article) == REMEMBERED:
                        del known.by_article[next(iter(known.by_article))]
                    known.by_article[article_id] = tuple(tried)
                found += known.by_article[article_id]
        return found

    def _of(self, generation: str) -> _OfGeneration:
        with self._lock:
            if self._known.name != generation:
                self._known = _OfGeneration(generation)
            return self._known

    def _tried(
        self, questions: Sequence[tuple[str, Article]], tries: int, limit: int
    ) -> Iterator[Suggestion]:
        found = 0
        for question, article in questions[:tries]:
            while self._asking and not self._closed:
                time.sleep(PAUSE)
            if self._closed:
                return
            suggestion = _answered(question, article, lambda q: ask(q, settings=self._settings))
            if suggestion:
                yield suggestion
                found += 1
                if found == limit:
                    return


def _answered(question: str, article: Article, ask_it: Callable[[str], Answer]) -> Suggestion | None:
    """The question, if it is answered for sure from ``article`` or a copy of it."""
    try:
        answer = ask_it(question)
    except ArticleQAError:
        return None  # whoever asks something is told what is wrong
    if answer.abstained or answer.confidence < SURE:
        return None
    best = max(answer.citations, key=lambda cited: cited.score)
    if article.id not in _same_words(best):
        return None
    return Suggestion(question, best.article_id, best.start)


def _same_words(citation: Citation) -> set[str]:
    return {citation.article_id, *(ref.id for ref in citation.also_in)}


def _spread(index: Index) -> list[tuple[str, Article]]:
    """Questions to recent articles, of as many as possible: the first of each, then the second."""
    articles = index.store.newest(Scope(), READ)
    seen: set[str] = set()
    lists = []
    for article in articles:
        if article.family is None or article.family not in seen:
            lists.append(_questions(article, index))
        if article.family:
            seen.add(article.family)
    longest = max(map(len, lists), default=0)
    return [questions[n] for n in range(longest) for questions in lists if n < len(questions)]


def _questions(article: Article, index: Index) -> list[tuple[str, Article]]:
    sentences = [
        article.text[start:end]
        for passage in index.store.passages_of(article.id)
        for start, end in passage.sentences
    ]
    return [(question, article) for question in questions_about(article.title, sentences)]
