"""Articles that people add on the page: checked, and stored below the seeds under names of our own."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
import unicodedata
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from index.errors import UploadError, one_line
from index.read import ARCHIVES, READERS
from qa.settings import Settings

UPLOAD = "/upload"  # path on the server
FOLDER = "uploads"  # below the seeds
TIMES = 50  # what all uploads together may have, in files of the greatest size
NAME = 40  # characters that are kept of a file's name
DIGEST = 16  # hexadecimal digits of the content's SHA-256 in our name


def receiver(settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """What answers a POST to ``UPLOAD?name=…`` whose body is a file.

    201 with ``{"stored": path below the seeds}``; 403 where it is not allowed, 413 for too much and
    422 for what cannot become an article, each with ``{"error": line}``.
    """

    async def respond(request: Request) -> Response:
        content = bytearray()
        try:
            check_allowed(settings)
        except UploadError as error:
            return JSONResponse({"error": str(error)}, 403)
        async for chunk in request.stream():
            content += chunk
            if len(content) > limit(settings):
                return JSONResponse({"error": too_large(settings)}, 413)
        name = request.query_params.get("name", "")
        try:
            stored = await asyncio.to_thread(store_upload, name, bytes(content), settings)
        except UploadError as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse({"stored": stored}, 201)

    return respond


def store_upload(name: str, content: bytes, settings: Settings) -> str:
    """Store a file that somebody calls ``name``; gives its path below the seeds.

    Of the name the letters and digits are kept, and the ending.  Ours also has a hash of the content,
    so that nothing is ever overwritten, and sending a file twice stores it once.  The next rebuild
    reads it.  Raises UploadError where uploads are not allowed, and for a file that is empty, larger
    than ``settings.upload_mb``, of an ending that no reader has, or not to be written, and when all
    uploads together would have more than ``TIMES`` that size.
    """
    check_allowed(settings)
    ending = _ending(name)
    if not content:
        raise UploadError(f"{one_line(name, 100)} is empty; choose a file that holds an article")
    if len(content) > limit(settings):
        raise UploadError(too_large(settings))
    own = f"{hashlib.sha256(content).hexdigest()[:DIGEST]}{ending}"
    try:
        with _opened(settings.seeds) as folder:
            there = {entry.name: entry.stat().st_size for entry in os.scandir(folder)}
            same = [name for name in there if name == own or name.endswith(f"-{own}")]
            if same:
                return f"{FOLDER}/{same[0]}"
            if sum(there.values()) + len(content) > TIMES * limit(settings):
                raise UploadError(
                    f"no more than {TIMES * settings.upload_mb:,} MB can be added here; "
                    "tell whoever runs this page"
                )
            stored = "-".join(filter(None, [_kept(name), own]))
            _write_new(folder, stored, content)
    except OSError as error:
        raise UploadError(
            f"{settings.seeds / FOLDER} cannot be written ({error.strerror}); "
            "tell whoever runs this page"
        ) from None
    return f"{FOLDER}/{stored}"


def check_allowed(settings: Settings) -> None:
    """Raises UploadError where uploads are not allowed."""
    if not settings.allow_upload:
        raise UploadError("articles cannot be added here; whoever runs this page has not allowed it")


def limit(settings: Settings) -> int:
    """The greatest size of a file, in bytes."""
    return settings.upload_mb * 1_000_000


def too_large(settings: Settings) -> str:
    """What to say of a file that is larger than that."""
    return f"the file is larger than {settings.upload_mb} MB; split it, or ask whoever runs this page"


def _ending(name: str) -> str:
    """``.txt``, or both endings of ``articles.jsonl.gz``.  Raises UploadError."""
    endings = [suffix.lower() for suffix in PurePosixPath(name.replace("\\", "/")).suffixes[-2:]]
    if endings and endings[-1] in READERS:
        return endings[-1]
    if endings and endings[-1] in ARCHIVES:
        inner = endings[0] if len(endings) == 2 and endings[0] in READERS else ""
        return inner + endings[-1]
    raise UploadError(
        f"{one_line(name, 100)} is of no kind that can be read; "
        f"there are {', '.join([*READERS, *ARCHIVES])}"
    )


def _kept(name: str) -> str:
    """What is kept of a name, so that people know the file again; perhaps nothing."""
    file = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    words = re.findall(r"[^\W_]+", file.partition(".")[0])
    return "-".join(words)[:NAME].strip("-")


@contextmanager
def _opened(seeds: Path) -> Iterator[int]:
    """The folder of uploads, for one at a time.

    A link in the place of the folder is not followed: it could lead anywhere.
    """
    place = seeds / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def _write_new(folder: int, name: str, content: bytes) -> None:
    """Write the file ``name`` whole or not at all."""
    part = f".{uuid.uuid4().hex}"  # hidden: a rebuild at this moment passes it over
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.unlink(part, dir_fd=folder)
