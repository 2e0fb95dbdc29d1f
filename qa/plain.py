"""Text as plain words: one form of each character, nothing that does not show."""

from __future__ import annotations

import re
import unicodedata

# Comments, and tags, which is also how the special tokens of models look: <|im_end|>.
_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z|!][^<>]{0,300}>", re.DOTALL)


def plain(text: str) -> str:
    """``text`` on one line, in compatibility form (Unicode's NFKC), without tags and hidden characters.

    >>> plain("４２\u200b per <b>cent</b>\\n<!-- hidden -->")
    '42 per cent'
    """
    text = _TAG.sub(" ", unicodedata.normalize("NFKC", text))
    kept = (
        char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs")
    )
    return " ".join("".join(kept).split())
