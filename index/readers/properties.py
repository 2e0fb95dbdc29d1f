"""A document's properties: sometimes metadata, often what the program that made it puts there."""

from __future__ import annotations

import re

_NO_TITLE = re.compile(
    r"(?:untitled|document|unnamed|title|slide|book)[\s\d-]*|microsoft (?:word|powerpoint|excel)\b.*"
    r"|\S+\.[a-z]{2,5}|.*\.(?:docx?|pdf|indd|qx[pd]|rtf|odt|txt|html?|pages|tex|dvi)"
    r"|(?:https?|file):\S+|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:admin\w*|(?:author|owner|user)\d*|unknown|anonymous|default|python-docx|root|pc|home|scanner)"
    r"|.*\b(?:microsoft|adobe|office|writer|latex|acrobat|user)\b.*|[\W\d_]*",
    re.IGNORECASE,
)


def title(value: object) -> str | None:
    """``value`` if a person may have written it as a title.

    >>> title("Rates rise again"), title("Microsoft Word - draft2.doc"), title("untitled")
    ('Rates rise again', None, None)
    """
    return _unless(_NO_TITLE, value)


def author(value: object) -> str | None:
    """``value`` if it may be a person's name.

    >>> author("Ann Lee"), author("Microsoft Office User"), author("admin")
    ('Ann Lee', None, None)
    """
    return _unless(_NO_AUTHOR, value)


def _unless(pattern: re.Pattern[str], value: object) -> str | None:
    text = " ".join(value.split())[:300] if isinstance(value, str) else ""
    return None if pattern.fullmatch(text) else text
