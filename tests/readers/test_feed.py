from __future__ import annotations

from collections.abc import Callable

import pytest

from index.readers import feed
from index.readers.draft import Draft

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]


def test_entries_of_rss(read_bytes: ReadBytes, samples: dict[str, bytes]) -> None:
    drafts, reasons = read_bytes(feed.read, samples[".rss"])
    assert drafts == [
        Draft(
            text="One two & three.\n\nFour.",
            title="Bread & rates",
            source="The Post",
            author="Ann Lee",
            published="Tue, 01 Sep 2020 10:00:00 GMT",
            url="https://example.org/1",
            language="en-gb",
            id="g1",
        ),
        Draft(text="Only this.", title="Teaser", source="The Post", author="Bob", language="en-gb"),
    ]
    assert reasons == ["entry 2: no text in it"]


def test_entries_of_atom(read_bytes: ReadBytes, samples: dict[str, bytes]) -> None:
    drafts, _ = read_bytes(feed.read, samples[".atom"])
    assert drafts == [
        Draft(
            text="One.\n\nTwo.",
            title="A & B",
            source="Der Bote",
            author="Cy, Di",
            published="2020-01-01T00:00:00Z",
            updated="2020-01-02T00:00:00Z",
            url="https://example.org/2",
            language="de",
            id="urn:1",
        )
    ]


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(read_bytes: ReadBytes) -> None:
    data = (
        "\n <?xml version='1.0'?><rss version='2.0'><channel><title>R&D&nbsp;Post</title>"
        "<item><description>One&nbsp;two & three.</description></item><item><description>Fo"
    )
    drafts, _ = read_bytes(feed.read, data)
    assert [draft.text for draft in drafts] == ["One\xa0two & three.", "Fo"]


def test_an_entry_of_an_aggregator_has_its_own_source(read_bytes: ReadBytes) -> None:
    data = (
        "<rss version='2.0'><channel><title>All</title><item>"
        "<source url='https://example.org'>The Post</source>"
        "<description>One.</description></item></channel></rss>"
    )
    assert read_bytes(feed.read, data)[0][0].source == "The Post"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not XML"),
        (b"text", "not XML"),
        (b"<html><p>Text</p></html>", "not a feed, or a feed without entries"),
        (b"<rss version='2.0'><channel/></rss>", "not a feed, or a feed without entries"),
        (
            b"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaaaaaa'><!ENTITY b '&a;&a;'>]><rss>&b;</rss>",
            "XML with entities",
        ),
        (
            b"<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss>&a;</rss>",
            "XML with entities",
        ),
    ],
)
def test_what_is_no_feed_is_left_out(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    drafts, reasons = read_bytes(feed.read, data)
    assert drafts == []
    assert reasons[0].startswith(reason)
