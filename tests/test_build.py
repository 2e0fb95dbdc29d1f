from __future__ import annotations

import json
import resource
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import Progress, build, open_index, rebuild
from index.dense import DenseIndex
from index.embed import Embedder, load_embedder
from index.errors import (
    IndexUnavailableError,
    IndexWriteError,
    NoIndexError,
    RebuildRunningError,
    SeedsError,
    UnknownArticleError,
)
from index.publishing import rebuild_lock
from qa import ask

ONE = "The first story tells of a bridge that was closed on Monday."
TWO = "The second story tells of a school that was opened on Tuesday."
STAGES = ("reading", "cleaning", "embedding", "writing")


def files_below(folder: Path) -> dict[str, bytes]:
    """All files but the note of who rebuilds, and the vectors, to which a failed rebuild may add."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    others = {"rebuild.lock", "vectors.bin"}
    return {str(path): path.read_bytes() for path in paths if path.name not in others}


def test_a_rebuild_says_what_came_changed_and_went(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds({"a.txt": ONE, "b.txt": TWO, "bad.txt": b"\xff\xfe\xfd"})
    first = rebuild(seeds, index_dir)
    assert (first.articles, first.added, first.unchanged) == (2, 2, 0)
    assert [path for path, _ in first.skipped] == ["bad.txt"]

    write_seeds({"b.txt": TWO + " It rained.", "c.txt": "A third story came."})
    (seeds / "a.txt").unlink()
    second = rebuild(seeds, index_dir)
    assert (second.added, second.changed, second.removed, second.unchanged) == (1, 1, 1, 0)
    assert second.generation != first.generation
    with open_index(index_dir) as index:
        assert [article.id for article in index.articles()] == ["b", "c"]
        assert index.dense.count() == second.passages == index.info().manifest.passages
        with pytest.raises(UnknownArticleError, match="no article 'a'"):
            index.article("a")


def test_passages_that_did_not_change_are_not_embedded_again(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    embed = Embedder.embed_passages

    def counted(self: Embedder, texts: list[str], *args: Callable[[int], None]) -> object:
        embedded.extend(texts)
        return embed(self, texts, *args)

    monkeypatch.setattr(Embedder, "embed_passages", counted)
    rebuild(write_seeds({"a.txt": ONE}), tmp_path / "index")
    rebuild(write_seeds({"moved/a.txt": ONE, "b.txt": TWO}), tmp_path / "index")
    assert embedded == [ONE, TWO]


def test_vectors_taken_over_are_those_of_their_own_passages(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    rebuild(write_seeds({"b.txt": TWO}), tmp_path / "index")
    rebuild(write_seeds({"a.txt": ONE, "c.txt": "A third story came."}), tmp_path / "index")
    rebuild(tmp_path / "seeds", tmp_path / "fresh")
    vectors = []
    for name in ("index", "fresh"):
        with open_index(tmp_path / name) as index:
            vectors.append(index.vectors([1, 2, 3]))
    for number, vector in vectors[0].items():
        # Not equal: the model's activations are quantized by batch.
        assert vector @ vectors[1][number] > 0.98


def test_two_files_of_one_name_are_two_articles(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    rebuild(write_seeds({"a.txt": ONE, "a.md": TWO}), tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        assert [article.id for article in index.articles()] == ["a", "a#2"]


def test_copies_of_one_story_are_one_family(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    seeds = write_seeds({"b.txt": ONE, "c.txt": ONE.replace(" ", "\u00a0"), "d.txt": TWO})
    assert rebuild(seeds, tmp_path / "index").families == 1
    with open_index(tmp_path / "index") as index:
        assert {a.id: a.family for a in index.articles()} == {"b": "b", "c": "b", "d": None}
        assert index.article("c").to_dict()["family"] == "b"
        assert index.info().families == index.info().to_dict()["families"] == 1


def test_an_article_that_gets_a_family_has_not_changed(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    rebuild(write_seeds({"b.txt": ONE}), tmp_path / "index")
    report = rebuild(write_seeds({"a.txt": ONE}), tmp_path / "index")
    assert (report.added, report.changed, report.unchanged, report.families) == (1, 0, 1, 1)
    with open_index(tmp_path / "index") as index:
        assert index.article("b").family == "a"


def test_progress_reaches_its_total_in_each_stage(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seen: list[Progress] = []
    rebuild(write_seeds({"a.txt": ONE, "b.txt": TWO}), tmp_path / "index", progress=seen.append)
    assert [(s.done, s.total) for s in seen if s.stage == "reading"] == [(2, 2)]
    ends = {s.stage: (s.done, s.total) for s in seen}
    assert list(ends.items()) == [(stage, (2, 2)) for stage in STAGES]


def test_a_rebuild_that_fails_leaves_what_was_there(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    kept = index_dir / "generations" / rebuild(write_seeds({"a.txt": ONE}), index_dir).generation
    before = files_below(index_dir)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DenseIndex, "add", full)
    with pytest.raises(IndexWriteError, match=r"cannot be written .*No space left on device"):
        rebuild(write_seeds({"b.txt": TWO}), index_dir)
    assert files_below(index_dir) == before
    assert list((index_dir / "generations").iterdir()) == [kept]


def test_an_empty_folder_leaves_what_was_there(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    (tmp_path / "seeds/a.txt").unlink()
    before = files_below(index_dir)
    with pytest.raises(SeedsError, match=r"no article in .*seeds: the folder is empty"):
        rebuild(tmp_path / "seeds", index_dir)
    assert files_below(index_dir) == before


def test_only_one_rebuild_runs_at_a_time(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    seeds = write_seeds({"a.txt": ONE})
    with rebuild_lock(tmp_path / "index"), pytest.raises(RebuildRunningError, match=r"process \d+"):
        rebuild(seeds, tmp_path / "index")
    rebuild(seeds, tmp_path / "index")


def test_a_reader_keeps_its_generation_until_it_is_done(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds({"a.txt": ONE}), index_dir)
    with open_index(index_dir) as old:
        rebuild(write_seeds({"b.txt": TWO}), index_dir)
        assert len(list((index_dir / "generations").iterdir())) == 2
        assert old.article("a").text == ONE
        assert old.dense.count() == 1
    rebuild(tmp_path / "seeds", index_dir)
    assert len(list((index_dir / "generations").iterdir())) == 1


def test_no_index_is_said_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match=r"there is no index in .*; build it with 'qa rebuild"):
        open_index(tmp_path / "none")


@pytest.mark.parametrize(
    "damage", ["articles.db", "manifest.json", "lexical/meta.json", "lock", "dense"]
)
def test_a_damaged_index_is_named_and_rebuilt(
    write_seeds: Callable[..., Path], tmp_path: Path, damage: str
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds({"a.txt": ONE})
    report = rebuild(seeds, index_dir)
    broken = index_dir / "generations" / report.generation / damage
    if broken.is_dir():
        shutil.rmtree(broken)
    elif damage == "lock":
        broken.unlink()
    else:
        broken.write_bytes(b"rubbish")
    with pytest.raises(IndexUnavailableError, match=r"cannot be read .* make it anew"):
        open_index(index_dir)
    assert rebuild(seeds, index_dir).articles == 1
    with open_index(index_dir) as index:
        assert index.article("a").text == ONE


def test_an_index_of_another_format_is_named(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    report = rebuild(write_seeds({"a.txt": ONE}), tmp_path / "index")
    path = tmp_path / "index/generations" / report.generation / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(IndexUnavailableError, match="it has format 99, this version reads 4"):
        open_index(tmp_path / "index")


def test_lost_vectors_are_said_and_made_again(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds({"a.txt": ONE, "b.txt": TWO})
    report = rebuild(seeds, index_dir)
    for path in (index_dir / "generations" / report.generation / "dense").rglob("*.bin"):
        path.unlink()
    with pytest.raises(IndexUnavailableError, match=r"read \(dense/.*\.bin is missing\); make it anew"):
        ask("Which bridge was closed?", index_dir=index_dir)
    rebuild(seeds, index_dir)
    assert "bridge" in ask("Which bridge was closed?", index_dir=index_dir).text


def test_an_interrupt_after_publishing_leaves_the_new_generation(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    first = rebuild(write_seeds({"a.txt": ONE}), index_dir).generation

    def interrupt(_: Path) -> None:
        if (index_dir / "CURRENT").read_text().strip() != first:
            raise KeyboardInterrupt

    monkeypatch.setattr(build, "delete_unread", interrupt)
    with pytest.raises(KeyboardInterrupt):
        rebuild(write_seeds({"b.txt": TWO}), index_dir)
    with open_index(index_dir) as index:
        assert index.article("b").text == TWO


def test_vectors_of_another_model_are_not_taken_over(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds({"a.txt": ONE})
    rebuild(seeds, index_dir)
    embedder = load_embedder(None, 256, 0)
    monkeypatch.setattr(embedder, "fingerprint", "0" * 64)
    embedded: list[str] = []

    def embed(texts: list[str], _: Callable[[int], None]) -> object:
        embedded.extend(texts)
        return np.ones((len(texts), 384), dtype=np.float32)

    monkeypatch.setattr(embedder, "embed_passages", embed)
    rebuild(seeds, index_dir)
    assert embedded == [ONE]


def test_a_dry_run_says_that_the_temporary_folder_is_full(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = write_seeds({f"{number}.txt": f"{number} {ONE * 1000}" for number in range(9)})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))  # its signal is ignored by Python
    try:
        with pytest.raises(IndexWriteError, match=r"temporary folder .*TMPDIR"):
            build.plan(seeds, tmp_path / "index")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.glob("tmp*")) == []


def test_vectors_that_cannot_be_written_stop_the_words(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def words(*given: Any) -> None:
        begun.set()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            given[-1](0)
            time.sleep(0.01)

    def vectors(*_: object) -> None:
        assert begun.wait(20)
        raise OSError("no space")

    monkeypatch.setattr("index.lexical.write", words)
    monkeypatch.setattr("index.dense.write", vectors)
    started = time.monotonic()
    with pytest.raises(IndexWriteError, match="no space"):
        rebuild(write_seeds({"a.txt": ONE}), tmp_path / "index")
    assert time.monotonic() - started < 15
