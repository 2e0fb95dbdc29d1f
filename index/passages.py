"""An article to passages: runs of whole sentences, by LlamaIndex's sentence splitter."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import tiktoken

from index.article import Article
from index.sentences import Span, sentence_spans

ENCODING = "cl100k_base"
_LONG = 8  # characters a token: text twice as long as English has that many tokens of it
_CUT = 8  # tokens that the last word of a start may have more than in the whole text


@dataclass(frozen=True, slots=True)
class Passage:
    """``article.text[start:end]``, and the sentences in it as offsets into the article's text."""

    article_id: str
    start: int
    end: int
    sentences: tuple[Span, ...]


def split(article: Article, passage_tokens: int) -> Iterator[Passage]:
    """Passages of at most ``passage_tokens`` cl100k_base tokens that together hold every sentence.

    A sentence longer than that is cut, and then each part counts as a sentence of its passage.
    """
    sentences = deque(sentence_spans(article.text))
    end = 0
    for chunk in _splitter(passage_tokens)(article.text):
        start = article.text.index(chunk, end)
        end = start + len(chunk)
        inside = []
        while sentences and sentences[0][0] < end:
            first, last = sentences[0]
            if last > start:
                inside.append((max(first, start), min(last, end)))
            if last > end:
                break  # cut: the next passage has the rest of it
            sentences.popleft()
        yield Passage(article.id, start, end, tuple(inside))


def passage_text(title: str | None, text: str) -> str:
    """What is embedded and ranked for a passage: a passage alone often lacks what it is about."""
    return f"{title}\n{text}" if title else text


@cache
def _splitter(passage_tokens: int) -> Callable[[str], list[str]]:
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(
        chunk_size=passage_tokens,
        chunk_overlap=0,
        paragraph_separator="\n\n",
        tokenizer=lambda text: _tokens(text, passage_tokens),
        chunking_tokenizer_fn=_sentences_with_space,
    )
    return splitter.split_text


def _tokens(text: str, most: int) -> list[int]:
    """The tokens of ``text``, or of its start if that alone has more than ``most``."""
    # Articles may hold the text of special tokens, such as <|endoftext|>: it is only text.
    start = encoding().encode(text[: _LONG * most], disallowed_special=())
    if len(text) <= _LONG * most or len(start) > most + _CUT:
        return start
    return encoding().encode(text, disallowed_special=())


def _sentences_with_space(text: str) -> list[str]:
    """``text`` cut before each sentence but the first; the parts joined are the text again."""
    cuts = [0, *(start for start, _ in sentence_spans(text)[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


@cache
def encoding() -> tiktoken.Encoding:
    """The tokens that lengths are counted in, loaded once a process and from no network."""
    import llama_index.core

    # tiktoken would fetch its ranks from the network; llama-index-core ships them.
    package = Path(llama_index.core.__file__).parent
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(package / "_static/tiktoken_cache"))
    return tiktoken.get_encoding(ENCODING)
