"""What Chroma's files hold beside the vectors that are in use: taken out, for it may have to be gone.

Its database keeps the pages of its log.  Its HNSW index writes memory as it finds it: the places that
no vector has yet, and the lengths, which only collections of the space "cosine" fill in.  There can
stand whatever the process had in that memory before: vectors and words of articles that were removed.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

_HEADER = struct.Struct("<i4Q")  # layout, offset of the first place, places, places in use, their size
_LAYOUT = 1


def without_gaps(folder: Path) -> None:
    """Take it out of the collections of the space "ip" in ``folder``, which nobody has open.

    Raises OSError, also for files of a layout that is not known here.
    """
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
        database.execute("VACUUM")
    for header in folder.glob("*/header.bin"):
        layout, _, places, used, size = _HEADER.unpack_from(header.read_bytes())
        vectors, lengths = header.with_name("data_level0.bin"), header.with_name("length.bin")
        # Some files have all places, some only those in use.
        if layout != _LAYOUT or not used * size <= vectors.stat().st_size <= places * size:
            raise OSError(
                f"{vectors} has a layout that is not known; install the chromadb of requirements.lock"
            )
        _zero(vectors, used * size)
        _zero(lengths, 0)


def _zero(path: Path, start: int) -> None:
    """Make all bytes from ``start`` on zero; they take no room then."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.truncate(start)
        file.truncate(size)
