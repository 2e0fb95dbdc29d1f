"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

Span = tuple[int, int]

_LINE_END = re.compile(r"\n\s*")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;][\"'”’)\]]*$")
# A word and its full stop, and what is next to them.
_PLAIN_END = re.compile(r"([^\W\d_]{2,})\.(?:\s+\S+|[\"”’])")
# What Punkt's model, which has learned from other newspapers, takes for the end of a sentence.
_TITLE = re.compile(
    r"\b(?:Atty|Capt|Cmdr|Col|Cpl|Det|Dr|Gen|Gov|Hon|Lt|Maj|Mr|Mrs|Ms|Msgr|Mt|Prof|Pvt|Rep|Rev|Sen|Sgt|St|Supt)\.$"
)
_NUMBER = re.compile(r"\bNos?\.$")
_HOUR = re.compile(r"\b[ap]\.m\.$")
_ZONE = re.compile(r"(?:[A-Z]{2,4}|Eastern|Central|Pacific|local)\b")
_INITIALS = re.compile(r"(?<![\w.])(?!U\.S\.|U\.K\.|U\.N\.|E\.U\.|D\.C\.|L\.A\.)(?:[A-Z]\.){2,3}$")
_NAME = re.compile(
    r"(?!(?:An?|And|As|At|But|For|He|Her|His|I|If|In|It|On|She|That|The|Their|There|These|They|This|We|When"
    r"|While|You)\b)[^\W\d_]"
)
_NEAR = 16  # characters on each side of an end that tell: more than any of these words has
_HEADING = 60  # a line this short is not one that was wrapped for its width


def sentence_spans(text: str) -> list[Span]:
    """``[start, end)`` of each sentence, in order and without the white space around it.

    Paragraphs and headings end sentences; inside them NLTK's Punkt (Kiss and Strunk 2006,
    "Unsupervised multilingual sentence boundary detection") finds the ends, but for those that are
    none in English news.

    >>> [(start, end) for start, end in sentence_spans("He met Gov. Ann Lee. She was No. 3.")]
    [(0, 20), (21, 35)]
    """
    spans: list[Span] = []
    for start, end in _block_spans(text):
        for first, last in _sentences(text[start:end]):
            spans.append((start + first, start + last))
    return spans


@lru_cache(maxsize=4096)  # an article's sentences are asked for twice: whole, and by the splitter
def _sentences(block: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for start, end in _punkt().span_tokenize(block):
        last = spans[-1][1] if spans else 0
        if spans and _goes_on(block[max(last - _NEAR, 0) : last], block[start : start + _NEAR]):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return tuple(spans)


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence does not end where Punkt has ended it.

    >>> _goes_on("It was signed by Gov.", "Ron DeSantis."), _goes_on("Is it so? No.", "It is not.")
    (True, False)
    """
    is_name = after[0].isupper() and _NAME.match(after)
    return bool(
        (is_name and (_TITLE.search(before) or _INITIALS.search(before)))
        or (_NUMBER.search(before) and after[0].isdigit())
        or (_HOUR.search(before) and _ZONE.match(after))
    )


def _block_spans(text: str) -> list[Span]:
    """Paragraphs, and lines that stand alone.

    A single line end is inside a paragraph if its line was wrapped: it is long and does not end a
    sentence, or the next line goes on in lower case.
    """
    spans: list[Span] = []
    start = line_start = 0
    for match in _LINE_END.finditer(text):
        line = text[line_start : match.start()]
        goes_on = text[match.end() : match.end() + 1].islower()
        was_wrapped = goes_on or (len(line) > _HEADING and not _ENDS_A_SENTENCE.search(line))
        if match.group().count("\n") > 1 or not was_wrapped:
            spans.append((start, match.start()))
            start = match.end()
        line_start = match.end()
    spans.append((start, len(text)))
    return [(first, last) for first, last in spans if text[first:last].strip()]


@cache
def _punkt():  # type: ignore[no-untyped-def]  # NLTK has no types
    """The English Punkt model that llama-index-core ships, read without NLTK's look-up.

    NLTK's own look-up refuses files that are hard links, as uv installs them, and LlamaIndex's
    would try to download.
    """
    import llama_index.core
    from nltk.tokenize.punkt import PunktSentenceTokenizer, load_punkt_params

    package = Path(llama_index.core.__file__).parent
    folder = package / "_static/nltk_cache/tokenizers/punkt_tab/english"

    class Punkt(PunktSentenceTokenizer):  # type: ignore[misc]  # NLTK has no types
        """NLTK's, which needs not weigh the ends that its model can say nothing against."""

        def text_contains_sentbreak(self, text: str) -> bool:
            plain = _PLAIN_END.fullmatch(text)
            if plain and plain[1].lower() not in doubtful:
                return True
            return bool(super().text_contains_sentbreak(text))

    tokenizer = Punkt()
    tokenizer._params = load_punkt_params(_ModelFolder(folder))
    doubtful = tokenizer._params.abbrev_types | {word for word, _ in tokenizer._params.collocations}
    return tokenizer


class _ModelFolder:
    """The one method that ``load_punkt_params`` asks of NLTK's own kind of path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def join(self, name: str) -> Path:
        return self._path / name
