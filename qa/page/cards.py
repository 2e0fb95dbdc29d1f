"""The evidence beside the conversation, and the article in the reading pane, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from index.article import Article
from qa.answer import Answer, Citation
from qa.page.conversation import Turn
from qa.page.markup import (
    byline,
    escape,
    isolated,
    marked,
    opener,
    tightened,
    title_of,
    web_link,
)

_NOTHING_YET = (
    '<p class="hint">Ask something, and the exact words behind each sentence of the answer '
    "appear here.</p>"
)
_NO_QUOTES = (
    '<p class="hint">The articles do not answer this question, so there are no quotes to show.</p>'
)


def evidence(turns: Sequence[Turn]) -> str:
    """The evidence for every answer of the conversation; only that of the newest one shows.

    The page's script shows that of another answer when one of its markers is followed.
    """
    answered = [(turn, turn.answer) for turn in turns if turn.answer]
    sections = [
        f'<section class="proof" id="proof-{turn.number}" data-turn="{turn.number}"'
        f"{'' if turn is answered[-1][0] else ' hidden'}>{_proof(turn, answer)}</section>"
        for turn, answer in answered
    ]
    return f"<h2>Evidence</h2>{''.join(sections) or _NOTHING_YET}"


def _proof(turn: Turn, answer: Answer) -> str:
    question = f'<p class="asked">for <q>{isolated(turn.question)}</q></p>'
    if answer.abstained:
        return question + _NO_QUOTES
    return question + "".join(_card(turn.number, citation) for citation in answer.citations)


def _card(turn: int, citation: Citation) -> str:
    name = f"card-{turn}-{citation.number}"
    # verify() has seen the quote at start; where it stands in the passage is not told apart.
    start = max(citation.passage.find(citation.quote), 0)
    end = start + len(citation.quote)
    open_it = opener(citation.article_id, "Open the article", citation.start, citation.quote, "button")
    return f"""
<article class="card" id="{name}" data-number="{citation.number}" tabindex="-1"
  aria-labelledby="{name}-title">
  <header><span class="number" aria-hidden="true">{citation.number}</span>
    <div><h3 id="{name}-title"><span class="sr-only">Source {citation.number}: </span>
      {title_of(citation)}</h3>{byline(citation)}</div></header>
  <blockquote dir="auto">{tightened(marked(citation.passage, start, end))}</blockquote>
  {_also_in(citation)}
  <footer>{open_it}{web_link(citation.url, "On the web")}
    <a class="back" href="#turn-{turn}" data-back="{turn}">Back to the answer</a></footer>
</article>"""


def _also_in(citation: Citation) -> str:
    if not citation.also_in:
        return ""
    items = "".join(
        f"<li>{opener(ref.id, title_of(ref), quote=citation.quote)}{byline(ref)}</li>"
        for ref in citation.also_in
    )
    return f'<div class="also"><h4>Also in</h4><ul>{items}</ul></div>'


def reading(article: Article, start: int, quote: str) -> str:
    """The whole article with ``quote``, which stood at ``start`` when it was cited, marked."""
    if article.text[start : start + len(quote)] != quote:
        start = article.text.find(quote)  # another copy, or the article has changed since
    note = ""
    if not quote:
        text = escape(article.text)
    elif start < 0:
        text = escape(article.text)
        note = (
            '<p class="note">This article has changed since the answer was given: '
            "the quote is no longer in it.</p>"
        )
    else:
        text = marked(article.text, start, start + len(quote))
    return _pane(
        title_of(article),
        byline(article, author=True) + web_link(article.url, "On the web"),
        f'{note}<div class="words" dir="auto">{text}</div>',
    )


def unreadable(message: str) -> str:
    """What the reading pane shows when there is no article to show."""
    return _pane("This article cannot be opened", "", f'<p class="note">{escape(message)}</p>')


def _pane(title: str, about: str, body: str) -> str:
    return f"""
<header><div><h2 id="reading-title">{title}</h2><div class="about">{about}</div></div>
  <button type="button" class="close" data-close aria-label="Close the article">
    <span aria-hidden="true">×</span></button></header>
<div class="body" tabindex="0" role="region" aria-labelledby="reading-title">{body}</div>"""
