"""Whatever the bytes, a reader gives drafts and reasons, soon, and raises nothing else.

QA_FUZZ_EXAMPLES makes it look longer, at other bytes each time; QA_FUZZ_ENDING at one format alone.
"""

from __future__ import annotations

import os
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.read import ARCHIVES, READERS, read_file, reader_of
from index.readers.draft import Draft, SeedFile, Skipped, UnreadableError

EXAMPLES = int(os.environ.get("QA_FUZZ_EXAMPLES", "30"))
SECONDS = 5  # of this process: the machine may be busy
# One ending a reader, the last that it is registered for.
ENDINGS = [*{reader: ending for ending, reader in READERS.items()}.values(), *ARCHIVES]

_bytes = st.binary(max_size=12)
_place = st.floats(0, 1)
_changes = st.lists(st.tuples(_place, st.integers(0, 30), _bytes, st.integers(1, 3)), max_size=6)
# Pieces that mean something in some format, so that changes are not only noise.
_words = st.sampled_from(
    [
        *b"""< > " &a; &x *x %s - null NaN -1 1e999 [ { : 2020-13-45 !!timestamp <![CDATA[ ]]> --B
        charset=punycode charset=utf-7 =?x?b? Content-Type: multipart/mixed; boundary=B message/rfc822
        endobj stream << /Length 99999999 4 0 R <div> <a href= chunked WARC/1.0 &nbsp;""".split(),
        *[b"\0", b"\xff\xfe", b"\x80", b"\n", b"\r\n\r\n", b"PK\x01\x02", b"9" * 5000, b"[" * 2000],
        *[b"(" * 3000, b"<div>" * 3000, b"<a>" * 300, b"- " * 500, b"<!DOCTYPE x [<!ENTITY a 'b'>]>"],
    ]
)
_inserts = st.lists(st.tuples(_place, st.integers(0, 30), _words, st.integers(1, 3)), max_size=4)


def _mutated(data: bytes, changes: list[tuple[float, int, bytes, int]], cut: float) -> bytes:
    """Each change puts other bytes, so many times, in the place of some; then the end is cut off."""
    for place, removed, put, times in changes:
        at = int(place * len(data))
        data = data[:at] + put * times + data[at + removed :]
    return data if cut > 0.7 else data[: int(len(data) * cut / 0.7)]


def _check(ending: str, data: bytes, folder: Path) -> None:
    started = time.process_time()
    reason = "none"
    if ending in ARCHIVES:
        inner = ".jsonl" if ending == ".gz" else ""
        (folder / f"a{inner}{ending}").write_bytes(data)
        for found in read_file(folder / f"a{inner}{ending}", folder, {}):
            assert isinstance(found, Skipped) or isinstance(found[2], Draft)
    else:
        try:
            for draft in reader_of(ending)(SeedFile(f"a{ending}", lambda: BytesIO(data))):
                assert isinstance(draft, Draft | UnreadableError)
                if isinstance(draft, Draft):
                    assert isinstance(draft.text, str)
        except UnreadableError as error:
            reason = str(error)
    assert reason
    assert time.process_time() - started < SECONDS


def _mutated_part(package: bytes, changes: list[tuple[float, int, bytes, int]], cut: float) -> bytes:
    """A ZIP package with changes in the parts that are read: on packed bytes they would seldom tell."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            is_read = name in ("word/document.xml", "docProps/core.xml", "_rels/.rels", "in/a.txt")
            new.writestr(name, _mutated(data, changes, cut) if is_read else data)
    return out.getvalue()


@pytest.mark.parametrize("ending", os.environ.get("QA_FUZZ_ENDING", "").split() or ENDINGS)
def test_no_bytes_break_a_reader(
    ending: str, samples: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    valid = [name for name in samples if name.endswith(ending)]

    limits = settings(
        max_examples=EXAMPLES,
        derandomize="QA_FUZZ_EXAMPLES" not in os.environ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    @limits
    @given(st.sampled_from(valid), st.one_of(_changes, _inserts), st.floats(0, 2), st.booleans())
    def check_mutated(
        name: str, changes: list[tuple[float, int, bytes, int]], cut: float, in_part: bool
    ) -> None:
        sample = samples[name]
        mutated = _mutated_part if in_part and sample.startswith(b"PK") else _mutated
        _check(ending, mutated(sample, changes, cut), folder)

    @limits
    @given(st.binary(max_size=300))
    def check_random(data: bytes) -> None:
        _check(ending, data, folder)

    check_mutated()
    check_random()
