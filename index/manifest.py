"""The manifest of a generation: what it is, what it was made of, and the hashes of its files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from index.lasting import write_lasting
from index.readers.draft import Skipped

FORMAT = 4  # of everything below the index folder
_UNLISTED = {"manifest.json", "lock"}  # the one has a hash in itself, the other is empty


class FileHash(NamedTuple):
    """The size of a file in bytes, and its SHA-256."""

    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """That of a file as it is."""
        with path.open("rb") as file:
            return cls(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is, and all that it depends on: where that is the same, so would a new one be.

    ``seen`` is a hash of the seeds' files, ``method`` one of the program that read them, ``forgotten``
    one of the list of forgotten articles; ``chroma`` is the URL of the server that has the vectors, if
    one does; ``texts`` counts the texts that have vectors.  ``files`` are by their path below the
    generation's folder, ``vectors`` is vectors.bin as this one left it.
    """

    generation: str
    created: str
    seeds: str
    seen: str
    fields: str | None
    method: str
    forgotten: str
    model: str
    model_fingerprint: str
    passage_tokens: int
    chroma: str | None
    articles: int
    passages: int
    texts: int
    families: int
    vectors: FileHash
    skipped: list[Skipped]
    files: dict[str, FileHash] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The manifest in ``folder``.  Raises OSError, or ValueError for one that cannot be used."""
        fields = json.loads((folder / "manifest.json").read_text("utf-8"))
        if fields["format"] != FORMAT:
            raise ValueError(f"it has format {fields['format']}, this version reads {FORMAT}")
        if fields.pop("sha256", None) != _digest(fields):
            raise ValueError("manifest.json is not as it was written")
        fields["skipped"] = [Skipped(**entry) for entry in fields["skipped"]]
        fields["vectors"] = FileHash(*fields["vectors"])
        fields["files"] = {path: FileHash(*found) for path, found in fields["files"].items()}
        return cls(**fields)

    def write(self, folder: Path) -> None:
        """Write it, lasting."""
        fields = self.to_dict()
        content = json.dumps({**fields, "sha256": _digest(fields)}, indent=1, ensure_ascii=False)
        write_lasting(folder / "manifest.json", content)

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        files = {path: list(found) for path, found in self.files.items()}
        return asdict(self) | {"files": files, "vectors": list(self.vectors)}


def hash_files(folder: Path) -> dict[str, FileHash]:
    """The hashes of the files of a generation."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    names = [name for name in found if name not in _UNLISTED]
    with ThreadPoolExecutor() as threads:  # hashing needs no lock of Python's
        hashes = threads.map(FileHash.of, map(found.__getitem__, names))
        return dict(zip(names, hashes, strict=True))


def damaged_files(folder: Path, manifest: Manifest) -> dict[str, str]:
    """What is wrong with the files in ``folder``, by name; empty if they are as they were written."""
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    wrong = changed_files(folder, manifest.files)
    if "lock" not in there:
        wrong["lock"] = "is missing"
    for name in sorted(there - manifest.files.keys() - _UNLISTED):
        wrong[name] = "does not belong there"
    return wrong


def changed_files(folder: Path, files: Mapping[str, FileHash]) -> dict[str, str]:
    """What is wrong with those of the ``files`` in ``folder`` that are not as they were written."""
    with ThreadPoolExecutor() as threads:  # hashing needs no lock of Python's
        faults = list(threads.map(_fault, (folder / name for name in files), files.values()))
    return {name: fault for name, fault in zip(files, faults, strict=True) if fault}


def _fault(path: Path, expected: FileHash) -> str | None:
    """What is wrong with a file, if something is."""
    try:
        found = FileHash.of(path)
    except OSError as error:
        return f"cannot be read ({error.strerror})" if os.path.lexists(path) else "is missing"
    if found.size != expected.size:
        return f"has {found.size:,} bytes instead of {expected.size:,}"
    if found != expected:
        return "was changed after it was written (its hash is another)"
    return None


def _digest(fields: dict[str, Any]) -> str:
    content = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
