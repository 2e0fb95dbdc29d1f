"""The chat page, as a person uses it: questions, answers, and the words behind them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

ROCKET = "How many civilians were killed by the rocket near Baghdad?"
TROOPS = "How many US troops are in Iraq?"
UNANSWERABLE = "Who won the 2018 World Cup?"

# What a finger of 44 px misses; links and headlines in a line of text are as high as the line.
TOO_SMALL = """() => [...document.querySelectorAll(".qa :is(button, input, textarea):not(.opens)")]
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 44)
    .map((part) => part.outerHTML)"""

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]


def card(page: Page, turn: int, number: int = 1) -> Locator:
    return page.locator(f"#card-{turn}-{number}")


def marker(turn: Locator, number: int = 1) -> Locator:
    return turn.get_by_role("link", name=f"[{number}]").first


def test_a_marker_and_its_card_light_up_together(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    turn = ask(page, ROCKET)
    expect(turn.locator(".answer")).to_contain_text("killed seven civilians near Baghdad")
    lit = re.compile("is-lit")
    expect(card(page, 1)).not_to_have_class(lit)
    marker(turn).hover()
    expect(card(page, 1)).to_have_class(lit)
    expect(card(page, 1)).to_be_in_viewport()
    expect(card(page, 1).locator("mark")).to_contain_text("seven civilians")
    expect(card(page, 1)).to_contain_text("US says 'can't tolerate' attacks")
    expect(card(page, 1)).to_contain_text("15 November 2020")
    page.locator("#qa-question").hover()
    card(page, 1).hover()
    expect(marker(turn)).to_have_class(lit)


def test_an_older_answer_shows_its_own_evidence(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    first, second = ask(page, ROCKET), ask(page, TROOPS)
    expect(card(page, 2)).to_be_visible()
    expect(card(page, 1)).to_be_hidden()
    marker(first).hover()
    expect(card(page, 1).locator("mark")).to_contain_text("seven civilians")
    expect(card(page, 2)).to_be_hidden()
    second.locator(".sources a").click()
    expect(card(page, 2).locator("mark")).to_contain_text("3,000 troops")


def test_how_sure_and_of_which_day_an_answer_is_stands_in_words(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    verdict = ask(open_tab(site), ROCKET).locator(".verdict")
    expect(verdict).to_contain_text(re.compile("Well supported|Likely right|Uncertain"))
    expect(verdict).to_contain_text("in 10 answers like this are right")
    expect(verdict).to_contain_text("As of 15 November 2020.")
    expect(verdict).not_to_contain_text(re.compile(r"0\.\d"))


def test_an_abstention_names_the_closest_articles_and_opens_them(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    turn = ask(page, UNANSWERABLE)
    expect(turn).to_contain_text("The articles do not answer this.")
    expect(turn).to_contain_text("Searched: 3 articles")
    expect(turn.locator(".cite, .problem")).to_have_count(0)
    turn.locator(".nearest").get_by_role("button", name="Iraq says 'not happy'").click()
    expect(page.locator("dialog .words")).to_contain_text("Fuad Hussein said Wednesday")
    expect(page.locator("dialog mark")).to_have_count(0)


def test_an_answer_streams_after_what_was_found(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    page.evaluate(
        """() => {
            window.seen = [];
            new MutationObserver(() => {
                const live = document.querySelector("#qa-live [data-live]");
                if (live) window.seen.push(live.textContent);
            }).observe(document.querySelector("#qa-live"), {
                childList: true, subtree: true, characterData: true });
        }"""
    )
    ask(page, TROOPS)
    seen = page.evaluate("window.seen")
    found = [text for text in seen if "Searched 3 articles" in text]
    assert found
    assert "Iraq says 'not happy'" in found[0]
    words = [text for text in seen if text.startswith("AFP")]
    assert len(set(words)) >= 3
    assert words == sorted(words, key=len)
    expect(page.locator("#qa-live")).to_have_text("")


def test_questions_that_the_articles_answer_are_suggested(site: str, open_tab: OpenTab) -> None:
    page = open_tab(site)
    example = page.locator("#qa-welcome [data-ask]").first
    question = example.text_content() or ""
    example.click()
    turn = page.locator("#qa-log .turn")
    expect(turn.locator(".question")).to_have_text(question)
    expect(turn.locator(".answer")).to_be_visible()
    expect(page.locator(".welcome")).to_be_hidden()
    after = page.locator("#qa-next [data-ask]")
    expect(after.first).to_be_visible()
    assert question not in after.all_text_contents()
    after.first.click()
    expect(turn).to_have_count(2)
    expect(turn.nth(1).locator(".answer")).to_be_visible()


def test_an_error_is_one_line_and_the_question_is_not_lost(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    long = "Why? " * 4000
    turn = ask(page, long)
    expect(turn.get_by_role("alert")).to_contain_text("characters")
    expect(page.get_by_label("Your question")).to_have_value(long)
    expect(ask(page, " ").get_by_role("alert")).to_contain_text("question")
    expect(ask(page, ROCKET).locator(".answer")).to_contain_text("seven civilians")


def test_a_question_is_edited_and_asked_again(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    first = ask(page, UNANSWERABLE)
    ask(page, TROOPS)
    expect(first.get_by_role("button", name="Ask again")).to_be_hidden()
    first.get_by_role("button", name="Edit the question").click()
    words = page.get_by_label("Edit the question")
    expect(words).to_have_value(UNANSWERABLE)
    expect(first).to_contain_text("The questions after it will be replaced.")
    words.fill(ROCKET)
    words.press("Enter")
    turns = page.locator("#qa-log .turn")
    expect(turns).to_have_count(1)
    expect(turns.locator(".answer")).to_contain_text("seven civilians")
    turns.get_by_role("button", name="Ask again").click()
    expect(page.locator("#qa-live .turn, #qa-log .turn")).to_have_count(1)
    expect(turns.locator(".question")).to_have_text(ROCKET)


def test_a_follow_up_is_asked_in_its_conversation(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    expect(ask(page, "Who is David Schenker?").locator(".understood")).to_have_count(0)
    turn = ask(page, "What did he say about the attacks?")
    expect(turn.locator(".understood")).to_have_text(
        "Understood as: What did David Schenker say about the attacks?"
    )


def test_a_phone_shows_all_of_the_page_and_lets_fingers_hit_it(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site, 390, 844)
    too_wide = """() => [document.documentElement, ...document.querySelectorAll(
        "#qa-main *, #qa-top *, dialog *")].filter((part) => part.checkVisibility() &&
        !part.closest(".scope") &&
        part.getBoundingClientRect().right > innerWidth + 0.5).map((part) => part.outerHTML)"""
    assert page.evaluate(too_wide) == []
    turn = ask(page, ROCKET)
    ask(page, UNANSWERABLE)
    ask(page, "https://example.org/" + "a" * 300)
    assert page.evaluate(too_wide) == []
    for stays in (page.get_by_label("Your question"), page.get_by_role("button", name="Library")):
        expect(stays).to_be_in_viewport(ratio=1)
    assert page.evaluate(TOO_SMALL) == []
    marker(turn).click()
    expect(page.locator("dialog mark.here")).to_be_in_viewport(ratio=1)
    sheet = page.locator("dialog").bounding_box()
    assert sheet
    assert sheet["width"] == 390
    assert page.evaluate(TOO_SMALL) == []
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".toast:popover-open")).to_contain_text(re.compile("cop(y|ied)"))  # above it
    assert page.evaluate(too_wide) == []
    page.go_back()  # as one leaves a sheet on a phone
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#qa-log .turn")).to_have_count(3)
    page.get_by_role("button", name="Library").click()
    expect(page.locator(".articles li")).to_have_count(3)
    assert page.evaluate(too_wide) == []
    assert page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize(("scheme", "paper"), [("light", "251, 250, 248"), ("dark", "22, 24, 27")])
def test_the_page_is_dark_where_the_system_is(
    site: str, open_tab: OpenTab, scheme: str, paper: str
) -> None:
    paint = "() => getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    assert open_tab(site, color_scheme=scheme).evaluate(paint) == f"rgb({paper})"
