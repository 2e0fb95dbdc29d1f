"""An article in the reading pane, as HTML: the whole text, with the quotes in it marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.article import Article
from index.errors import ArticleQAError
from index.scope import Scope
from index.shared import shared_index
from qa.page.markup import as_sentence, byline, escape, opener, title_of, web_link
from qa.page.turn import COPIES
from qa.settings import Settings
from qa.wording import count

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article to read at ``start`` to ``end``, in characters of its text.

    ``quote`` are the words that stood there when they were cited; None from a shared link, which does
    not carry them.  ``others`` are more quotes of the same answer.
    """

    article: str
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    others: tuple[Span, ...] = ()


_WANTED = TypeAdapter(Wanted)


def read(wanted: Any, settings: Settings) -> str:
    """The reading pane for what a browser wants to read, or why it cannot be read."""
    try:
        asked = _WANTED.validate_python(wanted)
    except ValidationError:
        return unreadable("This link names no article, or no place in one.")
    try:
        with shared_index(settings.index) as index:
            article = index.article(asked.article)
            copies = index.store.family(article.family, Scope()) if article.family else []
    except ArticleQAError as error:
        return unreadable(as_sentence(str(error)))
    return reading(article, asked, [copy for copy in copies if copy.id != article.id])


def reading(article: Article, wanted: Wanted, copies: Sequence[Article] = ()) -> str:
    """The whole article with what is ``wanted`` marked, and the other quotes more lightly."""
    here, note = _place(article.text, wanted)
    note = f'<p class="note">{escape(note)}</p>' if note else ""
    others = [] if wanted.quote and note else list(wanted.others)
    words = _with_marks(article.text, here, others)
    return _pane(
        title_of(article),
        byline(article, author=True) + web_link(article.url, "On the web"),
        f'{_also_in(copies)}{note}<div class="words" dir="auto">{words}</div>',
    )


def _place(text: str, wanted: Wanted) -> tuple[Span | None, str]:
    """Where the wanted words stand in ``text``, and what is to be said about that."""
    if wanted.quote:
        start = wanted.start if wanted.start is not None else -1
        if start < 0 or text[start : start + len(wanted.quote)] != wanted.quote:
            start = text.find(wanted.quote)  # another copy, or the article has changed since
        if start < 0:
            return None, (
                "This article has changed since the answer was given: the quote is no longer in it."
            )
        return (start, start + len(wanted.quote)), ""
    if wanted.start is None or wanted.end is None:
        return None, ""
    if not 0 <= wanted.start < wanted.end <= len(text):
        return None, "The marked place lies outside this article: it may have changed since."
    return (wanted.start, wanted.end), ""


def _with_marks(text: str, here: Span | None, others: Sequence[Span]) -> str:
    """``text`` with the words ``here`` marked, and those of ``others`` that do not overlap them."""
    spans = [(start, end, "other") for start, end in others if 0 <= start < end <= len(text)]
    if here:
        spans = [span for span in spans if span[1] <= here[0] or span[0] >= here[1]]
        spans.append((*here, "here"))
    pieces, last = [], 0
    for start, end, style in sorted(spans):
        if start < last:
            continue
        pieces.append(escape(text[last:start]))
        pieces.append(f'<mark class="{style}">{escape(text[start:end])}</mark>')
        last = end
    return "".join([*pieces, escape(text[last:])])


def _also_in(copies: Sequence[Article]) -> str:
    if not copies:
        return ""
    items = "".join(
        f"<li>{opener(copy.id, title_of(copy))}{byline(copy)}</li>" for copy in copies[:COPIES]
    )
    more = len(copies) - COPIES
    items += f"<li>and {count(more, 'other')}</li>" if more > 0 else ""
    return (
        f'<details class="also"><summary>Also in {count(len(copies), "other article")}</summary>'
        f"<ul>{items}</ul></details>"
    )


def unreadable(message: str) -> str:
    """What the reading pane shows when there is no article to show."""
    return _pane("This article cannot be opened", "", f'<p class="note">{escape(message)}</p>')


def _pane(title: str, about: str, body: str) -> str:
    return f"""
<header><div class="bar"><span class="steps" data-steps></span>
  <button type="button" class="quiet" data-copy-link>Copy link</button>
  <button type="button" class="close" data-close aria-label="Close the article">
    <span aria-hidden="true">×</span></button></div>
  <h2 id="reading-title">{title}</h2><div class="about">{about}</div></header>
<div class="body" tabindex="0" role="region" aria-labelledby="reading-title">{body}</div>"""
