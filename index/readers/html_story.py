"""The story on a page: the paragraphs of its text, without what the page puts around them.

trafilatura tells the story from the page.  It decides by the share of links, so links that belong
to a sentence are made plain text first, and blocks of nothing but links are taken out, which it
keeps where they stand inside the story.  Its strict mode is used: on half of the pages that
benchmarks/extraction.py measures it was better than the balanced one, and on the other half, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import cast

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import bare_extraction

_BLOCKS = frozenset(
    "address article aside blockquote body center code dd div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hr item lb li list main nav ol p pre quote row section "
    "table tbody td th thead tr ul".split()
)
_INVISIBLE = "script style svg template noscript iframe link meta".split()
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟][\"'”’»)\]]*$")
_LABEL = re.compile(r"[^:]{2,40}:\s*")
_FEW_CHARACTERS = 80  # a brief has more, and so has the first paragraph of any story
_FULL_PARAGRAPH = 200
_MUCH = 1_000
_MANY_ELEMENTS = 5_000  # from here on the time that the thorough way takes is felt: it is quadratic
# Words with which walls, forms and players speak to their visitor.
_WALL = re.compile(
    r"\bcookies?\b|consent\b|personali[sz]ed|advertis(?:ing|ements?)|partners\b|ad ?-?block|javascript"
    r"|your (?:browser|device|data|choices|preferences|account|privacy)|privacy (?:policy|notice)"
    r"|terms of (?:use|service)|log ?in\b|sign ?(?:in|up)\b|subscri(?:be|ption)|newsletter|register\b"
    r"|video (?:player|content|ad)|this (?:ad|video|player)\b|loading|playback|captcha|robot\b",
    re.IGNORECASE,
)
_TO_THE_READER = re.compile(r"\b(?:you|your|we|our|us|this (?:ad|video|page|site))\b", re.IGNORECASE)


def story_of(tree: HtmlElement, titles: Iterable[str], stated: str | None) -> str | None:
    """The story's paragraphs, a blank line between; None if the page has none.

    ``titles`` are what the page calls itself; the story starts below them.  ``stated`` is the text
    that the page's data give for the story, which counts where the page shows only a part of it.
    Changes the tree.
    """
    shown = _prepare(tree)
    paragraphs = _extract(tree, fast=True)
    if sum(1 for _ in tree.iter()) <= _MANY_ELEMENTS:
        # The thorough way compares two more algorithms, and differs only where the first found little.
        if _size(paragraphs) < max(shown / 2, _FEW_CHARACTERS):
            paragraphs = max(paragraphs, _extract(tree, fast=False), key=_size)
        if _size(paragraphs) < _FEW_CHARACTERS:
            paragraphs = max(paragraphs, _extract(tree, fast=False, strict=False), key=_size)
    if stated and _size(stated_paragraphs := _stated_paragraphs(stated)) > 2 * _size(paragraphs):
        paragraphs = stated_paragraphs
    paragraphs = _below_title(paragraphs, titles)
    return "\n\n".join(paragraphs) if _is_story(paragraphs) else None


def _extract(tree: HtmlElement, *, fast: bool, strict: bool = True) -> list[str]:
    document = bare_extraction(tree, fast=fast, favor_precision=strict, include_comments=False)
    return [] if document is None or isinstance(document, dict) else _paragraphs(document.body)


def _prepare(tree: HtmlElement) -> int:
    """Take out and mend what misleads trafilatura; the number of characters in full paragraphs."""
    for element in list(tree.iter(_INVISIBLE)):
        _drop(element)
    for element in tree.iter("div", "article", "section", "main", "td", "center"):
        _split_at_breaks(element)
    for element in list(tree.iter("a")):
        if next(element.iter(_HEADINGS), None) is not None:  # a teaser's card
            _drop(element)
    # From the last to the first, so that the innermost list comes first.
    for element in reversed(list(tree.iter("ul", "ol"))):
        if element.find(".//ul") is None and element.find(".//ol") is None and _is_link_list(element):
            _drop(element)
    shown = 0
    for paragraph in list(tree.iter("p")):
        text = _text(paragraph)
        if len(text) >= _FEW_CHARACTERS:
            shown += len(text)
        links = [link for link in paragraph.iter("a") if link.get("href")]
        if not links:
            continue
        linked = _linked(links)
        if linked < len(text) / 2 and (_SENTENCE_END.search(text) or len(text) >= _FEW_CHARACTERS):
            etree.strip_tags(paragraph, "a")
        elif linked >= 0.9 * (len(text) - _label(text, links)) and not _SENTENCE_END.search(text):
            _drop(paragraph)
    return shown


def _split_at_breaks(element: HtmlElement) -> None:
    """Make paragraphs of text that stands in a block of its own and is parted by empty lines."""
    if element.find("br") is None:
        return
    own = (element.text or "") + "".join(child.tail or "" for child in element)
    if len(own.strip()) < _FEW_CHARACTERS:
        return
    parts: list[HtmlElement] = []
    line: list[HtmlElement | str] = []  # of the paragraph that is being put together

    def finish() -> None:
        if any(not isinstance(piece, str) or piece.strip() for piece in line):
            parts.append(_paragraph_of(element, line))
        line.clear()

    breaks = 0
    line.append(element.text or "")
    element.text = None
    for child in list(element):
        tail, child.tail = child.tail or "", None
        element.remove(child)
        if child.tag == "br":
            breaks += 1
            line.append(" ")
            if breaks > 1:
                finish()
        elif any(part.tag in _BLOCKS for part in child.iter()):
            finish()
            parts.append(child)
        else:
            line.append(child)
            breaks = 0
        line.append(tail)
        breaks = 0 if tail.strip() else breaks
    finish()
    element.extend(parts)


def _paragraph_of(parent: HtmlElement, pieces: Iterable[HtmlElement | str]) -> HtmlElement:
    paragraph = parent.makeelement("p")
    last: HtmlElement | None = None
    for is_text, run in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if not is_text:
            children = list(run)
            paragraph.extend(children)
            last = children[-1]
        elif last is None:
            paragraph.text = "".join(cast("Iterable[str]", run))
        else:
            last.tail = "".join(cast("Iterable[str]", run))
    return paragraph


def _is_link_list(element: HtmlElement) -> bool:
    text = _text(element)
    links = [link for link in element.iter("a") if link.get("href")]
    if not text or _linked(links) < 0.85 * len(text):
        return False
    items = [_text(item) for item in element.iter("li")]
    return not any(len(item) >= _FEW_CHARACTERS and _SENTENCE_END.search(item) for item in items)


def _label(text: str, links: Sequence[HtmlElement]) -> int:
    """The length of a label such as "Related: " in front of the first link."""
    match = _LABEL.match(text)
    return match.end() if match and not _text(links[0]).startswith(match.group().rstrip()) else 0


def _linked(links: Iterable[HtmlElement]) -> int:
    return sum(len(_text(link)) for link in links)


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _paragraphs(body: etree._Element) -> list[str]:
    """The text of each block, a row of a table being one."""
    found: list[str] = []
    words: list[str] = []

    def finish() -> None:
        if line := " ".join("".join(words).split()):
            found.append(line)
        words.clear()

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS:
            finish()
        elif element.tag == "cell" and event == "start" and words:
            words.append(" | ")
        elif element.tag == "br":
            words.append(" ")
        words.append((element.text if event == "start" else element.tail) or "")
    finish()
    return found


def _stated_paragraphs(text: str) -> list[str]:
    if "<" in text or "&" in text:
        try:
            return _paragraphs(fragment_fromstring(text, create_parent="div"))
        except (etree.LxmlError, ValueError):
            return []
    return [line for part in text.splitlines() if (line := " ".join(part.split()))]


def _below_title(paragraphs: list[str], titles: Iterable[str]) -> list[str]:
    """Without the title, which the article has beside its text, and names of sections above it."""
    folded = {_fold(title) for title in titles} - {""}
    for number, paragraph in enumerate(paragraphs[:6]):
        words = _fold(paragraph)
        # The page's own title carries the outlet's name at its end.
        if words in folded or (len(words) > 15 and any(title.startswith(words) for title in folded)):
            above = [line for line in paragraphs[:number] if _is_sentence(line)]
            return above + paragraphs[number + 1 :]
    return paragraphs


def _is_story(paragraphs: Iterable[str]) -> bool:
    """Whether there are sentences, and not mostly those of a wall, a form or a player.

    Much that is told is a story whatever stands around it: people in the news say "we" and "our", too.
    """
    sentences = [line for line in paragraphs if _is_sentence(line)]
    told = _size(line for line in sentences if not _is_wall(line))
    return told >= min(max(_FEW_CHARACTERS, _size(sentences) / 4), _MUCH)


def _is_wall(line: str) -> bool:
    words = {match.group().lower() for match in _WALL.finditer(line)}
    return len(words) > 2 or (bool(words) and bool(_TO_THE_READER.search(line)))


def _is_sentence(line: str) -> bool:
    return len(line) >= _FULL_PARAGRAPH or (len(line) >= 40 and bool(_SENTENCE_END.search(line)))


def _size(paragraphs: Iterable[str]) -> int:
    return sum(map(len, paragraphs))


def _fold(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())
