"""Which program reads and cleans: another version may make another article of the same file."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# What decides about a text, its sentences, its language, and where its passages end.
_PACKAGES = (
    "brotli charset-normalizer datasketch feedparser ftfy llama-index-core lxml markdown-it-py nltk "
    "py3langid pypdf python-dateutil python-docx PyYAML tiktoken trafilatura warcio"
).split()


def program_digest() -> str:
    """A hash of the source of this package and of the versions of those that it reads with.

    Any change of the source counts, so that nobody has to remember to say that it does.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for package in _PACKAGES:
        try:
            digest.update(f"{package} {version(package)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"{package}\n".encode())
    return digest.hexdigest()
