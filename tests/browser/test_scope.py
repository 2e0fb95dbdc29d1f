"""What is searched: days, outlets and "as of", on the page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

TROOPS = "How many US troops are in Iraq?"

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Reload = Callable[[Page], None]


def test_limits_hold_for_the_conversation_and_an_abstention_offers_to_lift_them(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    page = open_tab(site)
    page.get_by_role("button", name="Dates: All dates").click()
    page.get_by_label("From").fill("2020-11-01")
    page.get_by_role("button", name="Use").click()
    chip = page.get_by_role("button", name="Dates: From 1 Nov 2020")
    expect(chip).to_be_visible()
    page.get_by_role("button", name="Outlets: All outlets").click()
    page.get_by_label("Iraq News").check()
    page.get_by_role("button", name="Use").click()
    turn = ask(page, "What did the Iranian foreign minister demand?")
    expect(turn.locator(".understood")).to_contain_text("Iraq News, from 1 November 2020")
    expect(turn.locator(".abstention")).to_contain_text("1 article")
    expect(chip).to_be_in_viewport()
    reload(page)
    expect(chip).to_be_visible()
    again = page.get_by_role("button", name="Ask again without the dates")
    again.click()
    expect(page.locator("#qa-log .answer")).to_be_visible()
    expect(page.locator("#qa-log .turn")).to_have_count(1)
    expect(chip).to_be_hidden()
    page.get_by_role("button", name="Remove the limit: Iraq News").click()
    page.get_by_role("button", name="As of: As of today").click()
    page.get_by_label("As of", exact=True).fill("2020-10-01")
    page.get_by_role("button", name="Use").click()
    turn = ask(page, "Where did rockets fall on Wednesday evening?")
    expect(turn.locator(".understood")).to_contain_text("as of 1 October 2020")
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("button", name="As of: As of today")).to_be_visible()
