"""Whether independent articles give different figures or days for what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.article import first_instant
from qa.expected import Kind, expected, short_answer
from qa.quote import Quote
from qa.wording import origin

NEAR = 4.0  # logits that a quote may lie below the best one, to be about the same
COMMON = 0.5  # of the question's telling words, in a quote that is about the same
SHOWN = 3
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()


@dataclass(frozen=True, slots=True)
class Difference:
    """Quotes with different answers, the newest article first, and those ``answers`` themselves."""

    quotes: tuple[Quote, ...]
    answers: tuple[str, ...]

    def __str__(self) -> str:
        """In words: "The articles differ: 21 (CNN, 25 August 2022); earlier 19 (AP, 3 May 2022)."."""
        newest = self.quotes[0].hit.article.published
        said = []
        for quote, answer in zip(self.quotes, self.answers, strict=True):
            article = quote.hit.article
            earlier = "earlier " if article.published and _day(article.published) < _day(newest) else ""
            said.append(f"{earlier}{answer} ({origin(article)})")
        return f"The articles differ: {'; '.join(said)}."


def difference(
    question: str, read: Sequence[Quote], telling_words: Callable[[str], set[str]]
) -> Difference | None:
    """How the articles of the sentences that were ``read`` differ; None if they do not.

    Copies of one story are no independent articles.  Only numbers and days are compared, in sentences
    that the cross-encoder puts close to the best one and that share most of the question's words.
    """
    kind = expected(question)
    if kind not in (Kind.NUMBER, Kind.DAY) or not read:
        return None
    best = max(quote.score for quote in read)
    wanted = telling_words(question)
    found: dict[str, tuple[Quote, str]] = {}
    stories: set[str] = set()
    for quote in read:
        story = quote.hit.article.family or quote.hit.article.id
        common = len(wanted & telling_words(quote.text)) >= COMMON * len(wanted)
        if quote.score < max(best - NEAR, 0.0) or not common or story in stories:
            continue
        place = short_answer(question, quote.text)
        if place is None:
            continue
        answer = quote.text[slice(*place)]
        value = _number(answer) if kind is Kind.NUMBER else _month_and_day(answer)
        if value is not None:
            stories.add(story)
            found.setdefault(value, (quote, answer))
    if len(found) < 2:
        return None
    ordered = sorted(found.values(), key=lambda entry: -_instant(entry[0]))[:SHOWN]
    return Difference(tuple(quote for quote, _ in ordered), tuple(answer for _, answer in ordered))


def _number(answer: str) -> str | None:
    """The number in one form: "3,000" and "3000" are the same, "two" and "2" as well."""
    words = answer.lower().replace(",", "").replace("per cent", "percent").replace("%", " percent")
    parts = [str(_SMALL.index(word)) if word in _SMALL else word for word in re.split(r"[\s-]+", words)]
    return " ".join(part for part in parts if part) if any(map(str.isdigit, parts[0])) else None


def _month_and_day(answer: str) -> str | None:
    month = re.search("|".join(_MONTHS), answer.lower())
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", answer)
    return f"{month[0]} {int(day[0])}" if month and day else None


def _instant(quote: Quote) -> float:
    published = quote.hit.article.published
    return first_instant(published) if published else float("-inf")


def _day(published: str | None) -> str:
    return (published or "")[:10]
