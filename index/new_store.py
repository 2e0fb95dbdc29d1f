"""The store of a generation that is being made."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from index.article import Article
from index.rows import PassageRow
from index.scope import ScopeKey
from index.sql import marks, unchanging
from index.store import ARTICLE, Store

_SCHEMA = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, text TEXT NOT NULL, path TEXT NOT NULL,
    title TEXT, source TEXT, author TEXT, published TEXT, updated TEXT, url TEXT, language TEXT,
    family TEXT, instant REAL, source_key TEXT, hash TEXT NOT NULL
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles(id),
    start INTEGER NOT NULL, end INTEGER NOT NULL, sentences TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX article_scopes ON articles(instant, source_key, published);
CREATE INDEX article_families ON articles(family) WHERE family NOT NULL;
CREATE INDEX passage_hashes ON passages(hash);
CREATE INDEX passage_articles ON passages(article_id);
"""


class NewStore(Store):
    """Writes one SQLite file, which there must not be yet, and reads what it has written.

    ``before`` is a store, if there is one, that articles may be taken over from.
    """

    def __init__(self, path: Path, before: Store | None) -> None:
        self.path = path
        self._db = sqlite3.connect(path.resolve().as_uri(), uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        if before:
            self._db.execute("ATTACH ? AS before", [unchanging(before.path)])
        self._db.executescript(_SCHEMA)

    def add(self, article: Article, digest: str, passages: Iterable[PassageRow]) -> None:
        """Add an article with its content hash, and its passages."""
        key = ScopeKey.of(article)
        values = [getattr(article, name) for name in ARTICLE.split(", ")]
        with self._lock:
            self._db.execute(
                f"INSERT INTO articles ({ARTICLE}, instant, source_key, hash) "
                f"VALUES ({marks(len(values) + 3)})",
                [*values, key.published, key.source, digest],
            )
            self._db.executemany(
                "INSERT INTO passages (article_id, start, end, sentences, hash) VALUES (?, ?, ?, ?, ?)",
                [(article.id, *row) for row in passages],
            )

    def take_over(self, numbers: Sequence[int]) -> None:
        """Add the articles with these numbers from the store before, in this order, without families.

        It is SQLite that copies them: that takes a quarter of the time of reading and adding them.
        """
        if not numbers:
            return
        names = [*ARTICLE.removesuffix(", family").split(", "), "instant", "source_key", "hash"]
        wanted = "json_each(?) JOIN before.articles a ON a.number = value"
        values = [json.dumps(numbers)]
        with self._lock:
            self._db.execute(
                f"INSERT INTO articles ({', '.join(names)}) "
                f"SELECT {', '.join(f'a.{name}' for name in names)} FROM {wanted} ORDER BY key",
                values,
            )
            self._db.execute(
                "INSERT INTO passages (article_id, start, end, sentences, hash) "
                "SELECT article_id, start, end, sentences, p.hash "
                f"FROM {wanted} JOIN before.passages p ON article_id = a.id ORDER BY key, p.number",
                values,
            )

    def set_families(self, families: Mapping[str, str]) -> None:
        """Note the families of articles, by their ids."""
        with self._lock:
            self._db.executemany(
                "UPDATE articles SET family = ? WHERE id = ?",
                [(family, article_id) for article_id, family in families.items()],
            )

    def commit(self) -> None:
        """Make everything added so far lasting."""
        self._db.commit()
