"""One question of a conversation, from the words typed to the finished turn."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.errors import ArticleQAError
from qa.answer import Answer
from qa.page.conversation import Turn, searching, writing
from qa.page.markup import as_sentence
from qa.page.readiness import UNEXPECTED
from qa.pipeline import ask_stream
from qa.settings import Settings

WORDS_AT_ONCE = 4  # each update costs a message to the browser


def take_turn(question: str, turns: Sequence[Turn], settings: Settings) -> Iterator[str | Turn]:
    """Ask ``question`` after ``turns``: yields the turn so far as HTML, then the finished Turn.

    What goes wrong is said in the turn; nothing is raised.
    """
    turn = Turn(len(turns) + 1, question)
    yield searching(turn)
    try:
        text, pieces = "", 0
        for piece in ask_stream(question, history=_history(turns), settings=settings):
            if isinstance(piece, Answer):
                yield replace(turn, answer=piece)
                return
            text, pieces = text + piece, pieces + 1
            if pieces % WORDS_AT_ONCE == 0:
                yield writing(turn, text)
    except ArticleQAError as error:
        yield replace(turn, error=as_sentence(str(error)))
    except Exception:  # the page goes on; whoever runs it gets the details
        traceback.print_exc(file=sys.stderr)
        yield replace(turn, error=UNEXPECTED)


def _history(turns: Sequence[Turn]) -> list[dict[str, str]]:
    history = []
    for turn in turns:
        if turn.answer:
            history.append({"role": "user", "content": turn.question})
            history.append({"role": "assistant", "content": turn.answer.text})
    return history
