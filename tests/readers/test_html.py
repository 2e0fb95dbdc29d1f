"""HTML pages: the story without the page around it, and metadata that the page states."""

from __future__ import annotations

import contextlib
import io
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.html import article_from_html, read

LEAD = (
    "The harbour council voted on Monday to rebuild the old fish market after a fire in spring, "
    "and set aside nine million crowns for it."
)
SECOND = (
    "Work begins in August, said Ida Holm, who leads the council, and the stalls will move to a tent "
    "on the eastern quay until the roof is finished."
)
THIRD = "Fishermen had asked for a larger cold store, which the plan now includes, for forty tonnes."
STORY = f"<p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p>"
TEXT = f"{LEAD}\n\n{SECOND}\n\n{THIRD}"
TITLE = "Council rebuilds the fish market"


def page(body: str = STORY, head: str = "", heading: str = f"<h1>{TITLE}</h1>") -> str:
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><main><article>{heading}{body}</article>"
        "</main><footer>© 2023 Harbour Post. All rights reserved.</footer></body></html>"
    )


def draft(body: str = STORY, head: str = "", **how: str) -> Draft:
    return article_from_html(page(body, head, **how))


def json_ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(**tags: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">'
        for name, content in tags.items()
    )


def test_the_text_is_the_story_in_paragraphs_without_its_title() -> None:
    found = draft()
    assert found.text == TEXT
    assert found.title == TITLE


def test_headings_and_list_items_are_paragraphs_of_their_own() -> None:
    changes = "<h2>What changes</h2><ul><li>A new roof.</li><li>A tent.</li></ul>"
    assert (
        draft(f"<p>{LEAD}</p>{changes}<p>{SECOND}</p>").text
        == f"{LEAD}\n\nWhat changes\n\nA new roof.\n\nA tent.\n\n{SECOND}"
    )


def test_text_parted_by_line_breaks_is_paragraphs() -> None:
    body = f"<div>{LEAD} <em>More</em> follows.<br><br>{SECOND}<br> <br>{THIRD}</div>"
    assert draft(body).text == f"{LEAD} More follows.\n\n{SECOND}\n\n{THIRD}"


def test_links_in_a_sentence_stay() -> None:
    linked = THIRD.replace("larger cold store", "<a href='/a'>larger cold store</a>")
    short = "It was <a href='/b'>reported first</a> on Friday."
    body = "".join(f"<div><p>{paragraph}</p></div>" for paragraph in (LEAD, SECOND, linked, short))
    assert draft(body).text == f"{TEXT}\n\nIt was reported first on Friday."


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Related: <a href='/1'>Ferry prices rise in May</a></p>",
        "<p><a href='/1'>Ferry prices rise in May</a></p>",
        "<ul><li><a href='/1'>Ferry prices rise</a></li><li><a href='/2'>Gulls again</a></li></ul>",
        "<a href='/1'><h3>Ferry prices rise in May</h3><div>The ferry company says so.</div></a>",
        "<div class='share-buttons'><a href='/s'>Share</a><a href='/t'>Tweet</a></div>",
        "<div class='newsletter'><p>Ferry news: sign up for our newsletter.</p></div>",
        "<figure><img src='a.jpg'><figcaption>The old ferry. Photo: A. Berg</figcaption></figure>",
        "<aside><p>Ferry prices rise in May, says the ferry company in its report.</p></aside>",
        "<div id='comments'><p>Ferry lover: what a plan, I have waited for it for years!</p></div>",
        "<nav><a href='/1'>Ferry</a><a href='/2'>Sport</a></nav>",
        "<script>var ferry = 'Ferry prices rise in May.';</script>",
    ],
)
def test_furniture_inside_the_story_is_left_out(furniture: str) -> None:
    found = draft(f"<p>{LEAD}</p><p>{SECOND}</p>{furniture}<p>{THIRD}</p>")
    assert found.text == TEXT


