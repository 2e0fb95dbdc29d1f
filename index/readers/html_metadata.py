"""What a page says about its story: JSON-LD, OpenGraph and other meta tags, then what it shows.

A date is the article's only if the page states it as that: dates in copyright lines, addresses and
teasers of other articles are not.  Of trafilatura's metadata nothing is used: its dates are guesses
where there is no statement, and it takes the host for the outlet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain, dropwhile, islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from index.dates import DATE, to_iso

_Node = dict[str, Any]
_TITLE = ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline")
_SOURCE = ("publisher", "dc.publisher", "dcterms.publisher", "application-name")
_AUTHOR = ("author", "article:author", "byl", "dc.creator", "dcterms.creator", "parsely-author")
_PUBLISHED = (
    "article:published_time og:article:published_time datepublished parsely-pub-date sailthru.date "
    "article.published dc.date.issued dcterms.issued dcterms.created dc.date pubdate publishdate "
    "publish-date publish_date publication_date date"
).split()
_UPDATED = (
    "article:modified_time og:article:modified_time og:updated_time datemodified article.updated "
    "dcterms.modified"
).split()
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage")
_ARTICLES = frozenset(("blogposting", "report", "liveblogposting", "socialmediaposting"))
_ASIDE = frozenset(("aside", "nav", "footer", "figure"))
_INLINE = frozenset("a abbr b br em i img small span strong svg time".split())
_NO_BYLINE = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "script", "style"))
_STARTS_BYLINE = re.compile(r"(?:by|published|posted|updated|modified)\b", re.IGNORECASE)
_BYLINE = re.compile(r"(?:(?:written|reported|words)\s+)?by:?\s+(?=\S)", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s[|•·–—-]\s|,?\s+(?=\d)")
_SAYS_UPDATED = re.compile(r"updated|modified|last (?:edited|changed)", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
_AROUND_JSON = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)")
_LONG = 80  # characters: a paragraph of the story, no line above it
_FEW = 4  # words beside the date in a byline
_HEADER = 300  # elements from the headline on in which its byline stands
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known.  ``titles`` are all that the page calls itself, ``body`` its stated text."""

    titles: tuple[str, ...]
    title: str | None
    source: str | None
    author: str | None
    published: str | None
    updated: str | None
    url: str | None
    language: str | None
    body: str | None


def read_metadata(tree: HtmlElement, url: str | None) -> Metadata:
    """The metadata of a page that came from ``url``."""
    meta = _meta_tags(tree)
    headings = [line for element in tree.iter("h1") if (line := _text(element))]
    shown = [line for element in tree.iterfind(".//title") if (line := _text(element))][:1]
    address = _address(tree, meta, url)
    node = _article_node(tree, [*meta.get("og:title", ()), *headings, *shown], address)
    titles = [line for line in _strings(node, "headline") if not line.endswith(("...", "…"))]
    titles += [*_values(meta, _TITLE), *(headings if len(headings) == 1 else ()), *shown]
    titles = [title for title in titles if len(title) <= _LONGEST_TITLE]
    source = _source(node, meta)
    published = _date([*_strings(node, "datePublished"), *_values(meta, _PUBLISHED)])
    updated = _date([*_strings(node, "dateModified"), *_values(meta, _UPDATED)])
    if published is None:
        dates = list(_shown_dates(tree))
        published = next((date for date, is_update in dates if not is_update), None)
        updated = updated or next((date for date, is_update in dates if is_update), None)
    body = node.get("articleBody")
    return Metadata(
        titles=(*titles, *headings),
        title=titles[0] if titles else None,
        source=source,
        author=_author(tree, node, meta, source),
        published=published,
        updated=updated if updated and not (published or "").startswith(updated) else None,
        url=address,
        language=_language(tree, node, meta),
        body=body if isinstance(body, str) else None,
    )


def _meta_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of the meta tags, by their names in lower case."""
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        content = _line(tag.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _values(meta: dict[str, list[str]], wanted: Iterable[str]) -> list[str]:
    return [value for name in wanted for value in meta.get(name, ())]


def _article_node(tree: HtmlElement, titles: Iterable[str], url: str | None) -> _Node:
    """The article that the page's JSON-LD says the page is, with its references followed.

    Of several it is the one with the page's address or title: pages describe others, too.
    """
    nodes = [node for script in tree.iter("script") for node in _nodes(script)]
    articles = [node for node in nodes if _is_article(node)]
    folded = [_fold(title) for title in titles]

    def is_of_page(node: _Node) -> bool:
        headline = _fold(" ".join(_strings(node, "headline")))
        addresses = {*_strings(node, "url"), *_strings(node, "mainEntityOfPage")}
        return url in addresses or (
            len(headline) > 8 and any(title.startswith(headline) for title in folded)
        )

    article = next(filter(is_of_page, articles), articles[0] if len(articles) == 1 else {})
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}

    def follow(value: Any) -> Any:
        if isinstance(value, list):
            return list(map(follow, value))
        reference = value.get("@id") if isinstance(value, dict) and "name" not in value else None
        return by_id.get(reference, value) if isinstance(reference, str) else value

    return {key: follow(value) for key, value in article.items()}


def _nodes(script: HtmlElement) -> Iterator[_Node]:
    if "ld+json" not in (script.get("type") or "").lower() or not script.text:
        return
    try:
        # Raw line ends in strings, comment marks around and semicolons behind are common.
        text = _AROUND_JSON.sub("", script.text).strip()
        content, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return
    for item in _items(content):
        if isinstance(item, dict):
            yield item
            inner = (part for key in _HOLDERS for part in _items(item.get(key)))
            yield from (part for part in inner if isinstance(part, dict))


def _is_article(node: _Node) -> bool:
    kinds = (str(kind).lower() for kind in _items(node.get("@type")))
    return any(kind.endswith("article") or kind in _ARTICLES for kind in kinds)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _strings(node: _Node, key: str) -> list[str]:
    """The strings under ``key``, or the names of the things there."""
    found: list[Any] = []
    for item in _items(node.get(key)):
        name = item.get("name") or item.get("@id") if isinstance(item, dict) else item
        found += _items(name)
    return [line for part in found if isinstance(part, str) and (line := _line(part))]


def _source(node: _Node, meta: dict[str, list[str]]) -> str | None:
    """What the site calls itself; its publisher may be the company behind it."""
    found = [*meta.get("og:site_name", ()), *_strings(node, "publisher"), *_values(meta, _SOURCE)]
    found = [name for name in found if "://" not in name and not name.startswith(("@", "//", "#"))]
    # "example.com" is a name only where there is no better one.
    return next((name for name in found if " " in name or "." not in name), None) or next(
        iter(found), None
    )


def _author(
    tree: HtmlElement, node: _Node, meta: dict[str, list[str]], source: str | None
) -> str | None:
    stated = (_strings(node, "author"), _values(meta, _AUTHOR))
    for found in chain(stated, map(_bylines, [tree])):  # which takes longer, and is seldom needed
        known = dict.fromkeys(_BYLINE.sub("", name, count=1).strip(" ,;|") for name in found)
        outlet = _fold(source or "")
        authors = [name for name in known if _fold(name) not in ("", outlet) and _is_name(name)]
        if authors:
            return ", ".join(authors)
    return None


def _is_name(words: str) -> bool:
    """Not an address, a profile, or a byline's date."""
    return len(words) <= _LONG and not re.search(r"[/@#\d]", words)


