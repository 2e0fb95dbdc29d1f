"""The index of a set: built once, and anew when the articles or the way of building have changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from index import open_index, rebuild
from index.embed import load_embedder
from index.errors import EvaluationError, IndexUnavailableError, IndexWriteError
from index.manifest import Manifest
from index.progress import Progress
from index.settings import IndexSettings


def prepare_index(
    articles_file: Path, settings: IndexSettings, progress: Callable[[Progress], None]
) -> Manifest:
    """Make the index in ``settings.index`` one of ``articles_file``, and give its manifest.

    It is built anew unless the note beside it, ``INDEX.json``, says that it was built from these very
    articles, and its manifest that passages, format and model are what they would be now.
    Raises EvaluationError for an index that was not built here, and what ``rebuild`` raises.
    """
    folder = settings.index.resolve()
    note = folder.with_name(f"{folder.name}.json")
    if (folder / "CURRENT").exists() and not note.exists():
        raise EvaluationError(
            f"the index in {settings.index} was not built for evaluating and would be lost; "
            "name another folder with --index"
        )
    digest = _sha256(articles_file)
    manifest = _manifest(settings)
    if manifest is None or not _noted(note, digest, manifest):
        _write(note, digest, None)  # ours from here on, even if building is stopped
        manifest = _build(articles_file, settings, progress)
        _write(note, digest, manifest.generation)
    return manifest


def _manifest(settings: IndexSettings) -> Manifest | None:
    """The manifest of the index, if there is one that would be the same if it were built now."""
    embedder = load_embedder(settings.models_dir, settings.batch_tokens, settings.threads)
    try:
        with open_index(settings.index) as index:
            manifest = index.manifest
    except IndexUnavailableError:
        return None  # none yet, of another format, or damaged
    made_with = manifest.model_fingerprint, manifest.passage_tokens
    return manifest if made_with == (embedder.fingerprint, settings.passage_tokens) else None


def _build(
    articles_file: Path, settings: IndexSettings, progress: Callable[[Progress], None]
) -> Manifest:
    with tempfile.TemporaryDirectory() as seeds:  # the set's folder has other files, too
        shutil.copy(articles_file, seeds)
        rebuild(seeds, settings=settings, progress=progress)
    with open_index(settings.index) as index:
        return index.manifest


def _noted(note: Path, digest: str, manifest: Manifest) -> bool:
    try:
        return bool(json.loads(note.read_bytes()) == _content(digest, manifest.generation))
    except (OSError, ValueError):
        return False


def _write(note: Path, digest: str, generation: str | None) -> None:
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(_content(digest, generation), indent=1) + "\n", "utf-8")
    except OSError as error:
        raise IndexWriteError(f"{note} cannot be written ({error.strerror})") from None


def _content(digest: str, generation: str | None) -> dict[str, str | None]:
    return {"articles_sha256": digest, "generation": generation}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
