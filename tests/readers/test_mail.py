from __future__ import annotations

from collections.abc import Callable

import pytest

from index.readers import mail, mhtml
from index.readers.draft import Draft

ReadBytes = Callable[..., tuple[list[Draft], list[str]]]


def test_a_newsletter_comes_from_an_outlet(read_bytes: ReadBytes, samples: dict[str, bytes]) -> None:
    drafts, _ = read_bytes(mail.read, samples[".eml"])
    assert drafts == [
        Draft(
            text="The bank raised its rate.",
            title="Rates rise again",
            source="The Pöst",
            published="Tue, 01 Sep 2020 10:00:00 +0200",
            id="abc@example.org",
        )
    ]


def test_any_other_mail_comes_from_a_person(read_bytes: ReadBytes) -> None:
    drafts, _ = read_bytes(mail.read, "From: Ann Lee <ann@example.org>\n\nText.\n")
    assert drafts == [Draft(text="Text.", author="Ann Lee")]


def test_html_is_taken_where_the_plain_text_is_only_a_hint(read_bytes: ReadBytes) -> None:
    data = (
        "From: a@example.org\nContent-Type: multipart/alternative; boundary=B\n\n--B\n\n"
        "See https://example.org/a/b/c\n--B\nContent-Type: text/html; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\n<div style=3D'display:none'>preview</div>"
        "<p>One =93two=94 three<br>four.</p><style>p {}</style><p>Five.</p>\n--B--\n"
    )
    assert read_bytes(mail.read, data)[0][0].text == "One “two” three\nfour.\n\nFive."


def test_attachments_and_forwarded_messages_are_not_read(read_bytes: ReadBytes) -> None:
    data = (
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nText.\n--B\n"
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nAttached.\n--B\n"
        "Content-Type: message/rfc822\n\nFrom: b@example.org\n\nForwarded.\n--B--\n"
    )
    assert [draft.text for draft in read_bytes(mail.read, data)[0]] == ["Text."]


def test_flowed_lines_are_put_together(read_bytes: ReadBytes) -> None:
    data = "From: a@b.org\nContent-Type: text/plain; format=flowed\n\nOne \ntwo.\nThree.\n"
    assert read_bytes(mail.read, data)[0][0].text == "One two.\nThree."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a message: it has no headers"),
        (b"\n\ntext", "not a message: it has no headers"),
        (b"From: a\nContent-Type: image/png\n\nx", "no text in it"),
        (
            b"From: a\nContent-Type: text/plain; " + b"a=b;" * 3000 + b"\n\nx",
            "a header of more than 8 KB",
        ),
        (b"From: a\n" + b"\n--B" * 20_000, "more than 5000 parts"),
        (b"Content-Type: text/plain " + b"(" * 4000 + b"\n\nx", "not a message that can be read"),
    ],
)
def test_what_is_no_mail_is_left_out(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    drafts, reasons = read_bytes(mail.read, data)
    assert drafts == []
    assert reasons[0].startswith(reason)


@pytest.mark.parametrize("charset", ["unknown", "punycode", "utf-7", "hex", "=?x?b?=", "cp1252"])
def test_charsets_may_be_wrong(read_bytes: ReadBytes, charset: str) -> None:
    data = f"From: a\nContent-Type: text/plain; charset={charset}\n\nPlain words.\n"
    assert read_bytes(mail.read, data)[0][0].text == "Plain words."


def test_a_saved_page_is_read_and_its_date_is_not(
    read_bytes: ReadBytes, samples: dict[str, bytes]
) -> None:
    drafts, reasons = read_bytes(mhtml.read, samples[".mht"])
    assert reasons == []
    assert drafts[0].text.startswith("The central bank raised its rate")
    assert (drafts[0].title, drafts[0].url, drafts[0].published) == (
        "Rates rise again",
        "https://example.org/a",
        None,
    )


def test_a_saved_page_without_html_is_left_out(read_bytes: ReadBytes) -> None:
    assert read_bytes(mhtml.read, "From: a\n\ntext") == ([], ["no HTML part in it: save the page anew"])
