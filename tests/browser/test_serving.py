"""The page's server: how it starts, what it serves, and how it keeps up with the articles."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from index import rebuild

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Reload = Callable[[Page], None]
Serve = Callable[..., str]
WriteSeeds = Callable[..., Path]
SEEDS = Path(__file__).parents[2] / "seeds"


def test_a_first_visit_builds_the_index_once_and_shows_how_far_it_is(
    serve: Serve, open_tab: OpenTab, ask: Ask, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    stories = [
        {"published": "2020-09-26", "text": "The embassy in Baghdad may close, diplomats said."},
        {"published": "2020-11-15", "text": "A rocket killed seven civilians near Baghdad."},
    ]
    seeds = write_seeds({"all.json": json.dumps(stories)})
    site = serve(tmp_path / "index", seeds)
    page, other = open_tab(site), open_tab(site)
    for tab in (page, other):
        expect(tab.locator(".examples")).to_be_visible(timeout=120_000)  # models are loaded twice
        expect(tab.locator("[data-contents]")).to_have_text(
            "2 articles, 26 September 2020 – 15 November 2020"
        )
    expect(
        ask(page, "How many civilians were killed near Baghdad?").locator(".answer")
    ).to_contain_text("seven civilians")
    assert len(list((tmp_path / "index" / "generations").iterdir())) == 1


def test_a_build_shows_its_progress_and_says_why_it_failed(
    serve: Serve, open_tab: OpenTab, ask: Ask, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    seeds = write_seeds({})
    page = open_tab(serve(tmp_path / "index", seeds))
    expect(page.locator(".welcome").get_by_role("alert")).to_contain_text("the folder is empty")
    sentences = [f"Number {i} of the lighthouses in Testville was painted red." for i in range(300)]
    write_seeds({"lighthouses.txt": "Lighthouses\n\n" + " ".join(sentences)})
    page.get_by_role("button", name="Try again").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("max", re.compile("^[1-9]"))
    expect(page.locator("#qa-welcome .progress")).to_contain_text(
        re.compile("(Reading|Embedding).* of ")
    )
    expect(page.locator("[data-contents]")).to_have_text("1 article")
    expect(page.get_by_label("Your question")).to_be_enabled()
    expect(ask(page, "What colour is lighthouse number 7?").locator(".answer")).to_be_visible()


def test_a_rebuilt_index_is_used_by_the_next_question(
    serve: Serve, open_tab: OpenTab, ask: Ask, reload: Reload, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    seeds = write_seeds({"old.txt": "Harbour\n\nThe harbour of Testville was closed in May."})
    rebuild(seeds, tmp_path / "index")
    site = serve(tmp_path / "index", seeds)
    page = open_tab(site)
    old = ask(page, "When was the harbour of Testville closed?")
    expect(old.locator(".answer")).to_contain_text("in May")
    write_seeds({"old.txt": "Harbour\n\nThe harbour of Testville was closed in July."})
    write_seeds({"new.txt": "Bridge\n\nThe bridge of Testville was opened in June."})
    rebuild(seeds, tmp_path / "index")
    until = time.monotonic() + 30
    while page.request.get(f"{site}healthz").json()["articles"] != 2:  # the old one serves until then
        assert time.monotonic() < until
        page.wait_for_timeout(10)
    turn = ask(page, "When was the bridge of Testville opened?")
    expect(turn.locator(".answer")).to_contain_text("in June")
    old.get_by_role("link", name="[1]").click()
    expect(page.locator("dialog .note")).to_contain_text("has changed")
    reload(page)
    expect(page.locator("[data-contents]")).to_have_text("2 articles")


def test_a_page_without_its_server_keeps_the_question(
    serving: Callable[..., AbstractContextManager[str]],
    open_tab: OpenTab,
    small_index: Path,
    tmp_path: Path,
) -> None:
    with serving(small_index, SEEDS, tmp_path) as site:
        page = open_tab(site, watched=False)
        expect(page.get_by_label("Your question")).to_be_enabled()
    page.get_by_label("Your question").fill("How many US troops are in Iraq?")
    page.get_by_label("Your question").press("Enter")
    turn = page.locator("#qa-log .turn")
    expect(turn.get_by_role("alert")).to_contain_text("has lost its server")
    expect(turn.locator(".question")).to_have_text("How many US troops are in Iraq?")
    expect(turn.get_by_role("button", name="Ask again")).to_be_visible()


def test_an_answer_is_stopped(serve: Serve, open_tab: OpenTab, ask: Ask, small_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a language model that never answers
        model = f"http://127.0.0.1:{silent.getsockname()[1]}/v1#silent"
        page = open_tab(serve(small_index, SEEDS, "--llm", model))
        page.get_by_label("Your question").fill("How many US troops are in Iraq?")
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#qa-live")).to_contain_text("Searched 3 articles")
        page.keyboard.press("Escape")
        turn = page.locator("#qa-log .turn")
        expect(turn.get_by_role("alert")).to_have_text("You stopped this answer.")
        expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(ask(page, "Who won the 2018 World Cup?").locator(".abstention")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=README.md",
        "gradio_api/upload",
        "gradio_api/proxy=http://example.org",
        "monitoring",
        "docs",
        "static/../../../../etc/passwd",
        "assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_nothing_but_the_page_is_served(site: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(site + path)  # noqa: S310  # an address of this machine
    refused.value.close()
    assert refused.value.code in (403, 404)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:7860"}, 200),
        ({"Host": "[::1]:7860"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:7860"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:1", "Origin": "http://localhost:1"}, 200),
        ({"Host": "localhost:1", "Origin": "http://localhost:2"}, 403),
    ],
)
def test_the_page_of_another_site_cannot_read_the_articles(
    site: str, headers: dict[str, str], status: int
) -> None:
    connection = http.client.HTTPConnection(site.removeprefix("http://").rstrip("/"))
    connection.request("GET", "/config", headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == status


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "qa", "chat", "--index", str(tmp_path), "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert f"port {port} on 127.0.0.1 is in use; choose another with --port or QA_PORT" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
