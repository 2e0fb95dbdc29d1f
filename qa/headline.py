"""The headline that an article's quotes stand under, where it may tell what they leave out."""

from __future__ import annotations

from collections.abc import Callable

from index.article import Article
from qa.expected import expected, of_kind
from qa.names import names_in
from qa.wordforms import folded

LONGEST = 25  # words: what is longer is a text, and takes the place of a quote


def telling_headline(
    article: Article, question: str, quote: str, telling_words: Callable[[str], set[str]]
) -> str | None:
    """The title of ``article``, on one line, where it adds to what ``quote`` says to ``question``.

    It is about the same, names what the quote does not, and has words of the kind that is asked for: a
    number where a number is.  None also for an article without outlet and author, which its title
    stands for.
    """
    title = " ".join((article.title or "").split())
    named = article.source or article.author
    if not named or len(title.split()) > LONGEST:
        return None
    if not telling_words(title) & telling_words(question):
        return None
    said = folded(quote)
    if all(folded(name.text) in said for name in names_in(title)):
        return None
    kind = expected(question)
    return title if kind is None or of_kind(kind, question, title) else None
