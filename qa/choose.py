"""Which of the sentences that were read are quoted, and in what order: few, and each claim once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from index.scope import fold_source
from qa.expected import Kind, counts_something, expected, years_asked, years_in
from qa.numbers import numbers_in
from qa.quote import CORRECTS, Quote, with_neighbour
from qa.short import answer_in
from qa.wordforms import negations

# Words in all quotes and headlines together, unless the best sentence alone has more: where nothing was
# read for an answer, where the reader points at one, and where it doubts that one is there (a logit
# below).
WORDS, SURE_WORDS, DOUBTFUL_WORDS = 86, 72, 140
DOUBT = 6.0
LEAST = -4.0  # logit that a further quote must have
MARGIN = 9.0  # how far below the best quote's a further quote's rank may lie
LONG_MARGIN = 5.0  # the same for one with which they have more than WORDS
# The same where the best quote has the number or the day that is asked for, and at least that logit.
SETTLED, SETTLED_LOGIT = 3.0, 4.0
NEARLY = 3.0  # how far below the best one's the rank of a quote may lie that is nearly as good
SAME = 0.85  # how alike two sentences' words are in their order, 0 to 1, where both are one
_WORD = re.compile(r"\w+")


def most_words(read: Sequence[Quote]) -> int:
    """How many words quotes and headlines may have together: more where the reader doubts.

    >>> most_words([])
    86
    """
    pointed = [quote.words for quote in read if quote.words is not None]
    if not pointed:
        return WORDS
    return SURE_WORDS if max(pointed) > DOUBT else DOUBTFUL_WORDS


def choose(
    question: str,
    read: Sequence[Quote],
    limit: int,
    most: int = WORDS,
    outlets: Sequence[str] = (),
    *,
    about_now: bool = False,
) -> list[Quote]:
    """The quotes that answer ``question``, of what was ``read``, best first: at most ``limit``.

    Of ``outlets``, those that the question asks about, each has its best quote first of all.
    Together with the headlines that they stand under they have at most ``most`` words, unless the best
    alone has more.  What several articles say in nearly the same words is quoted once.  Who names a
    year gets what was written then or names it, if there is such; who asks ``about_now``, of what is
    nearly as good, the newest first.
    """
    read = _of_the_years(question, read)
    read = _newest_first(read) if about_now else read
    chosen: list[Quote] = []
    words = 0
    of_outlets = _best_of_each(read, outlets)
    # The reader may point at the wrong place: it decides what comes first, not what is good enough.
    best = max((quote.rank - quote.gain for quote in read), default=0.0)
    margin = SETTLED if read and _settles(question, read[0]) else MARGIN
    for quote in (*of_outlets, *read):
        if len(chosen) == limit:
            break
        below = 0.0 if quote in of_outlets else best - (quote.rank - quote.gain)
        if chosen and below > margin:
            continue
        if chosen and quote.score < LEAST:
            continue
        if any(same_words(quote.text, other.text) for other in chosen):
            continue
        whole = with_neighbour(quote)
        if any(map(whole.overlaps, chosen)):
            whole = quote  # what it leans on is quoted already
        length = words + len(whole.text.split()) + _words_of_headline(quote, chosen)
        if chosen and (length > most or any(map(whole.overlaps, chosen))):
            continue
        if chosen and length > WORDS and below > LONG_MARGIN:
            continue
        chosen.append(whole)
        words = length
    return chosen


def _of_the_years(question: str, read: Sequence[Quote]) -> Sequence[Quote]:
    asked = years_asked(question)
    years = set(range(min(asked), max(asked) + 1)) if asked else set()  # "from 2019 to 2022"
    fitting = [
        quote for quote in read if years & ({_year(quote)} | years_in(quote.text)) or not _year(quote)
    ]
    return fitting if years and any(quote in fitting for quote in _nearly_best(read)) else read


def _year(quote: Quote) -> int:
    """Of its article; 0 if that is not known."""
    return int((quote.hit.article.published or "0")[:4])


def _newest_first(read: Sequence[Quote]) -> list[Quote]:
    near = _nearly_best(read)
    near.sort(key=lambda quote: quote.hit.article.published or "", reverse=True)
    return [*near, *(quote for quote in read if quote not in near)]


def _nearly_best(read: Sequence[Quote]) -> list[Quote]:
    """Those that are nearly as good as the best, with or without what the reader adds.

    It has read around two of them alone: others may be as good.
    """
    most = max((quote.rank for quote in read), default=0.0)
    most_without = max((quote.rank - quote.gain for quote in read), default=0.0)
    return [
        quote
        for quote in read
        if quote.rank >= most - NEARLY or quote.rank - quote.gain >= most_without - NEARLY
    ]


def _words_of_headline(quote: Quote, chosen: Sequence[Quote]) -> int:
    """Those of the headline that the quote brings with it: an article's first quote does, for all."""
    if any(other.hit.article.id == quote.hit.article.id for other in chosen):
        return 0
    return len((quote.headline or "").split())


