"""The chat page, as a person uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from index import open_index, rebuild

ROCKET = "How many civilians were killed by the rocket near Baghdad?"
TROOPS = "How many US troops are in Iraq?"
UNANSWERABLE = "Who won the 2018 World Cup?"

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Serve = Callable[..., str]


def card(page: Page, turn: int, number: int = 1) -> Locator:
    return page.locator(f"#card-{turn}-{number}")


def test_an_answer_is_cited_and_a_marker_lights_its_card(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    turn = ask(page, ROCKET)
    expect(turn.locator(".answer")).to_contain_text("killed seven civilians near Baghdad")
    marker = turn.get_by_role("link", name="[1]")
    expect(marker).to_have_text("[1]")
    marker.click()
    expect(card(page, 1)).to_have_class(re.compile("is-lit"))
    expect(card(page, 1)).to_be_in_viewport()
    expect(card(page, 1).locator("mark")).to_contain_text("seven civilians")
    expect(card(page, 1)).to_contain_text("US says 'can't tolerate' attacks")
    expect(card(page, 1)).to_contain_text("15 November 2020")


def test_an_article_opens_at_its_quote(
    site: str, open_tab: OpenTab, ask: Ask, seeds_index: Path
) -> None:
    page = open_tab(site)
    ask(page, TROOPS)
    button = card(page, 1).get_by_role("button", name="Open the article")
    button.click()
    mark = page.locator("dialog mark")
    expect(mark).to_be_in_viewport(ratio=1)
    start = int(button.get_attribute("data-start") or -1)
    with open_index(seeds_index) as index:
        text = index.article(button.get_attribute("data-article") or "").text
    quote = mark.text_content() or ""
    assert "around 3,000 troops" in quote
    assert text[start : start + len(quote)] == quote
    assert card(page, 1).locator("mark").text_content() == quote
    assert page.locator("dialog .words").text_content() == text


def test_the_keyboard_alone_follows_a_marker_and_closes_the_article(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    turn = ask(page, TROOPS)
    turn.get_by_role("link", name="[1]").press("Enter")
    expect(card(page, 1)).to_be_focused()
    page.keyboard.press("Tab")
    opener = card(page, 1).get_by_role("button", name="Open the article")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_an_older_answer_shows_its_own_evidence(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    first, second = ask(page, ROCKET), ask(page, TROOPS)
    expect(card(page, 2)).to_be_visible()
    expect(card(page, 1)).to_be_hidden()
    first.get_by_role("link", name="[1]").click()
    expect(card(page, 1).locator("mark")).to_contain_text("seven civilians")
    expect(card(page, 2)).to_be_hidden()
    second.locator(".sources a").click()
    expect(card(page, 2).locator("mark")).to_contain_text("3,000 troops")
    expect(card(page, 1)).to_be_hidden()


def test_an_abstention_names_the_closest_articles_and_opens_them(
    site: str, open_tab: OpenTab, ask: Ask
) -> None:
    page = open_tab(site)
    turn = ask(page, UNANSWERABLE)
    expect(turn).to_contain_text("The articles do not answer this.")
    expect(turn).to_contain_text("Searched: 3 articles")
    expect(turn.locator(".cite, .problem")).to_have_count(0)
    closest = turn.get_by_role("button", name="Iraq says 'not happy'")
    closest.click()
    expect(page.locator("dialog .words")).to_contain_text("Fuad Hussein said Wednesday")
    expect(page.locator("dialog mark")).to_have_count(0)


def test_an_answer_streams(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    page.evaluate(
        """() => {
            window.lengths = [];
            new MutationObserver(() => {
                const text = document.querySelector("#qa-live .answer")?.textContent;
                if (text) window.lengths.push(text.length);
            }).observe(document.querySelector("#qa-live"), {
                childList: true, subtree: true, characterData: true });
        }"""
    )
    ask(page, TROOPS)
    lengths = page.evaluate("window.lengths")
    assert len(set(lengths)) >= 3
    assert lengths == sorted(lengths)
    expect(page.locator("#qa-live")).to_have_text("")


def test_an_example_is_asked_by_a_click(site: str, open_tab: OpenTab) -> None:
    page = open_tab(site)
    page.get_by_role("button", name=ROCKET).click()
    expect(page.locator("#qa-log .answer")).to_contain_text("seven civilians")
    expect(page.locator(".welcome")).to_be_hidden()


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


def test_a_new_conversation_starts_empty(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    ask(page, ROCKET)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn, .card")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    expect(ask(page, TROOPS)).to_have_id("turn-1")


def test_two_tabs_keep_their_conversations_apart(site: str, open_tab: OpenTab, ask: Ask) -> None:
    one, other = open_tab(site), open_tab(site)
    ask(one, ROCKET)
    ask(other, TROOPS)
    expect(other.locator("#qa-log .turn")).to_have_count(1)
    expect(other.locator("#qa-log")).not_to_contain_text("killed by the rocket")
    ask(one, UNANSWERABLE)
    expect(one.locator("#qa-log .turn")).to_have_count(2)
    expect(one.locator("#qa-log")).not_to_contain_text("3,000")


def test_nothing_overflows_on_a_phone(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site, 390, 844)
    too_wide = """() => [document.documentElement, ...document.querySelectorAll(
        "#qa-main *, #qa-top *, dialog *")].filter((part) => part.checkVisibility() &&
        part.getBoundingClientRect().right > innerWidth + 0.5).map((part) => part.outerHTML)"""
    assert page.evaluate(too_wide) == []
    turn = ask(page, ROCKET)
    ask(page, UNANSWERABLE)
    ask(page, "https://example.org/" + "a" * 300)
    assert page.evaluate(too_wide) == []
    turn.get_by_role("link", name="[1]").click()
    expect(card(page, 1).locator("mark")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Your question")).to_be_in_viewport(ratio=1)
    card(page, 1).get_by_role("button", name="Open the article").click()
    expect(page.locator("dialog mark")).to_be_in_viewport(ratio=1)
    assert page.evaluate(too_wide) == []
    page.get_by_role("button", name="Close the article").click()
    card(page, 1).get_by_role("link", name="Back to the answer").click()
    expect(turn.get_by_role("link", name="[1]")).to_be_in_viewport()


def test_the_page_is_dark_where_the_system_is(site: str, open_tab: OpenTab) -> None:
    paint = "() => getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    assert open_tab(site, color_scheme="light").evaluate(paint) == "rgb(251, 250, 248)"
    assert open_tab(site, color_scheme="dark").evaluate(paint) == "rgb(22, 24, 27)"


HOSTILE = {
    "id": '"><img src=x onerror=alert(1)>',
    "title": "<img src=x onerror=alert(2)> {{7*7}} ${alert(3)} [x](javascript:alert(4))",
    "source": "<script>alert(5)</script> Gazette",
    "author": "</bdi><svg onload=alert(6)>",
    "date": "2024-05-06",
    "url": "javascript:alert(7)",
    "text": (
        "The mayor Ada Example opened the new bridge in Testville on Friday. She cut "
        "<img src=x onerror=alert(8)> the ribbon of the bridge in Testville [7] at [noon]"
        "(javascript:alert(9)), paid $x$ and **said** `{{constructor.constructor('alert(10)')()}}` "
        "and ${alert(11)} </mark></div><iframe src=https://example.org></iframe> &lt;b&gt;."
    ),
}


def test_markup_in_articles_and_questions_is_shown_as_text(
    serve: Serve, open_tab: OpenTab, ask: Ask, write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    copy = {**HOSTILE, "id": "copy", "source": "<b>Echo</b>", "url": "https://example.org/?a=<b>"}
    seeds = write_seeds(
        {"<img src=x onerror=alert(12)>.json": json.dumps(HOSTILE), "copy.json": json.dumps(copy)}
    )
    rebuild(seeds, tmp_path / "index")
    page = open_tab(serve(tmp_path / "index", seeds))
    words = str(HOSTILE["text"])
    question = "Who cut the ribbon of the bridge in Testville? <img src=x onerror=alert(13)> [7] $x$"

    turn = ask(page, question)
    expect(turn.locator(".question")).to_have_text(question)
    expect(turn.locator(".answer")).to_contain_text(words[words.index("She cut") :])
    expect(turn.get_by_role("link", name="[7]")).to_have_count(0)
    first = card(page, 1)
    expect(first.locator("h3")).to_contain_text(str(HOSTILE["title"]))
    expect(first.locator("mark")).to_contain_text("<img src=x onerror=alert(8)> the ribbon")
    expect(page.locator("#qa-evidence .byline").first).to_contain_text("Gazette")

    for opener in first.locator(".opens").all():
        opener.click()
        assert page.locator("dialog .words").text_content() == words
        expect(page.locator("dialog mark")).to_contain_text("<img src=x onerror=alert(8)>")
        expect(page.locator("dialog h2")).to_have_text(str(HOSTILE["title"]))
        page.keyboard.press("Escape")
    ask(page, "What is the capital of Australia? <script>alert(14)</script>")
    expect(page.locator("#turn-2 .opens").first).to_have_text(str(HOSTILE["title"]))

    theirs = page.locator("#qa-main :is(img, svg, script, iframe, b, strong, code, .katex)")
    expect(theirs).to_have_count(0)
    hrefs = page.locator("#qa-main a").evaluate_all("links => links.map((a) => a.protocol)")
    assert set(hrefs) <= {"http:", "https:"}


def test_a_follow_up_is_asked_in_its_conversation(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    expect(ask(page, "Who is David Schenker?").locator(".understood")).to_have_count(0)
    turn = ask(page, "What did he say about the attacks?")
    expect(turn.locator(".understood")).to_have_text(
        "Understood as: What did David Schenker say about the attacks?"
    )
