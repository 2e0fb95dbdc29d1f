"""Exports whose field names are not the common ones: the user says them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import open_index, rebuild
from index.article import Article
from index.cli import run
from index.errors import SettingsError
from index.read import read_file
from index.readers.draft import Draft, Skipped
from index.readers.fields import NAMES
from index.settings import IndexSettings, load_settings
from qa.cli import commands

WriteSeeds = Callable[..., Path]
STORY = "The ferry to the island sank in calm water on Sunday."


def read(folder: Path, name: str, **field_names: str) -> tuple[list[Draft], list[str]]:
    found = list(read_file(folder / name, folder, field_names))
    drafts = [entry[2] for entry in found if not isinstance(entry, Skipped)]
    return drafts, [entry.reason for entry in found if isinstance(entry, Skipped)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '[{"Story": "One.", "kop": "T"}]'),
        ("a.jsonl", '{"story": "One.", "kop": "T"}\n'),
        ("a.csv", "kop;story\nT;One.\n"),
        ("a.md", "---\nkop: T\n---\nOne."),
    ],
)
def test_a_format_with_fields_knows_the_names_that_are_said(
    write_seeds: WriteSeeds, name: str, content: str
) -> None:
    drafts, reasons = read(write_seeds({name: content}), name, text="story", title="kop")
    assert (drafts, reasons) == ([Draft(text="One.", title="T")], [])


def test_the_names_reach_into_archives(write_seeds: WriteSeeds, make_zip: Callable[..., bytes]) -> None:
    folder = write_seeds({"a.zip": make_zip({"a.json": '{"story": "One."}'})})
    assert read(folder, "a.zip", text="story")[0] == [Draft(text="One.")]


def test_a_column_for_the_text_is_asked_for_by_the_name_that_is_said(write_seeds: WriteSeeds) -> None:
    folder = write_seeds({"a.csv": "kop,verhaal\nT,One.\n"})
    (reason,) = read(folder, "a.csv", title="kop")[1]
    assert reason.startswith("no column for the text")
    assert reason.endswith("--fields text=NAME")


def test_what_is_said_counts_more_than_the_common_names(write_seeds: WriteSeeds) -> None:
    folder = write_seeds(
        {"a.json": '{"text": "Teaser.", "story": "One.", "date": "2020-01-01", "d": 7}'}
    )
    drafts, _ = read(folder, "a.json", text="story", published="d")
    assert drafts == [Draft(text="One.", published="7")]


def test_an_item_without_the_name_that_is_said_has_the_common_ones(write_seeds: WriteSeeds) -> None:
    folder = write_seeds(
        {"a.json": '[{"story": "One."}, {"body": "Two."}, {"story": "", "text": "3"}]'}
    )
    drafts, _ = read(folder, "a.json", text="story")
    assert [draft.text for draft in drafts] == ["One.", "Two.", "3"]


def test_a_name_that_is_said_of_one_field_means_no_other(write_seeds: WriteSeeds) -> None:
    folder = write_seeds({"a.json": '{"text": "T", "story": "One.", "author": "Post", "by": "Ann"}'})
    drafts, _ = read(folder, "a.json", title="text", text="story", source="author")
    assert drafts == [Draft(text="One.", title="T", source="Post")]


def test_a_dot_leads_into_an_object_unless_the_whole_name_is_a_key(write_seeds: WriteSeeds) -> None:
    item = {"text": "One.", "meta": {"when": {"day": "2020-01-01"}, "by": "Ann"}, "meta.by": "Bob"}
    folder = write_seeds({"a.json": json.dumps(item), "a.csv": "text,meta.when.day\nTwo.,2020-01-02\n"})
    names = {"published": "meta.when.day", "author": "meta.by", "title": "text.x", "url": "none.x"}
    assert read(folder, "a.json", **names)[0] == [
        Draft(text="One.", published="2020-01-01", author="Bob")
    ]
    assert read(folder, "a.csv", **names)[0] == [Draft(text="Two.", published="2020-01-02")]


def test_the_text_of_markdown_is_what_stands_below_its_front_matter(write_seeds: WriteSeeds) -> None:
    folder = write_seeds({"a.md": "---\nstory: Yes.\ntext: Kop\n---\n# Head\n\nOne."})
    assert read(folder, "a.md", text="story", source="title")[0] == [Draft(text="One.", title="Head")]
    assert read(folder, "a.md", title="text")[0] == [Draft(text="Head\n\nOne.", title="Kop")]


def test_the_reason_names_the_name_that_was_said(write_seeds: WriteSeeds) -> None:
    folder = write_seeds({"a.json": '{"verhaal": "One."}'})
    (reason,) = read(folder, "a.json", text="story")[1]
    assert reason.startswith("no text: none of the fields story, text, body")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("txt=Story", "there is no field 'txt'"),
        ("text=story,When", "'When' is not FIELD=NAME"),
        ("text=", "'text=' is not FIELD=NAME"),
        ("=story", "'=story' is not FIELD=NAME"),
        ("text=story,", "'' is not FIELD=NAME"),
        ("text=story,text=body", "text is given twice"),
    ],
)
def test_names_that_cannot_be_used_are_told_in_one_line(
    given: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(IndexSettings, fields=given)
    assert str(error.value).startswith(f"fields cannot be '{given}': {message}")
    assert str(error.value).endswith("(set it with --fields or QA_FIELDS)")
    assert "twice" in message or ", ".join(NAMES) in str(error.value)
    monkeypatch.setenv("QA_FIELDS", given)
    assert run(commands, ["rebuild"]) == 2
    assert capsys.readouterr().err == f"qa: {error.value}\n"


def test_other_names_take_effect_with_the_next_rebuild(
    write_seeds: WriteSeeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"text": "Read on at our site, dear reader.", "story": STORY, "meta": {"when": "2020-05-06"}}
    seeds, index_dir = write_seeds({"a.jsonl": json.dumps(row)}), tmp_path / "index"

    def article() -> Article:
        with open_index(index_dir) as index:
            return index.article("a")

    rebuild(seeds, index_dir)
    assert article().text == row["text"]
    monkeypatch.setenv("QA_FIELDS", " text = story, published=meta.when ")
    assert rebuild(seeds, index_dir).changed == 1
    assert (article().text, article().published) == (STORY, "2020-05-06")
    arguments = ["rebuild", "--seeds", str(seeds), "--index", str(index_dir), "--fields", ""]
    assert run(commands, arguments) == 0  # a flag counts more than the variable
    assert article().text == row["text"]
