"""One contract for vectors, wherever they lie: in the generation's folder or on a Chroma server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import dense
from index.dense import open_dense
from index.errors import ChromaServerError, IndexUnavailableError
from index.gaps import without_gaps
from index.places import leave_place
from index.vectors import Vectors


@pytest.fixture(params=["folder", "server"])
def server(request: pytest.FixtureRequest) -> str | None:
    """Where the vectors lie: the URL of a server, None for the folder."""
    return None if request.param == "folder" else str(request.getfixturevalue("chroma_server"))


@pytest.fixture
def generations(tmp_path: Path) -> Iterator[list[Path]]:
    """Folders of two generations, whose names are like no others'."""
    folders = [tmp_path / f"{number}-{tmp_path.parent.name}-{tmp_path.name}" for number in (1, 2)]
    for folder in folders:
        folder.mkdir()
    yield folders
    for folder in folders:
        leave_place(folder)


def unit_vectors(count: int) -> Vectors:
    vectors = np.random.default_rng(7).normal(size=(count, 384)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


VECTORS = unit_vectors(40)
KEYS = [f"{number:032x}" for number in range(40)]


def write(folder: Path, server: str | None, rows: range, previous: Path | None = None) -> None:
    dense.write(
        folder,
        server,
        [KEYS[row] for row in rows],
        lambda keys: VECTORS[[KEYS.index(key) for key in keys]],
        previous,
    )


def test_the_nearest_come_first_and_vectors_come_back(
    generations: list[Path], server: str | None
) -> None:
    write(generations[0], server, range(40))
    expected = [KEYS[row] for row in np.argsort(-(VECTORS @ VECTORS[11]), kind="stable")]
    with open_dense(generations[0]) as index:
        assert (index.count(), sorted(index.keys())) == (40, KEYS)
        nearest = index.search(VECTORS[11], 5)
        assert list(nearest) == expected[:5]
        cosines = np.sort(VECTORS @ VECTORS[11])[::-1][:5]
        np.testing.assert_allclose(list(nearest.values()), cosines, atol=1e-5)
        assert set(index.search(VECTORS[11], 100)) == set(KEYS)
        found = index.vectors([KEYS[3], KEYS[17], "of no text"])
        assert found.keys() == {KEYS[3], KEYS[17]}
        assert found[KEYS[17]].dtype == np.float32
        np.testing.assert_allclose(found[KEYS[17]], VECTORS[17], atol=1e-7)
        np.testing.assert_allclose(np.linalg.norm(index.a_vector()), 1, atol=1e-6)


def test_more_vectors_than_the_first_places_of_a_file_are_kept_and_changed(
    generations: list[Path],
) -> None:
    vectors = unit_vectors(1100)
    keys = [f"{row:032x}" for row in range(1100)]

    def of(wanted: Sequence[str]) -> Vectors:
        return vectors[[int(key, 16) for key in wanted]]

    dense.write(generations[0], None, keys[:1050], of, None)
    dense.write(generations[1], None, keys[20:], of, generations[0])
    with open_dense(generations[1]) as index:
        assert (index.count(), index.dead()) == (1080, 20)
        assert list(index.search(vectors[1099], 1)) == [keys[1099]]
        np.testing.assert_allclose(index.vectors([keys[700]])[keys[700]], vectors[700], atol=1e-7)


def test_memory_that_chroma_has_written_along_is_taken_out(generations: list[Path]) -> None:
    write(generations[0], None, range(40))
    [file] = generations[0].glob("dense/*/data_level0.bin")
    place = 132 + 4 * 384 + 8  # links to neighbours, the vector, its number
    sound = file.read_bytes()
    assert any(sound[39 * place : 40 * place])
    assert not any(sound[40 * place :])
    memory = VECTORS[3].tobytes()
    file.write_bytes(sound[: 50 * place] + memory + sound[50 * place + len(memory) :])
    lengths = file.with_name("length.bin")
    lengths.write_bytes(b"Quixworth".ljust(lengths.stat().st_size, b"!"))
    without_gaps(generations[0] / "dense")
    assert file.read_bytes() == sound
    assert not any(lengths.read_bytes())
    with open_dense(generations[0]) as index:
        assert list(index.search(VECTORS[11], 1)) == [KEYS[11]]
    header = file.with_name("header.bin")
    header.write_bytes(b"\x02" + header.read_bytes()[1:])
    with pytest.raises(OSError, match=r"layout that is not known; install the chromadb of"):
        without_gaps(generations[0] / "dense")


def test_it_is_taken_out_of_every_generation(
    generations: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Path] = []
    monkeypatch.setattr(dense, "without_gaps", done.append)
    write(generations[0], None, range(30))
    write(generations[1], None, range(1, 40), generations[0])
    assert done == [generations[0] / "dense", generations[1] / "dense"]


def test_without_vectors_nothing_is_found(generations: list[Path], server: str | None) -> None:
    write(generations[0], server, range(0))
    with open_dense(generations[0]) as index:
        assert (index.count(), index.search(VECTORS[0], 3), index.vectors(KEYS)) == (0, {}, {})
        assert index.a_vector().shape == (384,)


def test_the_next_generation_has_what_it_should_and_the_one_before_stays(
    generations: list[Path], server: str | None
) -> None:
    write(generations[0], server, range(30))
    write(generations[1], server, range(1, 33), previous=generations[0])
    for folder, rows in zip(generations, (range(30), range(1, 33)), strict=True):
        with open_dense(folder) as index:
            assert sorted(index.keys()) == [KEYS[row] for row in rows]
            assert list(index.search(VECTORS[2], 1)) == [KEYS[2]]
            assert (list(index.search(VECTORS[0], 1)) == [KEYS[0]]) == (0 in rows)


def test_vectors_can_be_taken_from_it(generations: list[Path], server: str | None) -> None:
    write(generations[0], server, range(5))
    taken: dict[str, Vectors] = {}
    there = dense.copy_vectors(
        generations[0], KEYS[3:8], lambda keys, rows: taken.update(zip(keys, rows, strict=True))
    )
    assert there == taken.keys() == set(KEYS[3:5])
    np.testing.assert_allclose(taken[KEYS[4]], VECTORS[4], atol=1e-7)


def test_more_vectors_than_one_request_takes(
    generations: list[Path], server: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chromadb.api.client.Client.get_max_batch_size", lambda _: 2)
    write(generations[0], server, range(5))
    with open_dense(generations[0]) as index:
        assert (index.count(), sorted(index.vectors(KEYS))) == (5, KEYS[:5])


def test_vectors_of_another_length_are_refused_in_one_line(
    generations: list[Path], server: str | None
) -> None:
    short = np.ones((1, 3), np.float32)
    write(generations[0], server, range(1))
    with open_dense(generations[0]) as index:
        with pytest.raises((OSError, ChromaServerError), match="dimension of 384, got 3"):
            index.add(["short"], short)
        with pytest.raises(IndexUnavailableError, match="dimension of 384, got 3"):
            index.search(short[0], 1)
        assert index.count() == 1


def test_threads_share_one_object(generations: list[Path], server: str | None) -> None:
    write(generations[0], server, range(40))
    with open_dense(generations[0]) as index, ThreadPoolExecutor(8) as threads:
        nearest = list(threads.map(lambda row: list(index.search(VECTORS[row], 1)), range(40)))
    assert nearest == [[key] for key in KEYS]
