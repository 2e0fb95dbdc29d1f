"""Which modules are looked through for examples, and what is run first."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "tests"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """A module without an example need not be imported to find none: some bring Gradio with them."""
    if collection_path.suffix != ".py" or collection_path.name.startswith("test_"):
        return None
    return None if ">>>" in collection_path.read_text("utf-8") else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files lie in folders of their own; last, one core would be left alone with them."""
    items.sort(key=lambda item: not item.path.is_relative_to(TESTS) or item.path.parent == TESTS)
