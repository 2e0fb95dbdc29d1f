from __future__ import annotations

from collections.abc import Callable

import docx.document
import pytest

from index.readers import docx_file
from index.readers.draft import Draft

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]


def fill(document: docx.document.Document) -> None:
    document.core_properties.author = "Ann Lee"
    document.add_heading("Rates rise again", 0)
    document.add_paragraph("The bank raised ").add_run("its rate.").bold = True
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "now"
    table.cell(0, 1).text = "five percent"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "all"
    document.add_paragraph("And more.")


def test_paragraphs_and_tables_in_order(read_bytes: ReadBytes, make_docx: Callable[..., bytes]) -> None:
    drafts, reasons = read_bytes(docx_file.read, make_docx(fill))
    assert reasons == []
    assert drafts == [
        Draft(
            text="The bank raised its rate.\n\nnow | five percent\n\nall\n\nAnd more.",
            title="Rates rise again",
            author="Ann Lee",
        )
    ]


def test_a_package_that_is_a_bomb_is_not_unpacked(
    read_bytes: ReadBytes, make_zip: Callable[..., bytes]
) -> None:
    bomb = make_zip({"[Content_Types].xml": b" " * (20 << 20)})
    drafts, reasons = read_bytes(docx_file.read, bomb)
    assert drafts == []
    assert reasons == ["unpacks to 20 MB in 1 parts, which is no single article"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"text", "not a Word document that can be read (BadZipFile)"),
        (
            b"\xd0\xcf\x11\xe0",
            "encrypted, or in the old form of .doc; save a copy as .docx without password",
        ),
    ],
)
def test_other_files_are_left_out(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    assert read_bytes(docx_file.read, data) == ([], [reason])


def test_a_document_without_a_body_is_left_out(
    read_bytes: ReadBytes, make_docx: Callable[..., bytes]
) -> None:
    data = make_docx(lambda document: document.element.remove(document.element.body))
    assert read_bytes(docx_file.read, data) == (
        [],
        ["not a Word document that can be read (TypeError)"],
    )


def test_a_document_cut_short_or_empty_is_left_out(
    read_bytes: ReadBytes, make_docx: Callable[..., bytes]
) -> None:
    whole = make_docx(fill)
    assert read_bytes(docx_file.read, whole[:-100])[1] == [
        "not a Word document that can be read (BadZipFile)"
    ]
    assert read_bytes(docx_file.read, make_docx(lambda document: None)) == ([], ["no text in it"])
