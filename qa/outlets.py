"""Which outlets a question names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

_SECTION = re.compile(r"\s[-–|]\s|:\s")  # "Lake News - Health", "Alpine Courier | First in Snow"
_DOMAIN = re.compile(r"\.(?:com|org|net|co\.\w\w|\w\w)$", re.IGNORECASE)
_KIND = re.compile(r"\s(?:News|Online|Magazine|Newspaper|Newswire|TV)$", re.IGNORECASE)
_THE = re.compile(r"^the\s+", re.IGNORECASE)
# Last words by which newspapers are called; "the World" or "the US" is seldom one.
_CALLED = re.compile(
    r"Times|Post|Journal|Tribune|Herald|Guardian|Courier|Chronicle|Telegraph|Observer|Gazette|Globe"
    r"|Examiner|Inquirer|Mail|Mirror|Express|Standard|Independent|Register|Ledger|Dispatch|Star|Bee",
    re.IGNORECASE,
)
_VOWEL_INSIDE = re.compile(r"[aeiouy]", re.IGNORECASE)  # what can be read as a word
_SHORTEST = 3  # letters of a name without the kind of its outlet: "US News" is not the US


def outlets_in(question: str, outlets: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Those of ``outlets`` that ``question`` names, in their order, and the question without the names.

    "Lake News" means "Lake News - Health", too.  A short form such as "the Times" counts where only
    one outlet can be meant.  A name of one word must be written as a name: a wired house is not
    Wired.

    >>> outlets_in("Did CNN agree with the Courier?", ["CNN", "Lindau Courier", "Wired"])
    (('CNN', 'Lindau Courier'), 'Did   agree with  ?')
    """
    outlets = tuple(outlets)
    found: set[str] = set()
    for name, named in _names(outlets):
        if name.lower() not in question.lower():
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        if any(_is_named(name, match.group()) for match in pattern.finditer(question)):
            found |= named
            question = pattern.sub(" ", question)
    return tuple(outlet for outlet in outlets if outlet in found), question


@lru_cache(maxsize=4)  # the outlets of an index are the same for each question
def _names(outlets: tuple[str, ...]) -> list[tuple[str, set[str]]]:
    """Each name with the outlets it means, the longest first: "Lake News - Health" is not all of it."""
    meant: dict[str, set[str]] = defaultdict(set)
    short: dict[str, set[str]] = defaultdict(set)
    for outlet in outlets:
        brand = _SECTION.split(outlet)[0].strip()
        bare = _KIND.sub("", brand)
        if len(bare) < _SHORTEST or not (bare.isupper() or " " in bare):
            bare = brand  # Lindau News is not Lindau
        for name in (outlet, brand, _DOMAIN.sub("", brand), bare):
            meant[_without_the(name)].add(outlet)
        *words, last = brand.split() or [""]
        if words and _CALLED.fullmatch(last):
            short[f"the {last}"].add(outlet)
    for name, named in short.items():
        if len({_SECTION.split(outlet)[0] for outlet in named}) == 1:
            meant[name] |= named
    return sorted(meant.items(), key=lambda entry: -len(entry[0]))


def _without_the(name: str) -> str:
    """``name`` without its article, unless a single word would be left: "The Age" is no age."""
    bare = _THE.sub("", name, count=1) if _THE.match(name) else name
    return bare if " " in bare else name


def _is_named(name: str, text: str) -> bool:
    """Whether ``text``, the same but for its case, is written as a name is."""
    bare, written = _THE.sub("", name, count=1), _THE.sub("", text, count=1)
    if " " in bare:
        return True
    if bare.isupper():  # "cnn" is CNN, "us" and "time" are not: those have other meanings
        return written == bare or (len(bare) > 1 and not _VOWEL_INSIDE.search(written))
    return len(bare) > 1 and any(map(str.isupper, written))
