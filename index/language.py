"""The language of a text, as ISO 639 code."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

SERVED = frozenset({"en"})  # what the models were trained on; others are indexed for words alone
_FEWEST_LETTERS = 40  # names and headings of fewer letters look like any language
_PART = 160  # characters from the start, and as many from the middle
_SURE = 0.8
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def language_of(text: str, stated: str | None = None) -> str | None:
    """The language that the format has ``stated``, else the one that ``text`` looks like.

    None where a text is too short, or too mixed, to say.

    >>> language_of("", stated="en-GB")
    'en'
    """
    match = _CODE.fullmatch(stated.strip()) if stated else None
    if match:
        return match[1].lower()
    middle = max(len(text) // 2, _PART)
    part = f"{text[:_PART]} {text[middle : middle + _PART]}"
    if sum(map(str.isalpha, part)) < _FEWEST_LETTERS:
        return None
    language, confidence = _identifier().classify(part)
    return language if confidence >= _SURE else None


@cache
def _identifier() -> _Identifier:
    """py3langid's model (Lui and Baldwin 2012), about 100 MB; loaded when first needed."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier
