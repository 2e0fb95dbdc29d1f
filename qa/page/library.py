"""The library as HTML: the articles that there are, how they are spread, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from index.article import Article, first_instant, last_instant
from index.errors import ArticleQAError, QuestionError
from index.generation import Index
from index.scope import Scope
from index.shared import shared_index
from qa.page.chart import chart, chart_of
from qa.page.markup import as_sentence, byline, escape, isolated, opener, title_of
from qa.page.rebuilding import State
from qa.page.turn import Limits
from qa.page.verdict import limits_in_words
from qa.settings import Settings
from qa.wording import count, day

PAGE = 20  # articles at a time
FOUND = 400  # passages that a search of the articles looks at
WORDS = 500  # characters of a search
MOST_PAGES = 1_000_000
LEAD = 220  # characters of an article that the list shows
FAMILIES, MEMBERS = 20, 12  # that are shown
SKIPPED = 300  # files left out that are named


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: articles with these words, within the limits; ``page`` counts from 0."""

    words: Annotated[str, Field(max_length=WORDS)] = ""
    limits: Limits = field(default_factory=Limits)
    page: Annotated[int, Field(ge=0, le=MOST_PAGES)] = 0


_WANTED = TypeAdapter(Wanted)


def articles(sent: Any, settings: Settings) -> str:
    """The chart and the list of the articles that a browser wants to see."""
    try:
        wanted = _WANTED.validate_python(sent)
        with shared_index(settings.index) as index:
            scope = _scope(wanted.limits)
            listing = _listing(wanted, scope, index)
    except ValidationError:
        return _problem("The page asked for no list of articles.")
    except ArticleQAError as error:
        return _problem(as_sentence(str(error)))
    return listing.drawing + _filter(wanted.limits) + _list(wanted, listing)


def _scope(limits: Limits) -> Scope:
    try:
        since = first_instant(limits.since) if limits.since else None
        until = last_instant(limits.until) if limits.until else None
    except ValueError:
        raise QuestionError("a date must be a day, such as 2020-11-15") from None
    return Scope(since, until, limits.sources)


@dataclass(frozen=True, slots=True)
class _Listing:
    """The articles of a page, how many there are on all pages, if that is ``all``, and their chart."""

    found: Sequence[Article]
    total: int
    drawing: str
    all: bool = True


def _listing(wanted: Wanted, scope: Scope, index: Index) -> _Listing:
    store, first = index.store, wanted.page * PAGE
    if not wanted.words.strip():
        return _Listing(store.newest(scope, PAGE, first), store.count(scope), chart(store, scope))
    numbers = [number for number, _ in index.lexical.search(wanted.words, FOUND, scope)]
    passages = store.passages(numbers)
    ids = dict.fromkeys(passages[number].article_id for number in numbers)
    found = [index.article(name) for name in ids]
    page = found[first : first + PAGE]
    return _Listing(page, len(found), chart_of(found), all=len(numbers) < FOUND)


def _filter(limits: Limits) -> str:
    if not limits.are_on:
        return ""
    return f"""<p class="filter"><span>Only {limits_in_words(limits)}</span>
<button type="button" class="button" data-ask-within>Ask these</button>
<button type="button" class="button" data-all>Show all</button></p>"""


def _list(wanted: Wanted, listing: _Listing) -> str:
    found, total = listing.found, listing.total
    if not found:
        return '<p class="hint" role="status">No article matches. Try other words, or show all.</p>'
    items = "".join(map(_item, found))
    first = wanted.page * PAGE + 1
    last = first + len(found) - 1
    number = count(total, "article") if listing.all else f"more than {count(total, 'article')}"
    shown = f"{first:,} to {last:,} of {number}" if total > PAGE else number
    return (
        f'<p class="hint" role="status">{shown}{"" if not wanted.words.strip() else ", best first"}</p>'
        f'<ol class="articles" start="{first}">{items}</ol>{_pages(wanted.page, last < total)}'
    )


