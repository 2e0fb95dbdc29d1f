"""The last look at an answer: every sentence cited, every quote verbatim."""

from __future__ import annotations

from index.errors import IndexUnavailableError
from index.generation import Index
from qa.answer import Answer


def verify(answer: Answer, index: Index) -> None:
    """Check ``answer`` against the articles themselves.

    Raises IndexUnavailableError if a quote does not stand in its article, word for word, or a
    sentence has no citation: then index or program is broken, and no answer is better than this.
    """
    numbers = {citation.number for citation in answer.citations}
    for sentence in answer.sentences:
        if not sentence.citations or not numbers.issuperset(sentence.citations):
            raise IndexUnavailableError(
                "a sentence of the answer has no citation; this is a fault of the program, "
                f"please report it with the question: {answer.question}"
            )
    for citation in answer.citations:
        article = index.article(citation.article_id)
        if not citation.quote or article.text[citation.start : citation.end] != citation.quote:
            raise IndexUnavailableError(
                f"a quote does not stand in its article {citation.article_id}; the index is "
                "damaged: make it anew with 'qa rebuild'"
            )
