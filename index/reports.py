"""What a rebuild did, and what it would do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did.  All but the last four are numbers of articles or passages.

    ``added``, ``changed``, ``removed`` and ``unchanged`` compare with the generation before, and
    ``embedded`` counts the texts whose vectors had to be computed.  ``families`` counts the groups of
    two or more articles that are copies of one another.
    """

    articles: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    families: int
    skipped: list[tuple[str, str]]
    seconds: float
    generation: str

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rebuild would do: ids of articles, and how many texts it would embed."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int
    to_embed: int
    skipped: list[tuple[str, str]]

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return asdict(self)
