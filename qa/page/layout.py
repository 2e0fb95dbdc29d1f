"""The page in Gradio: its parts, and which event changes which of them.

The browser keeps the conversations, so the server knows nothing of a tab between two calls.  What
streams is a Gradio event, in its queue; all else are functions that the page's script calls.
Imports Gradio, which takes seconds: only ``qa chat`` may import this module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import gradio as gr

from index.errors import ArticleQAError
from qa.page.calls import calls
from qa.page.cards import proof
from qa.page.conversation import finished
from qa.page.markup import as_sentence, escape
from qa.page.readiness import Readiness
from qa.page.turn import Turn, asked
from qa.page.turns import take_turn
from qa.settings import Settings

AT_ONCE = 4  # questions that are worked on at the same time; the others wait in line
TABS = 500  # that Gradio remembers at most, 40 kB each; one that it has forgotten goes on all the same
_FONTS = ["system-ui", "sans-serif"]
# In this order: they are the body of one function, and use each other's names.
_SCRIPTS = (
    "shell.js",
    "kept.js",
    "proof.js",
    "scope.js",
    "chat.js",
    "after.js",
    "library.js",
    "start.js",
)
_STYLES = ("theme.css", "chat.css", "proof.css", "library.css")


def theme() -> gr.themes.Base:
    """Gradio's plainest theme, with fonts that every system has: its own come from a server."""
    return gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "monospace"])


def head() -> str:
    """The icon and the style sheets, for the head of the page.

    Not Gradio's ``css=``, which rewrites every selector.
    """
    icon = quote(_asset("icon.svg"))
    styles = "".join(map(_asset, _STYLES))
    return f'<link rel="icon" href="data:image/svg+xml,{icon}"><style>{styles}</style>'


def build(settings: Settings, readiness: Readiness) -> gr.Blocks:
    """The page."""
    blocks = gr.Blocks(title="Article QA", analytics_enabled=False, fill_width=True)
    with blocks:
        page = _html(
            _asset("page.html"),
            "qa-page",
            js_on_load="\n".join(map(_asset, _SCRIPTS)),
            server_functions=calls(settings, readiness),
        )
        wire = _html("", "qa-wire")
        # More than one at a time only after "Stop": the page asks one question after the other.
        asking = page.submit(
            asker(settings, readiness),
            None,
            wire,
            show_progress="hidden",
            api_visibility="private",
            trigger_mode="multiple",
        )
        page.stop(None, None, None, cancels=[asking], queue=False, api_visibility="private")
        # However it ends: full queue, lost server or an answer.
        asking.then(None, None, None, js=_ENDED, api_visibility="private")
    blocks.state_session_capacity = TABS  # what it would be told by its own launch()
    blocks.queue(default_concurrency_limit=AT_ONCE, max_size=settings.waiting, api_open=False)
    return blocks


_ENDED = "() => { document.dispatchEvent(new Event('qa-ended')); }"


def asker(settings: Settings, readiness: Readiness) -> Callable[[gr.EventData], Iterator[str]]:
    """What answers a question that the browser sends as the event's data."""

    def ask(event: gr.EventData) -> Iterator[str]:
        data = event._data if isinstance(event._data, dict) else {}
        try:
            question = asked(data)
        except ArticleQAError as error:
            yield _done(str(data.get("run")), Turn(1, "", error=as_sentence(str(error))))
            return
        with readiness.suggestions.while_asking():
            for step in take_turn(question, settings):
                if isinstance(step, Turn):
                    yield _done(question.run, step)
                else:
                    yield _message(run=question.run, live=step)

    return ask


def _done(run: str, turn: Turn) -> str:
    """A finished turn: as it is shown, its evidence, and what the browser keeps of it."""
    record = {"answer": turn.answer.to_dict() if turn.answer else None, "error": turn.error}
    return _message(run=run, record=json.dumps(record), turn=finished(turn), proof=proof(turn))


def _message(**parts: str) -> str:
    """What the page's script reads: in attributes, so that nothing in it becomes part of this page."""
    attributes = "".join(f' data-{name}="{escape(part)}"' for name, part in parts.items())
    return f"<i{attributes}></i>"


def _html(value: str, name: str, **more: Any) -> Any:
    """A part of the page.  Its template is Gradio's, ``${value}``: never put words into that."""
    more = {"js_on_load": None, **more}
    return gr.HTML(value, elem_id=name, apply_default_css=False, **more)


def _asset(name: str) -> str:
    return files("qa.page").joinpath(name).read_text("utf-8")
