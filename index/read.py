"""The seeds folder: every file in it, each read by the reader for its ending."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from index.errors import SeedsError, one_line
from index.readers import json_file, json_lines, markdown, plain
from index.readers.draft import Draft, Reader, Skipped, UnreadableError

READERS: dict[str, Reader] = {
    ".txt": plain.read,
    ".md": markdown.read,
    ".json": json_file.read,
    ".jsonl": json_lines.read,
}


def seed_files(seeds: Path) -> list[Path]:
    """Every file below ``seeds`` but hidden ones, in a fixed order.

    Raises SeedsError if there is no such folder.
    """
    if not seeds.is_dir():
        raise SeedsError(
            f"there is no folder {seeds}; put articles into it, or name another with --seeds"
        )
    files: list[Path] = []
    for folder, folders, names in os.walk(seeds):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
    return files


def seed_name(path: Path, seeds: Path) -> str:
    """The path of a file below ``seeds``, as text that can be printed: names may hold anything."""
    return one_line(path.relative_to(seeds).as_posix(), limit=1000)


def read_file(path: Path, seeds: Path) -> Iterator[tuple[str, Draft] | Skipped]:
    """Drafts with their ids, in the order of the file, and what had to be left out.

    The id is the file's own for the article, else the path below ``seeds`` without its ending,
    with ``#n`` where a file holds several.
    """
    name = seed_name(path, seeds)
    stem = name.removesuffix(path.suffix)
    try:
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            endings = ", ".join(READERS)
            raise UnreadableError(f"no reader for this ending (there are {endings})")
        drafts = list(reader(_text(path, seeds)))
    except UnreadableError as error:
        yield Skipped(name, one_line(error))
        return
    several = sum(isinstance(draft, Draft) for draft in drafts) > 1
    for number, draft in enumerate(drafts, start=1):
        if isinstance(draft, UnreadableError):
            yield Skipped(name, one_line(draft))
        else:
            own_id = one_line(draft.id, limit=200) if draft.id else ""
            yield own_id or (f"{stem}#{number}" if several else stem), draft


def _text(path: Path, seeds: Path) -> str:
    try:
        if not path.resolve().is_relative_to(seeds.resolve()):
            raise UnreadableError("a link that leads out of the seeds folder")
        if not path.is_file():
            raise UnreadableError("not a regular file")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be opened ({error.strerror}); check its permissions") from None
    except RuntimeError:  # what resolve() raises for it before Python 3.13
        raise UnreadableError("a link that leads to itself") from None
    if b"\0" in data:
        raise UnreadableError("binary, not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}; save it as UTF-8"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
