"""Damage of every kind is found and named, and a rebuild repairs it without embedding anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import build, checking, open_index
from index.checking import check
from index.cli import run
from index.errors import IndexDamagedError, IndexWriteError, NoIndexError
from index.manifest import Manifest, damaged_files
from index.takedown import forget
from index.vectors import VectorCache
from qa.cli import commands
from tests.rebuilding import StandIn, rebuild

STORIES = {
    f"{number}.txt": f"Story {number} tells of bridge {number}. It was closed." for number in range(4)
}


@pytest.fixture(autouse=True)
def embedder(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(build, "load_embedder", lambda *_: stand_in)
    return stand_in


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGE: list[tuple[str, Callable[[Path], None]]] = [
    ("articles.db", flip),
    ("articles.db", truncate),
    ("seeds.db", flip),
    ("manifest.json", flip),
    ("chroma.sqlite3", truncate),
    ("data_level0.bin", flip),
    ("length.bin", Path.unlink),
    ("*.term", flip),
    ("lock", Path.unlink),
]


def test_damage_is_named_and_repaired_without_embedding(
    write_seeds: Callable[..., Path], tmp_path: Path, embedder: StandIn
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(STORIES)
    generation = build.rebuild(seeds, index_dir).generation
    sound = check(index_dir)
    assert (sound.articles, sound.passages, sound.vectors, sound.problems) == (4, 4, 4, [])
    embedder.texts.clear()
    for pattern, damage in DAMAGE:
        [path, *_] = sorted((index_dir / "generations" / generation).rglob(pattern))
        damage(path)
        problems = check(index_dir).problems
        assert any(path.name in problem for problem in problems), (path, problems)
        generation = build.rebuild(seeds, index_dir).generation
        assert check(index_dir).problems == []
    assert embedder.texts == []


def test_a_damaged_or_lost_vector_cache_is_named_and_filled_again(
    write_seeds: Callable[..., Path], tmp_path: Path, embedder: StandIn
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(STORIES)
    build.rebuild(seeds, index_dir)
    before = (index_dir / "vectors.bin").read_bytes()
    for damage in (flip, truncate, Path.unlink):
        embedder.texts.clear()
        damage(index_dir / "vectors.bin")
        assert any("vectors.bin lacks" in problem for problem in check(index_dir).problems)
        build.rebuild(seeds, index_dir)
        assert check(index_dir).problems == []
        assert sorted((index_dir / "vectors.bin").read_bytes()) == sorted(before)
        assert embedder.texts == []  # the collection still had them


def test_a_damaged_pointer_is_repaired(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(STORIES)
    build.rebuild(seeds, index_dir)
    for content in (b"\xff\xfe", b"", b"a\0b", b"elsewhere\n"):
        (index_dir / "CURRENT").write_bytes(content)
        assert build.rebuild(seeds, index_dir).articles == 4
        assert check(index_dir).problems == []


def test_a_rebuild_while_it_looks_is_no_damage(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    first = rebuild(write_seeds(STORIES), index_dir).generation
    look = damaged_files

    def and_rebuild(folder: Path, manifest: Manifest) -> dict[str, str]:
        rebuild(write_seeds({"0.txt": "It snowed."}), index_dir)
        return look(folder, manifest)

    monkeypatch.setattr(checking, "damaged_files", and_rebuild)
    report = check(index_dir)
    assert (report.generation, report.problems) == (first, [])


def test_a_damaged_list_of_forgotten_articles_is_named_and_brings_none_back(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(STORIES)
    build.rebuild(seeds, index_dir)
    forget("1", index_dir)
    assert check(index_dir).problems == []
    path = index_dir / "forgotten.json"
    whole = json.loads(path.read_text())
    [stone] = whole["articles"]
    path.write_text(json.dumps(whole | {"articles": [stone | {"id": "0" * 64, "text": "0" * 64}]}))
    [problem] = check(index_dir).problems
    assert "forgotten.json cannot be read (it is not as it was written)" in problem
    with pytest.raises(IndexWriteError, match="they would come back"):
        build.rebuild(seeds, index_dir)


def test_what_is_wrong_within_sound_files_is_named(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    take = VectorCache.take

    def too_long(self: VectorCache, digests: list[str]) -> object:
        vectors = take(self, digests)
        vectors[:2] *= 2
        return vectors

    monkeypatch.setattr(VectorCache, "take", too_long)
    rebuild(write_seeds(STORIES), index_dir)
    [problem] = check(index_dir).problems
    assert problem.startswith("2 vectors that are not finite or not of length 1: ")


def test_the_shell_names_problems_and_says_what_to_do(
    write_seeds: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index_dir = tmp_path / "index"
    report = rebuild(write_seeds(STORIES), index_dir)
    assert run(commands, ["check", "--index", str(index_dir)]) == 0
    assert "4 articles, 4 passages, 4 vectors" in capsys.readouterr().out
    flip(index_dir / "generations" / report.generation / "articles.db")
    assert run(commands, ["check", "--index", str(index_dir), "--json"]) == 1
    out, err = capsys.readouterr()
    assert any("articles.db was changed" in problem for problem in json.loads(out)["problems"])
    assert "is damaged; 'qa rebuild --index" in err
    with pytest.raises(NoIndexError):
        check(tmp_path / "none")


def test_a_pointer_to_nowhere_is_named(write_seeds: Callable[..., Path], tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    rebuild(write_seeds(STORIES), index_dir)
    flip(index_dir / "CURRENT")
    assert [problem.partition(" names")[0] for problem in check(index_dir).problems] == ["CURRENT"]
    assert rebuild(tmp_path / "seeds", index_dir).embedded == 0
    assert check(index_dir).problems == []


@pytest.mark.parametrize(
    "pattern", ["articles.db", "chroma.sqlite3", "data_level0.bin", "header.bin", "*.pos", "meta.json"]
)
def test_readers_do_not_open_a_damaged_file_and_name_it(
    write_seeds: Callable[..., Path], tmp_path: Path, pattern: str
) -> None:
    report = rebuild(write_seeds(STORIES), tmp_path / "index")
    [path, *_] = (tmp_path / "index/generations" / report.generation).rglob(pattern)
    flip(path)
    with pytest.raises(
        IndexDamagedError, match=f"cannot be read .*{path.name} was changed .* make it anew"
    ):
        open_index(tmp_path / "index")
    rebuild(tmp_path / "seeds", tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        assert index.article("1").text


def test_what_readers_have_no_use_for_does_not_stop_them(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    report = rebuild(write_seeds(STORIES), tmp_path / "index")
    folder = tmp_path / "index/generations" / report.generation
    flip(folder / "seeds.db")
    (folder / ".DS_Store").touch()
    with open_index(tmp_path / "index") as index:
        assert index.article("1").text
