"""Pieces of SQLite statements, and where its files are opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from index.scope import Scope

MOST_VALUES = 30_000  # in a statement; SQLite's limit is 32,766


def unchanging(path: Path) -> str:
    """The address of an SQLite file that is read only.

    A published generation never changes, so readers need no locks on it.
    """
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def within(scope: Scope) -> tuple[str, list[Any]]:
    """The SQL condition for articles in ``scope``, and its values."""
    conditions, values = ["TRUE"], list[Any]()
    if scope.since is not None:
        conditions.append("instant >= ?")
        values.append(scope.since)
    if scope.until is not None:
        conditions.append("instant <= ?")
        values.append(scope.until)
    if scope.sources:
        conditions.append(f"source_key IN ({marks(len(scope.sources))})")
        values += scope.folded_sources
    return " AND ".join(conditions), values


def parts(numbers: Collection[int], size: int = MOST_VALUES) -> Iterator[list[int]]:
    """In lists that SQLite takes as values."""
    ordered = sorted(numbers)
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]


def marks(count: int) -> str:
    """Places for so many values in a statement."""
    return ", ".join("?" * count)
