"""PDF: one story a file."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import pypdf
from pypdf import PasswordType, PdfReader

from index.readers import properties
from index.readers.draft import Draft, SeedFile, UnreadableError
from index.readers.printed import join_pages

MAX_PAGES = 200
MAX_SECONDS = 30
MAX_STREAM = 16 << 20  # bytes of one stream when unpacked; a page of text has a thousandth of it
TAIL = 2048  # bytes at the end, in which the mark of the end must stand


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft.  Raises UnreadableError if the file is no PDF, encrypted, cut off, or a scan.

    Its dates are when the file was made, so they tell nothing of the article.
    """
    data = file.read()
    if b"%PDF-" not in data[:TAIL]:
        raise UnreadableError("not a PDF")
    if b"%%EOF" not in data[-TAIL:]:
        raise UnreadableError("a PDF that is cut off before its end; get it anew")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it logs each fault that it repairs
    limits = pypdf.Configuration(
        maximum_declared_stream_length=MAX_STREAM,
        array_based_stream_maximum_output_length=MAX_STREAM,
        lzw_maximum_output_length=MAX_STREAM,
        run_length_maximum_output_length=MAX_STREAM,
        zlib_maximum_output_length=MAX_STREAM,
        brotli_maximum_output_length=MAX_STREAM,
        stream_parsing_work_maximum_count=500_000,
        stream_decoding_work_maximum_length=4 * MAX_STREAM,
        page_tree_maximum_entries=10_000,
    )
    try:
        with pypdf.apply_configuration(limits), warnings.catch_warnings(action="ignore"):
            draft = _draft(data)
    except UnreadableError:
        raise
    # pypdf says of itself that broken files may raise anything.
    except Exception as error:
        raise UnreadableError(f"a PDF that cannot be read ({type(error).__name__}: {error})") from None
    yield draft


def _draft(data: bytes) -> Draft:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not _opens_without_password(reader):
        raise UnreadableError("encrypted; save a copy without a password")
    if len(reader.pages) > MAX_PAGES:
        raise UnreadableError(f"{len(reader.pages)} pages; more than {MAX_PAGES} are no single article")
    in_time = _deadline()
    pages = []
    for page in reader.pages:
        in_time()
        pages.append(page.extract_text(visitor_operand_before=in_time).split("\n"))
    text = join_pages(pages)
    if not any(map(str.isalnum, text)):
        raise UnreadableError("no text in it, only pictures of text; run text recognition (OCR) on it")
    about: Mapping[str, object] = reader.metadata or {}
    language = reader.root_object.get("/Lang")
    return Draft(
        text=text,
        title=properties.title(about.get("/Title")),
        author=properties.author(about.get("/Author")),
        language=str(language) if isinstance(language, str) else None,
    )


def _opens_without_password(reader: PdfReader) -> bool:
    """Many are encrypted only so that they cannot be printed, with an empty password."""
    try:
        return reader.decrypt("") != PasswordType.NOT_DECRYPTED
    except pypdf.errors.DependencyError:  # AES, for which another package would be needed
        return False


def _deadline() -> Callable[..., None]:
    """Something to call, with any arguments, that raises UnreadableError when the time is up."""
    end = time.monotonic() + MAX_SECONDS

    def check(*ignored: object) -> None:  # noqa: ARG001  # a callback
        if time.monotonic() > end:
            raise UnreadableError(
                f"takes more than {MAX_SECONDS} seconds to read; save its text as .txt"
            )

    return check
