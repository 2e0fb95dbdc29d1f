"""CSV: one article a row, below a header row with the names of the fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

from index.decode import decode
from index.readers.draft import MAX_LINE, Draft, SeedFile, UnreadableError
from index.readers.fields import draft_from_fields, field_of

SAMPLE = 1 << 20  # bytes that tell the encoding
DELIMITERS = ",;\t|"


def read(file: SeedFile) -> Iterator[Draft | UnreadableError]:
    """A draft, or the reason why there is none, for each row.

    Rows are counted as a spreadsheet counts them: the header is row 1.  Raises UnreadableError if
    the header names no column for the text.
    """
    # A limit of the whole process, but nothing else here reads CSV; its default of 128 KB is
    # less than a long article.
    csv.field_size_limit(MAX_LINE)
    with file.opened() as stream:
        sample = stream.read(SAMPLE)
    names = file.field_names
    header, rows = _header_and_rows(_lines(file, sample), _escape(sample), names)
    if "text" not in _fields(header, names):
        raise UnreadableError(
            "no column for the text: name it text, body or content in the first row, "
            "or say which it is with --fields text=NAME"
        )
    number = 1
    while True:
        number += 1
        try:
            row = next(rows, None)
            if row is None:
                return
            if row:
                yield _draft(header, row, names)
        except csv.Error as error:
            yield UnreadableError(
                f"row {number}: not valid CSV: {error}; is a quotation mark left open?"
            )
        except UnreadableError as error:
            yield UnreadableError(f"row {number}: {error}")


def _draft(header: list[str], row: list[str], names: Mapping[str, str]) -> Draft:
    if len(row) > len(header):
        raise UnreadableError(
            f"{len(row)} fields, but the header has {len(header)}; quote fields that hold the delimiter"
        )
    return draft_from_fields(dict(zip(header, row, strict=False)), names)


def _fields(header: list[str], names: Mapping[str, str]) -> set[str | None]:
    return {field_of(name, names) for name in header}


def _header_and_rows(
    lines: Iterator[str], escape: str | None, names: Mapping[str, str]
) -> tuple[list[str], Iterator[list[str]]]:
    """The first row split by the delimiter that gives the most fields we know, and the other rows.

    ``csv.Sniffer`` guesses from the sample's punctuation, of which articles are full.
    """
    first = next(lines, "")
    try:
        headers = {mark: next(csv.reader([first], delimiter=mark), []) for mark in DELIMITERS}
    except csv.Error as error:
        raise UnreadableError(f"row 1: not valid CSV: {error}") from None
    delimiter = max(headers, key=lambda mark: len(_fields(headers[mark], names) - {None}))
    header = [name.strip() for name in headers[delimiter]]
    # Strict, or a quotation mark that is left open would swallow the rest of the file.
    rows = csv.reader(lines, delimiter=delimiter, escapechar=escape, skipinitialspace=True, strict=True)
    return header, rows


def _escape(sample: bytes) -> str | None:
    """The backslash, if quotation marks within fields have one and are not doubled, as is usual."""
    is_doubled = re.search(rb'[^\s,;|]""[^\s,;|]', sample)
    return "\\" if b'\\"' in sample and not is_doubled else None


def _lines(file: SeedFile, sample: bytes) -> Iterator[str]:
    """The lines with their ends.  UTF-8 comes line by line; other encodings are told from the whole."""
    if b"\0" not in sample and _is_utf8(sample):
        # Not a generator: one that has raised is at its end, and a bad line must not end the file.
        return map(_line, file.lines())
    return iter(decode(file.read()).splitlines(keepends=True))


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return error.end == len(sample) and error.reason == "unexpected end of data"
    return True


def _line(line: bytes | UnreadableError) -> str:
    if isinstance(line, UnreadableError):
        raise line
    return line.decode("utf-8", "replace").removeprefix("\N{BOM}") + "\n"
