from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest

from index.readers import warc
from index.readers.draft import Draft

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]
HTML = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8"


def test_pages_are_articles_and_the_rest_is_passed_over(
    read_bytes: ReadBytes, make_warc: Callable[..., bytes], page: bytes
) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    data = make_warc(
        [
            ("https://example.org/1", HTML, page),
            ("https://example.org/2", f"{HTML}\nContent-Encoding: gzip", gzip.compress(page)),
            ("https://example.org/3", f"{HTML}\nContent-Encoding: br", brotli.compress(page)),
            ("https://example.org/4", f"{HTML}\nTransfer-Encoding: chunked", chunked),
            ("https://example.org/5", "HTTP/1.1 404 Not Found\nContent-Type: text/html", page),
            ("https://example.org/6", "HTTP/1.1 301 Moved\nContent-Type: text/html", page),
            ("https://example.org/7", "HTTP/1.1 200 OK\nContent-Type: image/png", page),
        ]
    )
    drafts, reasons = read_bytes(warc.read, data)
    assert reasons == []
    assert [draft.url for draft in drafts] == [
        f"https://example.org/{number}" for number in range(1, 5)
    ]
    assert {(draft.title, draft.published) for draft in drafts} == {("Rates rise again", None)}


@pytest.mark.parametrize(
    "packed", [gzip.compress(b" " * (20 << 20)), brotli.compress(b" " * (20 << 20))]
)
def test_a_page_that_is_a_bomb_is_left_out_alone(
    read_bytes: ReadBytes, make_warc: Callable[..., bytes], page: bytes, packed: bytes
) -> None:
    encoding = "gzip" if packed.startswith(b"\x1f\x8b") else "br"
    bomb = ("https://example.org/1", f"{HTML}\nContent-Encoding: {encoding}", packed)
    drafts, reasons = read_bytes(warc.read, make_warc([bomb, ("https://example.org/2", HTML, page)]))
    assert [draft.url for draft in drafts] == ["https://example.org/2"]
    assert "a page of more than 8 MB" in reasons[0]


def test_a_file_that_is_cut_off_is_read_up_to_there(
    read_bytes: ReadBytes,
    make_warc: Callable[..., bytes],
    page: bytes,
    capfd: pytest.CaptureFixture[str],
) -> None:
    data = make_warc([(f"https://example.org/{number}", HTML, page) for number in (1, 2)])
    drafts, reasons = read_bytes(warc.read, data[:-200])
    assert [draft.url for draft in drafts] == ["https://example.org/1"]
    assert reasons == ["record 2 (https://example.org/2): the record is cut off"]
    assert capfd.readouterr() == ("", "")


def test_a_record_without_its_length_is_left_out(
    read_bytes: ReadBytes, make_warc: Callable[..., bytes], page: bytes
) -> None:
    data = make_warc([("https://example.org/1", HTML, page)]).replace(b"Content-Length", b"X")
    drafts, reasons = read_bytes(warc.read, data)
    assert drafts == []
    assert "a record without its length" in reasons[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no web pages in it"),
        (b"text\n" * 10, "record 1: not WARC"),
        (b"\0" * (3 << 20), "record 1: not WARC"),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 300_000, "record 1: headers of more than 1 MB"),
    ],
)
def test_other_files_are_left_out(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    drafts, reasons = read_bytes(warc.read, data)
    assert drafts == []
    assert reasons[0].startswith(reason)
