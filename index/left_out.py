"""What is left out of the index, as it is reported: a file of millions of bad rows is told in a few."""

from __future__ import annotations

import json

from index.readers.draft import Skipped

MAX_REPORTED = 20  # parts of one file


class LeftOut:
    """Takes all that is left out; of each file it keeps the first parts, a number and the last."""

    def __init__(self) -> None:
        self._reported: dict[str, list[Skipped]] = {}
        self._more: dict[str, tuple[int, str]] = {}

    def add(self, entry: Skipped) -> None:
        reported = self._reported.setdefault(entry.path, [])
        if len(reported) < MAX_REPORTED:
            reported.append(entry)
        else:
            count, _ = self._more.get(entry.path, (0, ""))
            self._more[entry.path] = count + 1, entry.reason

    def merge(self, other: LeftOut) -> None:
        """Take all that another has taken."""
        for path, reported in other._reported.items():
            for entry in reported:
                self.add(entry)
            if path in other._more:
                count, last = other._more[path]
                self._more[path] = self._more.get(path, (0, ""))[0] + count, last

    def to_json(self) -> str:
        """All that was taken, as JSON."""
        reported = [[path, [e.reason for e in entries]] for path, entries in self._reported.items()]
        return json.dumps([reported, self._more]) if reported else ""

    @classmethod
    def from_json(cls, content: str) -> LeftOut:
        """What ``to_json`` gave."""
        self = cls()
        if content:
            reported, more = json.loads(content)
            self._reported = {
                path: [Skipped(path, reason) for reason in reasons] for path, reasons in reported
            }
            self._more = {path: (count, last) for path, (count, last) in more.items()}
        return self

    def entries(self) -> list[Skipped]:
        """The first parts of each file with their reasons; one entry counts all the others.

        The last reason is among them, as it may tell why the file was not read to its end.
        """
        entries: list[Skipped] = []
        for path, reported in self._reported.items():
            entries += reported
            if path in self._more:
                count, last = self._more[path]
                entries.append(Skipped(path, f"and {count:,} more, the last: {last}"))
        return entries
