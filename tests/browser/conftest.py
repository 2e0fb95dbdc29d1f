"""A real server in a process of its own, and a real browser that watches what the page does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from qa.cli import main
from tests.forks import fork

ROOT = Path(__file__).parents[2]
# QUIC and the background services of Chromium would talk to other hosts on their own.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --process-per-site"
).split()
PATIENCE = 30_000  # milliseconds that a condition may take to come true on a busy machine
# What Gradio says where leaving a page ends its stream, which may outlast the answer by a moment.
STREAM_ENDED = (
    "AbortError: signal is aborted without reason",
    "Unexpected error Connection errored out.",
)

Serve = Callable[..., str]
Stop = Callable[[], int | None]  # as Ctrl-C does; gives the exit status
Start = Callable[[Sequence[str], Connection, Path], Stop]

expect.set_options(timeout=PATIENCE)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chat(arguments: Sequence[str], output: Connection, errors: Path) -> None:
    """What ``python -m qa chat`` does, in a process that has imported it."""
    os.dup2(output.fileno(), 1)
    with errors.open("a") as log:
        os.dup2(log.fileno(), 2)
    os.chdir(ROOT)
    sys.argv = ["qa", "chat", *arguments]
    main()


def forked(arguments: Sequence[str], output: Connection, errors: Path) -> Stop:
    """Start ``chat`` in a process of its own."""
    process = fork(chat, arguments, output, errors)
    assert process.pid
    pid = process.pid

    def stop() -> int | None:
        os.kill(pid, signal.SIGINT)
        process.join(20)
        status = process.exitcode
        process.kill()
        return status

    return stop


def command(arguments: Sequence[str], output: Connection, errors: Path) -> Stop:
    """Start the program as a person does."""
    line = [sys.executable, "-m", "qa", "chat", *arguments]
    with errors.open("a") as log:
        server = subprocess.Popen(line, cwd=ROOT, stdout=output.fileno(), stderr=log)

    def stop() -> int | None:
        server.send_signal(signal.SIGINT)
        try:
            return server.wait(20)
        finally:
            server.kill()

    return stop


@contextmanager
def served(index: Path, seeds: Path, folder: Path, *more: str, start: Start = forked) -> Iterator[str]:
    """The address of ``qa chat`` on these folders.  It must end well and write no error.

    In ``folder`` it keeps what it writes; ``more`` are flags.
    """
    port = free_port()
    errors = folder / "stderr"
    errors.touch()
    arguments = ["--index", index, "--seeds", seeds, "--feedback", folder / "feedback.jsonl", *more]
    reader, writer = Pipe(duplex=False)
    with mock.patch.dict(os.environ, QA_THREADS="1"):
        stop = start([*map(str, arguments), "--port", str(port)], writer, errors)
    writer.close()
    with reader, open(os.dup(reader.fileno())) as output:  # noqa: PTH123  # it has no path
        try:
            first = output.readline()  # comes when the page can be opened
            assert f"http://127.0.0.1:{port}" in first, errors.read_text()
            yield f"http://127.0.0.1:{port}/"
        finally:
            status = stop()
    assert status == 0
    assert errors.read_text() == ""


@pytest.fixture
def serving() -> Callable[..., AbstractContextManager[str]]:
    """``served``, for a test that ends its server itself; it is started as a person does."""
    return partial(served, start=command)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve an index, made from ``seeds`` if there is none; gives the address."""
    with ExitStack() as running:

        def start(index: Path, seeds: Path = ROOT / "seeds", *more: str) -> str:
            folder = tmp_path_factory.mktemp("server")
            return running.enter_context(served(index, seeds, folder, *more))

        yield start


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``site`` keeps what it writes, such as feedback.jsonl."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(seeds_index: Path, site_folder: Path) -> Iterator[str]:
    """The page about the articles that ship with the project."""
    with served(seeds_index, ROOT / "seeds", site_folder) as address:
        yield address


# Not for the session: while Playwright runs, no test in this process can use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


