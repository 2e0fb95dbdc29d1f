"""What a rebuild did, and what it would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_LISTED = 20  # ids of a plan that are told


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

    def lines(self) -> Iterator[str]:
        """What a person wants to know of it."""
        yield (
            f"{self.articles:,} articles in {self.passages:,} passages: {self.added:,} added, "
            f"{self.changed:,} changed, {self.removed:,} removed, {self.unchanged:,} unchanged; "
            f"{self.embedded:,} passages embedded, {self.seconds:.1f} s."
        )
        yield from _left_out(self.skipped)


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

    def lines(self) -> Iterator[str]:
        """What a person wants to know of it."""
        for title, ids in (("add", self.added), ("change", self.changed), ("remove", self.removed)):
            yield f"would {title} {len(ids):,}" + (":" if ids else "")
            yield from (f"  {article_id}" for article_id in ids[:_LISTED])
            if len(ids) > _LISTED:
                yield f"  and {len(ids) - _LISTED:,} more"
        yield f"would keep {self.unchanged:,}"
        yield f"would embed {self.to_embed:,} passages"
        yield from _left_out(self.skipped)


def _left_out(skipped: Sequence[tuple[str, str]]) -> Iterator[str]:
    if skipped:
        yield f"Left out, {len(skipped):,}:"
    for path, reason in skipped:
        yield f"  {path}: {reason}"
