"""Chroma inside this process: the vectors lie in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import chromadb
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from index.errors import IndexUnavailableError


class EmbeddedChroma:
    """Chroma's engine on the files in ``folder``.  Threads may share one object.

    Raises OSError if it cannot be started there.
    """

    def __init__(self, folder: Path) -> None:
        settings = ChromaSettings(
            # Whatever stands in the environment or in ./.env: this is the engine, and it stays here.
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it, its types do not tell
            chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
            anonymized_telemetry=False,
        )
        self._folder = folder
        try:
            # Typed as the interface that clients over the network have, too; this one can be closed.
            self.client = cast(Client, chromadb.PersistentClient(str(folder), settings))
        except ChromaError as error:  # a full disk, or a damaged database
            raise OSError(f"Chroma could not open {folder}: {error}") from error

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What Chroma raises in the block is an IndexUnavailableError."""
        try:
            yield
        except ChromaError as error:
            raise IndexUnavailableError(
                f"the vectors in {self._folder} cannot be read ({error}); "
                "make the index anew with 'qa rebuild'"
            ) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What Chroma raises in the block is an OSError."""
        try:
            yield
        except ChromaError as error:  # a full disk, too
            raise OSError(f"Chroma could not write the vectors: {error}") from error

    def close(self) -> None:
        """Close the files."""
        self.client.close()
