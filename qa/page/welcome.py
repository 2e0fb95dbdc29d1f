"""What the page shows before the first question, and how far a rebuild is, as HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.page.markup import escape
from qa.page.readiness import Status
from qa.page.rebuilding import State

_STAGES = {
    "reading": "Reading files",
    "cleaning": "Cleaning stories",
    "embedding": "Embedding passages",
}


def welcome(status: Status) -> str:
    """The start: what the page does and questions to begin with, or why there is nothing to ask yet."""
    if status.problem:
        return f"""<section class="welcome"><h2>The articles cannot be searched yet</h2>
<p class="problem" role="alert">{escape(status.problem)}</p>
<button type="button" class="button" data-retry>Try again</button></section>"""
    if not status.ready and status.rebuilding.elsewhere:
        return f"""<section class="welcome"><h2>The articles are being got ready</h2>
<p>{escape(status.rebuilding.problem)}</p>
<p class="hint busy" role="status">This page is ready as soon as that has finished</p></section>"""
    if not status.ready:
        return f"""<section class="welcome"><h2>Getting the articles ready</h2>
<p>This is done once. The page is ready as soon as it has finished.</p>
{progress(status.rebuilding)}</section>"""
    return f"""<section class="welcome"><h2>Ask the articles</h2>
<p>Behind every sentence of an answer are the exact words of an article, shown beside it. If the
articles do not say, you are told so.</p>{_examples(status.examples)}</section>"""


def _examples(examples: Sequence[str] | None) -> str:
    if examples is None:
        return '<p class="hint busy" role="status">Looking for questions that these articles answer</p>'
    if not examples:
        return ""
    return f"<h3>These articles answer, for example</h3>{questions(examples)}"


def questions(words: Sequence[str]) -> str:
    """Questions that are asked by a click."""
    items = "".join(
        f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in words
    )
    return f'<ul class="examples">{items}</ul>' if items else ""


def _time_left(seconds: float | None) -> str:
    """``, about 20 s left``; nothing for what is as good as done."""
    if seconds is None or seconds < 1:
        return ""
    minutes, rest = round(seconds / 60), math.ceil(seconds / 5) * 5
    return f", about {minutes} min left" if seconds > 90 else f", about {rest} s left"


def progress(state: State) -> str:
    """How far a rebuild is, with a bar."""
    verb = _STAGES.get(state.stage, state.stage.capitalize())
    if not verb or not state.total:
        return '<label class="progress"><span>Loading the model</span><progress></progress></label>'
    return (
        f'<label class="progress"><span>{escape(verb)}: {state.done:,} of {state.total:,}'
        f"{_time_left(state.seconds_left)}</span>"
        f'<progress value="{state.done}" max="{state.total}"></progress></label>'
    )
