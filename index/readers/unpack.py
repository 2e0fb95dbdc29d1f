"""Files inside others: ``.gz`` and ``.zip``, within bounds that a bomb runs into at once."""

from __future__ import annotations

import gzip
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BufferedReader, RawIOBase
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, cast

from index.errors import one_line
from index.readers.draft import SeedFile, Skipped, UnreadableError

MAX_RATIO = 200  # of a file to its packed form; text has 3 to 10, one letter repeated 1000
SLACK = 1 << 20  # bytes that may be unpacked whatever the ratio
MAX_UNPACKED = 4 << 30  # bytes from one file in the seeds folder, or ...
MAX_GROWTH = 20  # ... so many times its size, if that is more
MAX_MEMBERS = 100_000
MAX_CONTENTS = 16 << 20  # bytes of an archive's table of contents
MAX_INNER = 256 << 20  # bytes of an archive in another, which must be unpacked to be read


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked from one file in the seeds folder."""

    left: int

    @classmethod
    def of(cls, file: SeedFile) -> Budget:
        with file.opened() as stream:
            return cls(max(MAX_UNPACKED, MAX_GROWTH * stream.seek(0, 2)))

    def take(self, count: int) -> None:
        """Raises UnreadableError if there is not enough left."""
        self.left -= count
        if self.left < 0:
            raise UnreadableError("its archive unpacks to too much; unpack it into the seeds folder")


def gzip_member(file: SeedFile, budget: Budget) -> Iterator[SeedFile]:
    """The one file in a ``.gz``, named like it without the ending."""
    name = f"{file.name}/{PurePosixPath(file.stem).name}"

    def opened() -> BinaryIO:
        packed = file.opened()
        return _bounded(gzip.GzipFile(fileobj=packed), packed.tell, budget, packed)

    yield replace(file, name=name, open=opened)


def zip_members(file: SeedFile, budget: Budget) -> Iterator[SeedFile | Skipped]:
    """The files in a ``.zip``, but for hidden ones.

    Raises UnreadableError if it is none.
    """
    with _seekable(file) as stream:
        try:
            archive = zipfile.ZipFile(cast(IO[bytes], _TableOfContents(stream)))
        # zipfile has an exception of its own, but lets those of decoding names and numbers through.
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError) as error:
            raise UnreadableError(
                f"not a ZIP archive that can be read ({error}); get it anew"
            ) from None
        members = [entry for entry in archive.infolist() if not _is_hidden(entry)]
        if len(members) > MAX_MEMBERS:
            raise UnreadableError(f"{len(members)} files in it, more than {MAX_MEMBERS}; unpack it")
        for entry in members:
            name = f"{file.name}/{_name(entry)}"
            reason = _why_not(entry)
            if reason:
                yield Skipped(name, reason)
            else:
                yield replace(file, name=name, open=_opener(archive, entry, budget))


def _opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            stream = archive.open(entry)
        # As above; a RuntimeError is what it raises for a member with a password.
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
            raise UnreadableError(f"damaged in its archive ({error}); get that anew") from None
        return _bounded(cast(BinaryIO, stream), lambda: entry.compress_size, budget)

    return opened


def _why_not(entry: zipfile.ZipInfo) -> str | None:
    if entry.flag_bits & 1:
        return "encrypted; unpack it with its password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packed by a method that is not read here; pack it anew as an ordinary ZIP"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link"
    return None


def _is_hidden(entry: zipfile.ZipInfo) -> bool:
    """Folders, too; what a Mac adds to archives lies in ``__MACOSX`` under hidden names."""
    return entry.filename.endswith("/") or any(part.startswith(".") for part in _name(entry).split("/"))


def _name(entry: zipfile.ZipInfo) -> str:
    """A name alone: nothing in it leads to the root or upwards."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    kept = [part for part in parts if part != ".." and not part.startswith("/")]
    return one_line("/".join(kept), limit=500) or "unnamed"


def _seekable(file: SeedFile) -> BinaryIO:
    """The file itself, or a copy on disk: from within another archive one cannot jump about."""
    stream = file.opened()
    if stream.seekable():
        return stream
    copy = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 the caller closes it
    try:
        with stream:
            while piece := stream.read(1 << 20):
                copy.write(piece)
                if copy.tell() > MAX_INNER:
                    raise UnreadableError(
                        f"an archive of more than {MAX_INNER >> 20} MB in another; unpack it"
                    )
    except BaseException:
        copy.close()
        raise
    return copy


class _TableOfContents:
    """A file of which no one reads more at once than a reasonable table of contents has."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int = -1) -> bytes:
        if size > MAX_CONTENTS:
            raise UnreadableError(
                f"a table of contents of more than {MAX_CONTENTS >> 20} MB; unpack it"
            )
        return self._stream.read(size)


def _bounded(
    unpacked: BinaryIO | gzip.GzipFile,
    packed_size: Callable[[], int],
    budget: Budget,
    packed: BinaryIO | None = None,
) -> BinaryIO:
    return cast(BinaryIO, BufferedReader(_Bounded(unpacked, packed_size, budget, packed), 1 << 16))


class _Bounded(RawIOBase):
    """What is unpacked, up to the bounds; whatever is wrong with it is an UnreadableError."""

    def __init__(
        self,
        unpacked: BinaryIO | gzip.GzipFile,
        packed_size: Callable[[], int],
        budget: Budget,
        packed: BinaryIO | None,
    ) -> None:
        self._unpacked = unpacked
        self._packed_size = packed_size
        self._budget = budget
        self._packed = packed
        self._read = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._read

    def readinto(self, buffer: Any) -> int:
        try:
            # Piecewise, so that a bomb is noticed before it has gone off.
            piece = self._unpacked.read(min(len(buffer), 1 << 16))
        except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise UnreadableError(
                f"damaged or cut off in its archive ({error}); get that anew"
            ) from None
        self._read += len(piece)
        self._budget.take(len(piece))
        if self._read > SLACK + MAX_RATIO * self._packed_size():
            raise UnreadableError(f"unpacks to more than {MAX_RATIO} times its size, as bombs do")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._unpacked.close()
            if self._packed:
                self._packed.close()
        super().close()
