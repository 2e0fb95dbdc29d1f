"""What can go wrong, in words for the person who must put it right.

ArticleQAError               every message is one line: what, where, what to do next
├── SettingsError            a setting has a value that cannot be used
├── ModelsError              a model file is missing or not the one it should be
├── SeedsError               the seeds folder is missing or holds no article
├── RebuildRunningError      another process is rebuilding this index
├── WorkerLostError          a process that helped with a rebuild was killed
├── ClusterError             the Ray cluster cannot be used, or lost what it should embed
├── IndexWriteError          the index folder cannot be written
├── IndexUnavailableError    there is no index that can be read
│   ├── NoIndexError         nothing has been built there yet
│   ├── OtherModelError      it was built with another embedding model
│   ├── IndexDamagedError    its files are not as they were written
│   └── ChromaServerError    the server with its vectors is away, or refuses
│       └── LostVectorsError it no longer has them
├── UnknownArticleError      no article has this id
├── QuestionError            the question or its filters cannot be answered as they stand
├── EvaluationError          a set of questions, or the place for its index, cannot be used
├── FeedbackError            what a person thinks of an answer cannot be kept
├── EvidenceError            an evidence pack cannot be read, or is not confirmed by the index
├── UploadError              a file that was sent to the page cannot become an article
├── UsersError               the file of users, a name or a password cannot be used
└── ServerError              the chat page cannot be served as asked
"""

from __future__ import annotations

from typing import Any


class ArticleQAError(Exception):
    """Base of every error this product raises on purpose; ``str(error)`` is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class SettingsError(ArticleQAError):
    pass


class ModelsError(ArticleQAError):
    pass


class SeedsError(ArticleQAError):
    pass


class RebuildRunningError(ArticleQAError):
    pass


class WorkerLostError(ArticleQAError):
    pass


class ClusterError(ArticleQAError):
    pass


class IndexWriteError(ArticleQAError):
    pass


class IndexUnavailableError(ArticleQAError):
    pass


class NoIndexError(IndexUnavailableError):
    pass


class OtherModelError(IndexUnavailableError):
    pass


class IndexDamagedError(IndexUnavailableError):
    pass


class ChromaServerError(IndexUnavailableError):
    pass


class LostVectorsError(ChromaServerError):
    pass


class UnknownArticleError(ArticleQAError):
    pass


class QuestionError(ArticleQAError):
    pass


class EvaluationError(ArticleQAError):
    pass


class FeedbackError(ArticleQAError):
    pass


class EvidenceError(ArticleQAError):
    pass


class UploadError(ArticleQAError):
    pass


class UsersError(ArticleQAError):
    pass


class ServerError(ArticleQAError):
    pass


def one_line(value: Any, limit: int = 500) -> str:
    """``value`` as printable text on one line, cut to ``limit`` characters.

    File names and questions are data that may hold line breaks and terminal control codes.
    """
    text = " ".join(str(value).split())
    if not text.isprintable():
        text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
