"""Numbers in a text by what they are worth, in the ways that news writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SMALL = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: float(value) for value, word in enumerate(_SMALL)}
_WORDS |= {word: 10.0 * tens for tens, word in enumerate(_TENS, start=2)}
_WORDS |= {"dozen": 12.0, "twice": 2.0, "thrice": 3.0}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES |= {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_SPELLED = (
    rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_SMALL[1:10])}))?"
    rf"|{'|'.join(reversed(_SMALL))}|dozen|twice|thrice"
)
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<money>[$€£¥])?(?:(?P<digits>\d{{1,3}}(?:[,\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?P<words>{_SPELLED})(?![\w]))(?P<ordinal>(?:st|nd|rd|th)\b)?"
    rf"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|k|m|mn|bn|tn)\b)?"
    rf"(?P<percent>\s?%|[\s-]per\s?cent\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number: ``text[start:end]`` of its text, what it is worth, and "%", a currency's sign or ""."""

    value: float
    unit: str
    start: int
    end: int


def numbers_in(text: str) -> list[Number]:
    """The numbers in ``text``; "one" counts only with a scale or percent, for it is mostly a pronoun.

    >>> [(number.value, number.unit) for number in numbers_in("1,200, 1.5 million, 12 per cent, $3bn")]
    [(1200.0, ''), (1500000.0, ''), (12.0, '%'), (3000000000.0, '$')]
    """
    found = []
    for match in _NUMBER.finditer(text):
        parts = match.groupdict()
        if (parts["words"] or "").lower() == "one" and not (parts["scale"] or parts["percent"]):
            continue
        value = _value(parts["digits"], parts["words"]) * _SCALES.get(
            (parts["scale"] or "").lower(), 1.0
        )
        unit = "%" if parts["percent"] else parts["money"] or ""
        found.append(Number(round(value, 6), unit, *match.span()))
    return found


def _value(digits: str | None, words: str | None) -> float:
    if digits is not None:
        return float(re.sub(r"[,\u202f]", "", digits))
    return sum(_WORDS[word] for word in (words or "").lower().split("-"))
