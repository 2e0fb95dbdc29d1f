"""A real, small model behind a real server: SmolLM2 on llama.cpp."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import open_index
from qa import ask, ask_stream
from qa.settings import Settings

pytestmark = pytest.mark.llm
QUESTIONS = (
    "What happened to the ferry Marigold?",
    "Why did the nurses of Ostby strike and how did it end?",
    "What happened to the painting The Blue Gate?",
)


def test_it_writes_and_only_what_is_proven_comes_out(news_index: Path, smollm2: str) -> None:
    settings = Settings(index=news_index, llm=smollm2, llm_tokens=200)
    writers = set()
    for question in QUESTIONS:
        *pieces, answer = ask_stream(question, settings=settings)
        assert not isinstance(answer, str)
        assert "".join(map(str, pieces)) == answer.text
        writers.add(answer.writer)
        assert answer.writer == "smollm2" or answer.notes[0].endswith("made of quotes.")
        with open_index(news_index) as index:
            for citation in answer.citations:
                text = index.article(citation.article_id).text
                assert text[citation.start : citation.end] == citation.quote
    assert "smollm2" in writers


def test_a_server_without_that_path_is_said_to_fail(news_index: Path, smollm2: str) -> None:
    elsewhere = smollm2.replace("/v1#", "/nothing#")
    answer = ask(QUESTIONS[0], index_dir=news_index, llm=elsewhere)
    assert answer.notes[0] == (
        "The language model does not exist on its server, so the answer is made of quotes."
    )


def test_a_server_that_is_too_slow_is_not_waited_for(news_index: Path, smollm2: str) -> None:
    settings = Settings(index=news_index, llm=smollm2, llm_timeout=0.05)
    answer = ask(QUESTIONS[0], settings=settings)
    assert answer.writer == "quotes"
    assert "in time" in answer.notes[0] or "within 0.05 s" in answer.notes[0]
