"""The story of a question: understand → search → hits → rerank → reply → compose or write → verify."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from index.embed import load_embedder
from index.errors import QuestionError
from index.generation import Index
from index.settings import load_settings
from index.shared import shared_index
from qa.abstain import abstention
from qa.answer import Answer, ArticleRef, Citation, Searched, as_markdown
from qa.choose import in_order
from qa.compose import citations, sentences
from qa.copies import fold_copies
from qa.cross_encoder import load_cross_encoder
from qa.entailment import load_entailment
from qa.follow_up import standalone
from qa.hits import Hit, lead, spread, windows
from qa.language_model import QUOTES, open_model
from qa.notes import notes
from qa.reader import load_reader
from qa.reply import Reply, replies
from qa.rerank import rerank_by_parts
from qa.search import POOL, candidates
from qa.settings import Settings
from qa.understand import Day, Query, understand
from qa.verify import verify
from qa.write import Writing

NEAREST = 3  # articles that an abstention names
LEADS = 5  # best hits whose articles' first sentences are read, too
NAMED = 20  # outlets that an error names
LIKE = 0.6  # how alike an outlet's name must be to one that is unknown, 0 to 1
PER_ARTICLE, PER_ARTICLE_OF_SEVERAL = 1, 3  # hits; more say what has been said
WIDEST = 3200  # candidates of a search, where copies took the places of other articles


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, before a word of it is read; ``nearest`` are the closest articles.

    ``hits`` are the passages, as ``retrieve`` gives them.
    """

    standalone_question: str
    searched: Searched
    nearest: tuple[ArticleRef, ...]
    hits: tuple[Hit, ...]


def retrieve(
    question: str,
    k: int | None = None,
    index_dir: str | Path | None = None,
    since: Day | None = None,
    until: Day | None = None,
    sources: Iterable[str] | None = None,
    as_of: Day | None = None,
    *,
    settings: Settings | None = None,
) -> list[Hit]:
    """The ``k`` best passages for a question, best first; fewer if there are fewer.

    ``since`` and ``until`` are ISO dates, both included; ``sources`` are names of outlets;
    ``as_of=D`` leaves out what was published after D.  What is not given comes from ``settings``,
    whose own default is the environment.
    Raises QuestionError, NoIndexError, IndexUnavailableError, OtherModelError or ModelsError.
    """
    settings = _settings(settings, index_dir, k)
    with shared_index(settings.index) as index:
        query = understand(question, since, until, sources, as_of, index.outlets.values())
        return _hits(query, index, settings)


def ask(
    question: str,
    history: Sequence[Mapping[str, str]] | None = None,
    index_dir: str | Path | None = None,
    since: Day | None = None,
    until: Day | None = None,
    sources: Iterable[str] | None = None,
    as_of: Day | None = None,
    llm: Any = None,
    *,
    settings: Settings | None = None,
) -> Answer:
    """The answer to a question, every sentence cited, or an Answer that abstains.

    ``history`` is the conversation so far, ``{"role": "user" or "assistant", "content": …}`` each,
    the oldest first: "How old is she?" is searched as ``answer.standalone_question`` words it.
    ``llm`` is a language model that writes, as ``open_model`` takes it; without one, and where the
    model proves nothing, the answer is quotes.  The other arguments, and the errors raised, are those
    of ``retrieve``; SettingsError for ``llm``.
    """
    pieces = ask_stream(
        question, history, index_dir, since, until, sources, as_of, llm, settings=settings
    )
    return next(piece for piece in pieces if isinstance(piece, Answer))


async def aask(question: str, *args: Any, **kwargs: Any) -> Answer:
    """``ask`` for asynchronous programs: it takes and gives the same, in a thread of its own."""
    return await asyncio.to_thread(ask, question, *args, **kwargs)


def ask_stream(
    question: str,
    history: Sequence[Mapping[str, str]] | None = None,
    index_dir: str | Path | None = None,
    since: Day | None = None,
    until: Day | None = None,
    sources: Iterable[str] | None = None,
    as_of: Day | None = None,
    llm: Any = None,
    *,
    settings: Settings | None = None,
) -> Iterator[str | Answer]:
    """Like ``ask``: yields the pieces of the answer's text, then the finished Answer.

    The pieces joined are ``answer.text``; of a language model's words only proven sentences come out.
    """
    events = ask_events(
        question, history, index_dir, since, until, sources, as_of, llm, settings=settings
    )
    return (event for event in events if not isinstance(event, Found))


