"""What the page's script calls on the server: each takes one JSON value and gives one.

Imports Gradio, which takes seconds: only ``qa chat`` may import this module.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr

from index.errors import ArticleQAError
from qa.page import library, take_along
from qa.page.cards import evidence
from qa.page.conversation import conversation
from qa.page.login import USER
from qa.page.markup import as_sentence
from qa.page.readiness import UNEXPECTED, Readiness, Status
from qa.page.reading import read
from qa.page.turn import MOST_TURNS, Turn, kept
from qa.page.welcome import progress, questions, welcome
from qa.settings import Settings

SUGGESTED, FROM = 3, 2  # questions after an answer, and articles that they are from


def calls(settings: Settings, readiness: Readiness) -> list[Callable[[Any], Any]]:
    """The functions, by whose names the script calls them.  Gradio marks each, so no methods."""

    def status(_: Any, request: gr.Request) -> dict[str, Any]:
        return _as_json(readiness.status(), settings, request)

    def retry(_: Any, request: gr.Request) -> dict[str, Any]:
        return _as_json(readiness.retry(), settings, request)

    def rebuild(_: Any, request: gr.Request) -> dict[str, Any]:
        readiness.rebuilding.start()
        return _as_json(readiness.status(), settings, request)

    def render(sent: Any) -> dict[str, Any]:
        turns = _kept(sent)
        return {"conversation": conversation(turns), "evidence": evidence(turns)}

    def article(sent: Any) -> str:
        return read(sent, settings)

    def articles(sent: Any) -> str:
        return library.articles(sent, settings)

    def about(_: Any) -> str:
        return library.about(settings)

    def suggest(sent: Any) -> str:
        return _suggested(_kept(sent), readiness)

    def feedback(sent: Any) -> dict[str, str]:
        return take_along.feedback(sent, settings)

    def export_as(sent: Any) -> dict[str, str]:
        return take_along.export_as(sent, settings)

    found: list[Callable[..., Any]]
    found = [status, retry, rebuild, render, article, articles, about, suggest, feedback, export_as]
    return [_going_on(call, readiness) for call in found]


def _going_on(call: Callable[..., Any], readiness: Readiness) -> Callable[..., Any]:
    """``call``, but what nobody has foreseen is told: here with all details, the page in a line."""

    @wraps(call)
    def called(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except Exception:
            if not readiness.closed:  # what it reads may be closed under it
                traceback.print_exc(file=sys.stderr)
            return {"unexpected": UNEXPECTED}

    return called


def _kept(sent: Any) -> list[Turn]:
    """The turns of a conversation; one error in their place if they are none."""
    try:
        return kept(sent)
    except ArticleQAError as error:
        return [Turn(1, "", error=as_sentence(str(error)))]


def _as_json(status: Status, settings: Settings, request: gr.Request) -> dict[str, Any]:
    state = status.rebuilding
    return {
        "ready": status.ready,
        "settled": status.settled,
        "generation": status.generation,
        "contents": status.contents,
        "outlets": status.outlets,
        "welcome": welcome(status),
        "rebuilding": state.running,
        "progress": progress(state) if state.running else "",
        "rebuilt": library.rebuilt(state),
        "upload_mb": settings.upload_mb if settings.allow_upload else 0,
        "most_turns": MOST_TURNS,
        "user": request.scope.get(USER, ""),
    }


def _suggested(turns: list[Turn], readiness: Readiness) -> str:
    """Questions that the articles of the last answer answer as well, and that were not asked yet."""
    answer = turns[-1].answer if turns else None
    if answer is None:
        return ""
    articles = [ref.id for ref in answer.nearest] + [cited.article_id for cited in answer.citations]
    was_asked = {turn.question.casefold() for turn in turns}
    was_shown = {
        (cited.article_id, cited.start)
        for turn in turns
        if turn.answer
        for cited in turn.answer.citations
    }
    try:
        found = readiness.suggestions.after(list(dict.fromkeys(articles))[:FROM])
    except ArticleQAError:
        return ""  # it is an offer; whoever asks is told what is wrong
    fresh = dict.fromkeys(
        suggestion.question
        for suggestion in found
        if suggestion.question.casefold() not in was_asked
        and (suggestion.article_id, suggestion.start) not in was_shown
    )
    return questions(list(fresh)[:SUGGESTED])
