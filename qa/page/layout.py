"""The page in Gradio: its parts, and which event changes which of them.

Imports Gradio, which takes seconds: only ``qa chat`` may import this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import gradio as gr

from index.errors import ArticleQAError
from index.shared import shared_index
from qa.page import cards
from qa.page.conversation import Turn, conversation, heading, welcome
from qa.page.readiness import Readiness, Status
from qa.page.turns import take_turn
from qa.settings import Settings

AT_ONCE = 4  # questions that are worked on at the same time; the others wait in line
_FONTS = ["system-ui", "sans-serif"]

_PANE = '<dialog class="reading" aria-labelledby="reading-title"></dialog>'
Updates = dict[Any, Any]  # what Gradio's handlers return: component → its new value


def theme() -> gr.themes.Base:
    """Gradio's plainest theme, with fonts that every system has: its own come from a server."""
    return gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "monospace"])


def head() -> str:
    """The icon and the style sheet, for the head of the page.

    Not Gradio's ``css=``, which rewrites every selector.
    """
    icon = quote(_asset("icon.svg"))
    return f'<link rel="icon" href="data:image/svg+xml,{icon}"><style>{_asset("chat.css")}</style>'


def build(settings: Settings, readiness: Readiness) -> gr.Blocks:
    """The page."""
    blocks = gr.Blocks(title="Article QA", analytics_enabled=False, fill_width=True)
    with blocks:
        _Page(settings, readiness).connect(blocks)
    blocks.queue(default_concurrency_limit=AT_ONCE, max_size=settings.waiting, api_open=False)
    return blocks


class _Page:
    """The parts of the page.  What belongs to one tab is in ``turns``, nowhere else."""

    def __init__(self, settings: Settings, readiness: Readiness) -> None:
        self._settings = settings
        self._readiness = readiness
        self.turns = gr.State([])
        with gr.Row(elem_id="qa-top"):
            self.heading = _html(heading(Status()), "qa-heading")
            self.anew = gr.Button("New conversation", elem_id="qa-new", scale=0)
        with gr.Row(elem_id="qa-main"):
            with gr.Column(elem_id="qa-chat"):
                with gr.Column(elem_id="qa-scroll"):
                    self.log = _html(
                        conversation([]),
                        "qa-log",
                        js_on_load=_asset("chat.js"),
                        server_functions=[reader(settings)],
                    )
                    self.live = _html("", "qa-live")
                    self.welcome = _html("", "qa-welcome")
                with gr.Row(elem_id="qa-ask"):
                    self.box = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        placeholder="Ask about the articles",
                        lines=1,
                        max_lines=6,
                        container=False,
                        autofocus=True,
                        elem_id="qa-box",
                    )
                    self.send = gr.Button("Ask", variant="primary", elem_id="qa-send", scale=0)
            with gr.Column(elem_id="qa-side"):
                self.evidence = _html(cards.evidence([]), "qa-evidence")
        _html(_PANE, "qa-pane")
        self.clock = gr.Timer(0.4, active=True)

    def connect(self, blocks: gr.Blocks) -> None:
        """Tie the events to what they do."""
        quiet: Updates = {"show_progress": "hidden", "api_visibility": "private"}
        status = [self.heading, self.welcome, self.box, self.send, self.clock]
        # One listener for all ways to ask: a second question waits for the end of the first.
        asked = gr.on(
            [self.box.submit, self.send.click, self.log.example_select],
            self.ask,
            [self.box, self.turns],
            [self.log, self.live, self.evidence, self.turns, self.box],
            trigger_mode="once",
            **quiet,
        )
        self.anew.click(
            self.start_anew,
            None,
            [self.log, self.live, self.evidence, self.turns, self.box],
            cancels=[asked],
            **quiet,
        )
        blocks.load(self.look, None, status, queue=False, **quiet)
        self.clock.tick(self.look, None, status, queue=False, **quiet)
        self.log.retry(self.retry, None, status, queue=False, **quiet)

    def ask(self, typed: str, turns: list[Turn], event: gr.EventData) -> Iterator[Updates]:
        """Ask what was typed, or the example that was clicked."""
        clicked = event.target is self.log
        if not clicked:
            yield {self.box: ""}  # at once: by the end something else may have been typed
        question = str(event.question) if clicked else typed
        for step in take_turn(question, turns, self._settings):
            if isinstance(step, str):
                yield {self.live: step}
                continue
            turns = [*turns, step]
            done: Updates = {
                self.log: conversation(turns),
                self.live: "",
                self.evidence: cards.evidence(turns),
                self.turns: turns,
            }
            if step.error and not clicked:
                done[self.box] = typed  # it comes back, to be put right
            yield done

    def start_anew(self) -> Updates:
        """An empty conversation."""
        return {
            self.log: conversation([]),
            self.live: "",
            self.evidence: cards.evidence([]),
            self.turns: [],
            self.box: "",
        }

    def look(self) -> Updates:
        """Bring what depends on the index up to date; the clock runs as long as that changes."""
        return self._show(self._readiness.status())

    def retry(self) -> Updates:
        """Try again to build the index."""
        return self._show(self._readiness.retry())

    def _show(self, status: Status) -> Updates:
        return {
            self.heading: heading(status),
            self.welcome: welcome(status),
            self.box: gr.update(interactive=status.ready),
            self.send: gr.update(interactive=status.ready),
            self.clock: gr.Timer(active=not status.settled),
        }


def reader(settings: Settings) -> Callable[[Any], str]:
    """What the page's script calls to open an article."""

    def read(wanted: Any) -> str:
        match wanted:
            case {"article": str(name), "start": int(start), "quote": str(words)}:
                try:
                    with shared_index(settings.index) as index:
                        return cards.reading(index.article(name), max(start, 0), words)
                except ArticleQAError as error:
                    return cards.unreadable(str(error))
        return cards.unreadable("The page asked for no article.")

    return read  # Gradio marks it as callable from the browser, which a method cannot be


def _html(value: str, name: str, **more: Any) -> Any:
    """A part of the page.  Its template is Gradio's, ``${value}``: never put words into that."""
    more = {"js_on_load": None, **more}
    return gr.HTML(value, elem_id=name, apply_default_css=False, **more)


def _asset(name: str) -> str:
    return files("qa.page").joinpath(name).read_text("utf-8")
