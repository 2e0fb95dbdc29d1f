from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.cli import run
from index.embed import load_embedder
from qa.cli import commands

pytestmark = pytest.mark.usefixtures("remembering")
TROOPS = "How many US troops are in Iraq?"
Capture = pytest.CaptureFixture[str]


def test_an_answer_is_printed_with_its_sources(seeds_index: Path, capsys: Capture) -> None:
    assert run(commands, ["ask", TROOPS, "--index", str(seeds_index)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("AFP, 30 September 2020: “The US still has hundreds of diplomats")
    assert "around 3,000 troops based in three bases across the country.” [1]" in out
    assert "\n\n[1] Iraq says" in out
    assert "(AFP, 30 September 2020; 004_ce8e82a21ac51974, characters 2373 to 2534)" in out


def test_an_abstention_is_a_result_and_no_error(seeds_index: Path, capsys: Capture) -> None:
    assert run(commands, ["ask", "Who won the 2018 World Cup?", "--index", str(seeds_index)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("The articles do not answer this.")
    assert "\\" not in out


def test_json_is_what_the_answer_gives(seeds_index: Path, capsys: Capture) -> None:
    assert run(commands, ["ask", TROOPS, "--index", str(seeds_index), "--json", "--quotes", "1"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["question"] == TROOPS
    assert len(answer["citations"]) == 1


def test_filters_of_the_shell_are_those_of_python(seeds_index: Path, capsys: Capture) -> None:
    arguments = ["ask", "What about the withdrawal?", "--index", str(seeds_index), "--json"]
    filters = ["--source", "Iraq News", "--since", "2020-10-01", "--as-of", "2021-01-01"]
    assert run(commands, [*arguments, *filters]) == 0
    searched = json.loads(capsys.readouterr().out)["searched"]
    assert searched == {
        "articles": 1,
        "since": "2020-10-01",
        "until": "2021-01-01",
        "sources": ["Iraq News"],
    }


def test_an_argument_that_is_no_utf_8_is_said_in_one_line(seeds_index: Path, capsys: Capture) -> None:
    for arguments in (["show", "\udcff"], ["ask", TROOPS, "--source", "\udcff"]):
        assert run(commands, [*arguments, "--index", str(seeds_index)]) == 1
        assert "'\ufffd'" in capsys.readouterr().err
    assert run(commands, ["ask", "Who is David Schenker\udcff?", "--index", str(seeds_index)]) == 0


def test_show_prints_the_text_that_citations_count_in(seeds_index: Path, capsys: Capture) -> None:
    assert run(commands, ["show", "004_ce8e82a21ac51974", "--index", str(seeds_index)]) == 0
    out = capsys.readouterr().out
    assert "published: 2020-09-30T05:17:20+03:00\n" in out
    assert run(commands, ["show", "004_ce8e82a21ac51974", "--index", str(seeds_index), "--json"]) == 0
    text = json.loads(capsys.readouterr().out)["text"]
    assert out.endswith(f"\n\n{text}\n")


def test_info_counts_outlets_months_and_what_was_left_out(
    write_seeds: Callable[..., Path], tmp_path: Path, capsys: Capture
) -> None:
    story = '{"text": "It rained.", "source": "Post", "date": "2020-05-06"}'
    seeds = write_seeds({"a.json": story, "b.txt": "It snowed.", "c\n.xyz": "x"})
    index = str(tmp_path / "index")
    assert run(commands, ["rebuild", "--seeds", str(seeds), "--index", index]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 articles in 2 passages: 2 added, 0 changed, 0 removed, 0 unchanged; ")
    assert "Left out, 1:\n  c .xyz: no reader for this ending" in out
    assert run(commands, ["info", "--index", index, "--json"]) == 0
    info = json.loads(capsys.readouterr().out)
    assert info["sources"] == {"": 1, "Post": 1}
    assert info["months"] == {"": 1, "2020-05": 1}
    assert info["formats"] == {".json": 1, ".txt": 1}
    assert info["undated"] == 1
    assert run(commands, ["info", "--index", index]) == 0
    assert "c .xyz: no reader" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["ask", "x", "--index", "none"], 1, "there is no index in none; build it with 'qa rebuild"),
        (["rebuild", "--seeds", "none"], 1, "there is no folder none; put articles into it"),
        (["rebuild", "--seeds", "empty"], 1, "no article in empty: the folder is empty"),
        (["rebuild", "--seeds", "binary"], 1, "no article in binary: a.txt: binary, not text"),
        (["rebuild", "--seeds", "noise"], 1, "a.txt: not UTF-8 (byte 0x80 at offset 0)"),
        (["rebuild", "--seeds", "lines"], 1, "a.jsonl: line 7: not valid JSON"),
        (["rebuild", "--seeds", "seeds", "--index", "file"], 1, "the index in file cannot be written"),
        (["ask", "", "--index", "index"], 1, "the question is empty"),
        (["ask", "why " * 5000, "--index", "index"], 1, "the question has 20,000 characters"),
        (["ask", "x", "--index", "index", "--source", "Foo"], 1, "no article is from 'Foo'"),
        (["show", "nope", "--index", "index"], 1, "there is no article 'nope' in this index"),
        (["ask", "x", "--models-dir", "none", "--index", "index"], 1, "model.onnx cannot be read"),
        (["ask", "x", "--k", "0"], 2, "k cannot be '0': input should be greater than or equal to 1"),
        (["ask", "x", "--confidence", "high"], 2, "(set it with --confidence or QA_CONFIDENCE)"),
        (["chat", "--port", "99999"], 2, "port cannot be '99999'"),
        (["ask"], 2, "Missing argument 'QUESTION'"),
        (["ask", "x", "--frobnicate"], 2, "No such option"),
        (["frobnicate"], 2, "No such command 'frobnicate'"),
    ],
)
def test_bad_input_gets_one_clear_line_and_changes_nothing(
    seeds_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    arguments: list[str],
    status: int,
    message: str,
) -> None:
    files: dict[str, bytes] = {
        "binary/a.txt": b"\x89PNG\0",
        "noise/a.txt": bytes(range(0x80, 0xA0)) * 40,
        "lines/a.jsonl": b"\n" * 6 + b"{",
        "seeds/a.txt": b"It rained.",
        "file": b"not a folder",
        "empty/.keep": b"",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    shutil.copytree(seeds_index, tmp_path / "index")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_INDEX", "index")
    before = (tmp_path / "index/CURRENT").read_text()

    assert run(commands, arguments) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("qa: ")
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert len(captured.err) < 600
    assert (tmp_path / "index/CURRENT").read_text() == before
    assert len(list((tmp_path / "index/generations").iterdir())) == 1


def test_an_index_of_another_model_is_refused(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(load_embedder(None, 256, 0), "fingerprint", "0" * 64)
    assert run(commands, ["ask", TROOPS, "--index", str(seeds_index)]) == 1
    assert "run 'qa rebuild', or set QA_MODELS_DIR as it was" in capsys.readouterr().err


def test_the_modules_run_as_commands(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    seeds = write_seeds({"a.txt": "Kim won the race in Oslo on Sunday."})
    where = ["--index", str(tmp_path / "index")]

    def python(*arguments: str) -> str:
        command = [sys.executable, "-W", "error", "-m", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert json.loads(python("index", "--seeds", str(seeds), *where, "--json"))["articles"] == 1
    assert "a.txt: “Kim won the race in Oslo on Sunday.” [1]" in python(
        "qa", "ask", "Who won the race?", *where
    )
    assert "Kim won the race" in python("index", "show", "a", *where)


def test_a_reader_that_has_seen_enough_is_no_error(seeds_index: Path) -> None:
    show = f"{sys.executable} -m qa show 004_ce8e82a21ac51974 --index {seeds_index}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{show} | true"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_help_is_no_error(capsys: Capture) -> None:
    assert run(commands, ["--help"]) == 0
    assert run(commands, ["ask", "--help"]) == 0
    assert "--as-of DATE" in capsys.readouterr().out
