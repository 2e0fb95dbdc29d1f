"""What was taken down is gone: no file below the index holds a word of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import build, open_index
from index.checking import check
from index.cli import run
from index.errors import IndexUnavailableError, UnknownArticleError
from index.scope import Scope
from index.takedown import forget, remember
from qa.cli import commands
from tests.rebuilding import StandIn, rebuild
from tests.test_incremental import contents

DOSSIER = "The Quixworth dossier names the zebrafish merchant Ottoline Vandermeer."
OTHERS = {
    f"{number}.txt": f"Report {number} tells of the bridge that the town number {number} has closed."
    for number in range(30)
}


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "load_embedder", lambda *_: StandIn())


def holding(index_dir: Path, *words: str) -> list[str]:
    """Files below ``index_dir`` in which one of the words stands, however it is written."""
    wanted = [
        form.encode(code)
        for word in words
        for form in (word, word.lower())
        for code in ("utf-8", "utf-16-le")
    ]
    paths = [path for path in index_dir.rglob("*") if path.is_file()]
    return [path.name for path in paths if any(word in path.read_bytes() for word in wanted)]


WORDS = ("Quixworth", "zebrafish", "Ottoline", "Vandermeer", "ottolin")


def test_a_removed_article_leaves_no_word_and_no_vector(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(OTHERS | {"secret.txt": DOSSIER})
    rebuild(seeds, index_dir)
    assert "articles.db" in holding(index_dir, *WORDS)
    with open_index(index_dir) as index:
        assert index.lexical.search("Quixworth", 9, Scope())
    (seeds / "secret.txt").unlink()
    rebuild(seeds, index_dir)
    assert holding(index_dir, *WORDS) == []
    assert check(index_dir).problems == []
    with open_index(index_dir) as index:
        # Tantivy keeps words in parts that they share, in which bytes tell nothing.
        assert not any(index.lexical.search(word, 9, Scope()) for word in WORDS)
        assert index.dense.count() == 30


def test_the_vector_of_a_removed_article_is_overwritten(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(OTHERS | {"secret.txt": DOSSIER})
    rebuild(seeds, index_dir)
    with open_index(index_dir) as index:
        [(number, _)] = index.lexical.search("Quixworth", 1, Scope())
        vector = index.vectors([number])[number].tobytes()
    assert [p.name for p in index_dir.rglob("*.bin") if vector in p.read_bytes()] == ["data_level0.bin"]
    (seeds / "secret.txt").unlink()
    rebuild(seeds, index_dir)
    assert not any(vector in path.read_bytes() for path in index_dir.rglob("*") if path.is_file())
    with open_index(index_dir) as index:
        assert index.dense.dead() == 1  # the collection was changed, not written anew


def test_an_article_is_forgotten_at_once_and_stays_so(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    seeds = write_seeds(OTHERS | {"secret.txt": DOSSIER})
    rebuild(seeds, index_dir)
    seeds.rename(tmp_path / "away")  # not needed for it
    done = forget("secret", index_dir)
    assert (done.file, done.copies, done.held) == ("secret.txt", [], [])
    assert holding(index_dir, *WORDS) == []
    with open_index(index_dir) as index:
        assert index.manifest.generation == done.generation
        assert index.manifest.articles == 30
        assert [entry.path for entry in index.manifest.skipped] == ["secret.txt"]
        with pytest.raises(UnknownArticleError):
            index.article("secret")
    (tmp_path / "away").rename(seeds)
    assert rebuild(seeds, index_dir).generation == done.generation  # nothing else has changed

    write_seeds({"secret.txt": f"{DOSSIER} It rained."})  # the same id
    (seeds / "copy").mkdir()
    (seeds / "copy/renamed.txt").write_text(DOSSIER)  # the same text
    report = rebuild(seeds, index_dir)
    assert (report.articles, len(report.skipped)) == (30, 2)
    assert holding(index_dir, *WORDS) == []
    with open_index(index_dir) as kept:
        before = contents(kept)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "forgotten.json").write_bytes((index_dir / "forgotten.json").read_bytes())
    rebuild(seeds, fresh)
    with open_index(fresh) as new:
        assert contents(new) == before

    remember("secret", index_dir)
    assert rebuild(seeds, index_dir).added == 2
    with pytest.raises(UnknownArticleError, match="no article 'secret' was forgotten"):
        remember("secret", index_dir)


def test_forgetting_names_the_copies_that_stay_and_the_readers_that_hold_it(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    text = " ".join(
        f"Sentence number {number} of the dispatch speaks of {number * 7} boats."
        for number in range(30)
    )
    seeds = write_seeds(OTHERS | {"a.txt": text, "b.txt": f"{text} It ended."})
    rebuild(seeds, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        done = forget("a", tmp_path / "index")
        assert done.copies == ["b"]
        assert done.held == [index.manifest.generation]
    assert len(list((tmp_path / "index/generations").iterdir())) == 1


def test_the_only_article_and_an_unknown_one_are_not_forgotten(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds({"a.txt": DOSSIER})
    with pytest.raises(IndexUnavailableError, match="is not there, or damaged"):
        forget("a", tmp_path / "index")
    rebuild(seeds, tmp_path / "index")
    with pytest.raises(UnknownArticleError, match="no article 'b'"):
        forget("b", tmp_path / "index")
    with pytest.raises(IndexUnavailableError, match="all that the index holds; delete the folder"):
        forget("a", tmp_path / "index")
    assert rebuild(seeds, tmp_path / "index").unchanged == 1


def test_the_shell_says_what_was_forgotten_and_where_it_still_is(
    write_seeds: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "index")
    rebuild(write_seeds({"a.txt": DOSSIER, "b.txt": "It rained."}), tmp_path / "index")
    assert run(commands, ["forget", "a", "--index", index]) == 0
    out = capsys.readouterr().out
    assert "a is out of the index" in out
    assert "Its file is still in the seeds: a.txt" in out
    assert run(commands, ["forget", "a", "--index", index]) == 1
    capsys.readouterr()
    assert run(commands, ["forget", "a", "--undo", "--index", index, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"article_id": "a", "forgotten": False}
