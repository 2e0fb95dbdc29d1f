"""What a generation remembers of its seeds, so that the next rebuild reads only what changed.

It holds hashes and names of files and drafts, and no text: what became of a draft stands in
``articles.db`` beside it.  No reader opens it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from index.families import Pair, Sketch
from index.left_out import LeftOut
from index.repeated import Lines
from index.sql import unchanging

_TOGETHER = 500  # rows
_SCHEMA = """
CREATE TABLE files (number INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, digest BLOB,
    left_out TEXT NOT NULL);
CREATE TABLE drafts (number INTEGER PRIMARY KEY, file INTEGER NOT NULL, name TEXT NOT NULL,
    article_id TEXT NOT NULL, key BLOB NOT NULL, outlet TEXT NOT NULL, topic BLOB NOT NULL,
    keys BLOB NOT NULL, marks BLOB NOT NULL);
CREATE TABLE cleaned (draft INTEGER PRIMARY KEY, asked BLOB NOT NULL, held BLOB NOT NULL);
CREATE TABLE entries (draft INTEGER, suffix TEXT, article INTEGER, sketch BLOB,
    PRIMARY KEY (draft, suffix)) WITHOUT ROWID;
CREATE TABLE compared (shorter BLOB, longer BLOB, copies INTEGER NOT NULL,
    PRIMARY KEY (shorter, longer)) WITHOUT ROWID;
