"""Words to HTML: the one place where text of articles and people is made harmless."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode, urlsplit

from qa.wording import Named, day, headline, outlet

_SURROGATE = re.compile("[\ud800-\udfff]")
# An escaped character of Markdown, or the marker of a citation.
_MARKDOWN = re.compile(r"\\([^\sA-Za-z0-9])|\[(\d+)\]")


def escape(text: str) -> str:
    """``text`` as HTML that shows exactly it, in an element or in a quoted attribute.

    >>> escape("<b onclick='x'>")
    '&lt;b onclick=&#x27;x&#x27;&gt;'
    """
    # Half a surrogate pair cannot be sent as UTF-8.  A lone CR would come out as a line feed.
    return _SURROGATE.sub("\ufffd", html.escape(text)).replace("\r", "&#13;")


def isolated(text: str) -> str:
    """Like ``escape``, on one line, and so that its writing direction affects nothing around it."""
    return f"<bdi>{escape(' '.join(text.split()))}</bdi>"


def marked(text: str, start: int, end: int) -> str:
    """``text`` with ``text[start:end]`` marked."""
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def tightened(marked_text: str) -> str:
    """HTML of ``marked`` with small gaps in place of the blank lines around the mark."""
    return re.sub(r"\n\s*\n(?![^<]*</mark>)", '<span class="gap"></span>', marked_text)


def unfinished(markdown: str) -> str:
    """The text of an answer that is still being written, as HTML.

    Of Markdown only escaped characters and markers are read; all else shows as it is.

    >>> unfinished(r"seven \\[7\\] [1]")
    'seven [7] <span class="cite">[1]</span>'
    """
    pieces, last = [], 0
    for match in _MARKDOWN.finditer(markdown):
        pieces.append(escape(markdown[last : match.start()]))
        char, number = match.groups()
        pieces.append(escape(char) if char else f'<span class="cite">[{number}]</span>')
        last = match.end()
    return "".join([*pieces, escape(markdown[last:])])


def web_address(url: str | None) -> str | None:
    """``url`` if it is a web address one may follow; None for ``javascript:`` and the like."""
    if not url or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def web_link(url: str | None, words: str) -> str:
    """A link to the web in a new tab, or nothing if ``url`` is not to be followed."""
    address = web_address(url)
    if address is None:
        return ""
    return (
        f'<a class="web" href="{escape(address)}" target="_blank" rel="noopener noreferrer">'
        f'{escape(words)}<span class="sr-only"> (opens in a new tab)</span></a>'
    )


def byline(article: Named, *, author: bool = False) -> str:
    """``Iraq News · 15 November 2020``."""
    words = [isolated(outlet(article))]
    if article.published:
        stamp, words_of_day = escape(article.published), escape(day(article.published))
        words.append(f'<time datetime="{stamp}">{words_of_day}</time>')
    else:
        words.append("undated")
    if author and article.source and article.author:
        words.append(f"by {isolated(article.author)}")
    return f'<p class="byline">{" <span aria-hidden=true>·</span> ".join(words)}</p>'


def opener(article_id: str, words: str, turn: int | None = None, number: int | None = None) -> str:
    """A button that opens an article in the reading pane; ``words`` is HTML.

    With ``turn`` and ``number`` it opens at that quote, whose words this article has, too.
    """
    quote = "" if turn is None else f' data-turn="{turn}" data-read="{number}"'
    return (
        f'<button type="button" class="opens" data-article="{escape(article_id)}"{quote}>'
        f"{words}</button>"
    )


def article_path(article_id: str, start: int | None = None, end: int | None = None) -> str:
    """The address of an article on this page, at a quote, for an attribute.

    >>> article_path("a&b", 3, 9)
    '/?article=a%26b&amp;start=3&amp;end=9'
    """
    place = {} if start is None else {"start": start, "end": end}
    # Half a surrogate pair is no UTF-8: with it the link leads to no article, and breaks nothing.
    return escape("/?" + urlencode({"article": article_id, **place}, errors="replace"))


def title_of(article: Named) -> str:
    """The headline as HTML."""
    return isolated(headline(article))


def as_sentence(message: str) -> str:
    """An error's line for the page.  For a shell, where it follows a colon, it starts small.

    >>> as_sentence("no article in seeds")
    'No article in seeds.'
    """
    message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "!", "?", "…")) else message + "."
