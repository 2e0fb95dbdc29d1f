from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import open_index, rebuild
from index.errors import SeedsError
from index.read import read_file, seed_files
from index.readers.draft import MAX_FILE, Draft, Skipped


def read(folder: Path, name: str) -> tuple[dict[str, Draft], list[str]]:
    """Drafts by id, and the reasons for what was left out."""
    found = list(read_file(folder / name, folder, {}))
    drafts = {entry[1]: entry[2] for entry in found if not isinstance(entry, Skipped)}
    return drafts, [entry.reason for entry in found if isinstance(entry, Skipped)]


def test_json_fields_are_known_by_their_common_names(write_seeds: Callable[..., Path]) -> None:
    folder = write_seeds(
        {
            "a.json": '{"headline": "T", "body": "Text.", "publisher": {"name": "P"}, '
            '"authors": ["A", "B"], "publishedAt": "2020-01-02", "link": "https://e.org/", "guid": 7}'
        }
    )
    drafts, _ = read(folder, "a.json")
    assert drafts == {
        "7": Draft(
            text="Text.",
            title="T",
            source="P",
            author="A, B",
            published="2020-01-02",
            url="https://e.org/",
            id="7",
        )
    }


def test_a_file_with_several_articles_numbers_them(write_seeds: Callable[..., Path]) -> None:
    folder = write_seeds({"sub/a.json": '{"articles": [{"text": "One."}, 5, {"text": "Two."}]}'})
    drafts, reasons = read(folder, "sub/a.json")
    assert list(drafts) == ["sub/a#1", "sub/a#3"]
    assert reasons == ["item 2: an article must be a JSON object, not int"]


def test_the_one_article_before_a_file_breaks_off_is_kept(tmp_path: Path) -> None:
    lines = gzip.compress(b'{"text": "One."}\n' + os.urandom(200_000))
    (tmp_path / "a.jsonl.gz").write_bytes(lines[:100_000])
    drafts, reasons = read(tmp_path, "a.jsonl.gz")
    assert [draft.text for draft in drafts.values()] == ["One."]
    assert reasons


def test_a_bad_line_of_json_lines_is_named_and_left_out_alone(write_seeds: Callable[..., Path]) -> None:
    lines = [f'{{"id": "n{number}", "text": "Text."}}' for number in range(1, 10)]
    lines[6] = '{"id": "n7", "text": '
    folder = write_seeds({"a.jsonl": "\n".join(lines)})
    drafts, reasons = read(folder, "a.jsonl")
    assert list(drafts) == ["n1", "n2", "n3", "n4", "n5", "n6", "n8", "n9"]
    assert len(reasons) == 1
    assert reasons[0].startswith("line 7: not valid JSON: Expecting value")


def test_markdown_becomes_plain_text_with_its_front_matter(write_seeds: Callable[..., Path]) -> None:
    folder = write_seeds(
        {
            "a.md": "---\ntitle: The *title*\ndate: 2020-01-02\nsource: Post\n---\n"
            "Some **bold** words and [a link](https://e.org/).\n\n- one\n- two\n\n![alt](x.png)\n"
        }
    )
    drafts, _ = read(folder, "a.md")
    draft = drafts["a"]
    assert (draft.title, draft.published, draft.source) == ("The *title*", "2020-01-02", "Post")
    assert draft.text == "Some bold words and a link.\n\none\n\ntwo"


