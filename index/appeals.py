"""Where a page speaks to its reader about itself: money, sign-ups, consent, links that pay."""

from __future__ import annotations

import re
from itertools import pairwise

# Words of such lines, as stems.  Each is ordinary by itself; it takes two in a line, close together.
_WORD = re.compile(
    r"donat(?:e|ion)|contribut(?:ion|or\b|e\b)|supporters?\b|support (?:us|our)\b|paywall"
    r"|ad[- ]?block|paypal"
    r"|credit cards?\b|billed|revenues?\b|become a member|your (?:help|support)\b|subscri(?:b|pt)"
    r"|sign[- ]?up"
    r"|newsletter|inbox|digest\b|delivered\b|log ?in\b|usernames? and passwords?|registration"
    r"|free trial"
    r"|cookies\b|privacy (?:policy|notice)|terms of (?:use|service)|personal data|consent\b|your data"
    r"|you agree|we (?:will )?use (?:the|your|cookies)|legitimate interests?|tick here|opt[- ]?out"
    r"|(?:detailed|described|listed|sign up) here|affiliate|commission\b|purchases?\b|our links"
    r"|one of the links|this article was published|prices (?:were|are)|our (?:editors|experts|partners)"
    r"|(?:our|this|these) (?:news )?(?:web)?(?:sites?|page|coverage|journalism|newsroom)\b"
    r"|thanks for (?:being|reading|visiting)|thank you for|would you like to receive|join us\b"
    r"|on (?:twitter|facebook|instagram|tiktok)\b|e-?mail address|\blatest (?:news|headlines|deals"
    r"|stories)"
    r"|\bdaily\b|\bweekly\b|\bfree\b|click(?:ing)? (?:here|on)|download (?:the|our)|\bour app\b"
    r"|stories we"
)
_READER = re.compile(r"\b(?:you|your|we|our)\b")
_ORDER = (
    r"(?:get|sign|subscribe|join|follow|support|donate|download|click|thanks?|please|want|looking"
    r"|need)\b"
)
_STARTS_WITH_ORDER = re.compile(rf"(?:for .{{3,60}}, )?{_ORDER}")
_LATER_ORDER = re.compile(rf"[.!?:(] ?{_ORDER}")
_SPEECH = re.compile(r"[\"“][^\"”]*(?:[\"”]|$)")
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_PRICE = re.compile(r"[$€£]\d[\d.,]*(?:\s.{0,30})?")
_SHORT = 60
_WORDS_FOR_EACH = 22  # a story about subscriptions has such words, too, but wider apart


def appeals(lines: list[str]) -> list[int]:
    """Numbers of the lines that are appeals.

    Two of an appeal's words in a line that speaks to the reader make one, and so does one of them
    in a line that stands next to an appeal.  Quoted speech never does: people in the news say "we"
    and "our", too.
    """
    counts: dict[int, int] = {}
    for number, line in enumerate(lines):
        if line:
            counts[number] = _count(line)
    found = {number for number, count in counts.items() if count > 1}
    if not found:
        return []
    for order in (list(counts), list(counts)[::-1]):  # spread to neighbours, downwards and upwards
        for before, number in pairwise(order):
            if before in found and counts[number]:
                found.add(number)
    return sorted(found)


def _count(line: str) -> int:
    """How many of an appeal's words are in ``line``; none if it speaks of them to nobody."""
    text = line.lower()
    if '"' in text or "“" in text:
        text = _SPEECH.sub(" ", text)
    is_short = len(line) <= _SHORT and not _ENDS_A_SENTENCE.search(line)
    if not (is_short or _speaks(text)):
        return 0
    count = len({match.group() for match in _WORD.finditer(text)})
    count += _PRICE.fullmatch(text) is not None
    return count if count * _WORDS_FOR_EACH >= len(text.split()) else 0


def _speaks(text: str) -> bool:
    """Whether the page speaks to its reader, or tells them to do something."""
    # Most lines of the news do neither, which is seen faster without a regular expression.
    may = "you" in text or " we" in text or "our" in text or text.startswith("we")
    return bool(
        (may and _READER.search(text)) or _STARTS_WITH_ORDER.match(text) or _LATER_ORDER.search(text)
    )
