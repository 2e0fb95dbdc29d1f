from __future__ import annotations

import gzip
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.read import read_file
from index.readers import unpack
from index.readers.draft import Draft, Skipped


def read(folder: Path, name: str, data: bytes) -> tuple[dict[str, Draft], dict[str, str]]:
    """Drafts by id, and reasons by path."""
    (folder / name).write_bytes(data)
    found = list(read_file(folder / name, folder, {}))
    return (
        {entry[1]: entry[2] for entry in found if not isinstance(entry, Skipped)},
        {entry.path: entry.reason for entry in found if isinstance(entry, Skipped)},
    )


def test_an_archive_counts_as_a_folder(tmp_path: Path, make_zip: Callable[..., bytes]) -> None:
    inner = make_zip({"deep.txt": "Three."})
    lines = gzip.compress(b'{"text": "One."}\n{"text": "Two."}\n')
    files = {
        "in/a.jsonl.gz": lines,
        "b.zip": inner,
        ".hidden.txt": "x",
        "__MACOSX/._a.txt": "x",
        "c/": "",
    }
    drafts, reasons = read(tmp_path, "dump.zip", make_zip(files))
    assert list(drafts) == [
        "dump.zip/in/a.jsonl.gz/a#1",
        "dump.zip/in/a.jsonl.gz/a#2",
        "dump.zip/b.zip/deep",
    ]
    assert reasons == {}


def test_names_lead_nowhere(tmp_path: Path, make_zip: Callable[..., bytes]) -> None:
    files = {
        "../../up.txt": "One.",
        "/etc/root.txt": "Two.",
        "..\\back.txt": "Three.",
        "line\nbreak.txt": "Four.",
    }
    drafts, _ = read(tmp_path, "a.zip", make_zip(files))
    assert list(drafts) == ["a.zip/up", "a.zip/etc/root", "a.zip/back", "a.zip/line break"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_bad_member_is_left_out_alone(tmp_path: Path, make_zip: Callable[..., bytes]) -> None:
    whole = gzip.compress(bytes(range(256)) * 40)
    data = make_zip(
        {
            "bomb.txt": b" " * (50 << 20),
            "cut.txt.gz": whole[:-9],
            "flipped.txt": "Flipped words.",
            "nested.zip": make_zip({"deep.zip": make_zip({"a.txt": "x"}), "b.txt": "Two."}),
            "no.zip": "text",
            "good.txt": "One.",
        }
    )
    at = data.index(b"flipped.txt") + len("flipped.txt")
    data = data[:at] + bytes([data[at] ^ 1, data[at + 1] ^ 255]) + data[at + 2 :]
    drafts, reasons = read(tmp_path, "a.zip", data)
    assert list(drafts) == ["a.zip/nested.zip/b", "a.zip/good"]
    starts = {path: reason[:24] for path, reason in reasons.items()}
    assert starts == {
        "a.zip/bomb.txt": "unpacks to more than 200",
        "a.zip/cut.txt.gz/cut.txt": "damaged or cut off in it",
        "a.zip/flipped.txt": "damaged or cut off in it",
        "a.zip/nested.zip/deep.zip": "archives nested more tha",
        "a.zip/no.zip": "not a ZIP archive that c",
    }


def test_a_member_may_lack_a_name(tmp_path: Path, make_zip: Callable[..., bytes]) -> None:
    drafts, reasons = read(
        tmp_path, "a.zip", make_zip({"a.txt": "One.", "b.txt": "Two."}).replace(b"a.txt", b"\0.txt")
    )
    assert list(drafts) == ["a.zip/b"]
    assert list(reasons) == ["a.zip/unnamed"]


def test_encrypted_members_links_and_other_methods_are_left_out(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("locked.txt", "One.")
        archive.writestr("other.txt", "Two.", compress_type=zipfile.ZIP_LZMA)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    data = bytearray(out.getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag for encryption, in the table of contents
    drafts, reasons = read(tmp_path, "a.zip", bytes(data))
    assert drafts == {}
    assert reasons == {
        "a.zip/locked.txt": "encrypted; unpack it with its password",
        "a.zip/other.txt": "packed by a method that is not read here; pack it anew as an ordinary ZIP",
        "a.zip/link.txt": "a link",
    }


def test_what_all_members_unpack_to_is_bounded(
    tmp_path: Path, make_zip: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MAX_UNPACKED", 100)
    monkeypatch.setattr(unpack, "MAX_GROWTH", 0)
    data = make_zip({"a.txt": "One. " * 15, "b.txt": "Two. " * 15})
    drafts, reasons = read(tmp_path, "a.zip", data)
    assert list(drafts) == ["a.zip/a"]
    assert reasons == {
        "a.zip/b.txt": "its archive unpacks to too much; unpack it into the seeds folder"
    }


def test_members_are_counted(
    tmp_path: Path, make_zip: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MAX_MEMBERS", 1)
    data = make_zip({"a.txt": "One.", "b.txt": "Two."})
    assert read(tmp_path, "a.zip", data) == ({}, {"a.zip": "2 files in it, more than 1; unpack it"})


@pytest.mark.parametrize(("name", "path"), [("a.zip", "a.zip"), ("a.txt.gz", "a.txt.gz/a.txt")])
def test_what_is_no_archive_is_left_out(tmp_path: Path, name: str, path: str) -> None:
    drafts, reasons = read(tmp_path, name, b"text")
    assert drafts == {}
    assert list(reasons) == [path]


def test_web_archives_may_be_packed_record_by_record(
    tmp_path: Path, make_warc: Callable[..., bytes], page: bytes
) -> None:
    record = make_warc([("https://example.org/1", "HTTP/1.1 200 OK\nContent-Type: text/html", page)])
    drafts, reasons = read(tmp_path, "a.warc.gz", gzip.compress(record) * 2)
    assert list(drafts) == ["a.warc.gz/a#1", "a.warc.gz/a#2"]
    assert reasons == {}
