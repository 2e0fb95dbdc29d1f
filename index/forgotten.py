"""Articles that were taken down, and that rebuilds leave out although their files are still there.

    INDEX/forgotten.json    of each article the day, a hash of its id and one of its text; one of all

An article is known again by its id, whatever its text says by then, and by its text, wherever its file
lies by then.  Hashes, because the list must not keep a word of what was taken down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.errors import IndexWriteError
from index.lasting import write_lasting


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A forgotten article: the day, and SHA-256 of its id and of its text."""

    day: str
    id: str
    text: str


@dataclass
class Forgotten:
    """The list of an index; change it with the rebuild lock alone."""

    path: Path
    stones: list[Tombstone] = field(default_factory=list)

    @classmethod
    def of(cls, index_dir: Path) -> Forgotten:
        """The list below ``index_dir``, empty if there is none.

        Raises IndexWriteError for one that cannot be read: without it what was taken down would return.
        """
        path = index_dir / "forgotten.json"
        try:
            content = json.loads(path.read_bytes())
            found = cls(path, [Tombstone(**entry) for entry in content["articles"]])
            if content["sha256"] != found.digest():
                raise ValueError("it is not as it was written")
        except (FileNotFoundError, NotADirectoryError):
            return cls(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexWriteError(
                f"the list of forgotten articles {path} cannot be read ({error}), and without it they "
                "would come back; put it right, or remove it if they may"
            ) from None
        return found

    def holds(self, article_id: str, text: Callable[[], str]) -> bool:
        """Whether this article was forgotten; its ``text`` is asked for only if any was."""
        if not self.stones:
            return False
        hashes = _hash(article_id), _hash(text())
        return any(stone.id == hashes[0] or stone.text == hashes[1] for stone in self.stones)

    def add(self, article_id: str, text: str) -> None:
        """Forget an article, lasting."""
        day = datetime.now(UTC).date().isoformat()
        self.stones.append(Tombstone(day, _hash(article_id), _hash(text)))
        self._write()

    def remove(self, article_id: str) -> bool:
        """Take an article off the list, lasting; False if it was not on it."""
        kept = [stone for stone in self.stones if stone.id != _hash(article_id)]
        found = len(kept) < len(self.stones)
        self.stones = kept
        if found:
            self._write()
        return found

    def digest(self) -> str:
        """A hash of the list."""
        return _hash(json.dumps(sorted((stone.id, stone.text) for stone in self.stones)))

    def _write(self) -> None:
        stones = [asdict(stone) for stone in self.stones]
        content = json.dumps({"articles": stones, "sha256": self.digest()}, indent=1)
        write_lasting(self.path, content + "\n")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