def _bylines(tree: HtmlElement) -> list[str]:
    """The names that the page marks as its author's, by the first kind of mark that it uses."""
    for path in (".//*[@rel='author']", ".//*[@itemprop='author']"):
        marks = [mark for mark in tree.iterfind(path) if not _is_beside(mark)]
        if found := [" ".join(" ".join(mark.itertext()).split()) for mark in marks]:
            return found
    for element in tree.iter("p", "div", "span", "address"):
        if "byline" in (element.get("class") or "").lower() and not _is_beside(element):
            line = _text(element)
            if (match := _BYLINE.match(line)) and len(line) <= _LONG:
                return [_AFTER_NAME.split(line[match.end() :])[0]]
    return []


def _date(stated: Iterable[str]) -> str | None:
    """The first full date.  That of 1970 is an empty field of a database."""
    dates = (to_iso(value) for value in stated if len(value) <= _LONG)
    return next((date for date in dates if date and not date.startswith(("1970-01-01", "000"))), None)


def _shown_dates(tree: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The dates about the headline, above the story's first paragraph; whether each is an update's."""
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        return  # then none of them is known to be the story's
    around = set(headings[0].iterancestors())
    article = next(headings[0].iterancestors("article"), None)
    start = headings[0] if article is None else article
    below = False
    for element in islice(dropwhile(lambda element: element is not start, tree.iter()), _HEADER):
        below = below or element is headings[0]
        if element in around or element.tag in _NO_BYLINE:
            continue
        is_line = all(child.tag in _INLINE for child in element)
        line = _text(element) if is_line else _line(element.text or "")
        if below and element.tag == "p" and len(line) >= _LONG:
            return
        date = to_iso(element.get("datetime") or "") if element.tag == "time" else None
        if date is None and len(line) <= _LONG and (match := DATE.search(line)):
            words = len(line.split()) - len(match.group().split())
            is_byline = words <= _FEW or _STARTS_BYLINE.match(line) or element.tag == "time"
            date = to_iso(match.group()) if is_byline else None
        if date and not _is_beside(element):
            marks = (_before(element), line[:20], element.get("itemprop"), element.get("class"))
            yield date, bool(_SAYS_UPDATED.search(" ".join(filter(None, marks))))


def _before(element: HtmlElement) -> str:
    """The few words in front of an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return (_text(previous) + (previous.tail or ""))[-30:]
    return ((parent.text if parent is not None else "") or "")[-30:]


def _address(tree: HtmlElement, meta: dict[str, list[str]], url: str | None) -> str | None:
    links = (link.get("href") or "" for link in tree.iter("link") if link.get("rel") == "canonical")
    base = url or next(iter(meta.get("og:url", ())), "")
    found: list[str] = []
    for candidate in (*links, *meta.get("og:url", ()), url or ""):
        try:
            address = urljoin(base, candidate.strip())
            parts = urlsplit(address)
            if parts.scheme in ("http", "https") and parts.hostname:
                found.append(address)
        except ValueError:
            continue
    # Some sites name their front page as the canonical address of every page.
    pages = (address for address in found if urlsplit(address).path not in ("", "/"))
    return next(pages, found[0] if found else None)


def _language(tree: HtmlElement, node: _Node, meta: dict[str, list[str]]) -> str | None:
    found = [*_strings(node, "inLanguage"), tree.get("lang") or tree.get("xml:lang") or ""]
    found += [*meta.get("content-language", ()), *meta.get("og:locale", ())]
    matches = (_LANGUAGE.fullmatch(name.strip().lower()) for name in found)
    return next((match[1] for match in matches if match), None)


def _is_beside(element: HtmlElement) -> bool:
    return any(ancestor.tag in _ASIDE for ancestor in element.iterancestors())


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _line(value: str) -> str:
    return " ".join(unescape(value).split())


def _fold(line: str) -> str:
    return "".join(char for char in line.casefold() if char.isalnum())
