"""Of many texts only those that promise most are read to the end, and get what all would get."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.models import MINILM_L12, bundled_folder
from index.sentences import sentence_spans
from qa.cross_encoder import SKIM, CrossEncoder, load_cross_encoder

EVALUATION = Path(__file__).parent / "evaluation"

QUESTION = "Who found the crack in the harbour bridge?"
ANSWER = "Engineer Mara Lind found the crack in the bridge on Tuesday."
TEXTS = [
    "It rained on Sunday.",
    "The bakery sells rye bread for 38 crowns.",
    "Kelmar won the cup for the first time in 34 years.",
    "The central bank left its rate where it was.",
    "Nurses in Ostby ended their strike after nine days.",
    ANSWER,
    "The harbour bridge was closed after a crack was found.",
    "A painting was taken from the wall of the museum.",
]
NOTHING = np.zeros(len(TEXTS))


@pytest.fixture(scope="module")
def encoder() -> CrossEncoder:
    return load_cross_encoder(None, 256, 0)


def test_the_texts_that_promise_most_are_read_to_the_end(encoder: CrossEncoder) -> None:
    whole, best = encoder.score(QUESTION, TEXTS), encoder.score_best(QUESTION, TEXTS, 2, NOTHING)

    assert np.flatnonzero(~np.isnan(best)).tolist() == [5, 6]
    # A batch is rounded together, so that a text's logit hangs a little on those beside it.
    np.testing.assert_allclose(best[5:7], whole[5:7], atol=0.5)


def rows(name: str) -> list[dict[str, str]]:
    """Rows of our own evaluation set."""
    lines = (EVALUATION / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_what_is_foretold_agrees_with_what_is_read(encoder: CrossEncoder) -> None:
    questions = [row["question"] for row in rows("questions") if row["kind"] == "fact"][:6]
    articles = [row["text"] for row in rows("articles")]
    texts = [text[start:end] for text in articles for start, end in sentence_spans(text)][::4]
    skimmed = encoder.skim([(question, text) for question in questions for text in texts])
    skim = np.load(SKIM)
    foretold = np.stack([text.features for text in skimmed]) @ skim[:-1] + skim[-1]

    # 0.90; taught without the tokens of the question it was 0.81.
    assert np.corrcoef(foretold, encoder.finish(skimmed))[0, 1] > 0.87


def test_what_is_added_to_the_promise_decides_too(encoder: CrossEncoder) -> None:
    bonus = NOTHING.copy()
    bonus[1] = 30.0
    best = encoder.score_best(QUESTION, TEXTS, 3, bonus)

    assert np.flatnonzero(~np.isnan(best)).tolist() == [1, 5, 6]
    assert best[1] < 0 < best[5]


def test_few_texts_are_all_read_to_the_end(encoder: CrossEncoder) -> None:
    assert not np.isnan(encoder.score_best(QUESTION, TEXTS, len(TEXTS), NOTHING)).any()
    assert encoder.score(QUESTION, []).shape == (0,)
    assert encoder.score_best(QUESTION, [], 2, NOTHING[:0]).shape == (0,)


def test_files_of_the_users_own_are_read_whole(encoder: CrossEncoder, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bundled_folder() / MINILM_L12.folder, tmp_path / MINILM_L12.folder))
    with (folder / "tokenizer.json").open("a") as file:
        file.write("\n")
    own = CrossEncoder(tmp_path, 256, 0).score_best(QUESTION, TEXTS, 2, NOTHING)

    np.testing.assert_allclose(own, encoder.score(QUESTION, TEXTS), atol=0.5)
