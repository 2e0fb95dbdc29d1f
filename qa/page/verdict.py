"""What an answer is worth, and what it was asked of, in words."""

from __future__ import annotations

from qa.answer import Answer
from qa.page.markup import escape, isolated
from qa.page.turn import Limits
from qa.wording import day, listed

SURE, LIKELY = 0.65, 0.5  # probabilities of being right


def verdict(answer: Answer) -> str:
    """How sure the answer is, and of which day: one line under it, the reasons at hand."""
    level, words = _level(answer.confidence)
    return (
        f'<p class="verdict {level}"><span class="worth">{words}</span> '
        f'<span class="odds">{escape(odds(answer.confidence))}</span> '
        f'<span class="when">{escape(_when(answer))}</span></p>'
    )


def _level(probability: float) -> tuple[str, str]:
    if probability >= SURE:
        return "sure", "Well supported."
    if probability >= LIKELY:
        return "likely", "Likely right."
    return "unsure", "Uncertain: read the quotes before you rely on it."


def odds(probability: float) -> str:
    """The calibrated probability as people say it.

    >>> odds(0.83)
    'About 8 in 10 answers like this are right.'
    """
    tenths = min(max(round(probability * 10), 1), 9)
    return f"About {tenths} in 10 answers like this are right."


def _when(answer: Answer) -> str:
    days = sorted(cited.published for cited in answer.citations if cited.published)
    if not days:
        return "The articles quoted bear no date."
    first, last = day(days[0]), day(days[-1])
    if first == last:
        return f"As of {last}."
    return f"As of {last}; the oldest article quoted is of {first}."


def limits_in_words(limits: Limits) -> str:
    """``AFP, 1 October 2020 to 15 November 2020, as of 20 November 2020``, as HTML."""
    words = []
    if limits.sources:
        words.append(isolated(listed(limits.sources)))
    if limits.since and limits.until:
        words.append(f"{_day(limits.since)} to {_day(limits.until)}")
    elif limits.since:
        words.append(f"from {_day(limits.since)}")
    elif limits.until:
        words.append(f"up to {_day(limits.until)}")
    if limits.as_of:
        words.append(f"as of {_day(limits.as_of)}")
    return ", ".join(words)


def _day(typed: str) -> str:
    try:
        return escape(day(typed))
    except ValueError:  # what was asked for is no day, which the turn's error says
        return escape(typed)
