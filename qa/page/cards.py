"""The evidence beside the conversation, as HTML: a card for each quote of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import Answer, Citation
from qa.page.markup import byline, isolated, marked, opener, tightened, title_of, web_link
from qa.page.turn import COPIES, Turn

_NO_QUOTES = '<p class="hint">The articles do not answer this question: there is nothing to quote.</p>'


def evidence(turns: Sequence[Turn]) -> str:
    """The evidence for every answer of a conversation; the browser shows one at a time."""
    return "".join(proof(turn) for turn in turns)


def proof(turn: Turn) -> str:
    """The evidence for one answer; nothing for a turn without one."""
    if turn.answer is None:
        return ""
    question = f'<p class="asked">for <q>{isolated(turn.question)}</q></p>'
    return (
        f'<section class="proof" id="proof-{turn.number}" data-turn="{turn.number}" hidden '
        f'aria-label="Evidence for answer {turn.number}">'
        f"{question}{_cards(turn.number, turn.answer)}</section>"
    )


def _cards(turn: int, answer: Answer) -> str:
    if answer.abstained:
        return _NO_QUOTES
    return "".join(_card(turn, citation) for citation in answer.citations)


def _card(turn: int, citation: Citation) -> str:
    name = f"card-{turn}-{citation.number}"
    # verify() has seen the quote at start; where it stands in the passage is not told apart.
    start = max(citation.passage.find(citation.quote), 0)
    end = start + len(citation.quote)
    return f"""
<article class="card" id="{name}" data-turn="{turn}" data-number="{citation.number}" tabindex="-1"
  aria-labelledby="{name}-title">
  <header><span class="number" aria-hidden="true">{citation.number}</span>
    <div><h3 id="{name}-title"><span class="sr-only">Source {citation.number}: </span>
      {title_of(citation)}</h3>{byline(citation)}</div></header>
  <blockquote dir="auto">{tightened(marked(citation.passage, start, end))}</blockquote>
  {_also_in(turn, citation)}
  <footer>
    <button type="button" class="button" data-turn="{turn}" data-read="{citation.number}">Read in the
      article</button>
    {web_link(citation.url, "On the web")}</footer>
</article>"""


def _also_in(turn: int, citation: Citation) -> str:
    if not citation.also_in:
        return ""
    items = "".join(
        f"<li>{opener(ref.id, title_of(ref), turn, citation.number)}{byline(ref)}</li>"
        for ref in citation.also_in[:COPIES]
    )
    if len(citation.also_in) > COPIES:
        items += "<li>and others</li>"
    return f'<div class="also"><h4>Also in</h4><ul>{items}</ul></div>'
