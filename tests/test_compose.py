"""From quotes to sentences: what is marked in them, and how each is introduced."""

from __future__ import annotations

from pathlib import Path

from index import open_index
from index.scope import Scope
from qa.answer import Citation
from qa.compose import citations, sentences
from qa.quote import Quote
from qa.reply import Reply
from tests.quoted import article, quote


def cited(index_dir: Path, question: str, *quotes: Quote) -> tuple[Citation, ...]:
    """Citations of the quotes, whose articles have no copies in the index."""
    reply = Reply(question, quotes, quotes, 1.0, None)
    with open_index(index_dir) as index:
        return citations(quotes, [reply], [], index, Scope())


def test_nothing_is_marked_beside_a_correction(small_index: Path) -> None:
    question = "How many people visited the museum?"
    said = quote(article("post", "Some 900 people visited the museum."), 0, 6.0)
    wrong = article("mail", "We wrote that 900 people visited the museum.", "The correct figure is 90.")

    def marked(*quotes: Quote) -> list[bool]:
        return [citation.answer is not None for citation in cited(small_index, question, *quotes)]

    assert marked(said) == [True]
    start, end = wrong.sentences[0][0], wrong.sentences[1][1]
    assert marked(said, Quote(wrong, start, end, 6.0, 6.0)) == [False, False]


def test_who_asks_about_now_is_told_of_which_day_the_first_is_and_when_the_others_were(
    small_index: Path,
) -> None:
    new = quote(article("post", "The rate is 5 percent.", published="2023-11-03"), 0, 6.0)
    old = quote(article("mail", "The rate is 4 percent.", published="2023-04-07"), 0, 6.0)
    found = cited(small_index, "What is the rate now?", new, old)

    def introduced(*, about_now: bool) -> list[str | None]:
        said = sentences(found, [new, old], None, about_now=about_now)
        return [sentence.origin for sentence in said]

    assert introduced(about_now=True) == ["As of 3 November 2023, Post", "Mail, 7 April 2023"]
    assert introduced(about_now=False) == ["Post, 3 November 2023", "Mail, 7 April 2023"]
