"""Text as it was meant: letters that were decoded wrongly, invisible characters, wrapped lines.

This comes before everything else, because the offsets of citations count characters of its result.
"""

from __future__ import annotations

import html
import re
import unicodedata

from index.unwrap import unwrap

# What UTF-8 read as a Western or Cyrillic code page, or as Mac Roman, looks like: a letter that
# stands for a first byte, then a character that stands for a second.  ftfy's own test costs more
# than all the rest of the repair, so only lines with such a pair are shown to it.
_MAY_BE_MOJIBAKE = re.compile(
    r"[À-ôĂăÎŃ][\x80-¿ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™ĽľŤťŻżĄąŁł˘˙]"
    r"|[РСГВ][\x80-¿Ђ-Џѓђ-џ‚-™Ґґ€№]|[√‚][Ä-ü±∞§®©†°¢£•¶ß´¨≠]"
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
_SOFT_HYPHEN = re.compile(r"\xad[ \t]*\n?[ \t]*")
# U+200C and U+200D shape letters of Arabic and Indic scripts and join emoji; elsewhere they are
# as invisible as the others.
_JOINER_IN_PLACE = re.compile(
    "(?<=[\u0600-\u109f\u1780-\u17ff\ufe0f\U0001f300-\U0001faff])"
    "[\u200c\u200d]"
    "(?=[\u0600-\u109f\u1780-\u17ff\u2600-\u27bf\U0001f300-\U0001faff])"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_TRAILING = re.compile(r" +$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def repair(text: str) -> str:
    """``text`` with the letters, spaces and paragraphs that it was written with.

    >>> repair("The caf\u00c3\u00a9 is\u00a0open\u200b again.")
    'The café is open again.'
    """
    return unwrap(characters(text))


def characters(text: str) -> str:
    """``text`` repaired but for its lines, which stay as they are."""
    if "&" in text and "<" not in text:
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    text = _LINE_END.sub("\n", text)
    if not text.isascii():
        if _MAY_BE_MOJIBAKE.search(text):
            text = "\n".join(map(_decoded_again, text.split("\n")))
        text = _SOFT_HYPHEN.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _without_stray_joiners(text)
        else:
            text = _INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFC", text)
    elif _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    if "\t" in text or not text.isascii():
        text = _SPACE.sub(" ", text)
    if " \n" in text:
        text = _TRAILING.sub("", text)
    return _BLANK_LINES.sub("\n\n", text).strip("\n").rstrip()


def _decoded_again(line: str) -> str:
    if not _MAY_BE_MOJIBAKE.search(line):
        return line
    import ftfy  # takes a tenth of a second, and few texts need it

    # Encoding alone: quotes, ligatures and wide letters are the author's own.
    return ftfy.fix_encoding(line)


def _without_stray_joiners(text: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _JOINER_IN_PLACE.finditer(text):
        parts += _INVISIBLE.sub("", text[end : match.start()]), match.group()
        end = match.end()
    return "".join([*parts, _INVISIBLE.sub("", text[end:])])
