"""The questions that the shipped articles answer, and some that they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import open_index
from qa import ask


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many civilians were killed by the rocket near Baghdad?", "killed seven civilians"),
        ("Who is David Schenker?", "David Schenker, assistant secretary of state"),
        ("How many US troops are in Iraq?", "around 3,000 troops"),
        ("Did the US confirm that it would close its embassy?", "did not confirm or deny"),
        ("When did Prime Minister Kadhemi visit the White House?", "in August"),
        ("What did Pompeo tell the Iraqi government?", "issued an ultimatum last week"),
        ("Whom did Kurdish authorities blame?", "pinned the blame on the Hashed al-Shaabi"),
    ],
)
def test_a_question_is_answered_with_the_right_words(
    seeds_index: Path, question: str, words: str
) -> None:
    answer = ask(question, index_dir=seeds_index)
    assert not answer.abstained
    assert words in answer.citations[0].quote
    assert words in answer.text
    assert "[1]" in answer.text
    with open_index(seeds_index) as index:
        for citation in answer.citations:
            text = index.article(citation.article_id).text
            assert text[citation.start : citation.end] == citation.quote
            assert citation.quote in citation.passage


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Australia?",
        "Who won the 2018 World Cup?",
        "How do I donate to SpaceDaily?",
        "When was the embassy built?",
    ],
)
def test_a_question_that_the_articles_do_not_answer_is_refused(
    seeds_index: Path, question: str
) -> None:
    answer = ask(question, index_dir=seeds_index)
    assert answer.abstained
    assert answer.citations == ()
    assert answer.nearest
