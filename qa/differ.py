"""Whether independent articles give different figures or days for what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.article import DAY, first_instant
from index.scope import fold_source
from qa.expected import PEOPLE, Kind, counted_in, counts_something, expected, is_toll
from qa.names import names_in
from qa.numbers import numbers_in
from qa.quote import Quote
from qa.short import POINTED, answer_in
from qa.spans import names_a_date
from qa.wordforms import folded
from qa.wording import origin

SURE = 2.0  # logit that a quote must have
NEAR = 3.0  # logits that it may lie below the best one, to be about the same
COMMON = 0.5  # of the question's telling words, in a quote that is about the same
DAYS_TOGETHER = 7  # articles that lie further apart tell of a change, not of a difference
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ABOUT = re.compile(
    r"\b(?:at\s+least|at\s+most|up\s+to|more\s+than|fewer\s+than|less\s+than|about|around|nearly|almost"
    r"|some|over|under|roughly)\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Quotes with different answers, the newest article first, and those ``answers`` themselves.

    ``at_once`` says whether the articles are of different outlets and of the same days.
    """

    quotes: tuple[Quote, ...]
    answers: tuple[str, ...]
    at_once: bool

    def __str__(self) -> str:
        """In words: "The articles differ: 21 people (CNN, 25 May 2022); earlier 19 people (…)."."""
        newest = self.quotes[0].hit.article.published
        said = []
        for quote, answer in zip(self.quotes, self.answers, strict=True):
            article = quote.hit.article
            earlier = "earlier " if article.published and _day(article.published) < _day(newest) else ""
            said.append(f"{earlier}{answer} ({origin(article)})")
        begin = "The articles differ" if self.at_once else "Newest first"
        return f"{begin}: {'; '.join(said)}."


def difference(
    question: str, read: Sequence[Quote], telling_words: Callable[[str], set[str]], limit: int
) -> Difference | None:
    """How the articles of the sentences that were ``read`` differ; None if they do not.

    Copies of one story are no independent articles.  Only counts ("how many") and days are compared,
    in sentences that the cross-encoder puts close to the best one and that share most of the
    question's words.  Where the reader points at another one, they tell of something else.  Who names
    a day or a year does not ask how a figure changed.  There are at most ``limit`` quotes.
    """
    kind = expected(question)
    if kind not in (Kind.NUMBER, Kind.DAY) or (kind is Kind.NUMBER and not counts_something(question)):
        return None
    best = max((quote.score for quote in read), default=0.0)
    wanted = telling_words(question)
    found: dict[str, tuple[Quote, str]] = {}
    stories: set[str] = set()
    for quote in read:
        story = quote.hit.article.family or quote.hit.article.id
        common = len(wanted & telling_words(quote.text)) >= COMMON * len(wanted)
        if quote.score < max(best - NEAR, SURE) or not common or story in stories:
            continue
        if not _about_a_name_of(question, quote):
            continue
        place = answer_in(question, quote)
        if place is None:
            continue
        counts = kind is Kind.NUMBER
        value, said = (_counted if counts else _day_named)(question, quote.text, place)
        if value:
            stories.add(story)
            found.setdefault(value, (quote, said))
    if min(len(found), limit) < 2 or _points_elsewhere(read, [quote for quote, _ in found.values()]):
        return None
    ordered = sorted(found.values(), key=lambda entry: -_instant(entry[0]))[:limit]
    quotes = tuple(quote for quote, _ in ordered)
    at_once = _at_once(quotes)
    if names_a_date(question) and not at_once:
        return None
    return Difference(quotes, tuple(said for _, said in ordered), at_once)


def _about_a_name_of(question: str, quote: Quote) -> bool:
    """Whether the passage and its title have one of the names in the question, if that has any."""
    passage = folded(f"{quote.hit.article.title or ''} {quote.hit.text}")
    names = names_in(question)
    return not names or any(folded(name.text) in passage for name in names)


def _points_elsewhere(read: Sequence[Quote], found: Sequence[Quote]) -> bool:
    surest = max(read, key=lambda quote: quote.words if quote.words is not None else -POINTED)
    is_sure = surest.words is not None and surest.words >= POINTED
    articles = {quote.hit.article.family or quote.hit.article.id for quote in found}
    own = surest.hit.article.family or surest.hit.article.id
    return is_sure and own in articles and not any(map(surest.overlaps, found))


def _counted(question: str, text: str, place: tuple[int, int]) -> tuple[str, str]:
    """What a count is worth, and the count in words: "at least 21 people"; "" if it counts nothing."""
    counted = counted_in(question)
    nouns = "|".join([re.escape(counted), *(PEOPLE if counted in PEOPLE else ())])
    noun = re.compile(rf"(?:[\s-]+[^\W\d_]+){{0,1}}?[\s-]+(?:{nouns})\w*", re.IGNORECASE).match(
        text, place[1]
    )
    numbers = numbers_in(text[slice(*place)])
    if not numbers or not (noun or is_toll(text, place)):
        return "", ""
    about = _ABOUT.search(text[: place[0]])
    start, end = about.start() if about else place[0], noun.end() if noun else place[1]
    return f"{numbers[0].value:g}", " ".join(text[start:end].split())


def _day_named(question: str, text: str, place: tuple[int, int]) -> tuple[str, str]:
    del question  # a day is one in any question
    said = text[slice(*place)]
    month = re.search("|".join(_MONTHS), said.lower())
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", said)
    return (f"{month[0]} {int(day[0])}" if month and day else ""), said


def _at_once(quotes: Sequence[Quote]) -> bool:
    instants = [_instant(quote) for quote in quotes]
    outlets = {fold_source(quote.hit.article.source or quote.hit.article.id) for quote in quotes}
    return len(outlets) == len(quotes) and max(instants) - min(instants) <= DAYS_TOGETHER * DAY


def _instant(quote: Quote) -> float:
    published = quote.hit.article.published
    return first_instant(published) if published else float("-inf")


def _day(published: str | None) -> str:
    return (published or "")[:10]