def test_a_text_that_the_page_only_states_counts_where_it_shows_a_part() -> None:
    shown = f"<p>{LEAD}</p><p>Subscribe to read on.</p>"
    found = draft(shown, json_ld(articleBody=f"{LEAD}\n{SECOND}\n\n{THIRD} " + SECOND * 2))
    assert found.text.startswith(f"{LEAD}\n\n{SECOND}\n\n{THIRD}")
    assert draft(head=json_ld(articleBody=LEAD)).text == TEXT
    markup = f"<p>{LEAD}</p><p>{SECOND} A &amp; B</p><p>{SECOND * 2}</p>"
    assert f"{LEAD}\n\n{SECOND} A & B\n\n" in draft(shown, json_ld(articleBody=markup)).text


def test_json_ld_comes_before_meta_tags_and_these_before_the_page() -> None:
    tags = meta(
        og__title="Title of the tags",
        og__site_name="Harbour Post",
        article__published_time="2021-03-04T05:06:07Z",
        author="Tag Author",
    )
    shown = "<time datetime='2020-01-02'>2 January 2020</time>"
    stated = json_ld(
        datePublished="2021-05-06T07:08:09+02:00",
        dateModified="2021-05-07T07:08:09+02:00",
        author=[{"@type": "Person", "name": "Ida Berg"}, {"@type": "Person", "name": "Ola Vik"}],
        publisher={"@type": "Organization", "name": "Harbour Media Group"},
        inLanguage="en-GB",
    )
    found = draft(shown + STORY, tags + stated)
    assert found.title == TITLE
    assert found.source == "Harbour Post"  # its publisher is the company behind it
    assert found.author == "Ida Berg, Ola Vik"
    assert found.published == "2021-05-06T07:08:09+02:00"
    assert found.updated == "2021-05-07T07:08:09+02:00"
    assert found.language == "en"
    found = draft(shown + STORY, tags)
    assert found.title == "Title of the tags"
    assert found.author == "Tag Author"
    assert found.published == "2021-03-04T05:06:07+00:00"
    assert draft(shown + STORY).published == "2020-01-02"


def test_references_within_json_ld_are_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "Somewhere"},
            {
                "@type": ["Article"],
                "headline": TITLE,
                "author": {"@id": "#ida"},
                "publisher": {"@id": "#p"},
            },
            {"@type": "Person", "@id": "#ida", "name": "Ida Berg"},
            {"@type": "Organization", "@id": "#p", "name": "Harbour Post"},
        ]
    }
    found = draft(head=f'<script type="application/ld+json">{json.dumps(graph)};</script>')
    assert (found.author, found.source) == ("Ida Berg", "Harbour Post")


def test_json_ld_of_other_articles_is_not_the_pages() -> None:
    others = json_ld(headline="Gulls again in the park", datePublished="2019-01-01") + json_ld(
        headline="Ferry prices rise in May", datePublished="2019-01-02"
    )
    assert draft(head=others).published is None
    assert draft(head=others + json_ld(datePublished="2021-01-03")).published == "2021-01-03"


@pytest.mark.parametrize(
    "broken", ["{", "[1, 2", "null", '"a"', "[[[]]]", '{"@type": 5}', "[" * 50_000]
)
def test_broken_json_ld_costs_nothing_but_itself(broken: str) -> None:
    found = draft(head=f'<script type="application/ld+json">{broken}</script>')
    assert (found.text, found.title) == (TEXT, TITLE)


@pytest.mark.parametrize(
    ("byline", "published", "updated"),
    [
        ("<p class='byline'>By Ida Berg | May 3, 2020</p>", "2020-05-03", None),
        ("<div>By <a href='/ida'>Ida Berg</a> - 2020-05-03</div>", "2020-05-03", None),
        ("<time datetime='2020-05-03T10:00:00Z'>Sunday</time>", "2020-05-03T10:00:00+00:00", None),
        ("<div>Published 3 May 2020</div><div>Updated 4 May 2020</div>", "2020-05-03", "2020-05-04"),
        ("<span>Last updated</span> <time datetime='2020-05-04'>Monday</time>", None, "2020-05-04"),
    ],
)
def test_dates_that_the_page_shows_about_its_headline(
    byline: str, published: str | None, updated: str | None
) -> None:
    found = draft(byline + STORY)
    assert (found.published, found.updated) == (published, updated)


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (STORY, ""),  # the year in the footer
        (STORY + "<p>© 2019-05-03 Harbour Post</p>", ""),
        (STORY + "<p>It burned on 3 May 2020, as this paper said then.</p>", ""),
        (STORY + "<aside><time datetime='2020-05-03'>Related</time></aside>", ""),
        ("<figure><figcaption>The market, 3 May 2020</figcaption></figure>" + STORY, ""),
        (STORY, meta(article__published_time="03/04/2021")),  # two days, and nothing says which
        (STORY, meta(article__published_time="1970-01-01T00:00:00Z")),
        (STORY, meta(article__published_time="yesterday")),
        (STORY, "<meta http-equiv='last-modified' content='Sun, 03 May 2020 10:00:00 GMT'>"),
        (STORY, "<link rel='canonical' href='https://harbourpost.example/2020/05/03/market'>"),
    ],
)
def test_a_date_that_is_not_stated_as_the_articles_is_none(body: str, head: str) -> None:
    found = draft(body, head)
    assert (found.published, found.updated) == (None, None)


