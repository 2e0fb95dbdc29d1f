"""Conversations: kept in the browser, taken along, and what people think of answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROCKET = "How many civilians were killed by the rocket near Baghdad?"
TROOPS = "How many US troops are in Iraq?"

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]


def test_a_reload_keeps_the_conversation_and_its_proof(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    ask(page, ROCKET)
    ask(page, TROOPS)
    before = page.locator("#qa-log .answer").all_inner_texts()
    page.reload()
    turns = page.locator("#qa-log .turn")
    expect(turns).to_have_count(2)
    assert page.locator("#qa-log .answer").all_inner_texts() == before
    turns.first.locator(".cite").first.click()
    expect(page.locator("dialog mark.here")).to_contain_text("seven civilians")
    expect(ask(page, "And in Baghdad?").locator(".question")).to_have_text("And in Baghdad?")
    expect(turns).to_have_count(3)


def test_conversations_are_listed_opened_and_deleted(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    ask(page, ROCKET)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn, .card")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    expect(ask(page, TROOPS)).to_have_id("turn-1")
    rail = page.get_by_role("navigation", name="Conversations")
    expect(rail.locator("[data-conversation]")).to_have_text([TROOPS, ROCKET])
    rail.get_by_role("button", name=ROCKET, exact=True).click()
    expect(page.locator("#qa-log .answer")).to_contain_text("seven civilians")
    rail.get_by_role("button", name=f"Delete: {TROOPS}").click()
    expect(rail.locator("[data-conversation]")).to_have_text([ROCKET])
    page.get_by_role("button", name="Undo").click()
    expect(rail.locator("[data-conversation]")).to_have_text([TROOPS, ROCKET])


def test_what_a_browser_has_kept_is_checked(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    ask(page, ROCKET)
    page.evaluate(
        """() => {
            const key = Object.keys(localStorage).find((name) => name.includes("conversation:"));
            const kept = JSON.parse(localStorage[key]);
            const [{ answer }] = kept.turns;
            const hostile = "<img src=x onerror=alert(1)>";
            answer.citations[0].title = answer.citations[0].source = hostile;
            const uncited = { ...answer, citations: [] };
            kept.turns.push({ question: hostile, answer: uncited }, { question: "Old?", answer: {} });
            localStorage[key] = JSON.stringify(kept);
        }"""
    )
    page.reload()
    expect(page.locator("#card-1-1 h3")).to_contain_text("<img src=x onerror=alert(1)>")
    for turn in page.locator("#qa-log .turn").all()[1:]:
        expect(turn.get_by_role("alert")).to_contain_text("another version")


def test_two_tabs_keep_their_conversations_apart(site: str, open_tab: OpenTab, ask: Ask) -> None:
    one = open_tab(site)
    ask(one, ROCKET)
    other = one.context.new_page()
    other.emulate_media(reduced_motion="reduce")
    other.goto(site)
    other.locator("#qa-welcome .welcome").wait_for()
    expect(other.locator("#qa-log .turn")).to_have_count(0)
    ask(other, TROOPS)
    expect(one.locator("[data-conversation]")).to_have_count(2)
    expect(one.locator("#qa-log .turn")).to_have_count(1)


def test_a_conversation_is_exported(site: str, open_tab: OpenTab, ask: Ask) -> None:
    page = open_tab(site)
    ask(page, TROOPS)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export as Markdown").click()
    text = Path(downloading.value.path()).read_text("utf-8")
    assert downloading.value.suggested_filename.endswith(".md")
    assert TROOPS in text
    assert "around 3,000 troops" in text
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Evidence pack").click()
    pack = json.loads(Path(downloading.value.path()).read_text("utf-8"))
    assert "around 3,000 troops" in json.dumps(pack)
    assert "sha256" in json.dumps(pack)


def test_what_people_think_is_noted_and_can_be_changed(
    site: str, open_tab: OpenTab, ask: Ask, site_folder: Path
) -> None:
    page = open_tab(site)
    turn = ask(page, ROCKET)
    down = turn.get_by_role("button", name="Not helpful")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    turn.get_by_label("What was wrong").fill("The <b>older</b> article")
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".thanks")).to_contain_text("with your reason")
    noted = json.loads((site_folder / "feedback.jsonl").read_text("utf-8").splitlines()[-1])
    assert ROCKET in json.dumps(noted)
    assert "The <b>older</b> article" in json.dumps(noted)
    page.reload()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
