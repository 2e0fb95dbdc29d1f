"""From quotes to an answer: sentences in a readable order, each with its citation."""

from __future__ import annotations

from collections.abc import Sequence

from index.generation import Index
from index.scope import Scope
from qa.answer import ArticleRef, Citation, Sentence
from qa.choose import same_words
from qa.differ import Difference
from qa.expected import expected, of_kind
from qa.hits import Hit
from qa.quote import CORRECTS, Quote
from qa.reply import Reply
from qa.short import answer_in
from qa.wording import origin

AROUND = 3  # sentences before and after a quote that are shown with it
TELLING = 8  # words of a quote that do not stand in another story by chance
_INNER = str.maketrans("“”„«»", "‘’‚‹›")  # quotation marks inside of others


def citations(
    quotes: Sequence[Quote], answered: Sequence[Reply], hits: Sequence[Hit], index: Index, scope: Scope
) -> tuple[Citation, ...]:
    """A numbered citation for each of ``quotes``, which are those of the replies in ``answered``.

    What else was read and the ``hits`` tell which other articles say the same.
    """
    read = [quote for reply in answered for quote in reply.read]
    marks = {place: mark for reply in answered for place, mark in _marks(quotes, reply).items()}
    return tuple(
        _citation(number, quote, marks.get(number), _also_in(quote, read, hits, index, scope))
        for number, quote in enumerate(quotes, start=1)
    )


def sentences(
    cited: Sequence[Citation],
    quotes: Sequence[Quote],
    difference: Difference | None,
    *,
    about_now: bool,
) -> tuple[Sentence, ...]:
    """The sentences of an answer: first how the articles differ, if they do, then the quotes.

    ``cited`` are the citations of ``quotes``; those of an article stand under its first one's headline.
    Who asks about now is told of which day the first are.
    """
    headlines: dict[str, str | None] = {}
    for quote in quotes:
        headlines.setdefault(quote.hit.article.id, quote.headline)
    first = (cited[0].published or "")[:10] if cited else ""
    said = [
        _quoted(
            citation,
            headlines[citation.article_id],
            as_of=about_now and (citation.published or "").startswith(first),
        )
        for citation in cited
    ]
    if difference:
        said.insert(0, Sentence(str(difference), tuple(citation.number for citation in cited)))
    return tuple(said)


def _quoted(citation: Citation, headline: str | None, *, as_of: bool) -> Sentence:
    said = origin(citation, as_of=as_of)
    if headline:  # no mark in it may look like its end
        said += f", in “{headline.translate(_INNER)}”"
    return Sentence(citation.quote, (citation.number,), said)


def _marks(quotes: Sequence[Quote], reply: Reply) -> dict[int, tuple[int, int]]:
    """By the number of a quote, where in its article the short answer to the reply's question stands.

    None is marked where another article's quote has words of the same kind that may be meant as well,
    or where a quote corrects what was said.
    """
    if any(CORRECTS.search(quote.text) for quote in quotes):
        return {}
    kind = expected(reply.question)
    difference = reply.difference.quotes if reply.difference else ()
    marks: dict[int, tuple[int, int]] = {}
    marked: set[str] = set()
    unclear: set[str] = set()
    for number, quote in enumerate(quotes, start=1):
        own = any(map(quote.overlaps, (*reply.quotes, *difference)))
        if kind is None or not own or quote.score < 0:
            continue
        if place := answer_in(reply.question, quote):
            marks[number] = quote.start + place[0], quote.start + place[1]
            marked.add(quote.hit.article.id)
        elif of_kind(kind, reply.question, quote.text):
            unclear.add(quote.hit.article.id)
    return marks if unclear <= marked else {}


def _citation(
    number: int,
    quote: Quote,
    answer: tuple[int, int] | None,
    also_in: tuple[ArticleRef, ...],
) -> Citation:
    article = quote.hit.article
    return Citation(
        number=number,
        article_id=article.id,
        title=article.title,
        source=article.source,
        author=article.author,
        published=article.published,
        url=article.url,
        path=article.path,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        passage=_around(quote),
        score=round(quote.score, 4),
        also_in=also_in,
        answer=answer,
    )


def _around(quote: Quote) -> str:
    """The quote with the sentences before and after it, as far as its passage reaches."""
    sentences = quote.hit.sentences
    first = max(sum(end <= quote.start for _, end in sentences) - AROUND, 0)
    last = min(sum(start < quote.end for start, _ in sentences) - 1 + AROUND, len(sentences) - 1)
    start, end = min(sentences[first][0], quote.start), max(sentences[last][1], quote.end)
    return quote.hit.article.text[start:end]


def _also_in(
    quote: Quote, read: Sequence[Quote], hits: Sequence[Hit], index: Index, scope: Scope
) -> tuple[ArticleRef, ...]:
    """Copies of the quoted article, and other articles found, that say it in the same words."""
    article = quote.hit.article
    copies = index.store.family(article.family, scope) if article.family else []
    others = {other.id: other for other in (*copies, *(hit.article for hit in hits))}
    telling = article.family is not None or len(quote.text.split()) >= TELLING
    alike = {other.hit.article.id for other in read if same_words(other.text, quote.text)}
    return tuple(
        ArticleRef.to(other)
        for other in others.values()
        if other.id != article.id and (other.id in alike or (telling and quote.text in other.text))
    )
