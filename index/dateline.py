"""Datelines: where, when and from which agency a story was sent."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.dates import DATE, DAY, find_date

_NAME = r"[^\W\d_a-z][\w.'’]*(?:-\w+)*"
_PLACE = rf"{_NAME}(?:[ /](?:{_NAME}|de|la|el|al|of|and)){{0,4}}(?:, {_NAME}(?: {_NAME}){{0,2}}){{0,2}}"
_AGENCY = (
    rf"\((?P<agency>(?:[a-z]{{3}}|(?![A-Z]-)(?=\w\w){_NAME})(?:[ /](?:{_NAME}|of|and|&)){{0,3}})\)"
)
_DAY = rf"(?:{DATE.pattern}|{DAY.pattern})"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}),?\s+(?:(?P<before>(?i:{_DAY})),?\s+)?{_AGENCY}"
    rf"(?:,?\s+(?P<after>(?i:{_DAY})))?\s*(?P<dash>(?:--?|[–—]|:)\s+(?=\S)|$)"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says.

    ``published`` is a full date; ``day`` is what stands there where the year is missing.  It is
    ``alone`` on its line, or the story goes on after it.
    """

    place: str
    agency: str
    published: str | None
    day: str | None
    alone: bool


def read_dateline(line: str) -> Dateline | None:
    """The dateline that ``line`` is or begins with; None if there is none.

    A line of its own needs a date: a name and another in brackets can be many things.

    >>> read_dateline("LIMA, May 3 (Andes Wire) -- Rain fell.").agency
    'Andes Wire'
    """
    match = _DATELINE.match(line)
    if not match:
        return None
    when = match["before"] or match["after"]
    alone = not match["dash"]
    if alone and not when:
        return None
    published = find_date(when) if when else None
    return Dateline(match["place"], match["agency"], published, None if published else when, alone)
