"""Articles and passages of a generation, in SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from index.article import Article
from index.passages import Passage, passage_text
from index.rows import Outline, PassageRecord, PassageRow, Place
from index.scope import Scope, ScopeKey
from index.sql import MOST_VALUES, marks, parts, unchanging, within

ARTICLE = "id, text, path, title, source, author, published, updated, url, language, family"

Stored = tuple[Article, str, list[PassageRow]]  # with its content hash


class Store:
    """Reads one SQLite file.  Threads may share one object."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(unchanging(path), uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._rows("SELECT 1 FROM articles LIMIT 1")  # a file that is no store fails here

    def article(self, article_id: str) -> Article | None:
        """The article with this id, if there is one."""
        rows = self._rows(f"SELECT {ARTICLE} FROM articles WHERE id = ?", [article_id])
        return Article(*rows[0]) if rows else None

    def stored(self, numbers: Collection[int]) -> Iterator[tuple[int, Stored]]:
        """The articles with these numbers, each after its number and without its family, in order."""
        for part in parts(numbers, 100):
            wanted = f"number IN ({marks(len(part))})"
            passages = defaultdict[str, list[PassageRow]](list)
            for article_id, *row in self._rows(
                "SELECT article_id, start, end, sentences, hash FROM passages "
                f"WHERE article_id IN (SELECT id FROM articles WHERE {wanted}) ORDER BY number",
                part,
            ):
                passages[article_id].append(PassageRow(*row))
            for number, *values, _, digest in self._rows(
                f"SELECT number, {ARTICLE}, hash FROM articles WHERE {wanted} ORDER BY number", part
            ):
                yield number, (Article(*values), digest, passages[values[0]])

    def heads(self, numbers: Collection[int]) -> dict[int, tuple[str, str, str]]:
        """Id, path and content hash of the articles with these numbers."""
        found: dict[int, tuple[str, str, str]] = {}
        for part in parts(numbers):
            rows = self._rows(
                f"SELECT number, id, path, hash FROM articles WHERE number IN ({marks(len(part))})",
                part,
            )
            found |= {number: head for number, *head in rows}
        return found

    def text(self, article_id: str) -> str:
        """The text of the article with this id, which there must be."""
        return str(self._rows("SELECT text FROM articles WHERE id = ?", [article_id])[0][0])

    def articles(self) -> Iterator[Article]:
        """All articles, in the order they were read."""
        last = 0
        while rows := self._rows(
            f"SELECT number, {ARTICLE} FROM articles WHERE number > ? ORDER BY number LIMIT 200",
            [last],
        ):
            last = rows[-1][0]
            yield from (Article(*row[1:]) for row in rows)

    def newest(self, scope: Scope, limit: int, offset: int = 0) -> list[Article]:
        """Articles in ``scope``, the newest first and the undated last; none beyond the end."""
        where, values = within(scope)
        rows = self._rows(
            f"SELECT {ARTICLE} FROM articles WHERE {where} "
            "ORDER BY instant DESC NULLS LAST, number LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return [Article(*row) for row in rows]

    def days_by_source(self, scope: Scope, digits: int) -> list[tuple[str, str | None, int]]:
        """How many dated articles in ``scope`` there are for each time and outlet, in order of time.

        A time is the first ``digits`` characters of a date: 4 for years, 7 for months, 10 for days.
        """
        where, values = within(scope)
        return self._rows(
            "SELECT substr(published, 1, ?), min(source), count(*) FROM articles "
            f"WHERE {where} AND instant NOT NULL GROUP BY 1, source_key ORDER BY 1, 3 DESC, 2",
            [digits, *values],
        )

    def largest_families(self, limit: int) -> list[tuple[str, int]]:
        """The families with most members, and how many these are."""
        return self._rows(
            "SELECT family, count(*) FROM articles WHERE family NOT NULL "
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            [limit],
        )

    def family(self, family: str, scope: Scope) -> list[Article]:
        """The members of a family in ``scope``, the earliest first, then the longest."""
        where, values = within(scope)
        rows = self._rows(
            f"SELECT {ARTICLE} FROM articles WHERE family = ? AND {where} "
            "ORDER BY instant NULLS LAST, length(text) DESC, id",
            [family, *values],
        )
        return [Article(*row) for row in rows]

    def hashes(self) -> dict[str, str]:
        """The content hash of each article, by id."""
        return dict(self._rows("SELECT id, hash FROM articles"))

    def count(self, scope: Scope) -> int:
        """How many articles lie in ``scope``."""
        where, values = within(scope)
        return int(self._rows(f"SELECT count(*) FROM articles WHERE {where}", values)[0][0])

    def count_outlets(self, scope: Scope) -> int:
        """How many outlets the articles in ``scope`` are of."""
        where, values = within(scope)
        return int(
            self._rows(f"SELECT count(DISTINCT source_key) FROM articles WHERE {where}", values)[0][0]
        )

    def dates(self, scope: Scope) -> tuple[str, str] | None:
        """When the first and the last dated article in ``scope`` were published (ISO 8601)."""
        where, values = within(scope)
        dated = f"SELECT published FROM articles WHERE {where} AND instant NOT NULL ORDER BY instant"
        first = self._rows(f"{dated} LIMIT 1", values)
        last = self._rows(f"{dated} DESC LIMIT 1", values)
        return (first[0][0], last[0][0]) if first else None

    def counts_by(self, column: str) -> dict[str | None, int]:
        """How many articles there are for each ``source``, ``language`` or ``month``, most first."""
        expression = {"month": "substr(published, 1, 7)"}.get(column, column)
        return dict(
            self._rows(f"SELECT {expression}, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1")
        )

    def counts_by_ending(self) -> dict[str | None, int]:
        """How many articles there are for each ending of a file's name, such as ``.html``."""
        paths = self._rows("SELECT path FROM articles")
        return dict(Counter(PurePosixPath(path).suffix.lower() for (path,) in paths).most_common())

    def sources_by_key(self) -> dict[str, str]:
        """The outlets, by their names as ``fold_source`` gives them."""
        return dict(
            self._rows("SELECT source_key, min(source) FROM articles WHERE source NOT NULL GROUP BY 1")
        )

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages with these numbers; numbers count from 1 in the order of reading."""
        return self._passages(f"number IN ({marks(len(numbers))})", numbers)

    def places(self, numbers: Collection[int], scope: Scope) -> dict[int, Place]:
        """Where the passages with these numbers stand, but for those outside ``scope``."""
        where, values = within(scope)
        found: dict[int, Place] = {}
        for part in parts(numbers):
            rows = self._rows(
                "SELECT passages.number, articles.number, source, instant, language "
                "FROM passages JOIN articles ON articles.id = article_id "
                f"WHERE passages.number IN ({marks(len(part))}) AND {where}",
                [*part, *values],
            )
            found |= {number: Place(*place) for number, *place in rows}
        return found

    def numbers_in(self, scope: Scope, limit: int) -> list[int]:
        """Numbers of at most ``limit`` passages in ``scope``."""
        where, values = within(scope)
        rows = self._rows(
            "SELECT passages.number FROM articles JOIN passages ON articles.id = article_id "
            f"WHERE {where} LIMIT ?",
            [*values, limit],
        )
        return [number for (number,) in rows]

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article, in order."""
        return list(self._passages("article_id = ?", [article_id]).values())

    def outline(self) -> list[Outline]:
        """What there is of each article, in order."""
        rows = self._rows(
            "SELECT id, articles.hash, length(text), count(*), "
            "group_concat(start || '-' || end) "
            "FROM articles JOIN passages ON article_id = id GROUP BY articles.number"
        )
        return [Outline(*row) for row in rows]

    def records(self, after: int = 0, until: int = 1 << 62) -> Iterator[PassageRecord]:
        """Passages as the indexes take them in, in order: numbers above ``after`` up to ``until``."""
        last = after
        while rows := self._rows(
            "SELECT passages.number, articles.number, title, source, "
            "substr(text, start + 1, end - start), passages.hash, instant, source_key, language "
            "FROM passages JOIN articles ON articles.id = article_id "
            "WHERE passages.number > ? AND passages.number <= ? ORDER BY passages.number LIMIT 500",
            [last, until],
        ):
            last = rows[-1][0]
            for number, article, title, source, text, digest, instant, key, language in rows:
                scope_key = ScopeKey(instant, key)
                yield PassageRecord(number, article, title, source, text, digest, scope_key, language)

    def passage_count(self, languages: Sequence[str | None] | None = None) -> int:
        """How many passages there are; with ``languages``, of articles in those, None being unknown."""
        counts = dict(
            self._rows(
                "SELECT language, count(*) FROM passages JOIN articles ON articles.id = article_id "
                "GROUP BY language"
            )
        )
        return sum(counts.get(language, 0) for language in (languages or counts))

    def text_hashes(self, languages: Sequence[str | None]) -> Iterator[str]:
        """The hashes of the texts of passages in these languages, in order, equal texts but once."""
        seen = set()
        for digest, language in self._rows(
            "SELECT passages.hash, language FROM passages JOIN articles ON id = article_id "
            "ORDER BY passages.number"
        ):
            if language in languages and digest not in seen:
                seen.add(digest)
                yield digest

    def texts(self, hashes: Collection[str]) -> Iterator[tuple[str, str]]:
        """The texts with these hashes, as they are embedded, with the hash of each."""
        first = sorted(numbers[0] for numbers in self.numbers_with(sorted(hashes)).values())
        for part in parts(first, 500):
            rows = self._rows(
                "SELECT passages.hash, title, substr(text, start + 1, end - start) "
                f"FROM passages JOIN articles ON id = article_id "
                f"WHERE passages.number IN ({marks(len(part))}) ORDER BY passages.number",
                part,
            )
            yield from ((digest, passage_text(title, text)) for digest, title, text in rows)

    def hashes_of(self, numbers: Collection[int]) -> dict[int, str]:
        """The hashes of the texts of the passages with these numbers."""
        found: dict[int, str] = {}
        for part in parts(numbers):
            found |= self._rows(
                f"SELECT number, hash FROM passages WHERE number IN ({marks(len(part))})", part
            )
        return found

    def numbers_with(self, hashes: Sequence[str]) -> dict[str, list[int]]:
        """The passages whose text has one of these hashes."""
        found = defaultdict[str, list[int]](list)
        for first in range(0, len(hashes), MOST_VALUES):
            part = hashes[first : first + MOST_VALUES]
            for digest, number in self._rows(
                f"SELECT hash, number FROM passages WHERE hash IN ({marks(len(part))}) ORDER BY 2",
                part,
            ):
                found[digest].append(number)
        return found

    def _passages(self, where: str, values: Sequence[Any]) -> dict[int, Passage]:
        rows = self._rows(
            "SELECT number, article_id, start, end, sentences FROM passages "
            f"WHERE {where} ORDER BY number",
            values,
        )
        return {
            number: Passage(article_id, start, end, tuple(map(tuple, json.loads(sentences))))
            for number, article_id, start, end, sentences in rows
        }

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()
