from __future__ import annotations

from collections.abc import Callable

import pytest

from index.readers import csv_file
from index.readers.draft import MAX_LINE, Draft

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_columns_are_known_by_their_names_whatever_divides_them(
    read_bytes: ReadBytes, mark: str
) -> None:
    rows = [["Headline", "Body", "pubDate", "other"], ["T", '"One, two;\nthree|\t"', "2020-01-02", "x"]]
    drafts, reasons = read_bytes(csv_file.read, "\n".join(mark.join(row) for row in rows))
    assert drafts == [Draft(text="One, two;\nthree|\t", title="T", published="2020-01-02")]
    assert reasons == []


def test_a_bad_row_is_named_and_left_out_alone(read_bytes: ReadBytes) -> None:
    rows = 'title,text\nA,One.\n\nB,\nC,Two, three\nD,"Four" x\nE,Five.\nF,"Six\nG,Seven.\n'
    drafts, reasons = read_bytes(csv_file.read, rows)
    assert [draft.title for draft in drafts] == ["A", "E"]
    assert [reason.split(":")[0] for reason in reasons] == ["row 4", "row 5", "row 6", "row 8"]
    assert "3 fields, but the header has 2" in reasons[1]
    assert reasons[3].endswith("is a quotation mark left open?")


def test_a_header_that_is_no_csv_is_the_reason(read_bytes: ReadBytes) -> None:
    drafts, reasons = read_bytes(csv_file.read, "\rtext,title\nOne.,T\n")
    assert drafts == []
    assert reasons[0].startswith("row 1: not valid CSV")


def test_quotation_marks_may_be_escaped_with_a_backslash(read_bytes: ReadBytes) -> None:
    drafts, _ = read_bytes(csv_file.read, 'title,text\n"A","He said \\"yes\\", twice."\n')
    assert drafts[0].text == 'He said "yes", twice.'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told(read_bytes: ReadBytes, encoding: str) -> None:
    text = "Die Straße führt über die Brücke, und für alle Männer wäre es schön gewesen."
    drafts, _ = read_bytes(csv_file.read, f'title,text\nÄpfel,"{text}"\n'.encode(encoding))
    assert drafts == [Draft(text=text, title="Äpfel")]


def test_a_row_without_end_is_left_out_alone(read_bytes: ReadBytes) -> None:
    data = b"text\nOne.\n" + b"x" * (MAX_LINE + 10) + b"\nTwo.\n"
    drafts, reasons = read_bytes(csv_file.read, data)
    assert [draft.text for draft in drafts] == ["One.", "Two."]
    assert reasons == ["row 3: longer than 16 MB"]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\n"])
def test_without_a_column_for_the_text_there_is_no_article(read_bytes: ReadBytes, data: bytes) -> None:
    drafts, reasons = read_bytes(csv_file.read, data)
    assert drafts == []
    assert len(reasons) == 1
    assert reasons[0].startswith(
        "no column for the text: name it text, body or content in the first row"
    )
