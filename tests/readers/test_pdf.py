from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest

from index.readers import pdf
from index.readers.draft import Draft
from index.readers.printed import join_lines, join_pages

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]
LINES = [
    "The central bank raised its rate to five percent on Tues-",
    "day, it said in a long-awaited statement that nobody had",
    "expected so soon.",
    "Economists said that the step, the third in a row, was long-",
    "awaited.",
]


def test_lines_become_paragraphs_and_dates_of_the_file_are_not_used(
    read_bytes: ReadBytes, make_pdf: Callable[..., bytes]
) -> None:
    drafts, reasons = read_bytes(pdf.read, make_pdf([LINES]))
    assert reasons == []
    assert drafts == [
        Draft(
            text="The central bank raised its rate to five percent on Tuesday, it said in a "
            "long-awaited statement that nobody had expected so soon.\n\nEconomists said that the "
            "step, the third in a row, was long-awaited.",
            title="Rates rise again",
            author="Ann Lee",
            language="en",
        )
    ]


def test_a_paragraph_goes_on_over_the_margins_of_pages() -> None:
    pages = [["The Post, page 1", *LINES[:2], "1"], ["The Post, page 2", *LINES[2:], "2"]]
    assert join_pages(pages) == join_lines(LINES)


def test_a_heading_is_a_paragraph() -> None:
    assert join_lines(["A heading", *LINES[:1]]).startswith("A heading\n\nThe central")


@pytest.mark.parametrize("title", ["Microsoft Word - draft.doc", "untitled", "story_v2.indd", ""])
def test_a_title_that_a_program_made_is_none(
    read_bytes: ReadBytes, make_pdf: Callable[..., bytes], title: str
) -> None:
    drafts, _ = read_bytes(pdf.read, make_pdf([LINES], title=title))
    assert drafts[0].title is None


def test_an_encrypted_file_is_read_only_if_it_opens_without_password(
    read_bytes: ReadBytes, make_pdf: Callable[..., bytes]
) -> None:
    def encrypted(password: str) -> bytes:
        writer = pypdf.PdfWriter(io.BytesIO(make_pdf([LINES])))
        writer.encrypt(password, "owner")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    assert read_bytes(pdf.read, encrypted("secret")) == (
        [],
        ["encrypted; save a copy without a password"],
    )
    assert read_bytes(pdf.read, encrypted(""))[0][0].title == "Rates rise again"


def test_what_is_no_article_is_left_out_with_the_reason(
    read_bytes: ReadBytes, make_pdf: Callable[..., bytes]
) -> None:
    whole = make_pdf([LINES])
    for data, reason in [
        (b"text", "not a PDF"),
        (whole[: len(whole) // 2], "a PDF that is cut off before its end"),
        (make_pdf([[]]), "no text in it, only pictures of text"),
        (make_pdf([["x"]] * (pdf.MAX_PAGES + 1)), "201 pages"),
        (b"%PDF-1.4\n%%EOF", "a PDF that cannot be read"),
    ]:
        drafts, reasons = read_bytes(pdf.read, data)
        assert drafts == []
        assert reasons[0].startswith(reason)


def test_time_is_bounded_within_a_page_too(
    read_bytes: ReadBytes, make_pdf: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0)
    _, reasons = read_bytes(pdf.read, make_pdf([LINES]))
    assert reasons == ["takes more than 0 seconds to read; save its text as .txt"]


def test_nothing_is_said_of_faults_that_can_be_repaired(
    read_bytes: ReadBytes, make_pdf: Callable[..., bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    read_bytes(pdf.read, make_pdf([LINES]).replace(b"startxref\n", b"startxref\n9"))
    assert capfd.readouterr() == ("", "")
