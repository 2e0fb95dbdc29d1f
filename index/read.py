"""The seeds folder: every file in it, each read by the reader for its ending."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from index.errors import SeedsError, one_line
from index.readers.draft import Draft, Reader, SeedFile, Skipped, UnreadableError
from index.readers.unpack import Budget, gzip_member, zip_members

# The module below index/readers/ for each ending; what a format needs is loaded when one comes.
READERS = {
    ".txt": "plain",
    ".md": "markdown",
    ".json": "json_file",
    ".jsonl": "json_lines",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".csv": "csv_file",
    ".tsv": "csv_file",
    ".pdf": "pdf",
    ".docx": "docx_file",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "xml_file",
    ".eml": "mail",
    ".warc": "warc",
}
ARCHIVES: dict[str, Callable[[SeedFile, Budget], Iterator[SeedFile | Skipped]]] = {
    ".gz": gzip_member,
    ".zip": zip_members,
}
MAX_NESTED = 2  # an archive in an archive


def seed_files(seeds: Path) -> list[Path]:
    """Every file below ``seeds`` but hidden ones, in a fixed order.

    Raises SeedsError if there is no such folder.
    """
    if not seeds.is_dir():
        raise SeedsError(
            f"there is no folder {seeds}; put articles into it, or name another with --seeds"
        )
    files: list[Path] = []
    # A folder that cannot be opened is among them, and so is a link to one: reading names the reason.
    refused: list[OSError] = []
    for folder, folders, names in os.walk(seeds, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
        files += [link for name in folders if (link := Path(folder, name)).is_symlink()]
    return files + [Path(error.filename) for error in refused]


def seed_name(path: Path, seeds: Path) -> str:
    """The path of a file below ``seeds``, as text that can be printed: names may hold anything."""
    return one_line(path.relative_to(seeds).as_posix(), limit=1000)


def read_file(
    path: Path, seeds: Path, field_names: Mapping[str, str]
) -> Iterator[tuple[str, str, Draft] | Skipped]:
    """Drafts with their file's name and their id, and what had to be left out.

    The id is the file's own for the article, else the path below ``seeds`` without its ending,
    with ``#n`` where a file holds several.  ``field_names`` are those of ``SeedFile``.
    """
    name = seed_name(path, seeds)
    try:
        file = _seed_file(path, seeds, name, field_names)
        yield from _unpacked(file, Budget.of(file)) if file.ending in ARCHIVES else _drafts(file)
    except UnreadableError as error:
        yield Skipped(name, one_line(error))
    except OSError as error:
        yield Skipped(name, f"cannot be read ({error.strerror}); check the disk")


def _unpacked(
    file: SeedFile, budget: Budget, nested: int = 1
) -> Iterator[tuple[str, str, Draft] | Skipped]:
    """What the files in an archive hold; a bad one is left out alone."""
    if nested > MAX_NESTED:
        raise UnreadableError(f"archives nested more than {MAX_NESTED} deep; unpack the outer one")
    for member in ARCHIVES[file.ending](file, budget):
        if isinstance(member, Skipped):
            yield member
            continue
        try:
            if member.ending in ARCHIVES:
                yield from _unpacked(member, budget, nested + 1)
            else:
                yield from _drafts(member)
        except UnreadableError as error:
            yield Skipped(member.name, one_line(error))


def reader_of(ending: str) -> Reader:
    """The reader for files with this ending.  Raises UnreadableError if there is none."""
    if ending not in READERS:
        endings = ", ".join([*READERS, *ARCHIVES])
        raise UnreadableError(f"no reader for this ending (there are {endings})")
    return cast(Reader, import_module(f"index.readers.{READERS[ending]}").read)


def _drafts(file: SeedFile) -> Iterator[tuple[str, str, Draft] | Skipped]:
    reader = reader_of(file.ending)
    waiting: Draft | None = None  # the first, until it is known whether there are others
    drafts = 0
    broken: UnreadableError | None = None
    try:
        for number, found in enumerate(reader(file), start=1):
            if isinstance(found, UnreadableError):
                yield Skipped(file.name, one_line(found))
                continue
            drafts += 1
            if drafts == 1:
                waiting, first = found, number
                continue
            if waiting:
                yield file.name, _id(waiting, file, first), waiting
                waiting = None
            yield file.name, _id(found, file, number), found
    except UnreadableError as error:
        broken = error
    if waiting:  # of a file that is cut off, what came before is an article all the same
        yield file.name, _id(waiting, file, None), waiting
    if broken:
        raise broken


def _id(draft: Draft, file: SeedFile, number: int | None) -> str:
    own = one_line(draft.id, limit=200) if draft.id else ""
    return own or (file.stem if number is None else f"{file.stem}#{number}")


def _seed_file(path: Path, seeds: Path, name: str, field_names: Mapping[str, str]) -> SeedFile:
    try:
        if not path.resolve().is_relative_to(seeds.resolve()):
            raise UnreadableError("a link that leads out of the seeds folder")
        if path.is_dir():
            how = "a link to a folder" if path.is_symlink() else "a folder that cannot be opened"
            raise UnreadableError(f"{how}; put the files here, or check the permissions")
        if not path.is_file():
            raise UnreadableError("not a regular file")
    except OSError as error:
        raise UnreadableError(f"cannot be opened ({error.strerror}); check its permissions") from None
    except RuntimeError:  # what resolve() raises for it before Python 3.13
        raise UnreadableError("a link that leads to itself") from None
    return SeedFile(name, lambda: path.open("rb"), field_names)
