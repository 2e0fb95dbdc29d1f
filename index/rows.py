"""What is stored of articles and passages, row by row."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import NamedTuple

from index.article import Article
from index.passages import Passage, passage_text
from index.scope import ScopeKey


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage with what stands at its article: its number, title, outlet, and the key of scopes."""

    number: int
    article: int
    title: str | None
    source: str | None
    text: str
    hash: str
    key: ScopeKey
    language: str | None


class PassageRow(NamedTuple):
    """A passage as it is stored: offsets into its article, its sentences as JSON, its text's hash."""

    start: int
    end: int
    sentences: str
    hash: str

    @classmethod
    def of(cls, article: Article, passage: Passage) -> PassageRow:
        """The row of a passage of ``article``."""
        text = passage_text(article.title, article.text[passage.start : passage.end])
        return cls(passage.start, passage.end, json.dumps(passage.sentences), hash_of(text))


class Outline(NamedTuple):
    """An article's id, content hash, length, number of passages, and where these begin and end."""

    id: str
    digest: str
    length: int
    passages: int
    cut: str


class Place(NamedTuple):
    """Whose a passage is: the number of its article, and that one's outlet, instant and language."""

    article: int
    source: str | None
    instant: float | None
    language: str | None


def hash_of(text: str) -> str:
    """The hash that a text is known by, 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_article(article: Article) -> str:
    """The hash of an article's content, whatever its family."""
    content = json.dumps(article.to_dict()).encode("ascii")
    return hashlib.sha256(content).hexdigest()
