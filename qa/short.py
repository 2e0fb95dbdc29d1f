"""Where in a quote the number or the day stands that was asked for, by its words and by the reader."""

from __future__ import annotations

from index.sentences import Span
from qa.expected import Kind, expected, of_kind, part_of, said_of_it, short_answer
from qa.instructions import instructs
from qa.quote import Quote
from qa.wordforms import content_words

POINTED = 2.0  # the reader's logit from which it says which number is meant


def answer_in(question: str, quote: Quote) -> Span | None:
    """Where in ``quote.text`` the short answer to ``question`` stands, if that can be told.

    "How many were rescued?" is not answered by how many drowned: the quote must have what the question
    says of what it counts.  Where the reader points at something in it, that must be the number or day.
    """
    kind = expected(question)
    if kind not in (Kind.NUMBER, Kind.DAY) or instructs(quote.text):
        return None
    said = said_of_it(question)
    if said and not any(word.stem in said for word in content_words(quote.text)):
        return None
    if quote.pointed is None or (quote.words or 0.0) < POINTED:
        return short_answer(question, quote.text)
    first, last = (place - quote.start for place in quote.pointed)
    places = of_kind(kind, question, quote.text)
    inside = [place for place in places if place[0] < last and first < place[1]]
    pointed = {part_of(quote.text, place, places) for place in inside}
    return pointed.pop() if len(pointed) == 1 else None