CREATE INDEX draft_files ON drafts(file);
CREATE INDEX draft_keys ON drafts(key);
CREATE INDEX file_names ON files(name);
"""


class KnownFile(NamedTuple):
    """A file of the seeds; ``left_out`` is what could not be read of it."""

    number: int
    name: str
    size: int
    digest: bytes | None
    left_out: LeftOut


class KnownDraft(NamedTuple):
    """A draft by name and id; ``key`` is a hash of all that its cleaning depends on but names."""

    number: int
    name: str
    article_id: str
    key: bytes


class KnownEntry(NamedTuple):
    """An article that a draft became: what comes after the draft's id, and its number in the store.

    ``article`` is None where it was left out because it is forgotten.
    """

    suffix: str
    article: int | None
    sketch: Sketch | None


class Known:
    """Reads and writes one SQLite file."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if create:
            self._db = sqlite3.connect(path)
            self._db.executescript(_SCHEMA)
        else:
            self._db = sqlite3.connect(unchanging(path), uri=True)
        self._drafts = 0
        self._waiting = defaultdict[str, list[Sequence[Any]]](list)  # rows, by what adds them
        self._rows("SELECT 1 FROM files LIMIT 1")  # a file of something else fails here

    def add_file(self, name: str, size: int, digest: bytes | None, left_out: LeftOut) -> int:
        """Add a file, and give its number."""
        row = self._db.execute(
            "INSERT INTO files (name, size, digest, left_out) VALUES (?, ?, ?, ?)",
            [name, size, digest, left_out.to_json()],
        )
        return int(row.lastrowid or 0)

    def add_draft(self, file: int, name: str, article_id: str, key: bytes, lines: Lines) -> int:
        """Add a draft of a file, and give its number."""
        self._drafts += 1
        row = (self._drafts, file, name, article_id, key, *lines)
        self._add("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return self._drafts

    def add_cleaned(self, draft: int, asked: bytes, held: bytes) -> None:
        """Note what the cleaning of a draft asked, and what of it was furniture."""
        self._add("INSERT INTO cleaned VALUES (?, ?, ?)", (draft, asked, held))

    def add_entry(self, draft: int, entry: KnownEntry) -> None:
        """Note an article that a draft became."""
        sketch = entry.sketch.to_bytes() if entry.sketch else None
        row = (draft, entry.suffix, entry.article, sketch)
        self._add("INSERT INTO entries VALUES (?, ?, ?, ?)", row)

    def add_compared(self, compared: Mapping[Pair, bool]) -> None:
        """Note of pairs of texts whether they are copies."""
        rows = ((*pair, copies) for pair, copies in compared.items())
        self._db.executemany("INSERT INTO compared VALUES (?, ?, ?)", rows)

    def compared(self) -> dict[Pair, bool]:
        """What is noted of pairs of texts."""
        rows = self._rows("SELECT shorter, longer, copies FROM compared")
        return {(shorter, longer): bool(copies) for shorter, longer, copies in rows}

    def files(self) -> Iterator[KnownFile]:
        """All files, in the order they were read."""
        for number, name, size, digest, left_out in self._rows(
            "SELECT number, name, size, digest, left_out FROM files ORDER BY number"
        ):
            yield KnownFile(number, name, size, digest, LeftOut.from_json(left_out))

    def file(self, name: str, digest: bytes | None) -> KnownFile | None:
        """The file with this name and content, if there is one."""
        row = self._rows(
            "SELECT number, size, left_out FROM files WHERE name = ? AND digest IS ?", [name, digest]
        ).fetchone()
        if row is None:
            return None
        number, size, left_out = row
        return KnownFile(number, name, size, digest, LeftOut.from_json(left_out))

    def drafts(self) -> Iterator[KnownDraft]:
        """All drafts, in the order they were read."""
        rows = self._rows("SELECT number, name, article_id, key FROM drafts ORDER BY number")
        yield from (KnownDraft(*row) for row in rows)

    def drafts_of(self, file: int) -> Iterator[tuple[str, str, bytes, Lines]]:
        """Name, id, key and lines of each draft of a file, in order."""
        rows = self._rows(
            "SELECT name, article_id, key, outlet, topic, keys, marks FROM drafts WHERE file = ? "
            "ORDER BY number",
            [file],
        )
        for name, article_id, key, *lines in rows:
            yield name, article_id, key, Lines(*lines)

    def keys_of(self, name: str) -> frozenset[bytes]:
        """The keys of the drafts of the file with this name."""
        query = "SELECT key FROM drafts JOIN files ON files.number = file WHERE files.name = ?"
        return frozenset(key for (key,) in self._rows(query, [name]))

    def file_of(self, draft: int) -> str:
        """The name of the file that a draft is from."""
        query = "SELECT files.name FROM drafts d JOIN files ON files.number = file WHERE d.number = ?"
        return str(self._rows(query, [draft]).fetchone()[0])

    def lines_of(self, key: bytes) -> Lines:
        """What is learned from of a draft with this key, which there must be."""
        query = "SELECT outlet, topic, keys, marks FROM drafts WHERE key = ?"
        return Lines(*self._rows(query, [key]).fetchone())

    def lines(self) -> Iterator[Lines]:
        """What is learned from, draft by draft."""
        rows = self._rows("SELECT outlet, topic, keys, marks FROM drafts ORDER BY number")
        yield from (Lines(*row) for row in rows)

    def cleaned(self, key: bytes) -> Iterator[tuple[int, bytes, bytes]]:
        """Drafts with this key: number, what their cleaning asked, and what of it was furniture."""
        yield from self._rows(
            "SELECT number, asked, held FROM drafts JOIN cleaned ON draft = number WHERE key = ?", [key]
        )

    def results(self, drafts: Sequence[int]) -> Iterator[tuple[bytes, bytes, list[KnownEntry]]]:
        """Of each draft what its cleaning asked, what of it was furniture, and what it became."""
        wanted = [json.dumps(drafts)]
        entries = defaultdict[int, list[KnownEntry]](list)
        for draft, suffix, article, sketch in self._rows(
            "SELECT * FROM entries WHERE draft IN (SELECT value FROM json_each(?)) "
            "ORDER BY length(suffix), suffix",  # "", "#2" … "#9", "#10"
            wanted,
        ):
            known = Sketch.from_bytes(sketch) if sketch else None
            entries[draft].append(KnownEntry(suffix, article, known))
        rows = self._rows(
            "SELECT * FROM cleaned WHERE draft IN (SELECT value FROM json_each(?))", wanted
        )
        answers = {draft: (asked, held) for draft, asked, held in rows}
        for draft in drafts:
            yield *answers[draft], entries[draft]

    def incomplete(self) -> set[int]:
        """The drafts of which an article was left out because it is forgotten."""
        rows = self._rows("SELECT draft FROM entries WHERE article IS NULL")
        return {draft for (draft,) in rows}

    def commit(self) -> None:
        """Make everything added so far lasting."""
        self._write()
        self._db.commit()

    def _add(self, statement: str, row: Sequence[Any]) -> None:
        """Add a row, with others: one by one takes three times as long."""
        self._waiting[statement].append(row)
        if len(self._waiting[statement]) == _TOGETHER:
            self._write()

    def _write(self) -> None:
        for statement, rows in self._waiting.items():
            self._db.executemany(statement, rows)
        self._waiting.clear()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        self._write()
        return self._db.execute(query, values)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
