"""A conversation to take along: as Markdown to read, and as an evidence pack that can be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from index.article import Article
from index.errors import UnknownArticleError
from index.generation import Index
from qa.answer import Answer, Citation, escape_markdown
from qa.page.markup import web_address
from qa.wording import Named, count, day, headline, listed, outlet

FORMAT = 1  # of an evidence pack

HOW_TO_CHECK = (
    "'qa check-evidence FILE' compares this file with an index of the same articles. By hand: the text "
    "of an article ('qa show ID --json', field text) encoded as UTF-8 has the SHA-256 text_sha256, and "
    "its characters from start up to end, counted in Unicode code points from 0, are the quote."
)


def conversation_markdown(answers: Sequence[Answer], exported: datetime) -> str:
    """The questions and answers of a conversation, oldest first, as Markdown (CommonMark, GFM).

    Whatever articles and people wrote shows as plain text; only web addresses become links.
    """
    head = f"# Questions to the articles\n\nExported {_moment(exported)}."
    blocks = [head, *(_turn(number, answer) for number, answer in enumerate(answers, start=1))]
    return "\n\n".join(blocks) + "\n"


def _turn(number: int, answer: Answer) -> str:
    return "\n\n".join([f"## {number}. {_line(answer.question)}", *_parts(answer)])


def _parts(answer: Answer) -> Iterator[str]:
    if answer.standalone_question != " ".join(answer.question.split()):
        yield f"Understood as: {_line(answer.standalone_question)}"
    yield answer.text
    yield from (f"*{_line(note)}*" for note in answer.notes)
    if answer.citations:
        yield "### Sources"
        yield "\n\n".join(map(_source, answer.citations))
    yield f"{_searched(answer)} Index {_line(answer.generation)}."


def _source(citation: Citation) -> str:
    where = f"{_line(citation.article_id)}, characters {citation.start} to {citation.end}"
    quote = "\n".join(f"> {_line(line)}" for line in citation.quote.splitlines())
    also = "".join(f"\n\nAlso in {_named(ref)} ({_line(ref.id)})" for ref in citation.also_in)
    return (
        f"\\[{citation.number}\\] {_named(citation)}\n\n{quote}\n\n{where}{_link(citation.url)}{also}"
    )


def _named(article: Named) -> str:
    words = [outlet(article), day(article.published)]
    if article.source and article.author:
        words.append(f"by {article.author}")
    return f"**{_line(headline(article))}** ({_line(', '.join(words))})"


def _link(url: str | None) -> str:
    address = web_address(url)
    # Percent signs stand for what would end the link, or begin something else in it.
    return "".join([", <", *map(_in_link, address), ">"]) if address else ""


def _in_link(char: str) -> str:
    return f"%{ord(char):02X}" if char in '<>\\`"|[]{}' else char


def _searched(answer: Answer) -> str:
    searched = answer.searched
    limits = []
    if searched.sources:
        limits.append(f"of {listed(searched.sources)}")
    if searched.since:
        limits.append(f"from {day(searched.since)}")
    if searched.until:
        limits.append(f"until {day(searched.until)}")
    return f"Searched: {_line(' '.join([count(searched.articles, 'article'), *limits]))}."


def _line(text: str) -> str:
    """``text`` on one line, which Markdown shows as it is."""
    return escape_markdown(" ".join(text.split()))


def _moment(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{day(moment.isoformat())}, {moment:%H:%M} UTC"


def evidence_pack(answers: Sequence[Answer], index: Index, exported: datetime) -> dict[str, Any]:
    """The conversation with all that proves it, as JSON values; ``check_evidence`` reads it.

    Each quote has its article's id, title, outlet, author, date and web address, as ``index`` has
    them, its place in the article's text (characters from 0, the end not included), the passage around
    it and the SHA-256 of the text as UTF-8.  Where the article in ``index`` no longer has the quote
    there, because the index was built anew since, ``changed`` is true, the hash None, and what is said
    of the article is the answer's.
    """
    return {
        "format": FORMAT,
        "exported": exported.astimezone(UTC).isoformat(timespec="seconds"),
        "how_to_check": HOW_TO_CHECK,
        "generation": index.manifest.generation,
        "answers": [_packed(answer, index) for answer in answers],
    }


def _packed(answer: Answer, index: Index) -> dict[str, Any]:
    searched = answer.searched
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "notes": list(answer.notes),
        "writer": answer.writer,
        "generation": answer.generation,
        "searched": {
            "articles": searched.articles,
            "since": searched.since,
            "until": searched.until,
            "outlets": list(searched.sources),
        },
        "quotes": [_evidence(citation, index) for citation in answer.citations],
    }


def _evidence(citation: Citation, index: Index) -> dict[str, Any]:
    article = _cited(citation, index)
    copies = [copy for ref in citation.also_in if (copy := _known(ref.id, index))]
    return {
        "number": citation.number,
        "article": citation.article_id,
        **_about(article or citation),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "passage": citation.passage,
        "text_sha256": text_digest(article.text) if article else None,
        "changed": article is None,
        "also_in": [{"article": copy.id, **_about(copy)} for copy in copies],
    }


def _cited(citation: Citation, index: Index) -> Article | None:
    """The article, if it has the quote at its place."""
    article = _known(citation.article_id, index)
    stands = article and article.text[citation.start : citation.end] == citation.quote
    return article if stands else None


def _known(article_id: str, index: Index) -> Article | None:
    try:
        return index.article(article_id)
    except UnknownArticleError:
        return None


def _about(article: Article | Citation) -> dict[str, str | None]:
    return {
        "title": article.title,
        "outlet": article.source,
        "author": article.author,
        "published": article.published,
        "url": article.url,
    }


def text_digest(text: str) -> str:
    """The SHA-256 of ``text`` as UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
