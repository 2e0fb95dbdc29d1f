"""All that a generation is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.dense import has_vectors
from index.forgotten import Forgotten
from index.manifest import Manifest
from index.predecessor import Predecessor
from index.progress import Meter
from index.survey import SeedEntry
from index.vectors import PassageEmbedder


class NamedEmbedder(PassageEmbedder, Protocol):
    """An embedder that says which model it is."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Job:
    """All that a generation is made of; with ``frozen`` the articles are those of ``before``."""

    index_dir: Path
    seeds: Path
    files: list[SeedEntry]
    seen: str
    fields: str | None
    method: str
    passage_tokens: int
    chroma: str | None
    threads: int
    embedder: NamedEmbedder
    forgotten: Forgotten
    before: Predecessor
    meter: Meter
    require_seeds: Callable[[], None]
    frozen: bool = False

    def would_be(self, old: Manifest) -> bool:
        """Whether the generation before is sound, and was made of the same.

        Raises ChromaServerError if the server that has its vectors does not say.
        """
        return (
            self.before.is_sound
            and (old.seen, old.fields, old.method, old.forgotten)
            == (self.seen, self.fields, self.method, self.forgotten.digest())
            and (old.model_fingerprint, old.passage_tokens, old.chroma)
            == (self.embedder.fingerprint, self.passage_tokens, self.chroma)
            and self.before.dense is not None
            and has_vectors(self.before.dense, old.texts)
        )
