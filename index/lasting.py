"""Files that are on the disk when they are said to be, as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_lasting(path: Path, content: str) -> None:
    """Write or replace a file in one step: whatever happens, the old content is there or the new."""
    new = path.with_name(path.name + ".new")
    new.write_text(content, "utf-8")
    sync(new)
    new.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Return when what was written to a file, or the names in a folder, would outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
