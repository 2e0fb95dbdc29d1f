"""The articles of a seeds folder: all is read, what repeats is learned, and then it is cleaned."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from index.article import Article
from index.clean import NOTHING_LEFT, articles_of, repaired
from index.left_out import LeftOut
from index.read import read_file
from index.readers.draft import Draft, Skipped
from index.repeated import Learner


@dataclass
class Corpus:
    """Iterating reads ``files`` and yields their articles, each with an id of its own.

    ``left_out`` fills on the way.  ``field_names`` are those of ``SeedFile``.  ``progress`` is told
    the stage, how many are done, and of how many.  ``folder`` takes a temporary file: what is
    furniture is only known when all drafts have been read, and reading a file twice would cost more
    than keeping its drafts on the disk.
    """

    files: list[Path]
    seeds: Path
    field_names: Mapping[str, str]
    folder: Path
    progress: Callable[[str, int, int], None]
    left_out: LeftOut = field(default_factory=LeftOut)

    def __iter__(self) -> Iterator[Article]:
        with tempfile.TemporaryFile("w+", encoding="ascii", dir=self.folder) as drafts:
            learner = Learner()
            count = 0
            for name, article_id, draft in self._read():
                learner.add(draft, name)
                drafts.write(json.dumps([name, article_id, asdict(draft)]) + "\n")
                count += 1
            drafts.seek(0)
            learned = learner.result()
            taken: set[str] = set()
            for number, line in enumerate(drafts, start=1):
                name, article_id, fields = json.loads(line)
                found = articles_of(Draft(**fields), article_id, name, learned)
                for article in found:
                    yield replace(article, id=_free_id(article.id, taken))
                if not found:
                    self.left_out.add(Skipped(name, NOTHING_LEFT))
                self.progress("cleaning", number, count)

    def _read(self) -> Iterator[tuple[str, str, Draft]]:
        for number, path in enumerate(self.files, start=1):
            for found in read_file(path, self.seeds, self.field_names):
                if isinstance(found, Skipped):
                    self.left_out.add(found)
                else:
                    name, article_id, draft = found
                    yield name, article_id, repaired(draft)
            self.progress("reading", number, len(self.files))


def _free_id(article_id: str, taken: set[str]) -> str:
    """``article_id``, or with the first number after it that makes it no other article's."""
    free, number = article_id, 1
    while free in taken:
        number += 1
        free = f"{article_id}#{number}"
    taken.add(free)
    return free
