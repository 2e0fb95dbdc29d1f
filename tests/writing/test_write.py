"""From a question to an answer that a language model wrote, or to quotes and the reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from index import open_index
from index.errors import SettingsError
from qa import Answer, ask, ask_stream
from qa.cli import commands
from qa.page.conversation import conversation
from qa.page.turn import Turn
from qa.settings import Settings
from tests.writing.conftest import ScriptedLLM

pytestmark = pytest.mark.usefixtures("remembering")
QUESTION = "Where did the fire on the ferry Marigold begin?"
GALLEY = "The fire began in the galley, where a fryer had been left switched on."
SAVED = "All 186 people on board were brought ashore by lifeboats within fifty minutes."
MADE_UP = "The captain has been arrested for arson in Venice."

Scripted = Callable[..., ScriptedLLM]


def checked(answer: Answer, index: Path) -> Answer:
    """The answer, whose every sentence is cited and every quote verbatim."""
    numbers = {citation.number for citation in answer.citations}
    assert all(
        sentence.citations and numbers >= set(sentence.citations) for sentence in answer.sentences
    )
    with open_index(index) as opened:
        for citation in answer.citations:
            text = opened.article(citation.article_id).text
            assert text[citation.start : citation.end] == citation.quote
    return answer


def test_what_is_proven_is_written_and_cited(news_index: Path, scripted: Scripted) -> None:
    llm = scripted(f"{GALLEY} [1] ", f"{SAVED} [1]")
    answer = checked(ask(QUESTION, index_dir=news_index, llm=llm), news_index)
    assert answer.text == f"{GALLEY} [1] {SAVED} [2]"
    assert (answer.writer, answer.notes) == ("scripted", ())
    assert "galley" in answer.citations[0].quote
    assert answer.to_dict()["notes"] == ()
    assert "[1] Valley Ledger, 4 March 2024: Ferry burns in Kelmar harbour" in llm.prompts[0]


def test_what_answers_the_question_alone_is_proven_by_the_same_answer(
    news_index: Path, scripted: Scripted
) -> None:
    llm = scripted("The answer is: The harbour office. [1]", " The answer is: The galley. [1]")
    answer = checked(ask(QUESTION, index_dir=news_index, llm=llm), news_index)
    assert answer.text == "The answer is: The galley. [1]"
    assert "galley" in answer.citations[0].quote


def test_what_is_made_up_is_taken_out_and_that_is_said(news_index: Path, scripted: Scripted) -> None:
    llm = scripted(f"{MADE_UP} [1] {GALLEY} [99] {MADE_UP}! Nobody was hurt in Rome. [1]")
    answer = checked(ask(QUESTION, index_dir=news_index, llm=llm), news_index)
    assert [sentence.text for sentence in answer.sentences] == [GALLEY]
    assert answer.notes[0] == "2 sentences that the articles do not support were taken out."
    assert answer.notes[0] in conversation([Turn(1, QUESTION, answer)])


def test_a_wrong_number_is_put_right_and_that_is_said(news_index: Path, scripted: Scripted) -> None:
    llm = scripted(SAVED.replace("fifty", "five") + " [1]")
    answer = checked(ask(QUESTION, index_dir=news_index, llm=llm), news_index)
    assert [sentence.text for sentence in answer.sentences] == [SAVED]
    assert answer.notes[0] == "A number was put right by the articles in 1 sentence."


def test_a_pronoun_does_not_outlive_the_sentence_that_it_leans_on(
    news_index: Path, scripted: Scripted
) -> None:
    line = "It will be 7.4 kilometres long, with twelve stops."
    question = "How long will the tram line in Ostby be?"
    answer = ask(question, index_dir=news_index, llm=scripted(f"{MADE_UP} [1] {line} [1]"))
    assert answer.writer == "quotes"
    work = "Work on the tram line from Ostby station to the university will begin on 2 September."
    kept = f"{work} [1] {line} [1]"
    assert line in ask(question, index_dir=news_index, llm=scripted(kept)).text


@pytest.mark.parametrize(
    ("script", "note"),
    [
        ([MADE_UP], "The articles support nothing that the language model wrote, "),
        ([], "The language model wrote nothing, "),
        (["The articles do not say."], "The language model found no answer in the passages, "),
        ([ConnectionError("sk-secret")], "The language model failed (ConnectionError), "),
        ([30], "The language model did not finish within 0.5 s, "),
        (["x" * 1_000_000 for _ in range(10)], "The articles support nothing that "),
        (["\x00\u202e\u200b" * 50, "](", "<|im_end|>", "[[[[", "<script>1"], "The "),
        (["[1][2][3] [99] (1)"], "The language model wrote nothing, "),
        (["![x](https://evil.example/?q=1) [here](javascript:alert(1))."], "The "),
        (["<think>", GALLEY], "The language model wrote nothing, "),
        ([GALLEY.replace("galley", "g\u0430lley")], "The articles support"),
    ],
)  # fmt: skip
def test_without_a_proven_sentence_there_are_quotes_and_the_reason(
    script: list[object], note: str, news_index: Path, scripted: Scripted
) -> None:
    settings = Settings(index=news_index, llm_timeout=0.5)
    started = time.monotonic()
    answer = checked(ask(QUESTION, llm=scripted(*script), settings=settings), news_index)
    assert time.monotonic() - started < 5
    assert answer.writer == "quotes"
    assert answer.text == ask(QUESTION, index_dir=news_index).text
    assert answer.notes[0].startswith(note)
    assert answer.notes[0].endswith("so the answer is made of quotes.")
    assert "secret" not in answer.notes[0]


def test_what_was_proven_before_a_failure_stays(news_index: Path, scripted: Scripted) -> None:
    llm = scripted(f"{GALLEY} [1] And then", RuntimeError("boom"))
    answer = checked(ask(QUESTION, index_dir=news_index, llm=llm), news_index)
    assert answer.text == f"{GALLEY} [1]"
    assert answer.notes[0] == (
        "The language model failed (RuntimeError); this is what it had written by then."
    )


def test_only_proven_words_are_streamed_and_early(news_index: Path, scripted: Scripted) -> None:
    text = f"**{MADE_UP}** [1] {GALLEY} [1] {SAVED} [2]"
    *pieces, answer = ask_stream(QUESTION, index_dir=news_index, llm=scripted(*text))
    assert isinstance(answer, Answer)
    assert "".join(map(str, pieces)) == answer.text == f"{GALLEY} [1] {SAVED} [2]"


def test_who_stops_listening_stops_the_model(news_index: Path, scripted: Scripted) -> None:
    llm = scripted(GALLEY + " [1] It goes", *([0.05, " on"] * 10_000))
    stream = ask_stream(QUESTION, index_dir=news_index, llm=llm)
    assert "".join(map(str, islice(stream, 5))) == "The fire began in the "
    assert not llm.closed
    stream.close()  # type: ignore[attr-defined]  # it is a generator
    deadline = time.monotonic() + 5
    while not llm.closed and time.monotonic() < deadline:
        time.sleep(0.02)
    assert llm.closed


def test_what_quotes_refuse_no_model_is_asked(news_index: Path, scripted: Scripted) -> None:
    llm = scripted("Santiago. [1]")
    answer = ask("Who won the presidential election in Chile?", index_dir=news_index, llm=llm)
    assert (answer.abstained, answer.writer, answer.notes, llm.prompts) == (True, "quotes", (), [])


def test_the_passages_stay_within_their_budget(news_index: Path, scripted: Scripted) -> None:
    lengths = []
    for budget in (50, 400, 2000):
        llm = scripted("")
        ask(QUESTION, llm=llm, settings=Settings(index=news_index, llm_tokens=budget))
        lengths.append(len(llm.prompts[0]))
    assert lengths == sorted(set(lengths))
    assert lengths[0] < 1600


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gpt", "llm cannot be 'gpt': it is ollama:NAME, openai:NAME"),
        ("ollama:", "llm cannot be"),
        ("http://127.0.0.1:1/v1", "llm cannot be"),
        ("http://[::1/v1#x", "llm cannot be"),
        ("openai:gpt-x", "set the environment variable OPENAI_API_KEY"),
        (7, "a LlamaIndex LLM, not 7"),
    ],
)
def test_a_model_that_cannot_be_meant_is_a_clear_error(
    spec: object, message: str, news_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError) as error:
        ask(QUESTION, index_dir=news_index, llm=spec)
    assert message in str(error.value)


def test_the_shell_says_why_there_are_quotes(news_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LLM_KEY", "sk-secret")
    nobody = "http://127.0.0.1:9/v1#nobody"
    done = CliRunner().invoke(commands, ["ask", QUESTION, "--index", str(news_index), "--llm", nobody])
    assert "(The language model cannot be reached, so the answer is made of quotes.)" in done.output
    assert "galley" in done.output
    assert "secret" not in done.output


def test_quotes_can_be_asked_for_by_name(news_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LLM", "http://127.0.0.1:9/v1#nobody")
    assert ask(QUESTION, index_dir=news_index).notes
    assert ask(QUESTION, index_dir=news_index, llm="quotes").notes == ()
