"""NITF, NewsML-G2, and how they are told from feeds and from each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.readers import nitf, xml_file
from index.readers.draft import Draft

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]


def test_nitf(read_bytes: ReadBytes, samples: dict[str, bytes]) -> None:
    drafts, reasons = read_bytes(xml_file.read, samples["nitf.xml"])
    assert reasons == []
    assert drafts == [
        Draft(
            text="London, Jan 5\n\nOne <two>.\n\nThree\xa0four.",
            title="Rates rise",
            source="Wire",
            author="Ann Lee",
            published="20040105T120000Z",
            language="en",
            id="n1",
        )
    ]


def test_newsml_has_many_items_some_without_words(
    read_bytes: ReadBytes, samples: dict[str, bytes]
) -> None:
    drafts, reasons = read_bytes(xml_file.read, samples[".xml"])
    assert drafts[0] == Draft(
        text="PARIS\n\nOne.\n\nTwo.",
        title="H1",
        source="Wire",
        author="Ann Lee",
        published="2020-01-02T00:00:00Z",
        updated="2020-01-03T00:00:00Z",
        language="fr",
        id="tag:1",
    )
    assert [draft.text for draft in drafts[1:]] == ["PARIS\n\nThree.", "PARIS\n\nFour.\n\nFive."]
    assert reasons == [
        "news item 2: canceled by its provider",
        "news item 5: no text in it: a picture, or content that lies elsewhere",
    ]


def test_the_date_of_a_correction_is_not_that_of_the_article(
    read_bytes: ReadBytes, samples: dict[str, bytes]
) -> None:
    without_first = samples[".xml"].replace(b"firstCreated", b"x")
    assert read_bytes(xml_file.read, without_first)[0][0].published == "2020-01-01"


def test_a_feed_may_end_in_xml(read_bytes: ReadBytes, samples: dict[str, bytes]) -> None:
    assert len(read_bytes(xml_file.read, samples[".rss"])[0]) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not XML: there is no element in it"),
        (b"text", "not XML: there is no element in it"),
        (b"<html><p>Text</p></html>", "XML with the root element html, which is no feed"),
        (b"<nitf><body>", "not well-formed XML"),
        (b"<nitf/>", "no text in it"),
        (b"<a:b:c/>", "XML with the root element a:b:c"),
        (b"<newsMessage/>", "no news items in it"),
        (b"<a>" * 100_000, "XML with the root element a"),
        (b"<nitf>" * 100_000, "not well-formed XML"),
        (b"x" * (9 << 20), "larger than 8 MB"),
    ],
)
def test_other_xml_is_left_out(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    drafts, reasons = read_bytes(xml_file.read, data)
    assert drafts == []
    assert reasons[0].startswith(reason)


@pytest.mark.parametrize(
    "entity",
    ["a 'aaaaaaaaaaaa'", "a '&lt;&b;'", "a SYSTEM 'file:///etc/passwd'", "% a SYSTEM 'http://e.org/'"],
)
def test_entities_are_neither_expanded_nor_fetched(read_bytes: ReadBytes, entity: str) -> None:
    data = (
        f"<!DOCTYPE nitf [<!ENTITY {entity}>]><nitf><body.content><p>A &a; B</p></body.content></nitf>"
    )
    drafts, reasons = read_bytes(nitf.read, data)
    assert drafts == []
    assert reasons == ["XML with entities of its own, which are not expanded; save it without them"]
