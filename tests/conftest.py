"""Indexes that tests share, and a way to make others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index import rebuild

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the articles that ship with the project."""
    folder = tmp_path_factory.mktemp("seeds-index")
    rebuild(ROOT / "seeds", folder)
    return folder


@pytest.fixture
def write_seeds(tmp_path: Path) -> Callable[..., Path]:
    """Write files, name → content, into a seeds folder; gives the folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "seeds"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        folder.mkdir(exist_ok=True)
        return folder

    return write
