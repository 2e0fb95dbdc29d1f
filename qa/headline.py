"""The headline that an article's quotes stand under, where it may tell what they leave out."""

from __future__ import annotations

from collections.abc import Callable

from index.article import Article
from qa.expected import Kind, expected, of_kind

LONGEST = 25  # words: what is longer is a text, and takes the place of a quote


def telling_headline(
    article: Article, question: str, quote: str, telling_words: Callable[[str], set[str]]
) -> str | None:
    """The title of ``article``, on one line, where it adds to what ``quote`` says to ``question``.

    It is about the same, names what the quote does not, and has other words of the kind that is asked
    for: a number where a number is.  None also for an article without outlet and author, for which its
    title stands.
    """
    title = " ".join((article.title or "").split())
    by = " ".join(filter(None, (article.source, article.author)))
    if not by or len(title.split()) > LONGEST:
        return None
    if not telling_words(title) & telling_words(question):
        return None
    beside = f"{by}. {quote}"
    if not of_kind(Kind.NAME, beside, title):
        return None
    kind = expected(question)
    return title if kind is None or of_kind(kind, f"{question} {beside}", title) else None
