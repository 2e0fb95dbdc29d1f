"""Make the pictures of the chat page in this folder anew, of the articles that come along.

    python docs/screenshots.py

Needs Debian's Chromium, and Pillow, which gradio brings, to make them small.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PORT = 7861
SITE = f"http://127.0.0.1:{PORT}/"
COLOURS = 255
PATIENCE = 300_000  # milliseconds: at first the index is built


def tab(browser: Browser, width: int, height: int, scheme: str = "light") -> Page:
    """The page in a tab, its suggestions there."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.set_default_timeout(PATIENCE)
    page.emulate_media(reduced_motion="reduce")
    page.goto(SITE)
    page.locator("#qa-welcome .examples").wait_for(timeout=PATIENCE)
    return page


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the answer and what is suggested after it."""
    turns = page.locator("#qa-log .turn")
    count = turns.count()
    page.locator("#qa-question").fill(question)
    page.keyboard.press("Enter")
    turns.nth(count).wait_for(timeout=PATIENCE)
    page.wait_for_timeout(8000)


def read(page: Page) -> None:
    """Open the first quote of the last answer."""
    page.locator("#qa-log .turn").last.locator(".cite").first.click()
    page.locator("dialog mark.here").wait_for()
    page.wait_for_timeout(500)


def picture(page: Page, name: str) -> None:
    """Take the picture, in few colours."""
    path = HERE / f"{name}.png"
    page.screenshot(path=path)
    image = Image.open(path).convert("RGB")
    # So that small dots keep their colour.
    image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "qa",
            "chat",
            "--port",
            str(PORT),
            "--index",
            f"{folder}/index",
        ]
        command += ["--index", f"{folder}/index", "--seeds", "seeds"]
        command += ["--feedback", f"{folder}/feedback.jsonl"]
        server = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent
        )
        try:
            assert server.stdout  # noqa: S101
            server.stdout.readline()
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium")
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                _take(browser)
                browser.close()
        finally:
            server.terminate()
            server.wait()


def _take(browser: Browser) -> None:
    page = tab(browser, 1440, 900)
    ask(page, "How many civilians were killed by the rocket near Baghdad?")
    page.locator("#qa-new").click()
    ask(page, "What did Fuad Hussein say about the US?")
    read(page)
    picture(page, "desktop")

    page = tab(browser, 1440, 900, "dark")
    ask(page, "What did David Schenker say about the attacks?")
    page.locator("#turn-1 .cite").first.hover()
    picture(page, "dark")

    page = tab(browser, 1440, 900)
    page.locator('[data-limit="dates"]').click()
    page.get_by_label("From").fill("2020-11-01")
    page.get_by_role("button", name="Use").click()
    ask(page, "What did the Iranian foreign minister demand?")
    picture(page, "abstention")
    page.locator(".views [data-view=library]").click()
    page.locator(".articles li").first.wait_for()
    page.wait_for_timeout(500)
    picture(page, "library")

    page = tab(browser, 390, 844)
    ask(page, "How many civilians were killed by the rocket near Baghdad?")
    picture(page, "phone")
    read(page)
    picture(page, "phone-article")


if __name__ == "__main__":
    main()
