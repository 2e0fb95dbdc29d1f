"""Every state of the page against axe-core: no serious or critical finding, light and dark, wide and
narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]


def faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the first place."""
    return [
        f"{found['id']}: {found['help']} {found['nodes'][0]['html'][:200]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_no_state_of_the_page_shuts_anybody_out(
    site: str, open_tab: OpenTab, ask: Ask, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = open_tab(site, width, 900, scheme)
    expect(page.locator("#qa-welcome .examples")).to_be_visible()
    assert faults(page) == []
    turn = ask(page, "What did David Schenker say about the attacks?")
    ask(page, "Who won the 2018 World Cup?")
    ask(page, " ")
    expect(turn).to_have_count(1)
    assert faults(page) == []
    turn.get_by_role("button", name="Edit the question").click()
    turn.get_by_role("button", name="Not helpful").click()
    expect(turn.locator("[data-reason]")).to_be_visible()
    assert faults(page) == []
    page.locator('[data-limit="sources"]').click()
    assert faults(page) == []
    page.keyboard.press("Escape")
    turn.locator(".cite").first.click()
    expect(page.locator("dialog mark.here")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Close the article").click()
    if width < 1200:
        page.get_by_role("button", name="Conversations").click()
        expect(page.get_by_role("button", name="New conversation")).to_be_in_viewport()
        assert faults(page) == []
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Library").click()
    expect(page.locator(".articles li").first).to_be_visible()
    expect(page.locator(".generation")).to_be_visible()
    assert faults(page) == []
