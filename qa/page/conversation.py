"""The conversation as HTML: questions, answers, what went wrong, and what one can do about it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import Answer, ArticleRef, Citation, Sentence
from qa.page.markup import article_path, byline, escape, isolated, opener, title_of, unfinished
from qa.page.turn import Limits, Turn
from qa.page.verdict import limits_in_words, verdict
from qa.pipeline import Found
from qa.wording import count, headline, outlet

SHOWN = 300  # characters of a question that the conversation shows
_MARKS, _HAIR = tuple("\"'“”„‘’«»"), "\N{HAIR SPACE}"


def conversation(turns: Sequence[Turn]) -> str:
    """All finished turns."""
    return "".join(map(finished, turns))


def found(event: Found) -> str:
    """What is shown before the first word of an answer: what was searched, and what is closest."""
    items = "".join(f"<li>{title_of(ref)}{byline(ref)}</li>" for ref in event.nearest)
    closest = (
        f'<p class="hint">Reading the closest:</p><ul class="closest">{items}</ul>' if items else ""
    )
    searched = count(event.searched.articles, "article")
    return f'<p class="busy" role="status">Searched {searched}</p>{closest}'


def writing(markdown: str) -> str:
    """An answer that is being written."""
    paragraphs = "".join(f'<p dir="auto">{unfinished(part)}</p>' for part in markdown.split("\n\n"))
    return f'<div class="answer">{paragraphs}</div>'


def finished(turn: Turn) -> str:
    """A question with its answer, or with what went wrong."""
    if turn.answer is None:
        message = escape(turn.error or "There is no answer.")
        return _turn(turn, f'<p class="problem" role="alert">{message}</p>')
    if turn.answer.abstained:
        return _turn(turn, _abstention(turn.answer, turn.limits))
    return _turn(
        turn,
        f"{_words(turn.number, turn.answer)}{_notes(turn.answer)}{verdict(turn.answer)}"
        f"{_sources(turn.number, turn.answer)}",
    )


def _turn(turn: Turn, answer: str) -> str:
    question = turn.question.strip()
    if len(question) > SHOWN:
        question = question[:SHOWN] + "…"
    asked = f'<p class="question" dir="auto">{escape(question)}</p>' if question else ""
    return (
        f'<article class="turn" id="turn-{turn.number}" data-turn="{turn.number}">'
        f'<h3 class="sr-only">Question {turn.number}</h3>'
        f"{asked}{_understood(turn)}{answer}{_actions(turn)}</article>"
    )


def _understood(turn: Turn) -> str:
    """The question as it was searched, where that is not as it was asked."""
    lines = []
    answer = turn.answer
    if answer and answer.standalone_question != " ".join(turn.question.split()):
        lines.append(f"Understood as: {escape(answer.standalone_question)}")
    if turn.limits.are_on:
        lines.append(f"Limited to: {limits_in_words(turn.limits)}")
    return "".join(f'<p class="understood" dir="auto">{line}</p>' for line in lines)


def _words(turn: int, answer: Answer) -> str:
    citations = {citation.number: citation for citation in answer.citations}
    paragraphs = []
    for group in _by_origin(answer.sentences):
        words = " ".join(_sentence(turn, sentence, citations) for sentence in group)
        # Of quotes, only the sentence about them all has no origin: it says how the articles differ.
        differs = group[0].origin is None and any(s.origin for s in answer.sentences)
        style = ' class="differs"' if differs else ""
        paragraphs.append(f'<p dir="auto"{style}>{_origin(group[0])}{words}</p>')
    return f'<div class="answer">{"".join(paragraphs)}</div>'


def _by_origin(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Quotes of one origin stand together, and so do sentences of prose, which have none."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        if groups and groups[-1][-1].origin == sentence.origin:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _origin(sentence: Sentence) -> str:
    if sentence.origin is None:
        return ""
    return f'<span class="origin">{isolated(sentence.origin)}:</span> '


def _sentence(turn: int, sentence: Sentence, citations: dict[int, Citation]) -> str:
    markers = "".join(_marker(turn, citations[number]) for number in sentence.citations)
    text = sentence.text
    words = escape(text)
    cited = citations[sentence.citations[0]]
    if sentence.origin is not None and cited.answer:
        start, end = (place - cited.start for place in cited.answer)
        words = f"{escape(text[:start])}<em>{escape(text[start:end])}</em>{escape(text[end:])}"
    return f"{words if sentence.origin is None else f'<bdi>{_in_marks(words, text)}</bdi>'} {markers}"


def _in_marks(words: str, text: str) -> str:
    """``words``, the HTML of ``text``, in quotation marks; a hair space parts them from its own."""
    before = _HAIR if text.startswith(_MARKS) else ""
    after = _HAIR if text.endswith(_MARKS) else ""
    return f"“{before}{words}{after}”"


def _marker(turn: int, citation: Citation) -> str:
    label = escape(f"[{citation.number}] {headline(citation)}, {outlet(citation)}")
    path = article_path(citation.article_id, citation.start, citation.end)
    return (
        f'<a class="cite" href="{path}" data-turn="{turn}" data-cite="{citation.number}" '
        f'aria-label="{label}">[{citation.number}]</a>'
    )


def _sources(turn: int, answer: Answer) -> str:
    origins = (cited.source or cited.author or headline(cited) for cited in answer.citations)
    names = ", ".join(map(isolated, dict.fromkeys(origins)))
    quotes = count(len(answer.citations), "quote")
    return (
        f'<p class="sources"><a href="#proof-{turn}" data-proof="{turn}">'
        f"{quotes}</a>, word for word, from {names}</p>"
    )


def _abstention(answer: Answer, limits: Limits) -> str:
    """What was searched, the closest articles, each to be opened, and how to find more."""
    # The list of articles at the end is text; here it becomes buttons.
    said, *more = [part for part in answer.text.split("\n\n") if not part.startswith("- ")]
    words = "".join(f"<p>{unfinished(part)}</p>" for part in more if part != "The closest:")
    return (
        f'<div class="abstention"><p class="said">{unfinished(said)}</p>{words}{_notes(answer)}'
        f'{_widen(limits)}{_nearest(answer.nearest)}<div class="related" data-related></div>'
        '<p class="hint">Other words may find more: name the people, the place or the date.</p></div>'
    )


def _widen(limits: Limits) -> str:
    """A button for each limit, that asks again without it."""
    offers = {
        "dates": "Ask again without the dates" if limits.since or limits.until else "",
        "sources": "Ask again in all outlets" if limits.sources else "",
        "as_of": "Ask again as of today" if limits.as_of else "",
    }
    buttons = "".join(
        f'<button type="button" class="button" data-widen="{limit}">{words}</button>'
        for limit, words in offers.items()
        if words
    )
    return f'<p class="widen">{buttons}</p>' if buttons else ""


def _notes(answer: Answer) -> str:
    return "".join(f'<p class="note" role="note">{escape(note)}</p>' for note in answer.notes)


def _nearest(refs: Sequence[ArticleRef]) -> str:
    items = "".join(f"<li>{opener(ref.id, title_of(ref))}{byline(ref)}</li>" for ref in refs)
    return f'<h4>The closest articles</h4><ul class="nearest">{items}</ul>' if items else ""


def _actions(turn: Turn) -> str:
    """What one can do with a question and its answer; the browser shows "Ask again" on the last."""
    again = '<button type="button" data-again>Ask again</button>'
    edit = '<button type="button" data-edit>Edit<span class="sr-only"> the question</span></button>'
    if turn.answer is None:
        return f'<div class="actions">{again}{edit}</div>'
    return f"""<div class="actions">
<span class="thumbs" role="group" aria-label="Was this answer right?">
<button type="button" data-thumb="up" aria-pressed="false">Helpful</button>
<button type="button" data-thumb="down" aria-pressed="false">Not helpful</button></span>
<button type="button" data-copy-answer>Copy</button>{edit}{again}</div>
<form class="reason" data-reason hidden><label>What was wrong, or good? (optional)
<input name="reason" maxlength="1000" autocomplete="off"></label>
<button class="button">Send</button></form><p class="thanks" role="status"></p>"""
