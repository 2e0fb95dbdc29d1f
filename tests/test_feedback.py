from __future__ import annotations

import json
import multiprocessing
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from index import rebuild
from index.errors import EvaluationError, FeedbackError, SettingsError
from index.settings import load_settings
from qa import Answer, Settings, ask
from qa import feedback as feedback_file
from qa.evaluation.run import evaluate
from qa.feedback import REASON, check_place, write_feedback

TROOPS = "How many US troops are in Iraq?"
ROCKET = "How many civilians were killed by the rocket near Baghdad?"
NOWHERE = "Who won the 2018 World Cup?"
EACH = 25  # lines of a writer

needs_measures = pytest.mark.skipif(find_spec("ir_measures") is None, reason="ir-measures is missing")


@pytest.fixture(scope="module")
def answer(seeds_index: Path) -> Answer:
    return ask(TROOPS, index_dir=seeds_index)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write_many(path: Path, answer: Answer, name: str) -> None:
    for _ in range(EACH):
        write_feedback(path, answer, "up", f"{name} " * 100)


def test_a_line_has_all_that_is_needed_to_judge_the_answer(seeds_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "var" / "feedback.jsonl"
    history = [{"role": "user", "content": "Who is David Schenker?"}]
    limits: dict[str, Any] = {"since": "2020-01-01", "sources": ["Iraq News"], "as_of": "2020-12-01"}
    answer = ask(ROCKET, history, index_dir=seeds_index, **limits)
    write_feedback(path, answer, "down", "too\n old", history=history, as_of="2020-12-01")
    (line,) = lines(path)
    assert line["thumb"] == "down"
    assert line["reason"] == "too old"
    assert (line["question"], line["standalone_question"]) == (ROCKET, ROCKET)
    assert line["history"] == history
    assert line["scope"] == {
        "since": "2020-01-01",
        "until": "2020-12-01",
        "sources": ["Iraq News"],
        "as_of": "2020-12-01",
    }
    assert line["generation"] == answer.generation
    assert line["answer"]["text"] == answer.text
    assert line["answer"]["citations"][0]["quote"] == answer.citations[0].quote
    assert line["answer"]["citations"][0]["answer"] == "seven"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # it does nothing but write
def test_many_threads_and_processes_write_whole_lines(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    context = multiprocessing.get_context("fork")  # a new one would take seconds to start
    process = context.Process(target=write_many, args=(path, answer, "process"))
    process.start()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda i: write_many(path, answer, f"thread {i}"), range(4)))
    process.join()
    found = lines(path)
    assert len({line["id"] for line in found}) == len(found) == 5 * EACH


def test_a_file_that_somebody_has_edited_is_gone_on_with(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text('{"edited": true}')  # without the end of the line
    write_feedback(path, answer, "up")
    assert [line.get("thumb") for line in lines(path)] == [None, "up"]


def test_what_is_too_much_is_refused_and_nothing_is_lost(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feedback.jsonl"
    write_feedback(path, answer, "up")
    with pytest.raises(FeedbackError, match="more than the 1,000 that are kept"):
        write_feedback(path, answer, "up", "x" * (REASON + 1))
    long = [{"role": "user", "content": "x" * 300_000}]
    with pytest.raises(FeedbackError, match="too long"):
        write_feedback(path, answer, "up", history=long)
    monkeypatch.setattr(feedback_file, "FILE", path.stat().st_size + 10)
    with pytest.raises(FeedbackError, match="full"):
        write_feedback(path, answer, "up")
    assert len(lines(path)) == 1


def test_a_disk_that_is_full_leaves_no_half_line(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feedback.jsonl"
    write_feedback(path, answer, "up")

    def half(file: Any, content: bytes) -> None:
        file.write(content[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(feedback_file, "_write_all", half)
        with pytest.raises(FeedbackError, match="No space left"):
            write_feedback(path, answer, "up")
    write_feedback(path, answer, "down")
    assert [line["thumb"] for line in lines(path)] == ["up", "down"]


@pytest.mark.parametrize("place", ["seeds/feedback.jsonl", "index/x/feedback.jsonl", "link/f.jsonl"])
def test_the_file_never_lies_among_the_articles_or_in_the_index(tmp_path: Path, place: str) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "seeds")
    settings = load_settings(
        Settings, seeds=tmp_path / "seeds", index=tmp_path / "index", feedback=tmp_path / place
    )
    with pytest.raises(SettingsError, match="QA_FEEDBACK"):
        check_place(settings)


@needs_measures
@pytest.mark.usefixtures("remembering")
def test_feedback_is_a_set_to_evaluate(seeds_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    troops, rocket, nowhere = (
        ask(question, index_dir=seeds_index) for question in (TROOPS, ROCKET, NOWHERE)
    )
    write_feedback(path, troops, "up")
    write_feedback(path, nowhere, "up")
    write_feedback(path, rocket, "down")
    write_feedback(path, nowhere, "down")
    write_feedback(path, replace(rocket, citations=troops.citations), "down")  # other words now
    taken_back = write_feedback(path, troops, "down")
    write_feedback(path, troops, None, feedback_id=taken_back)
    evaluation = evaluate(path, index_dir=seeds_index)
    assert evaluation.questions == 5
    up, refused = evaluation.kinds["up, answered"], evaluation.kinds["up, abstained"]
    assert up["words_in_answer"].value == up["article_first"].value == 1
    assert refused["answered_unanswerable"].value == 0
    down = evaluation.kinds["down, answered"]["turned_down_again"]
    assert (down.value, down.questions) == (0.5, 2)
    assert "words_in_answer" not in evaluation.kinds["down, answered"]
    assert evaluation.kinds["down, abstained"]["refused"].value == 1


@needs_measures
def test_an_answer_whose_article_has_gone_is_missed(
    answer: Answer, write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "feedback.jsonl"
    write_feedback(path, answer, "up")
    index = tmp_path / "index"
    rebuild(write_seeds({"a.txt": "Harbour\n\nThe harbour was closed in May."}), index)
    evaluation = evaluate(path, index_dir=index)
    assert evaluation.overall["article_in_ten"].value == 0
    assert evaluation.misses[0].wanted == (answer.citations[0].article_id,)


@needs_measures
@pytest.mark.parametrize("content", ["", '{"thumb": "up"}\n', "\xff\n"])
def test_a_file_that_holds_no_feedback_is_said_in_one_line(
    seeds_index: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(EvaluationError, match=r"feedback\.jsonl"):
        evaluate(path, index_dir=seeds_index)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(FeedbackError, match="--feedback"):
        write_feedback(tmp_path / "shut" / "feedback.jsonl", answer, "up")