def _settles(question: str, quote: Quote) -> bool:
    """Whether it has the count or the day that is asked for; "how long" may mean several things."""
    kind = expected(question)
    counts = kind is Kind.NUMBER and counts_something(question)
    sure = quote.score >= SETTLED_LOGIT and (counts or kind is Kind.DAY)
    return sure and answer_in(question, quote) is not None


def _best_of_each(read: Sequence[Quote], outlets: Sequence[str]) -> list[Quote]:
    if len(outlets) < 2:
        return []
    best: dict[str, Quote] = {}
    wanted = {fold_source(outlet) for outlet in outlets}
    for quote in read:
        source = quote.hit.article.source
        if source and fold_source(source) in wanted:
            best.setdefault(fold_source(source), quote)
    return list(best.values())


def in_order(chosen: Sequence[Quote], *, about_now: bool = False) -> list[Quote]:
    """Quotes as one reads them: article by article, and in each its best quote first.

    Who asks ``about_now`` gets the newest article of those that are nearly as good first, and everybody
    what corrects another.

    Those that follow each other in their article, or overlap there, become one.
    """
    joined: list[Quote] = []
    for quote in sorted(chosen, key=lambda quote: quote.start):
        before = next((other for other in joined if _touches(quote, other)), None)
        if before:
            best = max(before, quote, key=lambda part: part.rank)
            end = max(before.end, quote.end)
            joined[joined.index(before)] = replace(best, start=before.start, end=end)
        else:
            joined.append(quote)
    joined.sort(key=lambda quote: -quote.rank)
    joined = _newest_first(joined) if about_now else joined
    joined.sort(key=lambda quote: CORRECTS.search(quote.text) is None)
    articles = list(dict.fromkeys(quote.hit.article.id for quote in joined))
    return sorted(joined, key=lambda quote: articles.index(quote.hit.article.id))


def same_words(text: str, other: str) -> bool:
    """Whether two sentences are one, printed with small changes.

    Where a number, a name or a "not" differs they are two.

    >>> same_words("At least 21 people died on Tuesday.", "At least 21 people died Tuesday.")
    True
    >>> same_words("At least 21 people died on Tuesday.", "At least 19 people died on Tuesday.")
    False
    """
    words, others = _WORD.findall(text), _WORD.findall(other)
    if [number.value for number in numbers_in(text)] != [n.value for n in numbers_in(other)]:
        return False
    if negations(text) != negations(other):
        return False
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.quick_ratio() < SAME or matcher.ratio() < SAME:
        return False
    differing = [
        word
        for tag, first, last, other_first, other_last in matcher.get_opcodes()
        if tag != "equal"
        for word in (*words[first:last], *others[other_first:other_last])
    ]
    return not any(any(map(str.isupper, word)) or any(map(str.isdigit, word)) for word in differing)


def _touches(quote: Quote, before: Quote) -> bool:
    article = quote.hit.article
    same = article.id == before.hit.article.id
    return same and not article.text[before.end : quote.start].strip()
