"""What a person thinks of an answer, and what they take along of a conversation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from index.errors import ArticleQAError
from index.shared import shared_index
from qa.answer import Answer
from qa.export import conversation_markdown, evidence_pack
from qa.feedback import write_feedback
from qa.page.markup import as_sentence
from qa.page.turn import kept
from qa.settings import Settings

NOT_UNDERSTOOD = "The page sent something that is no conversation; load it anew."


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thinks of the last of ``turns``; ``id`` is that of the opinion it replaces."""

    turns: list[dict[str, Any]]
    thumb: Literal["up", "down"] | None
    reason: str = ""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A conversation, and as what it is wanted."""

    turns: list[dict[str, Any]]
    kind: Literal["markdown", "evidence"]


_OPINION = TypeAdapter(Opinion)
_EXPORT = TypeAdapter(Export)


def feedback(sent: Any, settings: Settings) -> dict[str, str]:
    """Write an opinion down; gives its id, or an error in one line."""
    try:
        opinion = _OPINION.validate_python(sent)
        *before, turn = kept(opinion.turns)
        if turn.answer is None:
            return {"error": NOT_UNDERSTOOD}
        written = write_feedback(
            settings.feedback,
            turn.answer,
            opinion.thumb,
            opinion.reason,
            history=_history([other.answer for other in before if other.answer]),
            as_of=turn.limits.as_of,
            feedback_id=opinion.id,
        )
    except ValueError:  # ValidationError, or no turn at all
        return {"error": NOT_UNDERSTOOD}
    except ArticleQAError as error:
        return {"error": as_sentence(str(error))}
    return {"id": written}


def _history(answers: list[Answer]) -> list[dict[str, str]]:
    history = []
    for answer in answers:
        history.append({"role": "user", "content": answer.question})
        history.append({"role": "assistant", "content": answer.text})
    return history


def export_as(sent: Any, settings: Settings) -> dict[str, str]:
    """A conversation as a file: its ``name``, ``text`` and ``type``, or an error in one line."""
    now = datetime.now(UTC)
    name = f"articles-{now:%Y-%m-%d-%H%M}"
    try:
        export = _EXPORT.validate_python(sent)
        answers = [turn.answer for turn in kept(export.turns) if turn.answer]
        if export.kind == "markdown":
            text = conversation_markdown(answers, now)
            return {"name": f"{name}.md", "text": text, "type": "text/markdown"}
        with shared_index(settings.index) as index:
            pack = evidence_pack(answers, index, now)
    except ValidationError:
        return {"error": NOT_UNDERSTOOD}
    except ArticleQAError as error:
        return {"error": as_sentence(str(error))}
    text = json.dumps(pack, ensure_ascii=False, indent=1)
    return {"name": f"{name}-evidence.json", "text": text, "type": "application/json"}
