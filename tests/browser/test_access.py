"""Every state of the page against axe-core: no serious or critical finding, light and dark, wide and
narrow.  The login's are in test_login.py."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from index import rebuild

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
ShutOut = Callable[[Page], list[str]]
WriteSeeds = Callable[..., Path]
Serving = Callable[..., AbstractContextManager[str]]

LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(1440, "light"), (390, "dark")]
# Takes longer to embed than a test to look, and ends with its server.
LONG = "Lighthouses\n\n" + " ".join(f"Lighthouse {n} was painted red in May." for n in range(9000))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_no_state_of_the_page_shuts_anybody_out(
    site: str,
    open_tab: OpenTab,
    ask: Ask,
    shut_out: ShutOut,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_tab(site, width, 900, scheme)
    expect(page.locator("#qa-welcome .examples")).to_be_visible()
    assert shut_out(page) == []
    turn = ask(page, "What did David Schenker say about the attacks?")
    ask(page, "Who won the 2018 World Cup?")
    ask(page, " ")
    expect(turn).to_have_count(1)
    assert shut_out(page) == []
    turn.get_by_role("button", name="Edit the question").click()
    turn.get_by_role("button", name="Not helpful").click()
    expect(turn.locator("[data-reason]")).to_be_visible()
    assert shut_out(page) == []
    page.locator('[data-limit="sources"]').click()
    assert shut_out(page) == []
    page.keyboard.press("Escape")
    turn.locator(".cite").first.click()
    expect(page.locator("dialog mark.here")).to_be_visible()
    assert shut_out(page) == []
    page.get_by_role("button", name="Close the article").click()
    if width < 1200:
        page.get_by_role("button", name="Conversations").click()
        expect(page.get_by_role("button", name="New conversation")).to_be_in_viewport()
        assert shut_out(page) == []
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Library").click()
    expect(page.locator(".articles li").first).to_be_visible()
    expect(page.locator(".generation")).to_be_visible()
    assert shut_out(page) == []


def in_all_looks(page: Page, shut_out: ShutOut) -> list[str]:
    """What shuts people out of a page that changes its look while it is open."""
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += shut_out(page)
    return found


def test_the_first_build_shuts_nobody_out(
    serving: Serving, open_tab: OpenTab, shut_out: ShutOut, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    with serving(tmp_path / "index", write_seeds({"long.txt": LONG}), tmp_path) as site:
        page = open_tab(site)
        expect(page.get_by_role("progressbar")).to_have_attribute("max", re.compile("^[1-9]"))
        assert in_all_looks(page, shut_out) == []
        expect(page.get_by_role("progressbar")).to_be_visible()  # it was there all the time
        page.close()


def test_a_library_with_all_that_it_can_show_shuts_nobody_out(
    serving: Serving, open_tab: OpenTab, shut_out: ShutOut, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    wire = "The wire story tells of a flood at the old mill, which took two days to clear away. " * 9
    stories = [
        {"title": "Flood", "source": f"Outlet {n}", "published": f"2024-0{n}-02", "text": wire}
        for n in (1, 2, 3)
    ]
    seeds = write_seeds({"all.json": json.dumps(stories), "broken.json": "{"})
    rebuild(seeds, tmp_path / "index")
    write_seeds({"long.txt": LONG})
    with serving(tmp_path / "index", seeds, tmp_path, "--allow-upload") as site:
        page = open_tab(site)
        page.get_by_role("button", name="Library").click()
        page.get_by_text("1 file or parts of files").click()
        expect(page.locator(".skipped li")).to_contain_text("broken.json")
        page.get_by_role("button", name=re.compile("^Outlet 2")).click()
        page.get_by_role("button", name="February 2024: 1 article").click()
        expect(page.locator(".filter")).to_be_visible()
        expect(page.get_by_label("Add articles")).to_be_visible()
        page.get_by_label("Add articles").set_input_files(
            {"name": "new.txt", "mimeType": "text/plain", "buffer": b"The mill was opened in May."}
        )
        expect(page.locator("[data-uploads]")).to_contain_text("stored as uploads/")
        page.get_by_role("button", name="Rebuild", exact=True).click()
        expect(page.get_by_role("progressbar")).to_have_attribute("max", re.compile("^[1-9]"))
        assert in_all_looks(page, shut_out) == []
        expect(page.get_by_role("progressbar")).to_be_visible()  # it was there all the time
        page.close()
