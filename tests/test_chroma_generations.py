"""Generations whose vectors lie on a Chroma server, a real one."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import check, forget, open_index, rebuild
from index.dense import open_dense
from index.errors import ArticleQAError, ChromaServerError
from index.places import leave_place
from index.settings import IndexSettings, load_settings
from index.shared import shared_index
from qa import ask, retrieve
from tests.conftest import collections, free_port, running_chroma

ONE = "The first story tells of a bridge that was closed on Monday."
TWO = "The second story tells of a school that was opened on Tuesday."


def on(server: str | None) -> IndexSettings:
    return load_settings(IndexSettings, chroma=server)


def generations(index_dir: Path) -> set[str]:
    return {f"article-qa-{folder.name}" for folder in (index_dir / "generations").iterdir()}


def test_answers_are_those_of_an_index_in_a_folder(
    write_seeds: Callable[..., Path], chroma_index: Path, tmp_path: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE, "b.txt": TWO, "c.txt": "A third story came."})
    rebuild(seeds, chroma_index, settings=on(chroma_server))
    rebuild(seeds, tmp_path / "embedded")
    assert not list(chroma_index.rglob("dense")), "no vectors in the folder"
    question = "Which school was opened?"
    found = [
        [(hit.article.id, round(hit.score, 4)) for hit in retrieve(question, index_dir=folder)]
        for folder in (chroma_index, tmp_path / "embedded")
    ]
    assert found[0] == found[1]
    assert "Tuesday" in ask(question, index_dir=chroma_index).text


def test_each_generation_is_a_collection_that_lasts_as_long_as_its_readers(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), chroma_index, settings=on(chroma_server))
    with open_index(chroma_index) as old, open_index(chroma_index):
        rebuild(write_seeds({"b.txt": TWO}), chroma_index, settings=on(chroma_server))
        read = generations(chroma_index)
        assert len(read) == 2
        assert read <= collections(chroma_server)
        assert (old.dense.count(), old.article("a").text) == (1, ONE)
    assert len(generations(chroma_index)) == len(read & collections(chroma_server)) == 1


def test_a_rebuild_with_nothing_changed_looks_whether_the_server_still_has_the_vectors(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    first = rebuild(seeds, chroma_index, settings=on(chroma_server))
    assert rebuild(seeds, chroma_index, settings=on(chroma_server)).generation == first.generation
    leave_place(chroma_index / "generations" / first.generation)
    second = rebuild(seeds, chroma_index, settings=on(chroma_server))
    assert (second.generation != first.generation, second.embedded) == (True, 0)
    assert check(chroma_index).problems == []


def test_vectors_are_taken_from_the_server_if_the_cache_is_lost(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), chroma_index, settings=on(chroma_server))
    (chroma_index / "vectors.bin").unlink()
    assert rebuild(write_seeds({"b.txt": TWO}), chroma_index, settings=on(chroma_server)).embedded == 1


def test_what_is_wrong_on_the_server_is_found(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE, "b.txt": TWO})
    generation = rebuild(seeds, chroma_index, settings=on(chroma_server)).generation
    folder = chroma_index / "generations" / generation
    assert check(chroma_index).problems == []
    with open_dense(folder) as dense:
        dense.remove(dense.keys()[:1])
        dense.add(["of no text"], np.full((1, 384), 2, np.float32))
    problems = "\n".join(check(chroma_index).problems)
    assert "1 texts without a vector" in problems
    assert "1 vectors without a text: of no text" in problems
    assert "1 vectors that are not finite or not of length 1: of no text" in problems
    leave_place(folder)
    [problem] = check(chroma_index).problems
    assert f"server at {chroma_server} has lost the vectors of this index" in problem


def test_a_forgotten_article_leaves_the_server_too(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE, "b.txt": TWO}), chroma_index, settings=on(chroma_server))
    before = generations(chroma_index)
    done = forget("a", chroma_index)  # stays on the server, without being told
    assert done.server == chroma_server  # whose files may still have the vectors
    assert not before & collections(chroma_server)
    with open_index(chroma_index) as index:
        assert (index.manifest.chroma, index.dense.count()) == (chroma_server, 1)


def test_unchanged_passages_are_not_embedded_again(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    steps = [
        ({"a.txt": ONE}, None),
        ({"moved/a.txt": ONE, "b.txt": TWO}, chroma_server),  # from the folder to the server
        ({"c.txt": "A third story came."}, chroma_server),
    ]
    embedded = [rebuild(write_seeds(f), chroma_index, settings=on(s)).embedded for f, s in steps]
    assert embedded == [1, 1, 1]


def test_an_open_page_follows_to_the_server_and_back(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    for server in (None, chroma_server, None):
        generation = rebuild(seeds, chroma_index, settings=on(server)).generation
        with shared_index(chroma_index) as index:
            assert (index.manifest.generation, index.dense.count()) == (generation, 1)
        assert "bridge" in ask("Which bridge was closed?", index_dir=chroma_index).text


DIES = """
import os, signal, sys
from index import build, rebuild
from index.settings import IndexSettings
build.publish = lambda folder: os.kill(os.getpid(), signal.SIGKILL)  # all is written, nothing published
rebuild(sys.argv[1], sys.argv[2], settings=IndexSettings(chroma=sys.argv[3]))
"""


def test_a_rebuild_that_is_killed_leaves_nothing_that_a_reader_sees_or_that_stays(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    first = rebuild(write_seeds({"a.txt": ONE}), chroma_index, settings=on(chroma_server)).generation
    seeds = write_seeds({"b.txt": TWO})
    command = [sys.executable, "-c", DIES, str(seeds), str(chroma_index), chroma_server]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    left = generations(chroma_index)
    assert len(left & collections(chroma_server)) == 2
    with open_index(chroma_index) as index:
        assert (index.manifest.generation, index.dense.count()) == (first, 1)
    last = rebuild(seeds, chroma_index, settings=on(chroma_server)).generation
    assert generations(chroma_index) == {f"article-qa-{last}"}
    assert not left & collections(chroma_server)


def test_a_generation_without_its_lock_leaves_no_collection(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), chroma_index, settings=on(chroma_server))
    [old] = generations(chroma_index)
    [lock] = chroma_index.rglob("lock")
    lock.unlink()
    rebuild(write_seeds({"b.txt": TWO}), chroma_index, settings=on(chroma_server))
    assert old not in collections(chroma_server)


def test_a_rebuild_that_fails_takes_its_collection_back(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"empty.txt": ""})
    before = collections(chroma_server)
    with pytest.raises(ArticleQAError, match="no article"):
        rebuild(seeds, chroma_index, settings=on(chroma_server))
    assert collections(chroma_server) == before
    assert generations(chroma_index) == set()


def test_a_collection_that_is_gone_is_said_and_made_again(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    report = rebuild(seeds, chroma_index, settings=on(chroma_server))
    with open_index(chroma_index) as index:
        leave_place(chroma_index / "generations" / report.generation)
        with pytest.raises(
            ChromaServerError, match=r"has lost the vectors .* make it anew with 'qa reb"
        ):
            index.dense.count()
    with pytest.raises(ChromaServerError, match=f"server at {chroma_server} has lost the vectors"):
        open_index(chroma_index)
    rebuild(seeds, chroma_index, settings=on(chroma_server))
    assert "bridge" in ask("Which bridge was closed?", index_dir=chroma_index).text


def test_old_collections_of_a_server_that_is_away_are_dropped_when_it_is_back(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    port, seeds, index_dir = free_port(), write_seeds({"a.txt": ONE}), tmp_path / "index"
    with running_chroma(tmp_path / "chroma", port) as url:
        rebuild(seeds, index_dir, settings=on(url))
    rebuild(seeds, index_dir)  # from now on in the folder
    assert len(generations(index_dir)) == 2
    with running_chroma(tmp_path / "chroma", port) as url:
        rebuild(seeds, index_dir)
        assert (len(generations(index_dir)), collections(url)) == (1, set())


def test_vectors_whose_note_is_damaged_are_an_index_to_make_anew(
    write_seeds: Callable[..., Path], chroma_index: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    report = rebuild(seeds, chroma_index, settings=on(chroma_server))
    note = chroma_index / "generations" / report.generation / "dense.json"
    whole = note.read_text()
    note.write_text(whole[:20])
    with pytest.raises(ArticleQAError, match=r"cannot be read .* make it anew"):
        open_index(chroma_index)
    note.write_text(whole)