def test_what_is_not_known_stays_none() -> None:
    found = article_from_html(f"<html><body><div>{STORY}</div></body></html>")
    assert found == Draft(text=TEXT)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Market rises - The Harbour Post", "Market rises"),
        ("Market rises | Harbour Post", "Market rises"),
        ("Harbour Post — Market rises", "Market rises"),
        ("Market rises | News | Harbour Post", "Market rises | News"),
        ("Market rises - harbourpost.example", "Market rises"),
        ("Market - a history", "Market - a history"),
        ("What the Harbour Post got wrong", "What the Harbour Post got wrong"),
        ("Harbour Post", "Harbour Post"),
    ],
)
def test_the_outlets_name_is_cut_from_the_title(title: str, expected: str) -> None:
    head = meta(og__title=title, og__site_name="Harbour Post")
    assert article_from_html(page(head=head), "https://www.harbourpost.example/a").title == expected


def test_a_title_keeps_its_end_while_the_outlet_is_unknown() -> None:
    assert (
        draft(head=meta(og__title="Market rises - Harbour Post")).title == "Market rises - Harbour Post"
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<link rel='canonical' href='/a'>", "https://from.example/a"),
        ("<link rel='canonical' href='https://c.example/a'>", "https://c.example/a"),
        ("<link rel='canonical' href='https://c.example/'>", "https://from.example/x"),
        (meta(og__url="https://o.example/a"), "https://o.example/a"),
        ("<link rel='canonical' href='javascript:alert(1)'>", "https://from.example/x"),
        ("<link rel='canonical' href='http://[bad'>", "https://from.example/x"),
        ("", "https://from.example/x"),
    ],
)
def test_the_canonical_address_comes_before_the_one_given(head: str, expected: str) -> None:
    assert article_from_html(page(head=head), "https://from.example/x").url == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<span class='byline'>By Ida Berg, 3 May 2020</span>", "Ida Berg"),
        ("<a rel='author' href='/ida'>Ida Berg</a>", "Ida Berg"),
        ("<span itemprop='author'>By <b>Ida</b> Berg</span>", "Ida Berg"),
        ("<span class='byline'>3 May 2020</span>", None),
        ("<aside><a rel='author' href='/ola'>Ola Vik</a></aside>", None),
    ],
)
def test_bylines(byline: str, expected: str | None) -> None:
    assert draft(byline + STORY).author == expected


def test_an_author_that_is_an_address_or_the_outlet_is_none() -> None:
    head = meta(og__site_name="Harbour Post", article__author="https://social.example/ida")
    assert draft(head=head).author is None
    assert draft(head=head + meta(author="Harbour Post")).author is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<nav><ul><li><a href='/1'>News</a></li><li><a href='/2'>Sport</a></li></ul></nav>",
        "<p>We and our partners use cookies on your device to show you personalised advertising. "
        "You can change your choices at any time in our privacy policy.</p><button>Accept</button>",
        "<p>Please enable JavaScript in your browser and disable your ad blocker to read this page.</p>"
        "<p>If you have an account, sign in to go on, or subscribe for access to all our stories.</p>",
        "<p>How relevant is this ad to you?</p><p>Video player was slow to load content or this ad "
        "never loaded.</p><p>This video froze or did not finish loading. Tell us what you saw.</p>",
        "<p>We use what you enter to manage your subscription, as our privacy policy says.</p><p>Our "
        "newsletter brings you a digest of the news each evening, and you can stop it at any time.</p>"
        "<p>Tell us below if you object to this use of your data by us or by our partners.</p>"
        "<p>The Harbour Post and its sister papers are brands of Harbour Media, as set out.</p>",
        "<video src='a.mp4'></video><p>Play</p><p>Unmute</p><p>00:00</p>",
        "<h2>Most read</h2><p>Ferry</p><p>Gulls</p>",
    ],
)
def test_a_page_without_a_story_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableError, match="no story on the page"):
        draft(body)


