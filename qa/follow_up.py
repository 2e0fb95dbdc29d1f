"""The stand-alone form of a question asked in a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def standalone(question: str, history: Sequence[Mapping[str, str]]) -> str:  # noqa: ARG001
    """The question itself: what comes before it is not looked at yet."""
    return question
