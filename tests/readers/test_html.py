"""HTML pages: the story without the page around it."""

from __future__ import annotations

import contextlib
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.html import article_from_html, read
from tests.readers.html_pages import LEAD, SECOND, STORY, TEXT, THIRD, TITLE, draft, json_ld, meta, page


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
