"""How generations come and go: one rebuild at a time, published in one step, deleted when unread.

INDEX/CURRENT              the name of the generation that readers open
INDEX/rebuild.lock         held by the one rebuild that may run, which it names
INDEX/vectors.bin          see index/vectors.py
INDEX/forgotten.json       see index/forgotten.py
INDEX/generations/NAME/    manifest.json, articles.db, seeds.db, dense/, lexical/, and lock, which
                           readers share and which who deletes the folder must have alone
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from index.errors import ChromaServerError, RebuildRunningError
from index.lasting import sync, write_lasting
from index.places import leave_place


@contextmanager
def rebuild_lock(index_dir: Path) -> Iterator[None]:
    """Hold the right to rebuild.  Raises RebuildRunningError, which says who has it.

    The system gives the lock up when its holder ends, however it ends.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / "rebuild.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RebuildRunningError(
                f"the index in {index_dir} is being rebuilt by {file.read() or 'another process'}; "
                "try again when it has ended"
            ) from None
        file.truncate(0)
        file.write(
            f"process {os.getpid()} on {socket.gethostname()}, "
            f"since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        )
        file.flush()
        yield


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep others from deleting a generation, as readers do; a damaged one may have no lock."""
    with ExitStack() as opened:
        with suppress(FileNotFoundError):
            lock = os.open(folder / "lock", os.O_RDONLY)
            opened.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def new_generation(index_dir: Path) -> Iterator[Path]:
    """The folder for a new generation; it is deleted if the block fails.  Needs the rebuild lock."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
    folder = index_dir / "generations" / name
    folder.mkdir(parents=True)
    try:
        (folder / "lock").touch()
        yield folder
    except BaseException:
        if not _is_current(folder):  # it may have been published before it was interrupted
            delete_if_unread(folder)
        raise


def publish(folder: Path) -> None:
    """Make the generation in ``folder`` the one that readers open."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        sync(path)
    write_lasting(folder.parent.parent / "CURRENT", folder.name + "\n")


def delete_unread(index_dir: Path) -> None:
    """Delete the generations that nobody reads, but for the current one."""
    generations = index_dir / "generations"
    for folder in generations.iterdir() if generations.is_dir() else ():
        if not _is_current(folder):
            delete_if_unread(folder)


def delete_if_replaced(folder: Path) -> None:
    """Delete a generation that was read, if another is current by now and nobody else reads it."""
    if folder.exists() and (folder.parent.parent / "CURRENT").exists() and not _is_current(folder):
        delete_if_unread(folder)


def delete_if_unread(folder: Path) -> None:
    """Delete a generation that is not the current one, unless it is being read."""
    try:
        # Made if it is not there: left by a rebuild that was killed in its first moment, or damaged.
        with (folder / "lock").open("a+b") as lock:  # network file systems lock what may be written
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leave_place(folder)
            shutil.rmtree(folder)
    except (OSError, ChromaServerError):
        pass  # in use, or not ours to delete, or its server is away: the next rebuild tries again


def _is_current(folder: Path) -> bool:
    pointer = folder.parent.parent / "CURRENT"
    # As bytes: a pointer that is damaged names no generation, and must not stop what repairs it.
    return pointer.exists() and pointer.read_bytes().strip() == folder.name.encode()
