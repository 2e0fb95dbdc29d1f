"""The generation before, as far as it is sound: what a rebuild takes over."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import IndexUnavailableError
from index.generation import current_generation
from index.known import Known
from index.manifest import Manifest, damaged_files
from index.publishing import held
from index.store import Store


class Predecessor:
    """The current generation of an index, as a context manager; empty where there is none to be used.

    Each part is None if one of its files is damaged; ``dense`` is the folder that ``index.dense`` asks
    for.
    """

    def __init__(self, index_dir: Path) -> None:
        self.manifest: Manifest | None = None
        self.store: Store | None = None
        self.known: Known | None = None
        self.lexical: Path | None = None
        self.dense: Path | None = None
        self.is_sound = False
        self._opened = ExitStack()
        try:
            folder = index_dir / "generations" / current_generation(index_dir)
            self._opened.enter_context(held(folder))
            self.manifest = Manifest.read(folder)
        except (IndexUnavailableError, OSError, ValueError, KeyError, TypeError):
            return  # none yet, of another format, or damaged
        damaged = {Path(name).parts[0] for name in damaged_files(folder, self.manifest)}
        self.is_sound = not damaged
        if "articles.db" not in damaged:
            self.store = Store(folder / "articles.db")
            self._opened.callback(self.store.close)
            if "seeds.db" not in damaged:
                self.known = Known(folder / "seeds.db")
                self._opened.callback(self.known.close)
        self.lexical = folder / "lexical" if "lexical" not in damaged else None
        self.dense = folder if not damaged & {"dense", "dense.json"} else None

    def close(self) -> None:
        """Let go of it, so that it can be deleted; closing twice is harmless."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