def test_the_first_heading_of_markdown_is_its_title(write_seeds: Callable[..., Path]) -> None:
    drafts, _ = read(write_seeds({"a.md": "# Head\n\nText.\n"}), "a.md")
    assert drafts["a"] == Draft(text="Text.", title="Head")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"\x89PNG\0\0", "binary, not text"),
        ("a.tar", b"text", "no reader for this ending"),
        ("a.json", b"{", "not valid JSON"),
        ("a.json", b"[" * 100_000, "JSON that cannot be read"),
        ("a.json", b'{"a":' * 100_000, "JSON that cannot be read"),
        ("a.json", b'{"title": "no text"}', "no text: none of the fields"),
        ("a.json", b'{"text": ' + b"[" * 900 + b"]" * 900 + b"}", "no text: none of the fields"),
        ("a.md", b"---\n: [\n---\nText.", "the front matter is not YAML"),
        ("a.md", b"---\ndate: 2020-13-45\n---\nText.", "the front matter is not YAML"),
        ("a.md", b"---\ntitle: !!timestamp x\n---\nText.", "the front matter is not YAML"),
        ("a.md", b"---\na: " + b"x" * (16 << 10) + b"\n---\nText.", "front matter of more than 16 KB"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_out_with_the_reason(
    write_seeds: Callable[..., Path], name: str, content: bytes, reason: str
) -> None:
    drafts, reasons = read(write_seeds({name: content}), name)
    assert drafts == {}
    assert reasons[0].startswith(reason)
    assert "\n" not in reasons[0]


def test_json_of_millions_of_values_is_left_out_before_it_takes_the_memory(
    write_seeds: Callable[..., Path],
) -> None:
    drafts, reasons = read(write_seeds({"a.json": b"[" + b"{}," * 19_999_999 + b"{}]"}), "a.json")
    assert drafts == {}
    assert reasons == ["more than 4,000,000 values or commas; split it, or save it as JSON Lines"]


def test_an_export_of_64_megabytes_is_read(write_seeds: Callable[..., Path]) -> None:
    story = {"text": "The mayor, who had come late, opened it. " * 60, "authors": ["A", "B"], "id": 1}
    item = json.dumps(
        {**story, "title": "T", "tags": ["x", "y", "z"], "meta": {"views": 1, "likes": 2}}
    )
    count = MAX_FILE // (len(item) + 1) - 1
    folder = write_seeds({"a.json": "[" + ",".join([item] * count) + "]"})
    assert sum(1 for _ in read_file(folder / "a.json", folder, {})) == count


def test_pipes_and_links_out_of_the_folder_are_not_followed(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    folder = write_seeds({})
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(folder / "pipe.txt")
    assert read(folder, "link.txt") == ({}, ["a link that leads out of the seeds folder"])
    assert read(folder, "pipe.txt") == ({}, ["not a regular file"])
    (tmp_path / "others").mkdir()
    (folder / "others").symlink_to(tmp_path / "others")
    assert folder / "others" in seed_files(folder)
    assert read(folder, "others") == ({}, ["a link that leads out of the seeds folder"])


def test_a_folder_that_cannot_be_opened_is_named(
    write_seeds: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_seeds({"a.txt": "One.", "shut/b.txt": "Two."})
    scandir = os.scandir

    def refuse(path: str) -> object:  # as root, tests may open everything
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert seed_files(folder) == [folder / "a.txt", folder / "shut"]
    assert read(folder, "shut")[1][0].startswith("a folder that cannot be opened")


def test_a_line_of_two_gigabytes_is_left_out_within_bounds(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("wb") as stream:
        stream.truncate(2 << 30)
        stream.seek(0, os.SEEK_END)
        stream.write(b'\n{"text": "Text."}\n')
    program = (
        "import re, sys; from pathlib import Path; from index.read import read_file\n"
        "for found in read_file(Path(sys.argv[1], 'a.jsonl'), Path(sys.argv[1]), {}): print(found)\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    skipped, draft, kilobytes = run.stdout.splitlines()
    assert skipped == "Skipped(path='a.jsonl', reason='line 1: longer than 16 MB')"
    assert "text='Text.'" in draft
    assert int(kilobytes) < 500 << 10


def test_names_of_files_may_hold_anything(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    folder = write_seeds({"line\nbreak <b>.txt": "One."})
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("Two.")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    report = rebuild(folder, tmp_path / "index")
    assert [path for path, _ in report.skipped] == ["loop.txt"]
    with open_index(tmp_path / "index") as index:
        paths = [article.path for article in index.articles()]
    assert sorted(paths) == ["caf\N{REPLACEMENT CHARACTER}.txt", "line break <b>.txt"]


def test_hidden_files_are_not_seeds(write_seeds: Callable[..., Path]) -> None:
    folder = write_seeds({"b.txt": "b", "a/c.txt": "c", ".hidden": "x", ".git/d.txt": "d"})
    assert [path.relative_to(folder).as_posix() for path in seed_files(folder)] == ["b.txt", "a/c.txt"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match=r"there is no folder .*/none; put articles into it"):
        seed_files(tmp_path / "none")
