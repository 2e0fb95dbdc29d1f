"""Of many texts only those that promise most are read to the end, and get what all would get."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.models import MINILM_L12, bundled_folder
from qa.cross_encoder import CrossEncoder, load_cross_encoder

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
