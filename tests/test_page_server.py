"""The server's side of the page, without a browser: what goes wrong is told, and to whom."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import rebuild
from index.publishing import rebuild_lock
from index.settings import IndexSettings, load_settings
from qa import Settings
from qa.page import library
from qa.page.login import Login
from qa.page.readiness import UNEXPECTED, Readiness
from qa.page.rebuilding import State
from qa.page.welcome import progress, welcome
from qa.users import Users, add_user

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def readiness(tmp_path: Path) -> Iterator[Readiness]:
    (tmp_path / "seeds").mkdir()
    given = load_settings(Settings, seeds=tmp_path / "seeds", index=tmp_path / "index")
    found = Readiness(given)
    yield found
    found.close()


def test_what_nobody_has_foreseen_is_told_here_and_in_a_line_on_the_page(
    readiness: Readiness, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.page.calls import calls  # takes seconds

    def fail(*_: Any) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(library, "about", fail)
    about = next(c for c in calls(load_settings(Settings), readiness) if c.__name__ == "about")
    assert about(None) == {"unexpected": UNEXPECTED}
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_rebuild_that_cannot_start_is_not_shown_as_running(
    readiness: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    status = readiness.status()
    assert not status.rebuilding.running
    assert "No rebuild can be started here" in readiness.status().problem


def test_a_build_by_another_process_is_waited_for(
    readiness: Readiness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class Counted(subprocess.Popen[str]):
        def __init__(self, command: Any, **more: Any) -> None:
            started.append(command)
            super().__init__(command, **more)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    with rebuild_lock(tmp_path / "index"):
        status = readiness.status()
        while status.rebuilding.running:
            status = readiness.status()
        for _ in range(20):
            status = readiness.status()
    assert len(started) == 1
    assert not status.settled  # the page looks again
    assert f"is being rebuilt by process {os.getpid()}" in welcome(status)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.4, ""),
        (3, ", about 5 s left"),
        (41, ", about 45 s left"),
        (170, ", about 3 min left"),
    ],
)
def test_the_time_that_is_left_is_said(seconds: float | None, words: str) -> None:
    html = progress(State(running=True, stage="embedding", done=3, total=9, seconds_left=seconds))
    assert f">Embedding passages: 3 of 9{words}<" in html


def test_who_is_not_logged_in_learns_no_path(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "users"
    add_user(path, "anna", "long enough")
    login = Login(None, Users(path), 7860)
    path.write_text("broken")
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"name=anna&password=x", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/login", "query_string": b"", "headers": []}
    asyncio.run(login({**scope, "scheme": "http", "client": ("127.0.0.1", 1)}, receive, send))
    assert sent[0]["status"] == 503
    assert b"Nobody can log in at the moment" in sent[1]["body"]
    assert str(path).encode() not in sent[1]["body"]
    assert str(path) in capsys.readouterr().err


def test_the_library_says_where_there_are_more_than_it_looked_at(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [
        {"title": f"Story {n}", "source": f"Outlet {n % 2}", "published": f"2024-0{n + 1}-01"}
        | {"text": f"The {'bridge' if n < 6 else 'harbour'} of {town} was opened. {town} was glad."}
        for n, town in enumerate("Kelvik Ostby Marholt Senja Tarva Vinje Hamre Lysvik Bodin".split())
    ]
    index = tmp_path / "index"
    rebuild(write_seeds({"all.json": json.dumps(stories)}), index)
    given = load_settings(Settings, index=index)
    html = library.articles({"words": "bridge"}, given)
    assert "6 articles, best first" in html
    assert "more than" not in html
    assert "January 2024: 1 article" in html
    assert "July 2024" not in html  # the chart is of what was found
    monkeypatch.setattr(library, "FOUND", 4)
    assert "more than 4 articles, best first" in library.articles({"words": "bridge"}, given)
    for sent in ({"page": -1}, {"page": 10**30}, {"words": "x" * 501}):
        assert "asked for no list" in library.articles(sent, given)


def test_of_closed_tabs_no_more_is_remembered_than_there_is_room_for(readiness: Readiness) -> None:
    from qa.chat import _app  # takes seconds
    from qa.page.layout import TABS

    async def made() -> Any:  # in a loop, of which Gradio otherwise leaves some open
        return _app(load_settings(Settings), readiness)

    app = asyncio.run(made())
    page = next(route.app for route in app.routes if hasattr(getattr(route, "app", 0), "state_holder"))
    tabs = [f"tab {number}" for number in range(TABS + 10)]
    for tab in tabs:
        assert page.state_holder[tab]  # what Gradio does when a tab asks something
    assert list(page.state_holder.session_data) == tabs[-TABS:]


def test_a_start_leaves_out_what_gradio_does_for_editors() -> None:
    watched = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from qa.chat import _gradio
assert "nltk" not in sys.modules
print(_gradio().__name__, [name for name in opened if name.endswith(".pyi")])
"""
    assert subprocess.check_output([sys.executable, "-c", watched], text=True) == "gradio []\n"


def test_nothing_is_loaded_or_tried_any_more_once_the_page_has_ended(small_index: Path) -> None:
    readiness = Readiness(load_settings(Settings, index=small_index))
    readiness.warm_up()
    readiness.status()  # starts to look for examples
    assert readiness._working
    readiness.close()
    assert not any(thread.is_alive() for thread in readiness._working)


@pytest.mark.parametrize("text", ["The bridge of Ostby was closed.", ""], ids=["articles", "none"])
def test_a_rebuild_whose_page_was_killed_ends_without_a_word(
    write_seeds: Callable[..., Path], tmp_path: Path, text: str
) -> None:
    given = load_settings(IndexSettings, seeds=write_seeds({"a.txt": text}), index=tmp_path / "index")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "qa.page.rebuilding", given.model_dump_json(), "0"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=120)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert list((tmp_path / "index/generations").iterdir()) == []


LOADING = """
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except KeyboardInterrupt as error:  # as libraries in C do
        raise ImportError("initialization failed") from error
"""
DELETING = """
    class Deleted:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)  # what is raised here goes no further

    Deleted()
    progress(Progress("cleaning", 1, 2))
"""


@pytest.mark.parametrize("doing", [LOADING, DELETING], ids=["loads a library", "deletes something"])
def test_a_rebuild_that_is_ended_whatever_it_does_ends_without_a_word(
    tmp_path: Path, doing: str
) -> None:
    given = load_settings(IndexSettings, seeds=tmp_path, index=tmp_path / "index")
    program = f"""
import os, signal
from contextlib import suppress
from index.progress import Progress
from qa.page import rebuilding

def rebuild(*args, progress, **kwargs):
{doing}
rebuilding.rebuild = rebuild
with suppress(KeyboardInterrupt):
    rebuilding.main()
"""
    command = [sys.executable, "-c", program, given.model_dump_json(), "0"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", b"")
