"""What people think of answers: one JSON object a line, in a file that ``qa evaluate`` can read."""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.errors import FeedbackError, SettingsError
from qa.answer import Answer, Citation
from qa.settings import Settings

Thumb = Literal["up", "down"]

REASON = 1000  # greatest number of characters of a reason
TURNS = 6  # of the conversation before a question, the latest ones, that are kept
LINE = 200_000  # greatest number of bytes of a line
FILE = 200_000_000  # greatest number of bytes of the file


def write_feedback(
    path: Path,
    answer: Answer,
    thumb: Thumb | None,
    reason: str = "",
    *,
    history: Sequence[Mapping[str, str]] = (),
    as_of: str | None = None,
    feedback_id: str | None = None,
) -> str:
    """Append what somebody thinks of ``answer`` to the file at ``path``, and give the line's id.

    With the id of an earlier line, this one counts in its place; a ``thumb`` of None takes it back.
    ``history`` and ``as_of`` are those that the question was asked with.  Threads and processes may
    write at the same time, and what was written is on the disk when this returns.
    Raises FeedbackError where the reason is too long, or the file full or not to be written.
    """
    if len(reason) > REASON:
        raise FeedbackError(
            f"the reason has {len(reason):,} characters, more than the {REASON:,} that are kept; "
            "say it in a few sentences"
        )
    feedback_id = feedback_id or uuid.uuid4().hex
    record = {
        "id": feedback_id,
        "given": datetime.now(UTC).isoformat(timespec="seconds"),
        "thumb": thumb,
        "reason": " ".join(reason.split()),
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "history": [dict(turn) for turn in history][-2 * TURNS :],
        "scope": {
            "since": answer.searched.since,
            "until": answer.searched.until,
            "sources": list(answer.searched.sources),
            "as_of": as_of,
        },
        "answer": _kept(answer),
        "generation": answer.generation,
    }
    # ASCII alone: a question may hold half a surrogate pair, which cannot be written as UTF-8.
    line = json.dumps(record).encode("ascii") + b"\n"
    if len(line) > LINE:
        raise FeedbackError("this conversation is too long to be kept; ask again in a new one")
    _append(path, line)
    return feedback_id


def _kept(answer: Answer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "writer": answer.writer,
        "citations": [_citation(citation) for citation in answer.citations],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    start, end = citation.answer or (citation.start, citation.start)
    return {
        "number": citation.number,
        "article": citation.article_id,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "answer": citation.quote[start - citation.start : end - citation.start] or None,
    }


def _append(path: Path, line: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What people ask is nobody else's business.
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unwritable(path, error) from None
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        if size + len(line) > FILE:
            raise FeedbackError(
                f"{path} is full ({FILE // 10**6} MB); whoever runs this page must move it elsewhere"
            )
        try:
            if size and os.pread(descriptor, 1, size - 1) != b"\n":  # somebody has edited it
                line = b"\n" + line
            _write_all(file, line)
            os.fsync(descriptor)
        except OSError as error:
            file.truncate(size)  # half a line would spoil the next one
            raise _unwritable(path, error) from None


def _write_all(file: Any, content: bytes) -> None:
    while content:
        content = content[file.write(content) :]


def _unwritable(path: Path, error: OSError) -> FeedbackError:
    return FeedbackError(
        f"{path} cannot be written ({error.strerror}); whoever runs this page can name another file "
        "with --feedback or QA_FEEDBACK"
    )


def check_place(settings: Settings) -> None:
    """Raises SettingsError for a feedback file among the seeds or in the index."""
    place = settings.feedback.resolve()
    for folder, what in ((settings.seeds, "seeds"), (settings.index, "index")):
        if place.is_relative_to(folder.resolve()):
            raise SettingsError(
                f"feedback cannot be {settings.feedback}: it lies in the {what} folder {folder}; "
                "name a file elsewhere with --feedback or QA_FEEDBACK"
            )
