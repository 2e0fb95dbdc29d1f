"""The conversation as HTML: questions, answers, what went wrong, and the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Answer, ArticleRef, Citation, Sentence
from qa.page.markup import byline, escape, isolated, opener, title_of, unfinished
from qa.page.readiness import Status
from qa.wording import count, headline, outlet

SHOWN = 300  # characters of a question that the conversation shows


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, numbered from 1, and what came of it: an answer or an error in one line."""

    number: int
    question: str
    answer: Answer | None = None
    error: str | None = None


def conversation(turns: Sequence[Turn]) -> str:
    """All finished turns."""
    return f"""<div role="log" aria-label="Conversation">
<h2 class="sr-only">Conversation</h2>{"".join(map(_finished, turns))}</div>"""


def searching(turn: Turn) -> str:
    """A turn before the first word of its answer."""
    return _turn(turn, '<p class="busy" role="status">Searching the articles</p>', busy=True)


def writing(turn: Turn, markdown: str) -> str:
    """A turn whose answer is being written."""
    paragraphs = "".join(f"<p>{unfinished(part)}</p>" for part in markdown.split("\n\n"))
    return _turn(turn, f'<div class="answer">{paragraphs}</div>', busy=True)


def _finished(turn: Turn) -> str:
    if turn.answer is None:
        message = escape(turn.error or "There is no answer.")
        return _turn(turn, f'<p class="problem" role="alert">{message}</p>')
    if turn.answer.abstained:
        return _turn(turn, _abstention(turn.answer))
    citations = {citation.number: citation for citation in turn.answer.citations}
    words = "".join(
        f'<p dir="auto">{_origin(group[0])}'
        f"{' '.join(_sentence(turn.number, sentence, citations) for sentence in group)}</p>"
        for group in _by_origin(turn.answer.sentences)
    )
    return _turn(
        turn,
        f'<div class="answer">{words}</div>{_notes(turn.answer)}{_sources(turn.number, turn.answer)}',
    )


def _by_origin(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Quotes of one origin stand together, and so do sentences of prose, which have none."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        if groups and groups[-1][-1].origin == sentence.origin:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _turn(turn: Turn, answer: str, *, busy: bool = False) -> str:
    question = turn.question.strip()
    if len(question) > SHOWN:
        question = question[:SHOWN] + "…"
    asked = f'<p class="question" dir="auto">{escape(question)}</p>' if question else ""
    return (
        f'<article class="turn" id="turn-{turn.number}" data-turn="{turn.number}"'
        f' aria-busy="{str(busy).lower()}"><h3 class="sr-only">Question {turn.number}</h3>'
        f"{asked}{_understood(turn)}{answer}</article>"
    )


def _understood(turn: Turn) -> str:
    """The question as it was searched, where that is not as it was asked."""
    if turn.answer is None or turn.answer.standalone_question == " ".join(turn.question.split()):
        return ""
    return (
        f'<p class="understood" dir="auto">Understood as: {escape(turn.answer.standalone_question)}</p>'
    )


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
    return f"{words if sentence.origin is None else f'<bdi>“{words}”</bdi>'} {markers}"


def _marker(turn: int, citation: Citation) -> str:
    label = escape(f"[{citation.number}] {headline(citation)}, {outlet(citation)}")
    return (
        f'<a class="cite" href="#card-{turn}-{citation.number}" data-turn="{turn}" '
        f'data-cite="{citation.number}" aria-label="{label}">[{citation.number}]</a>'
    )


def _sources(turn: int, answer: Answer) -> str:
    origins = (cited.source or cited.author or headline(cited) for cited in answer.citations)
    names = ", ".join(map(isolated, dict.fromkeys(origins)))
    quotes = count(len(answer.citations), "quote")
    return (
        f'<p class="sources"><a href="#proof-{turn}" data-turn="{turn}">'
        f"{quotes}</a>, word for word, from {names}</p>"
    )


def _abstention(answer: Answer) -> str:
    """What was searched and the closest articles, each to be opened."""
    # The list of articles at the end is text; here it becomes buttons.
    paragraphs = [part for part in answer.text.split("\n\n") if not part.startswith("- ")]
    words = "".join(f"<p>{unfinished(part)}</p>" for part in paragraphs)
    hint = '<p class="hint">Other words may find more: name the people, the place or the date.</p>'
    return f'<div class="abstention">{words}{_notes(answer)}{_nearest(answer.nearest)}{hint}</div>'


def _notes(answer: Answer) -> str:
    return "".join(f'<p class="note" role="note">{escape(note)}</p>' for note in answer.notes)


def _nearest(refs: Sequence[ArticleRef]) -> str:
    items = "".join(f"<li>{opener(ref.id, title_of(ref))}{byline(ref)}</li>" for ref in refs)
    return f'<ul class="nearest">{items}</ul>' if items else ""


def welcome(status: Status) -> str:
    """What the conversation shows before the first question."""
    if status.problem:
        return f"""<section class="welcome"><h2>The articles cannot be searched yet</h2>
<p class="problem" role="alert">{escape(status.problem)}</p>
<button type="button" class="button" data-retry>Try again</button></section>"""
    if status.building:
        return f"""<section class="welcome"><h2>Getting the articles ready</h2>
<p>This is done once. The page is ready as soon as it has finished.</p>
{_progress(status)}</section>"""
    examples = "".join(
        f'<li><button type="button" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in status.examples
    )
    listed = f'<h3>For example</h3><ul class="examples">{examples}</ul>' if examples else ""
    return f"""<section class="welcome"><h2>Ask the articles</h2>
<p>Behind every sentence of an answer are the exact words of an article, shown beside it. If the
articles do not say, you are told so.</p>{listed}</section>"""


def _progress(status: Status) -> str:
    verb = {"reading": "Reading files", "embedding": "Embedding passages"}.get(status.stage)
    if verb is None or not status.total:
        return """<label class="progress"><span>Loading the model</span><progress></progress></label>"""
    return (
        f'<label class="progress"><span>{verb}: {status.done:,} of {status.total:,}</span>'
        f'<progress value="{status.done}" max="{status.total}"></progress></label>'
    )


def heading(status: Status) -> str:
    """The top of the page: the product, and what it searches."""
    return f'<h1>Article QA</h1><p class="scope">{escape(status.contents)}</p>'
