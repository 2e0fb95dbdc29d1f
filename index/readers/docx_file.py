"""Word documents (.docx): one story a file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from index.readers import properties
from index.readers.draft import MAX_FILE, MAX_MARKUP, Draft, SeedFile, UnreadableError

MAX_PARTS = 10_000
_PARAGRAPH, _TABLE, _ROW, _CELL = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc"))
_WORDS = {
    qn("w:tab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
# Pictures and boxes, which repeat their words for older programs, and what a reviewer moved away.
_NOT_RUNNING_TEXT = [
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    qn("w:drawing"),
    qn("w:pict"),
    qn("w:moveFrom"),
    qn("w:pPr"),
]


def read(file: SeedFile) -> Iterator[Draft]:
    """One draft: paragraphs and tables in order, title and author from the properties.

    Their dates are when the file was made, so they tell nothing of the article.  Raises
    UnreadableError if the file is no such document or holds no text.
    """
    data = file.read()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            "encrypted, or in the old form of .doc; save a copy as .docx without password"
        )
    try:
        _check_sizes(data)
        draft = _draft(docx.Document(BytesIO(data)))
    except UnreadableError:
        raise
    # python-docx trusts its input: a missing or odd part raises whatever it runs into.
    except Exception as error:
        raise UnreadableError(
            f"not a Word document that can be read ({type(error).__name__})"
        ) from None
    yield draft


def _draft(document: Document) -> Draft:
    blocks: list[str] = []
    title = properties.title(document.core_properties.title)
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            blocks += [_row(row) for row in block.iterchildren(_ROW)]
        elif not title and not blocks and _is_title(block):
            title = _words(block) or None
        else:
            blocks.append(_words(block))
    text = "\n\n".join(filter(None, blocks))
    if not text:
        raise UnreadableError("no text in it")
    return Draft(
        text=text,
        title=title,
        author=properties.author(document.core_properties.author),
        language=document.core_properties.language or None,
    )


def _check_sizes(data: bytes) -> None:
    """python-docx unpacks all parts at once; none gives more than the size declared for it."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = package.infolist()
    markup = max(
        (part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0
    )
    total = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or markup > MAX_MARKUP or total > 2 * MAX_FILE:
        raise UnreadableError(
            f"unpacks to {total >> 20} MB in {len(parts)} parts, which is no single article"
        )


def _blocks(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables; those in a frame for contents, too, but not the paragraphs of tables."""
    walker = etree.iterwalk(body, events=("start",), tag=(_PARAGRAPH, _TABLE))
    for _, block in walker:
        walker.skip_subtree()
        yield block


def _words(paragraph: etree._Element) -> str:
    pieces = []
    walker = etree.iterwalk(paragraph, events=("start",))
    for _, element in walker:
        if element.tag in _NOT_RUNNING_TEXT:
            walker.skip_subtree()
        elif element.tag == qn("w:t"):
            pieces.append(element.text or "")
        else:
            pieces.append(_WORDS.get(str(element.tag), ""))
    return "".join(pieces).strip()


def _row(row: etree._Element) -> str:
    """The words of each cell, those of tables in it, too."""
    cells = (map(_words, cell.iter(_PARAGRAPH)) for cell in row.iterchildren(_CELL))
    return " | ".join(filter(None, (" ".join(filter(None, cell)) for cell in cells)))


def _is_title(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return style is not None and style.get(qn("w:val")) == "Title"
