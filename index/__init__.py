"""The index of a folder of news articles: build it with ``rebuild``, read it with ``open_index``."""

from __future__ import annotations

from pathlib import Path

from index.article import Article
from index.build import plan, rebuild
from index.checking import CheckReport, check
from index.errors import ArticleQAError
from index.generation import GenerationInfo, Index, IndexInfo, generations, open_generation
from index.progress import Progress
from index.reports import Plan, RebuildReport
from index.settings import IndexSettings, load_settings
from index.takedown import Forgetting, forget, remember

__all__ = [
    "Article",
    "ArticleQAError",
    "CheckReport",
    "Forgetting",
    "GenerationInfo",
    "Index",
    "IndexInfo",
    "Plan",
    "Progress",
    "RebuildReport",
    "check",
    "forget",
    "generations",
    "open_index",
    "plan",
    "rebuild",
    "remember",
]


def open_index(index_dir: str | Path | None = None) -> Index:
    """Open the newest generation of an index, as a context manager.

    ``index_dir`` is the index's folder; if not given, that of the settings.
    Raises NoIndexError, or IndexUnavailableError for an index that cannot be read.
    """
    return open_generation(load_settings(IndexSettings, index=index_dir).index)
