from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from index import rebuild
from index.cli import run
from index.errors import EvaluationError
from index.settings import load_settings
from qa import Settings
from qa.cli import commands
from qa.evaluation.data_set import read_data_set
from qa.evaluation.run import evaluate

pytestmark = pytest.mark.skipif(find_spec("ir_measures") is None, reason="ir-measures is missing")

Capture = pytest.CaptureFixture[str]
Write = Callable[..., Path]

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "harbour",
        "title": "Harbour closed",
        "source": "Post",
        "published": "2024-03-01",
        "text": "The harbour of Kelmar was closed on Friday after 31 seals had settled on the quay.",
    },
    {
        "id": "bakery",
        "title": "Bakery opens",
        "source": "Ledger",
        "published": "2024-05-01",
        "text": "Rolf Amund opened a bakery in Ostby on Wednesday and sold 200 loaves before noon.",
    },
]
SEALS = {
    "id": "q1",
    "question": "How many seals had settled on the quay of Kelmar?",
    "kind": "number",
    "answerable": True,
    "answers": ["31"],
    "evidence": [{"article": "harbour", "quote": "31 seals had settled on the quay"}],
}
BAKER = {
    "id": "q2",
    "question": "Who opened a bakery in Ostby?",
    "kind": "person",
    "answerable": True,
    "answers": ["Rolf Amund"],
    "evidence": [{"article": "bakery"}],
    "as_of": "2024-05-02",
}
CHILE = {
    "id": "q3",
    "question": "Who won the presidential election in Chile?",
    "kind": "none",
    "answerable": False,
    "answers": [],
    "evidence": [],
}


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def data(write_seeds: Write) -> Path:
    files = {"articles.jsonl": lines(ARTICLES), "questions.jsonl": lines([SEALS, BAKER, CHILE])}
    return write_seeds(files)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"questions.jsonl": "{}"}, "has no articles.jsonl and no articles.jsonl.gz"),
        ({"articles.jsonl": lines(ARTICLES)}, "questions.jsonl cannot be read: No such file"),
        ({"articles.jsonl": "", "questions.jsonl": "\n"}, "questions.jsonl has no questions"),
        ({"articles.jsonl": "", "questions.jsonl": "\n{"}, "questions.jsonl, line 2: invalid JSON"),
        (
            {"articles.jsonl": '{"id": "a"}\n7', "questions.jsonl": lines([CHILE])},
            "articles.jsonl, line 2: input should be an object",
        ),
        (
            {"articles.jsonl": "", "questions.jsonl": lines([CHILE, {"id": "q"}])},
            "questions.jsonl, line 2: question: field required",
        ),
        (
            {"articles.jsonl": "", "questions.jsonl": lines([{**CHILE, "answers": [1]}])},
            "questions.jsonl, line 1: answers.0: input should be a valid string",
        ),
        (
            {"articles.jsonl": "", "questions.jsonl": lines([SEALS])},
            "question q1 names the article 'harbour', which articles.jsonl does not have",
        ),
        (
            {"articles.jsonl.gz": b"no gzip", "questions.jsonl": lines([SEALS])},
            "articles.jsonl.gz cannot be read: Not a gzipped file",
        ),
        (
            {"articles.jsonl.gz": gzip.compress(b"{}")[:-9], "questions.jsonl": lines([SEALS])},
            "articles.jsonl.gz cannot be read: ",
        ),
    ],
)
def test_a_set_that_cannot_be_used_is_told_in_a_line(
    write_seeds: Write, capsys: Capture, files: dict[str, str | bytes], message: str
) -> None:
    assert run(commands, ["evaluate", str(write_seeds(files))]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_other_mistakes_are_told_in_a_line(data: Path, tmp_path: Path, capsys: Capture) -> None:
    index = ["--index", str(tmp_path / "index")]
    assert run(commands, ["evaluate", "none"]) == 1
    assert "there is no folder none; name one with articles and questions" in capsys.readouterr().err
    assert run(commands, ["evaluate", str(data), "--until", "May", *index]) == 1
    assert "until 'May' is not a date; write it as 2020-11-15" in capsys.readouterr().err
    assert run(commands, ["evaluate", str(data), "--limit", "0", *index]) == 2
    (data / "questions.jsonl").write_text(lines([{**BAKER, "as_of": "soon"}]))
    assert run(commands, ["evaluate", str(data), *index]) == 1
    assert "question q2 of " in (told := capsys.readouterr().err)
    assert "as-of 'soon' is not a date" in told


def test_a_machine_without_the_measures_is_told_how_to_get_them(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    assert run(commands, ["evaluate", str(data)]) == 1
    assert "run 'pip install ir-measures'" in capsys.readouterr().err


def test_a_follow_up_is_asked_in_its_conversation_in_full_and_alone(
    data: Path, tmp_path: Path, capsys: Capture
) -> None:
    told = "Rolf Amund opened a bakery in Ostby on Wednesday. [1]"
    history = [{"role": "user", "content": BAKER["question"]}, {"role": "assistant", "content": told}]
    loaves = {
        "id": "q4",
        "question": "How many loaves did he sell?",
        "kind": "follow-up",
        "answerable": True,
        "answers": ["200"],
        "evidence": [{"article": "bakery"}],
        "history": history,
        "standalone": "How many loaves did Rolf Amund sell?",
    }
    (data / "questions.jsonl").write_text(lines([SEALS, loaves]))
    place = tmp_path / "index"
    overall = evaluate(data, index_dir=place).overall
    assert overall["follow_ups_right"].questions == overall["follow_ups_alone"].questions == 1
    assert overall["follow_ups_right"].value == overall["follow_ups_in_full"].value == 1

    assert run(commands, ["evaluate", str(data), "--index", str(place)]) == 0
    assert "follow-ups, right words" in capsys.readouterr().out
    (data / "questions.jsonl").write_text(lines([{**loaves, "history": [{"role": "system"}]}]))
    assert run(commands, ["evaluate", str(data), "--index", str(place)]) == 1
    assert "each turn of the history must be" in capsys.readouterr().err


def test_the_index_is_built_when_it_is_needed_and_only_then(data: Path, tmp_path: Path) -> None:
    place = tmp_path / "var" / "index"
    first = evaluate(data, 1, index_dir=place)
    assert (first.articles, first.left_out) == (2, 0)
    assert evaluate(data, 1, index_dir=place).generation == first.generation

    (data / "articles.jsonl").write_text(lines([*ARTICLES, {"id": "c", "text": "It rained."}]))
    second = evaluate(data, 1, index_dir=place)
    assert second.articles == 3

    settings = load_settings(Settings, passage_tokens=100)
    third = evaluate(data, 1, index_dir=place, settings=settings)
    assert third.generation not in (first.generation, second.generation)

    rebuild(data, place)  # by someone else, with the questions as articles
    assert evaluate(data, 1, index_dir=place).articles == 3


def test_an_index_of_ones_own_is_not_overwritten(data: Path, seeds_index: Path) -> None:
    before = (seeds_index / "CURRENT").read_text()
    with pytest.raises(EvaluationError, match="was not built for evaluating and would be lost"):
        evaluate(data, index_dir=seeds_index)
    assert (seeds_index / "CURRENT").read_text() == before


def test_the_index_lies_by_default_below_var_whatever_index_the_environment_names(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_INDEX", "mine")
    assert evaluate(data, 1).index == "var/evaluate/seeds"
    assert (tmp_path / "var/evaluate/seeds/CURRENT").exists()
    assert not (tmp_path / "mine").exists()


def test_until_takes_away_what_was_published_later(data: Path, tmp_path: Path) -> None:
    everything = evaluate(data, index_dir=tmp_path / "index")
    assert everything.overall["article_first"].questions == 2
    assert everything.overall["answered_unanswerable"].questions == 1
    early = evaluate(data, until="2024-04-01", index_dir=tmp_path / "index")
    assert early.generation == everything.generation
    assert early.overall["article_first"].questions == 1
    assert early.overall["answered_unanswerable"].questions == 2
    assert early.kinds["person"]["answered_unanswerable"].value == 0
    assert early.to_dict()["until"] == "2024-04-01"


def test_a_set_may_be_compressed_and_its_misses_are_told(data: Path, tmp_path: Path) -> None:
    plain = data / "articles.jsonl"
    (data / "articles.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    wrong = {**SEALS, "evidence": [{"article": "bakery"}]}
    (data / "questions.jsonl").write_text(lines([wrong, BAKER]))
    assert read_data_set(data).articles.keys() == {"harbour", "bakery"}
    (miss,) = evaluate(data, index_dir=tmp_path / "index").misses
    assert (miss.id, miss.wanted, miss.first) == ("q1", ("Bakery opens",), "Harbour closed")


def test_the_command_prints_a_table_or_json(data: Path, tmp_path: Path, capsys: Capture) -> None:
    command = ["evaluate", str(data), "--index", str(tmp_path / "index")]
    assert run(commands, [*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 3
    assert found["overall"]["article_first"] == {"value": 1, "low": 1, "high": 1, "questions": 2}
    assert found["overall"]["words_in_answer"]["value"] == 1
    assert found["overall"]["citation_faults"]["value"] == 0
    assert set(found["kinds"]) == {"number", "person", "none"}
    assert "fact_recall@10" not in found["kinds"]["person"]
    assert found["misses"] == []

    assert run(commands, command) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"3 questions of {data} on 2 articles")
    (row,) = (line for line in out.splitlines() if line.startswith("right article first"))
    full = "100.0% (100–100)"
    assert " ".join(row.split()) == f"right article first {full} - {full} {full}"
