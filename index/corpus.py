"""The articles of a seeds folder: all is read, what repeats is learned, and then it is cleaned.

Reading and cleaning are spread over processes.  What is furniture is only known when all drafts have
been read, and reading a file twice would cost more than keeping its drafts on the disk.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from index.article import Article
from index.clean import NOTHING_LEFT, articles_of, repaired
from index.families import Sketch, sketch
from index.left_out import LeftOut
from index.passages import Passage, split
from index.read import read_file
from index.readers.draft import Draft, Skipped
from index.repeated import Learner, Repeated
from index.workers import Workers

FILES, DRAFTS = 8, 32  # that a process reads, or cleans, at a time
T = TypeVar("T")


class Entry(NamedTuple):
    """An article, its passages, and what copies of it are found by."""

    article: Article
    passages: list[Passage]
    sketch: Sketch

    def with_id(self, article_id: str) -> Entry:
        """The same under another id."""
        return Entry(
            replace(self.article, id=article_id),
            [replace(passage, article_id=article_id) for passage in self.passages],
            self.sketch,
        )


@dataclass
class Corpus:
    """Iterating reads ``files`` and yields their articles, each with an id of its own.

    ``field_names`` are those of ``SeedFile``; ``left_out`` fills on the way; ``folder`` takes
    temporary files.  ``progress`` is told the stage, how many are done, and of how many.
    """

    files: list[Path]
    seeds: Path
    field_names: Mapping[str, str]
    folder: Path
    workers: Workers
    passage_tokens: int
    progress: Callable[[str, int, int], None]
    left_out: LeftOut = field(default_factory=LeftOut)

    def __iter__(self) -> Iterator[Entry]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            learner, drafts = Learner(), list[Path]()
            total = 0
            for part, left_out in self._read(Path(folder)):
                drafts.append(part)
                self.left_out.merge(left_out)
                for name, _, draft in map(_unspooled, _lines(part)):
                    learner.add(draft, name)
                    total += 1
            lines = (line for part in drafts for line in _lines(part))
            yield from self._cleaned(lines, learner.result(), total)

    def _read(self, folder: Path) -> Iterator[tuple[Path, LeftOut]]:
        """Files of drafts below ``folder``, and what could not be read for each."""
        batches = enumerate(_batches(self.files, FILES))
        read = partial(_read, seeds=self.seeds, names=self.field_names, folder=folder)
        for number, found in enumerate(self.workers.map(read, batches), start=1):
            yield found
            self.progress("reading", min(number * FILES, len(self.files)), len(self.files))

    def _cleaned(self, drafts: Iterable[str], learned: Repeated, total: int) -> Iterator[Entry]:
        clean = partial(_clean, learned=learned, passage_tokens=self.passage_tokens)
        taken: dict[str, int] = {}
        done = 0
        for batch in self.workers.map(clean, _batches(drafts, DRAFTS)):
            for name, entries in batch:
                for entry in entries:
                    yield entry.with_id(_free_id(entry.article.id, taken))
                if not entries:
                    self.left_out.add(Skipped(name, NOTHING_LEFT))
                done += 1
                self.progress("cleaning", done, total)


def _read(
    batch: tuple[int, list[Path]], seeds: Path, names: Mapping[str, str], folder: Path
) -> tuple[Path, LeftOut]:
    """Write the repaired drafts of some files to a file of their own, a line each."""
    number, files = batch
    part = folder / f"{number}.jsonl"
    left_out = LeftOut()
    with part.open("w", encoding="ascii") as drafts:
        for path in files:
            for found in read_file(path, seeds, names):
                if isinstance(found, Skipped):
                    left_out.add(found)
                else:
                    name, article_id, draft = found
                    drafts.write(json.dumps([name, article_id, asdict(repaired(draft))]) + "\n")
    return part, left_out


def _clean(drafts: list[str], learned: Repeated, passage_tokens: int) -> list[tuple[str, list[Entry]]]:
    """The name and the articles of each draft."""
    found = []
    for name, article_id, draft in map(_unspooled, drafts):
        articles = articles_of(draft, article_id, name, learned)
        entries = [Entry(a, list(split(a, passage_tokens)), sketch(a.text)) for a in articles]
        found.append((name, entries))
    return found


def _unspooled(line: str) -> tuple[str, str, Draft]:
    name, article_id, fields = json.loads(line)
    return name, article_id, Draft(**fields)


def _lines(part: Path) -> Iterator[str]:
    with part.open(encoding="ascii") as lines:
        yield from lines


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _free_id(article_id: str, taken: dict[str, int]) -> str:
    """``article_id``, or with the first number after it that makes it no other article's.

    ``taken`` has the ids that are, each with the last number that was put after it.
    """
    free = article_id
    while free in taken:
        taken[article_id] += 1
        free = f"{article_id}#{taken[article_id]}"
    taken[free] = 1
    return free
