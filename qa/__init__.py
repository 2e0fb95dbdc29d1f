"""Ask a folder of news articles: ``ask``, ``aask``, ``ask_stream`` and ``retrieve``."""

from __future__ import annotations

from index.errors import ArticleQAError
from qa.answer import Answer, ArticleRef, Citation, Searched, Sentence
from qa.hits import Hit
from qa.pipeline import aask, ask, ask_stream, retrieve
from qa.settings import Settings

__all__ = [
    "Answer",
    "ArticleQAError",
    "ArticleRef",
    "Citation",
    "Hit",
    "Searched",
    "Sentence",
    "Settings",
    "aask",
    "ask",
    "ask_stream",
    "retrieve",
]
