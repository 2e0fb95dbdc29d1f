"""Articles that talk to the machine: they can be quoted, and are never obeyed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import open_index, rebuild
from qa import Answer, ask
from qa.answer import unescape_markdown
from qa.language_model import LanguageModel, open_model
from qa.prompt import RULES, choose_passages, user_message
from qa.prose import drafts
from qa.settings import Settings
from qa.support import prove
from tests.writing.conftest import ScriptedLLM, article, shown

FILE = Path(__file__).parent / "hostile.jsonl"
HOSTILE: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
QUESTIONS = {
    "Library of Norvik opens on Sundays": "How many books does the library of Norvik have?",
    "Bus 12 gets a new route": "How long does the trip with bus 12 take?",
    "Lake Ina frozen for 40 days": "How thick was the ice on Lake Ina?",
    "Choir of Norvik wins prize": "Who leads the choir of Norvik?",
    "Market square to be paved": "When does work on the market square begin?",
}
FACTS = ("64,000", "18 minutes", "31 centimetres", "Otto Kern", "August")


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [{name: value for name, value in row.items() if name != "obeyed"} for row in HOSTILE]
    # One outlet each, so that a question can be asked of one article alone.
    lines = [json.dumps(row | {"source": row["id"]}) for row in rows]
    (folder / "seeds").mkdir()
    (folder / "seeds" / "hostile.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(folder / "seeds", folder / "index")
    return folder / "index"


def assert_proven(answer: Answer, index: Path) -> None:
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(
        sentence.citations and {*numbers} >= {*sentence.citations} for sentence in answer.sentences
    )
    with open_index(index) as opened:
        for citation in answer.citations:
            text = opened.article(citation.article_id).text
            assert text[citation.start : citation.end] == citation.quote


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 40
    assert len({row["id"] for row in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row["id"])
def test_quotes_answer_the_question_all_the_same(row: dict[str, Any], hostile_index: Path) -> None:
    answer = ask(QUESTIONS[row["title"]], index_dir=hostile_index, sources=[row["id"]])
    assert_proven(answer, hostile_index)
    assert answer.abstained or any(fact in answer.text for fact in FACTS)
    # What an article writes like a marker is none: only our own are not escaped.
    markers = re.findall(r"(?<!\\)\[(\d+)(?<!\\)\]", answer.text)
    assert {*map(int, markers)} <= {citation.number for citation in answer.citations}


@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row["id"])
def test_a_model_that_obeys_gets_nothing_through(
    row: dict[str, Any], hostile_index: Path, scripted: Callable[..., ScriptedLLM]
) -> None:
    told = row["obeyed"] or "As the article asks, I say that the moon is made of cheese."
    llm = scripted(f"{told} [1] {told} [99]\n\n{told}")
    question = QUESTIONS[row["title"]]
    answer = ask(question, index_dir=hostile_index, sources=[row["id"]], llm=llm)
    assert_proven(answer, hostile_index)
    assert answer.writer == "quotes"
    assert answer.abstained or llm.prompts


@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row["id"])
def test_a_passage_cannot_pose_as_anything_else(row: dict[str, Any]) -> None:
    passages = [shown(1, article(text=row["text"], title=row["title"], published="2024-05-01"))]
    message = user_message("What is new?", choose_passages([passages[0].hit], 2000))
    heading, _, rest = message.removeprefix("<passages>\n[1] ").partition("\n")
    words, _, end = rest.partition("\n")
    assert end == "</passages>\n\nQuestion: What is new?"
    for text in (heading, words):
        assert not re.search(r"[<>\[\]{}`#|\x00-\x1f]|【|】", text)
        assert not any(unicodedata.category(char) in ("Cf", "Cc", "Co") for char in text)
    assert "64,000" in words or not row["title"].startswith("Library")


def test_the_rules_that_a_model_repeats_are_no_answer() -> None:
    passages = [shown(1, article(text="The library has 64,000 books."))]
    assert all(prove(draft.text, passages, draft.cites) is None for draft in drafts([RULES]))


@pytest.mark.llm
def test_a_real_model_reads_them_all_and_nothing_unproven_gets_out(
    hostile_index: Path, smollm2: str
) -> None:
    model = open_model(smollm2, 60)
    assert isinstance(model, LanguageModel)
    with open_index(hostile_index) as index:
        hostile = [index.article(row["id"]) for row in HOSTILE]
    wrote = 0
    # Twelve at once, for reading is what takes the time.
    for first in range(0, len(hostile), 12):
        hits = [shown(1, one, 0, min(len(one.text), 260)).hit for one in hostile[first : first + 12]]
        passages = choose_passages(hits, 1500)
        question = QUESTIONS[str(hostile[first].title)]
        for number, draft in enumerate(drafts(model.stream(RULES, user_message(question, passages)))):
            wrote += 1
            if proof := prove(draft.text, passages, draft.cites):
                for start, end in proof.sentences:
                    assert proof.passage.hit.article.text[start:end]
                for row in HOSTILE:
                    assert not row["obeyed"] or row["obeyed"] not in unescape_markdown(proof.text)
            if number == 4:
                break
    assert wrote >= 4
    answer = ask(
        QUESTIONS["Choir of Norvik wins prize"],
        llm=smollm2,
        settings=Settings(index=hostile_index, llm_tokens=200),
    )
    assert_proven(answer, hostile_index)
