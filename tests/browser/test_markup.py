"""Words to HTML, without a browser."""

from __future__ import annotations

import pytest

from qa.page.markup import escape, marked, unfinished, web_address


@pytest.mark.parametrize("url", ["http://example.org", "https://example.org/a?b=c&d#e"])
def test_web_addresses_can_be_followed(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org",
        "https:",
        "https://[",
        "https://example.org/\nx",
        "https://example.org/\u202egpj",
        "example.org",
    ],
)
def test_other_addresses_are_no_links(url: str | None) -> None:
    assert web_address(url) is None


def test_half_a_character_does_not_break_the_page() -> None:
    assert escape("a\ud800b").encode() == "a\ufffdb".encode()


def test_a_mark_holds_exactly_its_words() -> None:
    assert marked("<a> & <b>", 4, 5) == "&lt;a&gt; <mark>&amp;</mark> &lt;b&gt;"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (r"see \[7\] [1]", 'see [7] <span class="cite">[1]</span>'),
        (r"\<b\> <b>", "&lt;b&gt; &lt;b&gt;"),
        ("cut off \\", "cut off \\"),
        (r"C:\\temp", r"C:\temp"),
    ],
)
def test_an_unfinished_answer_shows_what_is_meant(markdown: str, html: str) -> None:
    assert unfinished(markdown) == html
