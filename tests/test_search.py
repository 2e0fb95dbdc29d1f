from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import open_index, rebuild
from index.embed import load_embedder
from index.errors import ModelsError
from index.models import BGE_SMALL, TextModel
from index.scope import Scope
from qa import search
from qa.cross_encoder import load_cross_encoder
from qa.search import candidates
from qa.understand import understand


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    lines = [
        '{"id": "bridge", "title": "Bridge closed", "source": "The Post", '
        '"published": "2020-01-10", "text": "The old bridge over the river was closed on Friday."}',
        '{"id": "school", "title": "School opens", "source": "Daily Sun", '
        '"published": "2020-02-10T23:30:00Z", "text": "Children were glad about the new school."}',
        '{"id": "undated", "title": "River festival", '
        '"text": "Boats raced on the river under the bridge all day."}',
    ]
    (folder / "seeds").mkdir()
    (folder / "seeds/a.jsonl").write_text("\n".join(lines))
    rebuild(folder / "seeds", folder / "index")
    return folder / "index"


SCOPES: list[tuple[dict[str, object], set[str]]] = [
    ({}, {"bridge", "school", "undated"}),
    ({"since": 1_578_700_800.0}, {"school"}),
    ({"until": 1_578_700_800.0}, {"bridge"}),
    ({"sources": ("the post", "DAILY  SUN")}, {"bridge", "school"}),
    ({"sources": ("Daily Sun",), "until": 1_578_700_800.0}, set()),
]


@pytest.mark.parametrize(("limits", "expected"), SCOPES)
def test_candidates_words_and_the_count_keep_to_the_scope(
    index_dir: Path, limits: dict[str, object], expected: set[str]
) -> None:
    scope = Scope(**limits)  # type: ignore[arg-type]  # given by keyword in the table above
    query = replace(understand("bridge school river"), scope=scope)
    with open_index(index_dir) as index:
        ids = [article.id for article in index.articles()]
        found = {ids[c.number - 1] for c in candidates(index, query, load_embedder(None, 256, 0))}
        lexical = {ids[n - 1] for n, _ in index.lexical.search("bridge school river", 10, scope)}
        assert found == lexical == expected
        assert index.store.count(scope) == len(expected)


def numbers(found: list[tuple[int, float]]) -> list[int]:
    return [number for number, _ in found]


def test_words_are_found_in_any_form_and_in_titles(index_dir: Path) -> None:
    with open_index(index_dir) as index:
        assert numbers(index.lexical.search("Who was closing BRIDGES?", 1, Scope())) == [1]
        assert numbers(index.lexical.search("festivals", 5, Scope())) == [3]
        assert numbers(index.lexical.search("the Post", 5, Scope())) == [1]


@pytest.mark.parametrize(
    "question", ["", "???", "who is it", 'text:"* OR title:[a TO z]', "(((", "+-!", "日本", "a" * 500]
)
def test_no_question_is_query_syntax(index_dir: Path, question: str) -> None:
    with open_index(index_dir) as index:
        assert numbers(index.lexical.search(question, 5, Scope())) in ([], [2], [3])


def test_vectors_do_not_depend_on_their_batch() -> None:
    texts = ["Short.", "A somewhat longer text about rockets in Iraq.", "word " * 300]
    small = load_embedder(None, 128, 1).embed_passages(texts)
    large = load_embedder(None, 4096, 1).embed_passages(texts)
    assert small.shape == (3, 384)
    assert np.linalg.norm(small, axis=1) == pytest.approx(1, abs=1e-5)
    # The model's activations are quantized by batch, so the last digits differ.
    assert (small * large).sum(axis=1) == pytest.approx(1, abs=0.02)


def test_texts_about_the_same_thing_are_near() -> None:
    embedder = load_embedder(None, 256, 0)
    near, far = embedder.embed_passages(["Rockets hit an embassy.", "Bake the bread for an hour."])
    question = embedder.embed_query("Which building was attacked?")
    assert question @ near > question @ far + 0.1


def test_what_is_near_is_told_with_its_cosine(index_dir: Path) -> None:
    vector = load_embedder(None, 256, 0).embed_query("What happened to the bridge?")
    with open_index(index_dir) as index:
        near = index.nearest(vector, 2)
        products = {number: float(own @ vector) for number, own in index.vectors([1, 2, 3]).items()}
    assert list(near) == sorted(products, key=lambda number: -products[number])[:2]
    assert list(near.values()) == pytest.approx([products[number] for number in near], abs=1e-5)


def test_in_a_narrow_scope_what_is_not_among_the_nearest_of_all_is_near(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"NEAR": 1, "NEAR_AT_MOST": 2, "FEW": 1}.items():
        monkeypatch.setattr(search, name, value)
    query = replace(understand("the river bridge"), scope=Scope(sources=("Daily Sun",)))
    with open_index(index_dir) as index:
        (school,) = candidates(index, query, load_embedder(None, 256, 0))
    assert "near in meaning (100% of the best)" in school.why


def test_the_cross_encoder_prefers_the_text_that_answers() -> None:
    encoder = load_cross_encoder(None, 256, 0)
    scores = encoder.score("Who won the race?", ["It rained on Sunday.", "Kim won the race.", ""])
    assert scores.argmax() == 1
    assert scores[1] > 0 > scores[0]


def test_a_models_folder_without_models_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelsError, match=r"bge_small_en/model.onnx cannot be read"):
        TextModel(BGE_SMALL, tmp_path, 1)


def test_files_that_are_no_models_are_named(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    write_seeds({"bge_small_en/model.onnx": "x", "bge_small_en/tokenizer.json": "{}"})
    with pytest.raises(ModelsError, match="cannot be loaded"):
        TextModel(BGE_SMALL, tmp_path / "seeds", 1).load()
