"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

Span = tuple[int, int]

_LINE_END = re.compile(r"\n\s*")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_HEADING = 60  # a line this short is not one that was wrapped for its width


def sentence_spans(text: str) -> list[Span]:
    """``[start, end)`` of each sentence, in order and without the white space around it.

    Paragraphs and headings end sentences; inside them NLTK's Punkt (Kiss and Strunk 2006,
    "Unsupervised multilingual sentence boundary detection") finds the ends.
    """
    spans: list[Span] = []
    for start, end in _block_spans(text):
        for first, last in _punkt().span_tokenize(text[start:end]):
            spans.append((start + first, start + last))
    return spans


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
    tokenizer = PunktSentenceTokenizer()
    tokenizer._params = load_punkt_params(_ModelFolder(folder))
    return tokenizer


class _ModelFolder:
    """The one method that ``load_punkt_params`` asks of NLTK's own kind of path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def join(self, name: str) -> Path:
        return self._path / name
