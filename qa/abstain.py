"""What is said when the articles hold no answer: what was searched, and the closest articles."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import ArticleRef, Searched, escape_markdown
from qa.wording import count, day, headline, listed, outlet

NO_ANSWER = "The articles do not answer this."


def abstention(
    searched: Searched, outlets: int, dates: tuple[str, str] | None, nearest: Sequence[ArticleRef]
) -> str:
    """Markdown that says so.

    ``outlets`` is how many outlets the searched articles are of, ``dates`` the first and last that
    they bear.
    """
    limits = []
    if searched.sources:
        limits.append(f"from {escape_markdown(listed(searched.sources))}")
    elif outlets:
        limits.append(f"from {count(outlets, 'outlet')}")
    if dates:
        first, last = day(dates[0]), day(dates[1])
        limits.append(f"dated {first}" if first == last else f"dated {first} to {last}")
    if not searched.articles:
        since = f" from {day(searched.since)}" if searched.since else ""
        until = f" up to {day(searched.until)}" if searched.until else ""
        sources = f" by {escape_markdown(listed(searched.sources))}" if searched.sources else ""
        return f"No article{sources}{since}{until} is in the index. Widen the dates or the outlets."
    lines = [
        NO_ANSWER,
        f"Searched: {count(searched.articles, 'article')} {', '.join(limits)}".rstrip() + ".",
    ]
    if nearest:
        lines.append("The closest:")
        lines.append(
            "\n".join(
                f"- {escape_markdown(headline(ref))} "
                f"({escape_markdown(outlet(ref))}, {day(ref.published)})"
                for ref in nearest
            )
        )
    return "\n\n".join(lines)
