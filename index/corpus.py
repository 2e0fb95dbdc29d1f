"""The articles of a seeds folder: what is new is read, what repeats is learned, and then it is cleaned.

What a generation knows of the seeds is used again, and gives the same as reading all anew:

- A file of the same name and content has the same drafts, and is not opened.
- What is furniture is learned from all drafts, each time, in their order; known drafts give the hashes
  of their lines.  So a line that becomes furniture today leaves the pages of yesterday, too.
- A draft is cleaned again if it is new, or if what was learned gives its lines other answers than last
  time.  Cleaning notes what it asks (``index.repeated.Asked``).
- With passages of another length the articles stay, and are cut again.

Reading and cleaning are spread over processes.  Drafts that are to be cleaned wait on the disk.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from index.clean import NOTHING_LEFT, articles_of
from index.drafts import FileRead, Place, read_files, unspooled
from index.entries import Before, Cleaned, Entry, Kept
from index.errors import SeedsError
from index.families import sketch
from index.forgotten import Forgotten
from index.known import Known, KnownDraft, KnownEntry, KnownFile
from index.left_out import LeftOut
from index.readers.draft import Skipped
from index.repeated import Asked, Learner, Lines, Repeated, same_answers
from index.rows import digest_of_article
from index.survey import SeedEntry
from index.workers import Workers, in_batches

FORGOTTEN = "forgotten; 'qa forget --undo ID' takes it back"  # the reason for leaving an article out
FILES, DRAFTS = 8, 32  # that a process reads, or cleans, at a time


@dataclass
class Corpus:
    """Iterating yields the articles of ``files``, each with an id of its own.

    ``known`` takes what the next rebuild needs, ``before`` is what the last one has left, ``left_out``
    fills on the way, and ``folder`` takes temporary files.  ``field_names`` are those of ``SeedFile``.
    ``progress`` is told the stage, how many are done, and of how many.  With ``frozen`` nothing is
    read: ``files`` must be those of ``before``.
    """

    files: list[SeedEntry]
    seeds: Path
    field_names: Mapping[str, str]
    folder: Path
    workers: Workers
    passage_tokens: int
    known: Known
    before: Before | None
    forgotten: Forgotten
    progress: Callable[[str, int, int], None]
    frozen: bool = False
    left_out: LeftOut = field(default_factory=LeftOut)
    _places: dict[int, Place] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def __iter__(self) -> Iterator[Entry | Kept]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            self._read_all(Path(folder))
            learner = Learner()
            for lines in self.known.lines():
                learner.add(lines)
            yield from self._articles(learner.result(), Path(folder))

    def _read_all(self, folder: Path) -> None:
        """Put all drafts into ``known``; those that are new wait below ``folder``."""
        same = [self._same_file(entry) for entry in self.files]
        changed = [entry for entry, old in zip(self.files, same, strict=True) if old is None]
        read = self._read([(entry.path, self._keys_of(entry)) for entry in changed], folder)
        done = 0
        for entry, old in zip(self.files, same, strict=True):
            if old and self.before:
                self._add_file(entry, old.left_out, self.before.known.drafts_of(old.number))
                continue
            found = next(read)
            if found:
                drafts = (
                    (draft.name, draft.article_id, draft.key, draft.lines or self._lines_of(draft.key))
                    for draft in found.drafts
                )
                numbers = self._add_file(entry, found.left_out, drafts)
                for number, draft in zip(numbers, found.drafts, strict=True):
                    if draft.place:
                        self._places[number] = draft.place
            done += 1
            self.progress("reading", done, len(changed))

    def _same_file(self, entry: SeedEntry) -> KnownFile | None:
        """The file as the generation before knows it, if it is still the same."""
        if not self.before or not self.before.same_reading:
            return None
        if entry.digest is None and not self.frozen:
            return None  # what could not be opened is tried again
        return self.before.known.file(entry.name, entry.digest)

    def _lines_of(self, key: bytes) -> Lines:
        """What is learned from of a draft that the generation before knows."""
        if self.before is None:
            raise KeyError(key)
        return self.before.known.lines_of(key)

    def _keys_of(self, entry: SeedEntry) -> frozenset[bytes]:
        """The keys of the drafts that a file had."""
        return self.before.known.keys_of(entry.name) if self.before else frozenset()

    def _read(
        self, wanted: list[tuple[Path, frozenset[bytes]]], folder: Path
    ) -> Iterator[FileRead | None]:
        batches = ((next(self._numbers), batch) for batch in in_batches(wanted, FILES))
        read = partial(read_files, seeds=self.seeds, names=self.field_names, folder=folder)
        for found in self.workers.map(read, batches):
            yield from found

    def _add_file(
        self, entry: SeedEntry, left_out: LeftOut, drafts: Iterable[tuple[str, str, bytes, Lines]]
    ) -> list[int]:
        self.left_out.merge(left_out)
        file = self.known.add_file(entry.name, entry.size, entry.digest, left_out)
        return [self.known.add_draft(file, *draft) for draft in drafts]

    def _articles(self, learned: Repeated, folder: Path) -> Iterator[Entry | Kept]:
        drafts = list(self.known.drafts())
        same = self._same_results(drafts, learned)
        kept = self.before.results(filter(None, same)) if self.before else iter(())
        stale = [draft for draft, old in zip(drafts, same, strict=True) if old is None]
        self._fetch(stale, folder)
        cuts_anew = self.before is not None and self.before.passage_tokens != self.passage_tokens
        jobs = (
            self._places[draft.number].line() if old is None else next(kept).whole()
            for draft, old in zip(drafts, same, strict=True)
            if old is None or cuts_anew
        )
        clean = partial(_clean, learned=learned, passage_tokens=self.passage_tokens)
        batches = self.workers.map(clean, in_batches(jobs, DRAFTS))
        cleaned = (result for batch in batches for result in batch)
        total = len(drafts) if cuts_anew else len(stale)
        done = 0
        taken: dict[str, int] = {}
        numbers = count(1)  # of articles, as the store counts them
        for draft, old in zip(drafts, same, strict=True):
            if old is None or cuts_anew:
                result = next(cleaned)
                done += 1
                self.progress("cleaning", done, total)
            else:
                result = next(kept)
            self.known.add_cleaned(draft.number, result.asked, result.held)
            for suffix, found in result.entries:
                article_id = _free_id(draft.article_id + suffix, taken)
                if found is None or self.forgotten.holds(article_id, found.text):
                    self.known.add_entry(draft.number, KnownEntry(suffix, None, None))
                    self.left_out.add(Skipped(draft.name, FORGOTTEN))
                    continue
                self.known.add_entry(draft.number, KnownEntry(suffix, next(numbers), found.sketch))
                yield found.named(article_id, draft.name)
            if not result.entries:
                self.left_out.add(Skipped(draft.name, NOTHING_LEFT))

    def _same_results(self, drafts: list[KnownDraft], learned: Repeated) -> list[int | None]:
        """For each draft the one of the generation before that became what this one would."""
        if self.before is None:
            return [None] * len(drafts)
        if self.frozen:
            return [draft.number for draft in drafts]
        known = self.before.known
        # What was forgotten is not there to be taken over, and may be wanted again.
        incomplete = known.incomplete()
        return [
            next(
                (
                    number
                    for number, asked, held in known.cleaned(draft.key)
                    if number not in incomplete and same_answers(asked, held, learned)
                ),
                None,
            )
            for draft in drafts
        ]

    def _fetch(self, stale: list[KnownDraft], folder: Path) -> None:
        """Read again those of files that did not change."""
        missing = defaultdict[str, list[KnownDraft]](list)
        for draft in stale:
            if draft.number not in self._places:
                missing[self.known.file_of(draft.number)].append(draft)
        entries = [entry for entry in self.files if entry.name in missing]
        known = [
            self._keys_of(entry) - {draft.key for draft in missing[entry.name]} for entry in entries
        ]
        files = list(zip((entry.path for entry in entries), known, strict=True))
        for entry, found in zip(entries, self._read(files, folder), strict=True):
            places = {draft.key: draft.place for draft in found.drafts} if found else {}
            for draft in missing[entry.name]:
                place = places.get(draft.key)
                if place is None:
                    raise SeedsError(
                        f"{entry.name} was changed while {self.seeds} was read; the index before is "
                        "untouched: run 'qa rebuild' again"
                    )
                self._places[draft.number] = place


def _clean(jobs: list[str | Cleaned], learned: Repeated, passage_tokens: int) -> list[Cleaned]:
    """The articles of each draft: of a new one's line, or of those that are only to be cut anew."""
    return [
        _clean_line(job, Asked(learned), passage_tokens)
        if isinstance(job, str)
        else job.cut(passage_tokens)
        for job in jobs
    ]


def _clean_line(line: str, learned: Asked, passage_tokens: int) -> Cleaned:
    name, article_id, draft = unspooled(line)
    entries: list[tuple[str, Entry | None]] = []
    for article in articles_of(draft, article_id, name, learned):
        entry = Entry(article, digest_of_article(article), [], sketch(article.text)).cut(passage_tokens)
        entries.append((article.id.removeprefix(article_id), entry))
    return Cleaned(entries, *learned.answers())


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
