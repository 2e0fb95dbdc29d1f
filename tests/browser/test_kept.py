"""Conversations: kept in the browser, taken along, and what people think of answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from qa.page.readiness import UNEXPECTED
from qa.page.turn import MOST_TURNS

ROCKET = "How many civilians were killed by the rocket near Baghdad?"
TROOPS = "How many US troops are in Iraq?"

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Reload = Callable[[Page], None]


def test_a_reload_keeps_the_conversation_and_its_proof(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    page = open_tab(site)
    ask(page, ROCKET)
    ask(page, TROOPS)
    before = page.locator("#qa-log .answer").all_inner_texts()
    reload(page)
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


def test_what_a_browser_has_kept_is_checked(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
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
    reload(page)
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


def test_two_tabs_on_one_conversation_lose_no_turn(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    one = open_tab(site)
    ask(one, ROCKET)
    other = one.context.new_page()
    other.emulate_media(reduced_motion="reduce")
    other.goto(site)
    other.locator("[data-conversation]").click()
    expect(other.locator("#qa-log .turn")).to_have_count(1)
    ask(other, TROOPS)
    expect(one.locator("#qa-log .question")).to_have_text([ROCKET, TROOPS])
    # Both ask at the same time; each learns of the other's turn in the middle of its own.
    for page, words in ((one, "Who is Fuad Hussein?"), (other, "Who is David Schenker?")):
        page.get_by_label("Your question").fill(words)
        page.evaluate("part => document.querySelector(part).requestSubmit()", "#qa-form")
    for page in (one, other):
        expect(page.locator("#qa-live .turn")).to_have_count(0)
        expect(page.locator("#qa-log .turn")).to_have_count(4)
    asked = one.locator("#qa-log .question").all_text_contents()
    assert sorted(asked[2:]) == ["Who is David Schenker?", "Who is Fuad Hussein?"]
    assert other.locator("#qa-log .question").all_text_contents() == asked
    reload(one)
    expect(one.locator("#qa-log .question")).to_have_text(asked)


def test_what_is_typed_or_being_asked_outlasts_a_reload(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    page = open_tab(site)
    box = page.get_by_label("Your question")
    ask(page, ROCKET)
    box.fill("What did the foreign minister of")
    reload(page)
    expect(box).to_have_value("What did the foreign minister of")
    # Reloaded before the server has said a word.
    page.route("**/queue/join*", lambda route: None)
    box.fill(TROOPS)
    box.press("Enter")
    expect(page.locator("#qa-live .turn")).to_have_count(1)
    page.unroute("**/queue/join*")
    reload(page)
    expect(box).to_have_value(TROOPS)
    ask(page, TROOPS)
    reload(page)
    expect(page.locator("#qa-log .turn")).to_have_count(2)
    expect(box).to_have_value("")


def test_an_edited_question_that_fails_gives_back_what_it_was_to_replace(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    page = open_tab(site, watched=False)  # Gradio complains of stopping what never began
    ask(page, ROCKET)
    ask(page, TROOPS)
    page.route("**/queue/join*", lambda route: None)  # it never gets there
    page.locator("#turn-1").get_by_role("button", name="Edit the question").click()
    page.get_by_label("Edit the question").fill("Which civilians?")
    page.get_by_label("Edit the question").press("Enter")
    expect(page.locator("#qa-log .turn")).to_have_count(0)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#qa-log .question")).to_have_text([ROCKET, TROOPS])
    expect(page.get_by_label("Your question")).to_have_value("Which civilians?")
    reload(page)
    expect(page.locator("#qa-log .question")).to_have_text([ROCKET, TROOPS])


def test_a_full_conversation_is_shown_and_exported_and_takes_no_more(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    page = open_tab(site)
    ask(page, ROCKET)
    page.evaluate(
        """most => {
            const key = Object.keys(localStorage).find((name) => name.includes("conversation:"));
            const kept = JSON.parse(localStorage[key]);
            kept.turns = Array(most).fill(kept.turns[0]);
            localStorage[key] = JSON.stringify(kept);
        }""",
        MOST_TURNS,
    )
    reload(page)
    turns = page.locator("#qa-log .turn")
    expect(turns).to_have_count(MOST_TURNS)
    page.get_by_label("Your question").fill(TROOPS)
    page.get_by_label("Your question").press("Enter")
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("as long as one can be")
    expect(page.get_by_label("Your question")).to_have_value(TROOPS)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Evidence pack").click()
    pack = json.loads(Path(downloading.value.path()).read_text("utf-8"))
    assert len(pack["answers"]) == MOST_TURNS
    toast.get_by_role("button", name="New conversation").click()
    page.get_by_label("Your question").press("Enter")
    expect(turns.locator(".question")).to_have_text([TROOPS])


def test_a_full_storage_drops_the_oldest_conversations_alone(
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload
) -> None:
    page = open_tab(site)
    for question in (ROCKET, TROOPS):
        ask(page, question)
        page.get_by_role("button", name="New conversation").click()
    page.evaluate(
        """() => {
            const list = JSON.parse(localStorage["article-qa:conversations"]);
            const key = `article-qa:conversation:${list.at(-1).id}`;
            const oldest = JSON.parse(localStorage[key]);
            const room = (text) => { try { localStorage.filling = text; return true; } catch {} };
            oldest.padding = "x".repeat(100_000);
            localStorage[key] = JSON.stringify(oldest);
            let size = 0;
            for (let step = 4_194_304; step >= 1; step /= 2) {
                if (room("x".repeat(size + step))) size += step;
            }
        }"""
    )
    ask(page, "Who is Fuad Hussein?")
    expect(page.locator("[data-toast]")).to_contain_text("the oldest conversation was removed")
    expect(page.locator("[data-conversation]")).to_have_text(["Who is Fuad Hussein?", TROOPS])
    reload(page)
    expect(page.locator("#qa-log .question")).to_have_text(["Who is Fuad Hussein?"])


def test_an_error_of_the_server_is_said_as_what_it_is(site: str, open_tab: OpenTab) -> None:
    page = open_tab(site)
    body = json.dumps({"unexpected": UNEXPECTED})
    page.route(
        "**/component_server/",
        lambda route: route.fulfill(body=body, content_type="application/json"),
    )
    page.get_by_role("button", name="Library").click()
    expect(page.locator("[data-toast]")).to_have_text(UNEXPECTED)
    page.evaluate("history.pushState(null, '', '/?article=x'); history.pushState(null, '', '/')")
    page.go_back()
    expect(page.locator("dialog")).to_contain_text(UNEXPECTED)


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
    site: str, open_tab: OpenTab, ask: Ask, reload: Reload, site_folder: Path
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
    reload(page)
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
