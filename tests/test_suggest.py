"""Questions made from an article's sentences, and those that are shown of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index import rebuild
from index.settings import load_settings
from index.shared import shared_index
from qa.page.suggestions import Suggestions
from qa.settings import Settings
from qa.suggest import questions_about


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("A storm damaged at least 12 houses in Norwich.", "How many houses were damaged in Norwich?"),
        ("Three firefighters were injured on Monday.", "How many firefighters were injured?"),
        ("Council leader Ann Reed, a farmer from Kent, was there.", "Who is Ann Reed?"),
        ("Foreign Minister Ida Berg left.", "Who is Ida Berg?"),
        ("The Wells Bridge was opened in 1932.", "When was the Wells Bridge opened?"),
        ('"It is enough," said Ann Reed.', "What did Ann Reed say about Norwich?"),
    ],
)
def test_questions_are_made_of_how_sentences_are_built(sentence: str, question: str) -> None:
    assert question in questions_about("Flood in Norwich", [sentence])


@pytest.mark.parametrize(
    "sentence",
    ["", "It rained.", "<b>He</b> said so.", "THE MAYOR SAID NOTHING.", "Norwich, a fine city, slept."],
)
def test_what_says_nothing_gives_no_question(sentence: str) -> None:
    assert questions_about(None, [sentence]) == []


def test_only_what_the_articles_answer_is_suggested(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    text = (
        "Storm in Norwich\n\nA storm damaged 12 houses in Norwich on Monday. Ann Reed, a farmer from "
        "Kent, told the council that the flood was over. Ada Moss, a friend, slept."
    )
    rebuild(write_seeds({"storm.txt": text}), tmp_path / "index")
    suggestions = Suggestions(load_settings(Settings, index=tmp_path / "index"))
    with shared_index(tmp_path / "index") as index:
        generation = index.manifest.generation
        article = next(index.articles())
    assert suggestions.starters(generation) is None
    suggestions.find_starters()
    starters = suggestions.starters(generation)
    assert starters
    assert "How many houses were damaged in Norwich?" in [found.question for found in starters]
    for found in (*starters, *suggestions.after([article.id, "no article"])):
        assert found.article_id == article.id
    assert suggestions.starters("another generation") is None