class Profile:
    """What a person's browser is to a site.

    A profile of its own for each test would compile the scripts of the page for each test, which
    takes longer than most tests.  So the next test gets it, with nothing left in it but the scripts,
    and a page that nobody looks at keeps their process alive.
    """

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context()
        self._keeper = self.context.new_page()

    def page(self, url: str) -> Page:
        """A page that has not been anywhere, where the site of ``url`` remembers nothing."""
        site = site_of(url)
        if not self._keeper.url.startswith("http"):
            self._keeper.goto(f"{site}healthz")
        self.context.clear_cookies()
        self.context.clear_permissions()
        inside = self.context.new_cdp_session(self._keeper)
        everything = {"origin": site.rstrip("/"), "storageTypes": "all"}
        inside.send("Storage.clearDataForOrigin", everything)
        inside.detach()
        return self.context.new_page()

    def leave(self) -> None:
        """Close what a test has opened."""
        for page in self.context.pages:
            if page != self._keeper:
                page.close()


@pytest.fixture(scope="module")
def profiles() -> list[Profile]:
    """Those that no test is using."""
    return []


def site_of(url: str) -> str:
    """The address of the site's front page."""
    return url[: url.index("/", len("http://")) + 1]


def watch(page: Page, url: str, faults: list[str]) -> None:
    """Note what must not happen on ``page``, which is at ``url``."""

    site = site_of(url)

    def dialog(opened: Dialog) -> None:
        faults.append(opened.message)
        opened.dismiss()

    def console(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            faults.append(said.text)

    def request(sent: Request) -> None:
        if not sent.url.startswith((site, "data:", f"blob:{site}")):
            faults.append(sent.url)

    page.on("dialog", dialog)
    page.on("console", console)
    page.on("request", request)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("popup", lambda popup: faults.append(popup.url))


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What happened in the tabs of ``open_tab`` and must not; a test may forgive what it names."""
    noted: list[str] = []
    yield noted
    assert noted == []


@pytest.fixture
def open_tab(
    browser: Browser, profiles: list[Profile], faults: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open a page as a person who has never been there.

    Whatever a test does: nothing may run that was not meant to, no error may reach the console,
    and no request may go to another host.
    """
    with ExitStack() as tabs:

        def open_at(
            url: str,
            width: int = 1440,
            height: int = 900,
            color_scheme: Literal["light", "dark"] = "light",
            *,
            watched: bool = True,
        ) -> Page:
            profile = profiles.pop() if profiles else Profile(browser)
            tabs.callback(profiles.append, profile)
            tabs.callback(profile.leave)
            page = profile.page(url)
            page.set_viewport_size({"width": width, "height": height})
            page.set_default_timeout(PATIENCE)
            page.emulate_media(reduced_motion="reduce", color_scheme=color_scheme)
            if watched:
                watch(page, url, faults)
            page.goto(url)
            page.locator("#qa-welcome .welcome").wait_for(state="attached")
            return page

        yield open_at


@pytest.fixture
def reload(faults: list[str]) -> Callable[[Page], None]:
    """Load a page anew.  Only what Gradio says when that ends its stream is forgiven."""

    def load_anew(page: Page) -> None:
        before = faults.copy()
        page.reload()
        page.locator("#qa-welcome .welcome").wait_for(state="attached")
        said = faults[len(before) :]
        faults[:] = before + [fault for fault in said if not fault.startswith(STREAM_ENDED)]

    return load_anew


@pytest.fixture
def shut_out() -> Callable[[Page], list[str]]:
    """What axe-core finds serious or critical on a page, with the first place of each."""

    def look(page: Page) -> list[str]:
        return [
            f"{found['id']}: {found['help']} {found['nodes'][0]['html'][:200]}"
            for found in Axe().run(page).response["violations"]
            if found["impact"] in ("serious", "critical")
        ]

    return look


@pytest.fixture
def ask() -> Callable[[Page, str], Locator]:
    """Ask a question and wait until it is answered; gives the turn."""

    def ask_it(page: Page, question: str) -> Locator:
        turns = page.locator("#qa-log .turn")
        number = turns.count()
        box = page.get_by_label("Your question")
        box.fill(question)
        box.press("Enter")
        expect(turns).to_have_count(number + 1)
        return turns.nth(number)

    return ask_it
