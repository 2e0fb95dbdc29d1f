"""WARC, the files of web archives: one article a page."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from email.message import Message
from io import BytesIO
from typing import Any

import brotli
from warcio.archiveiterator import WARCIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader

from index.errors import one_line
from index.readers.draft import MAX_MARKUP, Draft, SeedFile, UnreadableError
from index.readers.html import article_from_html
from index.readers.mime import decoded

MAX_HEADERS = 1 << 20  # bytes of one record's


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft, or the reason why there is none, for each page that a server sent with success.

    A record's date is when the page was crawled, so it tells nothing of the article.  Raises
    UnreadableError if the rest of the file cannot be read, or no page is in it.
    """
    logging.getLogger("warcio").setLevel(logging.CRITICAL + 1)  # it logs each address that it repairs
    pages = 0
    with file.opened() as stream:
        records = _Records(stream)
        for number in range(1, 1 << 62):
            record = _next(records, number)
            if record is None:
                break
            if not _is_page(record):
                continue
            pages += 1
            url = record.rec_headers.get_header("WARC-Target-URI")
            try:
                yield article_from_html(_page(record), url.strip("<> ") if url else None)
            except UnreadableError as error:
                yield UnreadableError(f"record {number} ({url}): {error}")
    if not pages:
        raise UnreadableError("no web pages in it")


class _Records(WARCIterator):  # type: ignore[misc]  # warcio has no types
    """Records of a file that is not compressed (that is undone before), within bounds."""

    INC_RECORD = ""  # it would go to stderr

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.reader = _BoundedReader(stream)

    def __next__(self) -> Any:
        self.reader.header_bytes = MAX_HEADERS
        return super().__next__()


class _BoundedReader(BufferedReader):  # type: ignore[misc]  # warcio has no types
    """Gives up where headers, or what stands in their place, have no end."""

    header_bytes = MAX_HEADERS

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or MAX_HEADERS, MAX_HEADERS))
        self.header_bytes -= len(line)
        if self.header_bytes < 0:
            raise UnreadableError(f"headers of more than {MAX_HEADERS >> 20} MB")
        return line


def _next(records: _Records, number: int) -> Any:
    try:
        return next(records, None)
    except UnreadableError as error:
        raise UnreadableError(f"record {number}: {error}; the file ends here") from None
    # warcio has exceptions of its own, but lets those of parsing through, too.
    except Exception as error:
        raise UnreadableError(
            f"record {number}: not WARC ({one_line(error, limit=100)}); nothing behind it was read"
        ) from None


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    is_success = (record.http_headers.get_statuscode() or "").startswith("2")
    return is_success and kind in ("text/html", "application/xhtml+xml")


def _page(record: Any) -> bytes | str:
    """What the server sent, decoded if it said how; else HTML has its own ways to say it."""
    if record.length is None:
        raise UnreadableError("a record without its length, which nothing behind it can be told from")
    data: bytes = record.raw_stream.read(MAX_MARKUP + 1)
    if len(data) > MAX_MARKUP:
        raise UnreadableError(f"a page of more than {MAX_MARKUP >> 20} MB, which is no single article")
    if record.raw_stream.limit:
        raise UnreadableError("the record is cut off")
    if (record.http_headers.get_header("Transfer-Encoding") or "").lower() == "chunked":
        data = ChunkedDataReader(BytesIO(data)).read(MAX_MARKUP)
    data = _unpacked(data, (record.http_headers.get_header("Content-Encoding") or "").strip().lower())
    content_type = Message()
    content_type["Content-Type"] = record.http_headers.get_header("Content-Type")
    charset = content_type.get_content_charset()
    return decoded(data, charset) if charset else data


def _unpacked(data: bytes, encoding: str) -> bytes:
    """``data`` without the compression they were sent with, which crawlers may have undone already.

    warcio would unpack them whole, however much it is.
    """
    try:
        if encoding in ("gzip", "x-gzip", "deflate"):
            unpacked = zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(data, MAX_MARKUP + 1)
        elif encoding == "br":
            unpacked = brotli.Decompressor().process(data, output_buffer_limit=MAX_MARKUP + 1)
        else:
            return data
    except (zlib.error, brotli.error):
        return data
    if len(unpacked) > MAX_MARKUP:
        raise UnreadableError(f"a page of more than {MAX_MARKUP >> 20} MB, which is no single article")
    return bytes(unpacked)