def _item(article: Article) -> str:
    lead = " ".join(article.text[: LEAD * 2].split())
    lead = lead[:LEAD].rsplit(" ", 1)[0] + "…" if len(lead) > LEAD else lead
    return (
        f"<li>{opener(article.id, title_of(article))}{byline(article, author=True)}"
        f'<p class="lead" dir="auto">{escape(lead)}</p></li>'
    )


def _pages(page: int, more: bool) -> str:
    if not page and not more:
        return ""
    back = (
        f'<button type="button" class="button" data-page="{page - 1}">Previous</button>' if page else ""
    )
    on = f'<button type="button" class="button" data-page="{page + 1}">Next</button>' if more else ""
    return f'<nav class="pages" aria-label="Pages of articles">{back}{on}</nav>'


def about(settings: Settings) -> str:
    """The generation in use, the families, and the files left out."""
    try:
        with shared_index(settings.index) as index:
            return f"{_generation(index)}{_families(index)}{_skipped(index)}"
    except ArticleQAError as error:
        return _problem(as_sentence(str(error)))


def _generation(index: Index) -> str:
    manifest = index.manifest
    made = datetime.fromisoformat(manifest.created)
    outlets = count(len(index.outlets), "outlet")
    return f"""<dl class="generation">
<div><dt>Index</dt><dd>{count(manifest.articles, "article")} of {outlets}, in
{count(manifest.passages, "passage")}</dd></div>
<div><dt>Made</dt><dd><time datetime="{escape(manifest.created)}">{day(manifest.created)},
{made:%H:%M} UTC</time></dd></div>
<div><dt>From</dt><dd>{isolated(manifest.seeds)}</dd></div>
<div><dt>Generation</dt><dd><code>{escape(manifest.generation)}</code></dd></div></dl>"""


def _families(index: Index) -> str:
    families = index.store.largest_families(FAMILIES)
    if not families:
        return ""
    items = []
    for family, number in families:
        members = index.store.family(family, Scope())
        rows = "".join(
            f"<li>{opener(article.id, title_of(article))}{byline(article)}</li>"
            for article in members[:MEMBERS]
        )
        more = f"<li>and {number - MEMBERS:,} more</li>" if number > MEMBERS else ""
        items.append(
            f"<details><summary>{title_of(members[0])} <b>{number:,}</b></summary>"
            f"<ul>{rows}{more}</ul></details>"
        )
    total = index.manifest.families
    return (
        f'<section class="families"><h3>Copies of one story</h3><p class="hint">'
        f"{total:,} printed more than once; each counts as one source.</p>{''.join(items)}</section>"
    )


def _skipped(index: Index) -> str:
    entries = index.manifest.skipped
    if not entries:
        return ""
    rows = "".join(
        f"<li><b>{isolated(entry.path)}</b>: {isolated(entry.reason)}</li>"
        for entry in entries[:SKIPPED]
    )
    more = len(entries) - SKIPPED
    rows += f"<li>and {more:,} more; “qa info” lists them</li>" if more > 0 else ""
    return (
        f'<section class="skipped"><h3>Left out</h3><details><summary>{count(len(entries), "file")} or '
        f"parts of files, with the reasons</summary><ul>{rows}</ul></details></section>"
    )


def rebuilt(state: State) -> str:
    """What the last rebuild did, or why it failed."""
    if state.problem:
        return f'<p class="problem" role="alert">{escape(state.problem)}</p>'
    if not state.report:
        return ""
    report = state.report
    changes = [f"{report[name]:,} {name}" for name in ("added", "changed", "removed") if report[name]]
    left_out = f" {report['skipped']:,} left out." if report["skipped"] else ""
    return (
        f'<p class="done" role="status">Done in {report["seconds"]:.0f} s: '
        f"{', '.join(changes) or 'nothing has changed'}; {count(report['articles'], 'article')} in "
        f"all.{left_out}</p>"
    )


def _problem(message: str) -> str:
    return f'<p class="problem" role="alert">{escape(message)}</p>'
