"""A real server in a process of its own, and a real browser that watches what the page does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Literal

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

ROOT = Path(__file__).parents[2]
# QUIC and the background services of Chromium would talk to other hosts on their own.
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 30_000  # milliseconds that a condition may take to come true on a busy machine

Serve = Callable[..., str]

expect.set_options(timeout=PATIENCE)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(index: Path, seeds: Path, folder: Path, *more: str) -> Iterator[str]:
    """The address of ``qa chat`` on these folders.  It must end well and write no error.

    In ``folder`` it keeps what it writes; ``more`` are flags.
    """
    port = free_port()
    errors = folder / "stderr"
    command = [sys.executable, "-m", "qa", "chat", "--index", index, "--seeds", seeds]
    command += ["--feedback", folder / "feedback.jsonl", *more]
    with errors.open("w+") as log:
        server = subprocess.Popen(
            [*map(str, command), "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "QA_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert server.stdout
        with server.stdout as output:
            try:
                first = output.readline()  # comes when the page can be opened
                assert f"http://127.0.0.1:{port}" in first, errors.read_text()
                yield f"http://127.0.0.1:{port}/"
            finally:
                server.send_signal(signal.SIGINT)
                try:
                    status = server.wait(20)
                finally:
                    server.kill()
        assert status == 0
        assert errors.read_text() == ""


@pytest.fixture
def serving() -> Callable[..., AbstractContextManager[str]]:
    """``served``, for a test that ends its server itself."""
    return served


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


def watch(page: Page, url: str, faults: list[str]) -> None:
    """Note what must not happen on ``page``, which is at ``url``."""

    site = url[: url.index("/", len("http://")) + 1]

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
def open_tab(browser: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page in a tab of its own.

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
            context = browser.new_context(viewport={"width": width, "height": height})
            tabs.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.emulate_media(reduced_motion="reduce", color_scheme=color_scheme)
            if watched:
                watch(page, url, faults)
            page.goto(url)
            page.locator("#qa-welcome .welcome").wait_for(state="attached")
            return page

        yield open_at


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