def ask_events(
    question: str,
    history: Sequence[Mapping[str, str]] | None = None,
    index_dir: str | Path | None = None,
    since: Day | None = None,
    until: Day | None = None,
    sources: Iterable[str] | None = None,
    as_of: Day | None = None,
    llm: Any = None,
    *,
    settings: Settings | None = None,
) -> Generator[Found | str | Answer, None, None]:
    """``ask_stream`` for who waits and watches: what was found comes first, as soon as it is known."""
    settings = _settings(settings, index_dir, None)
    model = open_model(settings.llm if llm is None else llm, settings.llm_timeout)
    _check_history(history)
    clock = _Clock()
    with shared_index(settings.index) as index:
        alone = standalone(question, history) if history and isinstance(question, str) else question
        query = understand(alone, since, until, sources, as_of, index.outlets.values())
        hits = _hits(query, index, settings, clock)
        searched = Searched(
            index.store.count(query.scope), query.since, query.until, query.scope.sources
        )
        nearest = _nearest(hits)
        yield Found(query.question, searched, nearest, tuple(hits))
        encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
        leads = [lead(index, hit) for hit in hits[:LEADS]]
        reader = load_reader(settings.batch_tokens, settings.threads)
        words = index.lexical.telling_words
        found = replies(query, hits, leads, encoder, reader, words, settings.quotes)
        clock.lap("quote")

        answered = [reply for reply in found if reply.quotes and reply.sure >= settings.confidence]
        writing = Writing(query.question, hits, encoder, reader)
        text = ""
        if model and answered:
            judge = load_entailment(settings.batch_tokens, settings.threads)
            for piece in writing.pieces(model, settings.llm_tokens, judge):
                text += piece
                yield from _pieces(piece)
            clock.lap("write")
        cited: tuple[Citation, ...] = ()
        said = tuple(writing.sentences)
        streamed = bool(said)
        if streamed:
            cited = citations(writing.quotes, answered, hits, index, query.scope)
        elif answered:
            differing = answered[0].difference if len(answered) == 1 else None
            quotes = [quote for reply in answered for quote in reply.quotes]
            quotes = (
                list(differing.quotes) if differing else in_order(quotes, about_now=query.about_now)
            )
            cited = citations(quotes, answered, hits, index, query.scope)
            said = sentences(cited, quotes, differing, about_now=query.about_now)
            text = as_markdown(said)
        else:
            outlets = index.store.count_outlets(query.scope)
            text = abstention(searched, outlets, index.store.dates(query.scope), nearest)
        answer = Answer(
            question=question,
            standalone_question=query.question,
            text=text,
            sentences=said,
            citations=cited,
            abstained=not answered,
            confidence=round(_sure(found, answered), 4),
            searched=searched,
            nearest=() if answered else nearest,
            writer=model.name if model and streamed else QUOTES,
            generation=index.manifest.generation,
            timings_ms=clock.laps,
            notes=(*writing.notes, *notes(query, found, answered)),
        )
        verify(answer, index)
        clock.lap("verify")
    if not streamed:
        yield from _pieces(text)
    yield answer


def _hits(query: Query, index: Index, settings: Settings, clock: _Clock | None = None) -> list[Hit]:
    """The k best passages; where a question asks several things, for each of them."""
    clock = clock or _Clock()
    _check_sources(query, index)
    embedder = load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
    clock.lap("load")
    limit, per_article = settings.k, PER_ARTICLE
    if query.asks_several:
        limit, per_article = max(settings.k, settings.rerank), PER_ARTICLE_OF_SEVERAL
    pool = POOL
    while True:
        found = candidates(index, query, embedder, pool)
        hits = spread(fold_copies(windows(index, found), index, query.scope), limit, per_article)
        articles = len({hit.article.id for hit in hits})
        if articles * per_article >= limit or pool >= WIDEST or len(found) < pool:
            break
        pool *= 4
    clock.lap("search")
    if query.asks_several and query.parts:
        encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
        hits = rerank_by_parts(query.parts, hits, encoder, index.lexical.telling_words)
        clock.lap("rerank")
    return hits[: settings.k]


def _sure(found: Sequence[Reply], answered: Sequence[Reply]) -> float:
    """How sure the answer is: as sure as its least sure part, or the best that was refused."""
    if answered:
        return min(reply.sure for reply in answered)
    return max((reply.sure for reply in found), default=0.0)


def _nearest(hits: Sequence[Hit]) -> tuple[ArticleRef, ...]:
    articles = {hit.article.id: hit.article for hit in hits}
    return tuple(ArticleRef.to(article) for article in list(articles.values())[:NEAREST])


def _check_sources(query: Query, index: Index) -> None:
    if not query.scope.sources:
        return
    known = index.outlets
    for name, key in zip(query.scope.sources, query.scope.folded_sources, strict=True):
        if key not in known:
            near = [known[match] for match in get_close_matches(key, known, cutoff=LIKE)]
            meant = f"did you mean {' or '.join(near)}?" if near else _some(sorted(known.values()))
            raise QuestionError(f"no article is from {name!r}; {meant}")


def _some(outlets: Sequence[str]) -> str:
    shown = ", ".join(outlets[:NAMED])
    return f"the outlets are: {shown}" + (" …; 'qa info' lists them" if len(outlets) > NAMED else "")


def _check_history(history: Sequence[Mapping[str, str]] | None) -> None:
    if history is not None and not isinstance(history, Sequence):
        raise QuestionError(f"the history must be a list of turns, not {type(history).__name__}")
    for turn in history or ():
        is_turn = isinstance(turn, Mapping) and "content" in turn
        if not is_turn or turn.get("role") not in ("user", "assistant"):
            raise QuestionError(
                'each turn of the history must be {"role": "user" or "assistant", "content": "…"}'
            )


def _settings(settings: Settings | None, index_dir: str | Path | None, k: int | None) -> Settings:
    if settings is None:
        return load_settings(Settings, index=index_dir, k=k)
    changes = {"index": index_dir, "k": k}
    given = {name: value for name, value in changes.items() if value is not None}
    return load_settings(Settings, **{**settings.model_dump(), **given})


def _pieces(text: str) -> Iterator[str]:
    """``text`` word by word, each with the white space after it."""
    start = 0
    for position, char in enumerate(text):
        if char.isspace() and not text[position + 1 : position + 2].isspace():
            yield text[start : position + 1]
            start = position + 1
    yield text[start:]


class _Clock:
    """Milliseconds that each step took."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._started = self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step] = round((now - self._last) * 1000, 1)
        self.laps["total"] = round((now - self._started) * 1000, 1)
        self._last = now
