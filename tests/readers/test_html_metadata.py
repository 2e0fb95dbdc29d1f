"""HTML pages: the metadata that the page states or shows."""

from __future__ import annotations

import json

import pytest

from index.readers.draft import Draft
from index.readers.html import article_from_html
from tests.readers.html_pages import STORY, TEXT, TITLE, draft, json_ld, meta, page


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
