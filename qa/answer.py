"""An answer and everything that proves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from index.article import Article


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """Which article: what one needs to name it, cite it and find it again."""

    id: str
    title: str | None
    source: str | None
    author: str | None
    published: str | None
    url: str | None
    path: str

    @classmethod
    def to(cls, article: Article) -> Self:
        """The reference to ``article``."""
        return cls(
            article.id,
            article.title,
            article.source,
            article.author,
            article.published,
            article.url,
            article.path,
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: ``article.text[start:end] == quote``, always.

    ``passage`` is the text around the quote, ``score`` the cross-encoder's for question and quote
    (a logit; above 0 is likely relevant), and ``also_in`` names other articles with the same words.
    ``answer`` is where in the article's text, inside the quote, the few words stand that answer the
    question, such as a number or a day, if that can be told.
    """

    number: int
    article_id: str
    title: str | None
    source: str | None
    author: str | None
    published: str | None
    url: str | None
    path: str
    quote: str
    start: int
    end: int
    passage: str
    score: float
    also_in: tuple[ArticleRef, ...] = ()
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, as plain text, and the numbers of the citations that support it.

    Of a quote ``origin`` says who said it and when: "CNN, 25 August 2022".  Where the article's
    headline tells what the quote leaves out, it has that, too: "CNN, 25 August 2022, in “Ferry burns”".
    """

    text: str
    citations: tuple[int, ...]
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched: how many articles, and the limits that were asked for (ISO 8601)."""

    articles: int
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or, with ``abstained``, that the articles hold none.

    ``text`` is Markdown with markers like [1]; ``confidence`` is a probability; ``nearest`` names
    the closest articles when it abstains; ``writer`` is "quotes" or a language model's name;
    ``notes`` say in plain sentences what one should know about the answer, such as a part of the
    question that has no sure answer.
    """

    question: str
    standalone_question: str
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    abstained: bool
    confidence: float
    searched: Searched
    nearest: tuple[ArticleRef, ...]
    writer: str
    generation: str
    timings_ms: dict[str, float]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)


def escape_markdown(text: str) -> str:
    r"""``text`` so that Markdown shows it as it is.

    Words of articles are data: nothing in them may become markup, or a marker such as [1].

    >>> escape_markdown("see [2] or <b>*this*</b>")
    'see \\[2\\] or \\<b\\>\\*this\\*\\</b\\>'
    """
    text = re.sub(r"([\\`*_\[\]<>~$|#!])", r"\\\1", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)  # else a character reference
    # Many readers make links of bare addresses.
    text = re.sub(r":(?=//)|(?<=[wW]{3})\.|@", r"\\\g<0>", text)
    # At the start of a line these would begin a list or underline a heading.
    return re.sub(r"^(\s*)([-+=]|\d+(?=[.)]))", _escape_first, text, flags=re.MULTILINE)


def _escape_first(match: re.Match[str]) -> str:
    space, start = match.groups()
    return f"{space}{start}\\" if start.isdigit() else f"{space}\\{start}"


def unescape_markdown(text: str) -> str:
    """``text`` as it was before ``escape_markdown``."""
    return re.sub(r"\\([^\sA-Za-z0-9])", r"\1", text)


def as_markdown(sentences: Sequence[Sentence]) -> str:
    """The sentences of an answer as Markdown, with the markers of their citations.

    Quotes of one origin stand in one paragraph, after its name.
    """
    paragraphs: list[str] = []
    last = None
    for sentence in sentences:
        words = with_markers(sentence)
        if sentence.origin is None:
            paragraphs.append(words)
        elif sentence.origin == last:
            paragraphs[-1] += f" {words}"
        else:
            paragraphs.append(f"{escape_markdown(sentence.origin)}: {words}")
        last = sentence.origin
    return "\n\n".join(paragraphs)


def with_markers(sentence: Sentence) -> str:
    """A sentence of an answer as Markdown, a quote in quotation marks, with its markers."""
    words = escape_markdown(sentence.text)
    markers = "".join(f"[{number}]" for number in sentence.citations)
    return f"{words if sentence.origin is None else f'“{words}”'} {markers}"
