"""How soon the chat page starts, can be used, and shows the first text of an answer.

It makes an index of made-up articles once (--index keeps it), starts ``qa chat`` on it as a person
would, and asks in Debian's Chromium.  The first text after Enter is what was found, an answer's words
come only when they are verified; both are measured in the browser, from the key to the painted text.
The figures of ``ask`` in a process of its own, on the same index and in the same run, are the baseline.

    python -m benchmarks.page_speed [--articles 10000] [--index var/page-speed]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from index import open_index, rebuild
from qa import ask

TREES, ENDS = ("Ash", "Birch", "Elm", "Oak", "Fern"), ("ford", "ham", "ton", "by")
PLACES = [f"{tree}{end}" for tree in TREES for end in ENDS]
THINGS = "bridge harbour library museum station theatre school market clinic stadium".split()
DEEDS = "opened closed repaired sold painted extended flooded inspected".split()
OUTLETS = [f"The {place} Courier" for place in PLACES]
RUNS = 10
BROWSER = "--no-sandbox --disable-gpu --disable-quic --disable-background-networking".split()
# In the browser: milliseconds from Enter until each kind of text is painted.
WATCH = """(done) => {
    const started = performance.now(), seen = {};
    const painted = (name) => requestAnimationFrame(() => requestAnimationFrame(() => {
        seen[name] ??= performance.now() - started;
    }));
    const look = new MutationObserver(() => {
        const live = document.querySelector("#qa-live");
        if (live.querySelector(".busy")) painted("busy");
        if (live.textContent.includes("Searched ")) painted("found");
        if (live.querySelector(".answer") || document.querySelector("#qa-log .turn")) painted("words");
        if (document.querySelector("#qa-log .turn")) painted("whole");
    });
    look.observe(document.querySelector("#qa-scroll"), { childList: true, subtree: true });
    window.seen = seen;
}"""


def write_articles(folder: Path, count: int) -> None:
    """Made-up articles of about 100 words, of different places, days and outlets."""
    dice = random.Random(1)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            place, thing, deed = dice.choice(PLACES), dice.choice(THINGS), dice.choice(DEEDS)
            title = f"The {thing} of {place} is {deed}, case {number}"
            sentences = [f"The {thing} of {place} was {deed} on day {number}, the council said."]
            for _ in range(5):
                other, place_of_it = dice.choice(THINGS), dice.choice(PLACES)
                sentences.append(
                    f"{dice.randint(2, 900)} people came from {place_of_it} to see how the {other} "
                    f"had been {dice.choice(DEEDS)} by the workers."
                )
            day = f"20{dice.randint(15, 24)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            entry = {"id": f"a{number}", "title": title, "text": " ".join(sentences)}
            entry |= {"source": dice.choice(OUTLETS), "published": day}
            file.write(json.dumps(entry) + "\n")


def questions(count: int) -> list[str]:
    """What is asked: each question once."""
    dice = random.Random(2)
    return [
        f"When was the {dice.choice(THINGS)} of {dice.choice(PLACES)} {dice.choice(DEEDS)}?"
        for _ in range(count)
    ]


@contextmanager
def served(index: Path) -> Iterator[tuple[str, float, float]]:
    """``qa chat`` on the index: its address, and the seconds until it said so and until it served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "qa", "chat", "--index", str(index), "--port", str(port)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout  # noqa: S101
        server.stdout.readline()
        said = time.perf_counter() - started
        try:
            yield f"http://127.0.0.1:{port}/", said, started
        finally:
            server.terminate()


def measure(index: Path) -> dict[str, float]:
    """All figures: seconds for starting, milliseconds for the rest (medians of the questions)."""
    chromium = shutil.which("chromium")
    with served(index) as (address, said, started), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.locator("#qa-question:enabled").wait_for()
        cold = time.perf_counter() - started
        usable = []
        for _ in range(3):
            began = time.perf_counter()
            page.goto(address)
            page.locator("#qa-question:enabled").wait_for()
            usable.append(time.perf_counter() - began)
        page.locator("#qa-welcome .welcome:not(:has(.busy))").wait_for(timeout=120_000)
        seen = [_asked(page, question) for question in questions(RUNS + 2)][2:]
        browser.close()
    return {
        "cold_start_address_s": said,
        "cold_start_usable_s": cold,
        "load_usable_s": statistics.median(usable),
        **{
            f"{name}_{what}_ms": round(how([run[name] for run in seen]), 1)
            for name in ("busy", "found", "words", "whole")
            for what, how in (("median", statistics.median), ("worst", max))
        },
    }


def _asked(page: Page, question: str) -> dict[str, float]:
    page.locator("#qa-new").click()
    page.locator("#qa-question").fill(question)
    page.evaluate(WATCH)
    page.keyboard.press("Enter")
    page.wait_for_function("window.seen.whole !== undefined", timeout=60_000)
    time.sleep(1.0)  # suggestions are looked for; the next question shall not wait for a busy core
    return dict(page.evaluate("window.seen"))


def baseline(index: Path) -> float:
    """Milliseconds that ``ask`` takes by itself, the median."""
    took = []
    for question in questions(RUNS + 2):
        began = time.perf_counter()
        ask(question, index_dir=index)
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took[2:]), 1)


def main() -> None:
    """Measure, print a table, and write it as JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--index", type=Path, default=Path("var/page-speed"))
    given = parser.parse_args()
    if not (given.index / "CURRENT").exists():
        with tempfile.TemporaryDirectory() as seeds:
            write_articles(Path(seeds), given.articles)
            rebuild(seeds, given.index)
    with open_index(given.index) as index:
        holds = {"articles": index.manifest.articles, "passages": index.manifest.passages}
    figures = {**holds, "cores": os.cpu_count(), "ask_alone_ms": baseline(given.index)}
    figures |= {name: round(figure, 2) for name, figure in measure(given.index).items()}
    for name, figure in figures.items():
        print(f"{name:24} {figure:>12,}")
    Path(__file__).with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