def test_a_story_about_cookies_is_a_story() -> None:
    body = "<p>Regulators fined a firm for cookies that followed people without consent, it said.</p>"
    assert "Regulators" in draft(body + STORY).text
    assert "Regulators" in draft(body).text


def test_charsets() -> None:
    text = LEAD.replace("harbour council", "Ålesund “council” – naïve")
    html = page(f"<p>{text}</p><p>{SECOND}</p>")
    declared = "<meta charset='{}'>"
    for encoding, says in [
        ("utf-8", ""),
        ("utf-8", "iso-8859-1"),  # wrong
        ("utf-8-sig", "windows-1252"),  # wrong
        ("utf-16", ""),
        ("windows-1252", "windows-1252"),
        ("windows-1252", "iso-8859-1"),  # what browsers take it for
    ]:
        data = html.replace("<head>", "<head>" + declared.format(says)).encode(encoding)
        assert article_from_html(data).text == f"{text}\n\n{SECOND}"


def test_a_charset_that_does_not_exist_is_guessed_past() -> None:
    data = page(head="<meta charset='x-nonsense'>").encode()
    assert article_from_html(data).text == TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"\x00\x01\x02\xff" * 100,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"just words",
        b"<html>",
        b"<" * 100_000,
        b"&" * 100_000,
        b"<!--" * 10_000,
        ("<html><body>" + "<div>" * 100_000).encode(),
        ("<html><body>" + ("<ul><li>" * 120) * 800).encode(),
        ("<html><body>" + "<p>A.</p>" * 60_000).encode(),
    ],
)
def test_what_is_no_page_is_unreadable_and_soon(data: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(UnreadableError):
        article_from_html(data)
    assert time.perf_counter() - started < 10


def test_a_truncated_page_gives_what_is_there() -> None:
    html = page()
    assert article_from_html(html[: html.index(THIRD) + 20]).text.startswith(f"{LEAD}\n\n{SECOND}")


def test_pictures_within_the_page_do_not_count() -> None:
    picture = "<img src='data:image/png;base64," + "iVBORw0K" * 1_000_000 + "'>"
    assert draft(picture + STORY).text == TEXT


def test_the_library_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    for html in ("", "<p>", page(""), page()):
        with contextlib.suppress(UnreadableError):
            article_from_html(html)
    assert not caplog.records


def test_reading_a_file() -> None:
    file = SeedFile("a.html", lambda: io.BytesIO(page().encode()))
    assert [found.text for found in read(file) if isinstance(found, Draft)] == [TEXT]


PIECES = st.sampled_from(
    [
        *page(head=json_ld(author={"name": ["a"]}, datePublished=5)).split(">"),
        "<br", "<table", "<td", "</p", "<a href='http://[x'", "<time datetime='99999999999'", "<svg",
        "<meta property='og:title' content=' - '", "<meta name='date' content='2021-13-45T99:99'",
        "<link rel='canonical' href='//'", "\x00", "\ud800", "<?xml encoding='utf-16'?", "<![CDATA[",
    ]
)  # fmt: skip


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=40))
def test_any_page_is_read_or_refused(pieces: list[str]) -> None:
    try:
        found = article_from_html(">".join(pieces), "https://from.example/x")
    except UnreadableError:
        return
    assert found.text.strip()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 600))
def test_any_bytes_are_read_or_refused(noise: bytes, place: int) -> None:
    data = page(head=meta(og__site_name="Harbour Post")).encode()
    try:
        found = article_from_html(data[:place] + noise + data[place:])
    except UnreadableError:
        return
    assert found.text.strip()
