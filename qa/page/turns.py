"""One question of a conversation, from the words typed to the finished turn."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from index.errors import ArticleQAError
from qa.answer import Answer
from qa.page.conversation import found, writing
from qa.page.markup import as_sentence
from qa.page.readiness import UNEXPECTED
from qa.page.turn import Asked, Turn, bounded
from qa.pipeline import Found, ask_events
from qa.settings import Settings

WORDS_AT_ONCE = 4  # each update costs a message to the browser


def take_turn(asked: Asked, settings: Settings) -> Iterator[str | Turn]:
    """Ask: yields what is known so far of the answer as HTML, then the finished Turn.

    What goes wrong is said in the turn; nothing is raised.
    """
    turn = Turn(asked.number, asked.question, limits=asked.limits)
    limits = asked.limits
    events = ask_events(
        asked.question,
        asked.history,
        since=limits.since,
        until=limits.until,
        sources=limits.sources,
        as_of=limits.as_of,
        settings=settings,
    )
    try:
        with closing(events):
            text, pieces = "", 0
            for event in events:
                if isinstance(event, Answer):
                    yield replace(turn, answer=bounded(event))
                    return
                if isinstance(event, Found):
                    yield found(event)
                    continue
                text, pieces = text + event, pieces + 1
                if pieces % WORDS_AT_ONCE == 0:
                    yield writing(text)
    except ArticleQAError as error:
        yield replace(turn, error=as_sentence(str(error)))
    except Exception:  # the page goes on; whoever runs it gets the details
        traceback.print_exc(file=sys.stderr)
        yield replace(turn, error=UNEXPECTED)
