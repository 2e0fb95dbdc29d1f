"""Files to drafts, in a process of its own: what is new in them waits in a file of lines."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import BinaryIO, NamedTuple

from index.clean import repaired
from index.left_out import LeftOut
from index.read import read_file
from index.readers.draft import Draft, Skipped
from index.repeated import Lines, lines_of, outlet_of


class Place(NamedTuple):
    """Where a draft waits: a file of lines, and the offset of its line."""

    part: Path
    offset: int

    def line(self) -> str:
        """The draft's line."""
        with self.part.open("rb") as drafts:
            drafts.seek(self.offset)
            return drafts.readline().decode("ascii")


class Found(NamedTuple):
    """A draft that was read; it has ``lines`` and a ``place`` unless its key was known."""

    name: str
    article_id: str
    key: bytes
    lines: Lines | None
    place: Place | None


class FileRead(NamedTuple):
    """All that is in a file, and what could not be read of it."""

    drafts: list[Found]
    left_out: LeftOut


def read_files(
    batch: tuple[int, list[tuple[Path, frozenset[bytes]]]],
    seeds: Path,
    names: Mapping[str, str],
    folder: Path,
) -> list[FileRead | None]:
    """What each file holds; None for one that is not there any more.

    ``batch`` is a number that no other has, and files, each with the keys that are known.  Other drafts
    are repaired and written to a file below ``folder``.
    """
    number, files = batch
    part = folder / f"{number}.jsonl"
    with part.open("wb") as spool:
        return [
            _read(path, known, seeds, names, part, spool) if os.path.lexists(path) else None
            for path, known in files
        ]


def unspooled(line: str) -> tuple[str, str, Draft]:
    """Name, id and draft of a line."""
    name, article_id, values = json.loads(line)
    return name, article_id, Draft(**values)


def _read(
    path: Path,
    known: frozenset[bytes],
    seeds: Path,
    names: Mapping[str, str],
    part: Path,
    spool: BinaryIO,
) -> FileRead:
    read = FileRead([], LeftOut())
    for found in read_file(path, seeds, names):
        if isinstance(found, Skipped):
            read.left_out.add(found)
            continue
        name, article_id, draft = found
        key = _key(draft, name)
        if key in known:
            read.drafts.append(Found(name, article_id, key, None, None))
            continue
        draft = repaired(draft)
        place = Place(part, spool.tell())
        spool.write(json.dumps([name, article_id, asdict(draft)]).encode("ascii") + b"\n")
        read.drafts.append(Found(name, article_id, key, lines_of(draft, name), place))
    return read


def _key(draft: Draft, name: str) -> bytes:
    """A hash of all that cleaning looks at; the draft's id and path are only labels."""
    looked_at = [getattr(draft, field.name) for field in fields(draft) if field.name != "id"]
    content = json.dumps([outlet_of(draft, name), *looked_at])
    return hashlib.blake2b(content.encode("ascii"), digest_size=16).digest()
