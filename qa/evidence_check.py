"""Does an evidence pack hold?  Its quotes, compared with the articles of an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from index.errors import EvidenceError, UnknownArticleError
from index.generation import Index
from qa.export import FORMAT, text_digest
from qa.wording import listed


@dataclass(frozen=True, slots=True)
class Finding:
    """Quote ``number`` of question ``turn``, both from 1, and its ``fault``, None if it holds."""

    turn: int
    number: int
    article: str
    fault: str | None


class _Quote(BaseModel):
    number: int
    article: str
    title: str | None
    outlet: str | None
    author: str | None
    published: str | None
    url: str | None
    quote: str
    start: int
    end: int
    text_sha256: str | None


class _Answer(BaseModel):
    quotes: list[_Quote]


class _Pack(BaseModel):
    format: int
    answers: list[_Answer]


def check_evidence(path: Path, index: Index) -> list[Finding]:
    """Each quote of the pack at ``path``, in its order.

    A quote holds if its article's text in ``index`` has the SHA-256 that the pack says, and the
    quote at the place that it says, and if title, outlet, author, date and address are the article's.
    Raises EvidenceError for a file that is no evidence pack.
    """
    try:
        pack = _Pack.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read ({error.strerror})") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise EvidenceError(f"{path} is no evidence pack: {field}: {first['msg']}") from None
    if pack.format != FORMAT:
        raise EvidenceError(f"{path} has format {pack.format}; this version checks {FORMAT}")
    return list(_findings(pack, index))


def _findings(pack: _Pack, index: Index) -> Iterator[Finding]:
    for turn, answer in enumerate(pack.answers, start=1):
        for quote in answer.quotes:
            yield Finding(turn, quote.number, quote.article, _fault(quote, index))


def _fault(quote: _Quote, index: Index) -> str | None:
    try:
        article = index.article(quote.article)
    except UnknownArticleError:
        return "the index has no such article"
    text = article.text
    if not 0 <= quote.start < quote.end <= len(text) or text[quote.start : quote.end] != quote.quote:
        elsewhere = "; its words stand elsewhere in it" if quote.quote and quote.quote in text else ""
        return f"the article does not have these words there{elsewhere}"
    if quote.text_sha256 is None:
        return "the pack has no SHA-256 for it: the article had changed when it was exported"
    if text_digest(text) != quote.text_sha256.lower():
        return "the quote stands there, but the rest of the article is not the same"
    said = {
        "title": (quote.title, article.title),
        "outlet": (quote.outlet, article.source),
        "author": (quote.author, article.author),
        "date": (quote.published, article.published),
        "address": (quote.url, article.url),
    }
    if wrong := [name for name, (told, known) in said.items() if told != known]:
        return f"the quote stands there, but the article has another {listed(wrong)}"
    return None
