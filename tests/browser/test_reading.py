"""The reading pane: an article at the quote, by click, keyboard, link and the browser's own buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from index import open_index

ROCKET = "How many civilians were killed by the rocket near Baghdad?"
TROOPS = "How many US troops are in Iraq?"
UNANSWERABLE = "Who won the 2018 World Cup?"

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]


def marker(turn: Locator, number: int = 1) -> Locator:
    return turn.get_by_role("link", name=f"[{number}]").first


def test_a_marker_opens_its_article_at_the_quote(
    site: str, open_tab: OpenTab, ask: Ask, seeds_index: Path
) -> None:
    page = open_tab(site)
    turn = ask(page, TROOPS)
    quote = page.locator("#card-1-1 mark").text_content() or ""
    assert "around 3,000 troops" in quote
    marker(turn).click()
    expect(page.locator("dialog h2")).to_contain_text("Iraq says 'not happy'")
    expect(page.locator("dialog .about")).to_contain_text("AFP · 30 September 2020")
    expect(page.locator("dialog mark.here")).to_be_in_viewport(ratio=1)
    expect(page.locator("dialog mark.here")).to_have_text(quote)
    article = re.search(r"article=(\w+)", page.url)
    assert article
    with open_index(seeds_index) as index:
        text = index.article(article.group(1)).text
    assert page.locator("dialog .words").text_content() == text


def test_a_shared_link_opens_the_same_place(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    marker(ask(page, ROCKET)).click()
    quote = page.locator("dialog mark.here").text_content()
    other = open_tab(page.url)
    expect(other.locator("dialog mark.here")).to_be_in_viewport(ratio=1)
    expect(other.locator("dialog mark.here")).to_have_text(quote or "")
    entries = other.evaluate("history.length")
    other.get_by_role("button", name="Close the article").click()
    assert other.url == site
    assert other.evaluate("history.length") == entries
    for query, words in {
        "?article=nothing&start=1&end=2": "there is no article",
        "?article=000_9bcfd3eecc1c5b65&start=5&end=999999": "lies outside this article",
        "?article=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E": "<img src=x onerror=alert(1)>",
    }.items():
        expect(open_tab(site + query).locator("dialog .note")).to_contain_text(
            re.compile(re.escape(words), re.IGNORECASE)
        )


def test_back_closes_the_pane_and_forward_opens_it_again(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    turn = ask(page, ROCKET)
    pane, quote = page.locator("dialog"), page.locator("dialog mark.here")
    marker(turn).click()
    expect(quote).to_be_visible()
    entries = page.evaluate("history.length")
    page.go_back()
    expect(pane).to_be_hidden()
    page.go_forward()
    expect(quote).to_contain_text("seven civilians")
    expect(pane.locator(".steps")).to_contain_text("Quote 1 of ")
    page.keyboard.press("Escape")  # is a step back, too: no entry stays that leads nowhere
    expect(page).to_have_url(site)
    marker(turn).click()
    expect(quote).to_be_visible()
    page.get_by_role("button", name="Library").click()
    expect(page).to_have_url(site)
    expect(pane).to_be_hidden()
    assert page.evaluate("history.length") == entries
    page.go_forward()
    expect(quote).to_contain_text("seven civilians")
    page.go_back()
    page.get_by_role("navigation", name="Views").get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="New conversation").click()
    page.go_forward()  # to a quote of a conversation that does not show
    expect(quote).to_contain_text("seven civilians")
    expect(pane.locator(".steps")).to_be_empty()


def test_the_keyboard_alone_goes_through_the_quotes(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    turn = ask(page, "What did David Schenker say about the attacks?")
    quotes = turn.locator(".cite").count()
    assert quotes > 1
    page.keyboard.press("Escape")  # leaves the question box
    page.keyboard.press("j")
    expect(marker(turn)).to_be_focused()
    page.keyboard.press("j")
    expect(marker(turn, 2)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .steps")).to_contain_text(f"Quote 1 of {quotes}")
    first = page.locator("dialog mark.here").text_content()
    page.keyboard.press("j")
    expect(page.locator("dialog .steps")).to_contain_text(f"Quote 2 of {quotes}")
    expect(page.locator("dialog mark.here")).to_be_in_viewport()
    expect(page.locator("dialog mark.here")).not_to_have_text(first or "")
    page.get_by_role("button", name="Previous quote").click()
    expect(page.locator("dialog mark.here")).to_have_text(first or "")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(marker(turn)).to_be_focused()


def test_the_focus_stays_on_the_step_to_the_next_quote(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    turn = ask(page, "What does the US want from Iraq?")
    assert turn.locator(".cite").count() == 3
    marker(turn).click()
    place = page.locator("dialog .steps")
    expect(place).to_contain_text("Quote 1 of 3")
    onward, back = (page.get_by_role("button", name=f"{way} quote") for way in ("Next", "Previous"))
    onward.focus()
    page.keyboard.press("Enter")
    expect(place).to_contain_text("Quote 2 of 3")
    expect(onward).to_be_focused()
    page.keyboard.press("Enter")
    expect(place).to_contain_text("Quote 3 of 3")
    expect(page.locator("dialog .body")).to_be_focused()  # there is no next one
    back.focus()
    page.keyboard.press("Enter")
    expect(place).to_contain_text("Quote 2 of 3")
    expect(back).to_be_focused()


def test_the_keys_for_quotes_leave_an_article_opened_for_itself(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    ask(page, TROOPS)  # there are quotes to go to
    nearest = ask(page, UNANSWERABLE).locator(".nearest button").first
    page.get_by_role("button", name="Library").click()
    in_library = page.locator(".articles .opens").first
    for view, opens in (("Library", in_library), ("Ask", nearest)):
        page.get_by_role("button", name=view, exact=True).first.click()
        opens.click()
        expect(page.locator("dialog .words")).to_be_visible()
        address = page.url
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.url == address
        expect(page.locator("dialog mark")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()
