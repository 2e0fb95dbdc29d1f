"""A draft to its articles: repaired text, metadata from it, no page furniture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from index.article import Article
from index.dates import to_iso
from index.errors import one_line
from index.furniture import furniture_of, line_rule, without_credit, without_read_more
from index.header import read_header
from index.language import language_of
from index.readers.draft import Draft
from index.repair import characters, repair
from index.repeated import Repeated, outlet_of
from index.stories import split_stories

NOTHING_LEFT = "no words in it but page furniture"  # the reason for a draft without an article
NOTHING = Repeated()  # learned from no drafts
_BLANK_LINES = re.compile(r"\n{3,}")


def repaired(draft: Draft) -> Draft:
    """``draft`` with its text repaired, which is to be done once and before all else."""
    return replace(draft, text=repair(draft.text))


def articles_of(draft: Draft, article_id: str, path: str, learned: Repeated = NOTHING) -> list[Article]:
    """The articles that a repaired draft holds: its own, and those whose teasers stand on its page.

    Empty if nothing but furniture is in it.  Others than the first have ``#2``, ``#3`` … after the
    id, and take nothing but the outlet from the page: what is said there is said of its own story.
    """
    outlet = outlet_of(draft, path)
    page, *others = split_stories(draft.text)
    own = _article(draft, page, article_id, path, learned, outlet)
    source = own.source if own else _line(draft.source)
    found = [own] if own else []
    for number, text in enumerate(others, start=2):
        teaser = Draft(text, source=source, language=draft.language)
        other = _article(teaser, text, f"{article_id}#{number}", path, learned, outlet)
        if other:
            found.append(other)
    return found


def without_furniture(
    text: str, names: Iterable[str | None] = (), learned: Repeated = NOTHING, outlet: str = ""
) -> str:
    """``text`` without what the page carries around the story; ``names`` are title and outlet."""
    lines = text.split("\n")
    rules = furniture_of(lines, names, lambda line: learned.holds(outlet, line))
    kept = [
        line and without_credit(without_read_more(line))
        for line, rule in zip(lines, rules, strict=True)
        if not rule
    ]
    return _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip()


def _article(
    draft: Draft, text: str, article_id: str, path: str, learned: Repeated, outlet: str
) -> Article | None:
    given_title = _line(draft.title)
    header = read_header(text, given_title, lambda line: line_rule(line) is not None)
    source = _line(draft.source) or header.source
    body = without_furniture(header.body, (header.title, source), learned, outlet)
    if not any(map(str.isalnum, body)):
        return None
    return Article(
        id=article_id,
        text=body,
        path=path,
        title=header.title,
        source=source,
        author=_line(draft.author) or header.author,
        published=(to_iso(draft.published) if draft.published else None) or header.published,
        updated=(to_iso(draft.updated) if draft.updated else None) or header.updated,
        url=characters(draft.url).strip() or None if draft.url else None,
        language=language_of(body, draft.language),
    )


def _line(value: str | None) -> str | None:
    """A field as one line, or None if nothing is in it."""
    return one_line(characters(value)) or None if value else None
