"""The library: articles, the chart, what was left out, a rebuild beside people who ask, uploads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from index import rebuild

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Serve = Callable[..., str]
LONG = 120_000  # milliseconds: a rebuild takes what others leave
WriteSeeds = Callable[..., Path]


def article(number: int, day: str, source: str, about: str) -> dict[str, str]:
    text = f"The {about} of Testville was opened on a fine day. The mayor cut ribbon {number} there."
    return {
        "id": f"a{number}",
        "title": f"Story {number} of the {about}",
        "source": source,
        "published": day,
        "text": f"{text} Nobody else in the town of Testville knew what to make of the {about}.",
    }


def test_articles_are_browsed_searched_and_filtered_on_the_chart(
    serve: Serve, open_tab: OpenTab, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    things = ["bridge", "harbour", "library", "museum", "station", "theatre"]
    stories = [
        article(n, f"2024-0{1 + n % 6}-1{n % 9}", f"Outlet {n % 3}", things[n % 6]) for n in range(30)
    ]
    wire = "The wire story tells of a flood at the old mill, which took two days to clear away. " * 9
    copies = [
        {"id": f"c{n}", "title": "Flood", "source": s, "published": "2024-02-02", "text": wire}
        for n, s in enumerate(["Outlet 0", "Outlet 1"])
    ]
    seeds = write_seeds({"all.json": json.dumps(stories + copies), "broken.json": "{"})
    rebuild(seeds, tmp_path / "index")
    page = open_tab(serve(tmp_path / "index", seeds))
    page.get_by_role("button", name="Library").click()
    library = page.get_by_role("region", name="Library")
    rows = library.locator(".articles > li")
    expect(rows).to_have_count(20)
    expect(library).to_contain_text("1 to 20 of 32 articles")
    library.get_by_role("button", name="Next").click()
    expect(rows).to_have_count(12)

    bar = library.get_by_role("button", name="February 2024: 7 articles")
    bar.press("Enter")
    expect(rows).to_have_count(7)
    library.get_by_role("button", name=re.compile("^Outlet 1")).click()
    expect(library.locator(".filter")).to_contain_text("Outlet 1, 1 February 2024 to 29 February 2024")
    for row in rows.all():
        expect(row).to_contain_text("Outlet 1 · ")
    library.get_by_role("button", name="Show all").click()
    library.get_by_role("searchbox").fill("museum")
    library.get_by_role("searchbox").press("Enter")
    expect(rows).to_have_count(5)
    rows.first.get_by_role("button").click()
    expect(page.locator("dialog .words")).to_contain_text("The museum of Testville was opened")
    page.keyboard.press("Escape")
    expect(library.locator(".legend")).to_have_text("Outlet 0 5")  # the chart is of what was found
    library.get_by_role("searchbox").fill("")
    library.get_by_role("searchbox").press("Enter")
    expect(rows).to_have_count(20)

    expect(library.locator(".families")).to_contain_text("Flood 2")
    library.get_by_text("1 file or parts of files").click()
    expect(library.locator(".skipped li")).to_contain_text("broken.json: ")
    expect(library.locator(".generation code")).to_have_text(
        (tmp_path / "index" / "CURRENT").read_text().strip()
    )
    library.get_by_role("button", name=re.compile("^Outlet 2")).click()
    library.get_by_role("button", name="Ask these").click()
    expect(page.get_by_role("button", name="Outlets: Outlet 2")).to_be_visible()


def test_a_rebuild_shows_how_far_it_is_and_people_go_on_asking(
    serve: Serve, open_tab: OpenTab, ask: Ask, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    seeds = write_seeds({"old.txt": "Harbour\n\nThe harbour of Testville was closed in May."})
    rebuild(seeds, tmp_path / "index")
    page = open_tab(serve(tmp_path / "index", seeds))
    sentences = [f"Number {i} of the lighthouses in Testville was painted red." for i in range(200)]
    write_seeds({"lighthouses.txt": "Lighthouses\n\n" + " ".join(sentences)})
    page.get_by_role("button", name="Library").click()
    page.get_by_role("button", name="Rebuild", exact=True).click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("max", re.compile("^[1-9]"), timeout=LONG)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    turn = ask(page, "When was the harbour of Testville closed?")
    expect(turn.locator(".answer")).to_contain_text("in May")
    page.get_by_role("button", name="Library").click()
    expect(page.locator(".done")).to_contain_text("1 added", timeout=LONG)
    expect(page.locator("[data-contents]")).to_have_text("2 articles")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    again = ask(page, "What colour is lighthouse number 7 in Testville?")
    expect(again.locator(".answer")).to_contain_text("painted red")


def test_articles_are_added_where_that_is_allowed(
    serve: Serve, open_tab: OpenTab, site: str, write_seeds: WriteSeeds, tmp_path: Path
) -> None:
    page = open_tab(site)
    page.get_by_role("button", name="Library").click()
    expect(page.locator(".generation")).to_be_visible()
    expect(page.get_by_label("Add articles")).to_be_hidden()
    seeds = write_seeds({"old.txt": "Harbour\n\nThe harbour of Testville was closed in May."})
    rebuild(seeds, tmp_path / "index")
    page = open_tab(serve(tmp_path / "index", seeds, "--allow-upload"))
    page.get_by_role("button", name="Library").click()
    new = b"Bridge\n\nThe bridge of Testville was opened in June."
    page.get_by_label("Add articles").set_input_files(
        {"name": "../../<b>bridge</b>.txt", "mimeType": "text/plain", "buffer": new}
    )
    expect(page.locator("[data-uploads]")).to_contain_text("stored as uploads/")
    assert [path.read_bytes() for path in seeds.glob("uploads/*")] == [new]
    page.get_by_role("button", name="Rebuild", exact=True).click()
    expect(page.locator(".done")).to_contain_text("1 added", timeout=LONG)


def test_a_file_that_is_too_large_is_refused_in_words(
    serve: Serve, open_tab: OpenTab, seeds_index: Path, faults: list[str], tmp_path: Path
) -> None:
    page = open_tab(serve(seeds_index, tmp_path, "--allow-upload", "--upload-mb", "1"))
    page.get_by_role("button", name="Library").click()
    told = page.locator("[data-uploads] li")

    def add(size: int) -> None:
        page.get_by_label("Add articles").set_input_files(
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * size}
        )

    add(1_000_001)
    expect(told).to_have_text(
        ["a.txt: the file is larger than 1 MB; split it, or ask whoever runs this page"]
    )
    # A proxy in front of the server has a bound, and a page, of its own.
    page.route("**/upload?*", lambda route: route.fulfill(status=413, body="<h1>413</h1>"))
    add(1)
    expect(told).to_have_text([re.compile("a.txt: this is more than may be sent at once")])
    assert all("413" in fault for fault in faults)  # what the browser says of each such answer
    faults.clear()
