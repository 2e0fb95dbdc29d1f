"""How many articles there are over time, by outlet: an inline SVG, each bar of which can be clicked.

Words stand beside the drawing, never in it: it is stretched to the width there is.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.article import Article
from index.scope import Scope
from index.store import Store
from qa.page.markup import escape, isolated
from qa.wording import count, day

NAMED = 5  # outlets with a colour of their own; the others share one
HEIGHT, GAP = 100.0, 0.14  # of the drawing, and the part of a bar's width that stays free
MOST_DAYS, MOST_MONTHS = 62, 60  # bars of days, and of months; beyond that there are years
OTHERS, UNKNOWN = "other outlets", "outlet unknown"


@dataclass(frozen=True, slots=True)
class _Bar:
    first: date
    last: date
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def name(self) -> str:
        if self.first == self.last:
            return day(self.first.isoformat())
        whole_month = self.first.month == self.last.month
        return f"{self.first:%B %Y}" if whole_month else f"{self.first.year}"


def chart(store: Store, scope: Scope) -> str:
    """The articles in ``scope``; nothing if none of them bears a date."""
    dates = store.dates(scope)
    if dates is None:
        return ""
    first, last = date.fromisoformat(dates[0][:10]), date.fromisoformat(dates[1][:10])
    digits = _digits(first, last)
    return _figure(first, last, digits, store.days_by_source(scope, digits), store.count(scope))


def chart_of(articles: Sequence[Article]) -> str:
    """These articles; nothing if none of them bears a date."""
    dated = [(article.published, article.source) for article in articles if article.published]
    if not dated:
        return ""
    days = [published[:10] for published, _ in dated]
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    digits = _digits(first, last)
    counted = Counter((published[:digits], source) for published, source in dated)
    rows = [(time, source, number) for (time, source), number in counted.items()]
    return _figure(first, last, digits, rows, len(articles))


def _figure(
    first: date, last: date, digits: int, rows: Sequence[tuple[str, str | None, int]], total: int
) -> str:
    of_outlet: Counter[str] = Counter()
    for _, source, number in rows:
        of_outlet[source or UNKNOWN] += number
    named = [name for name, _ in of_outlet.most_common(NAMED)]
    if len(of_outlet) == NAMED + 1:
        named = list(of_outlet)  # one other would need a colour anyhow
    bars = _bars(first, last, digits, rows, named)
    undated = total - sum(of_outlet.values())
    title = f"Articles over time{f', but for {undated:,} without a date' if undated else ''}"
    return (
        f'<figure class="chart"><figcaption>{title}</figcaption>{_legend(of_outlet, named)}'
        f"{_drawing(bars, named)}{_axis(bars)}</figure>"
    )


def _digits(first: date, last: date) -> int:
    if (last - first).days < MOST_DAYS:
        return 10
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return 7 if months <= MOST_MONTHS else 4


def _bars(
    first: date,
    last: date,
    digits: int,
    rows: Iterable[tuple[str, str | None, int]],
    named: Sequence[str],
) -> list[_Bar]:
    """A bar for each time, those without an article, too."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for time, source, number in rows:
        name = source or UNKNOWN
        found[time][name if name in named else OTHERS] += number
    bars = []
    while first <= last:
        end = _end(first, digits)
        bars.append(_Bar(_begin(first, digits), end, dict(found.get(first.isoformat()[:digits], {}))))
        if end == date.max:
            break
        first = end + timedelta(days=1)
    return bars


def _begin(moment: date, digits: int) -> date:
    if digits == 10:
        return moment
    return moment.replace(day=1) if digits == 7 else moment.replace(month=1, day=1)


def _end(moment: date, digits: int) -> date:
    if digits == 10:
        return moment
    if digits == 7:
        return moment.replace(day=monthrange(moment.year, moment.month)[1])
    return moment.replace(month=12, day=31)


def _drawing(bars: Sequence[_Bar], named: Sequence[str]) -> str:
    highest = max(bar.total for bar in bars)
    parts = []
    for place, bar in enumerate(bars):
        y, pieces = HEIGHT, []
        for style, name in enumerate((*named, OTHERS)):
            part = bar.counts.get(name, 0) / highest * HEIGHT
            if part:
                y -= part
                pieces.append(
                    f'<rect class="s{style}" x="{place + GAP / 2:.2f}" y="{y:.2f}" '
                    f'width="{1 - GAP:.2f}" height="{part:.2f}"/>'
                )
        if not pieces:
            continue
        label = f"{bar.name}: {count(bar.total, 'article')}"
        parts.append(
            f'<g role="button" tabindex="0" data-since="{bar.first}" data-until="{bar.last}" '
            f'aria-label="{label}"><title>{label}</title>'
            f'<rect class="whole" x="{place}" y="0" width="1" height="{HEIGHT:g}"/>'
            f"{''.join(pieces)}</g>"
        )
    return (
        f'<svg viewBox="0 0 {len(bars)} {HEIGHT:g}" preserveAspectRatio="none" role="group" '
        f'aria-label="Articles over time, by outlet">{"".join(parts)}</svg>'
    )


def _legend(of_outlet: Counter[str], named: Sequence[str]) -> str:
    items = []
    for style, name in enumerate(named):
        words = f'<span class="dot s{style}"></span>{isolated(name)} <b>{of_outlet[name]:,}</b>'
        if name != UNKNOWN:  # which nothing can be limited to
            words = f'<button type="button" data-outlet="{escape(name)}">{words}</button>'
        items.append(f"<li>{words}</li>")
    others = sum(of_outlet.values()) - sum(of_outlet[name] for name in named)
    if others:
        number = len(of_outlet) - len(named)
        items.append(
            f'<li><span class="dot s{len(named)}"></span>{count(number, "other outlet")} '
            f"<b>{others:,}</b></li>"
        )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _axis(bars: Sequence[_Bar]) -> str:
    ends = [bars[0]] if len(bars) == 1 else [bars[0], bars[-1]]
    return f'<p class="axis">{"".join(f"<span>{bar.name}</span>" for bar in ends)}</p>'
