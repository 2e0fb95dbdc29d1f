"""A rebuild takes over what did not change, and gives what a rebuild from nothing would give."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import articles, build, corpus, drafts, entries, known, open_index, rebuild
from index.clean import articles_of
from index.generation import Index
from index.read import read_file
from index.scope import Scope
from index.settings import IndexSettings
from tests.rebuilding import StandIn

WORDS = (
    "bridge school volcano football election garden planet tax opera river engine harvest doctor train "
    "island museum storm parliament coach harbour miner teacher festival drought satellite orchard"
).split()
COMPOUNDS = [first + second for first, second in product(WORDS, WORDS)]
SLOGANS = ["Your window on the coast", "Read more of our work at the harbour", "Harbour Courier Daily"]


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(build, "load_embedder", lambda *_: stand_in)
    return stand_in


def story(chance: random.Random, sentences: int = 9) -> str:
    """A text of its own, sometimes with a line that others of its outlet have, too."""
    lines = [
        # Compounds, so many that two stories are hardly ever about the same.
        f"The {' '.join(chance.choices(COMPOUNDS, k=8))} was seen on {chance.random():.4f} sides."
        for _ in range(sentences)
    ]
    text = " ".join(lines[:4]) + "\n\n" + " ".join(lines[4:])
    if chance.random() < 0.5:
        text += f"\n\n{chance.choice(SLOGANS)}"
    return text


def edit(seeds: Path, chance: random.Random, step: int) -> None:
    """Change, add, move, copy or remove some files, or articles in a file of several."""
    files = sorted(path for path in seeds.rglob("*") if path.is_file())
    texts = [path for path in files if path.suffix == ".txt"]
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(["add", "change", "move", "copy", "remove", "lines", "part"])
        path = chance.choice(texts)
        if kind == "add":
            (seeds / chance.choice("ab") / f"new{step}-{chance.random():.6f}.txt").write_text(
                story(chance)
            )
        elif kind == "change" and path.exists():
            path.write_text(path.read_text() + f"\n\nIt was said again on day {chance.randint(1, 99)}.")
        elif kind == "move" and path.exists():
            path.rename(seeds / chance.choice("ab") / f"moved{step}-{path.name}")
        elif kind == "copy" and path.exists():
            (seeds / "b" / f"copy{step}-{path.name}").write_text(path.read_text())
        elif kind == "remove" and path.exists() and len(texts) > 6:
            path.unlink()
        elif (
            kind == "lines"
        ):  # of a whole outlet, so that a line becomes furniture, or is none any more
            slogan = chance.choice(SLOGANS)
            for other in (seeds / "a").glob("*.txt"):
                body = other.read_text().removesuffix(f"\n\n{slogan}")
                other.write_text(f"{body}\n\n{slogan}" if chance.random() < 0.8 else body)
        else:
            part = seeds / "many.jsonl"
            lines = part.read_text().splitlines()
            lines[chance.randrange(len(lines))] = json.dumps({"text": story(chance), "source": "Post"})
            chance.shuffle(lines)
            part.write_text("\n".join(lines))


def contents(index: Index) -> dict[str, Any]:
    """All that a reader can see of an index, but for names and times."""
    numbers = list(range(1, index.manifest.passages + 1))
    vectors = index.vectors(numbers)
    question = np.ones(384, np.float32) / np.sqrt(384).astype(np.float32)
    return {
        "articles": list(index.articles()),
        "passages": index.store.passages(numbers),
        "hashes": index.store.hashes(),
        "skipped": index.manifest.skipped,
        "families": index.manifest.families,
        "vectors": {number: vector.tobytes() for number, vector in vectors.items()},
        "near": index.nearest(question, 50),
        "words": {word: index.lexical.search(word, 200, Scope()) for word in ("the", "day", "seen")},
        "of an outlet": index.lexical.search("seen on sides", 200, Scope(sources=("Post",))),
    }


@pytest.mark.usefixtures("embedder")
@pytest.mark.parametrize("seed", range(2))
def test_random_edits_give_what_a_rebuild_from_nothing_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for module, name in [(entries, "TAKEN"), (articles, "TAKEN"), (known, "_TOGETHER")]:
        monkeypatch.setattr(module, name, 3)  # or else a few articles would all be taken over at once
    chance = random.Random(seed)
    seeds = tmp_path / "seeds"
    for folder in "ab":
        (seeds / folder).mkdir(parents=True)
        for number in range(8):
            (seeds / folder / f"{number}.txt").write_text(story(chance))
    rows = [json.dumps({"text": story(chance), "source": "Post"}) for _ in range(5)]
    (seeds / "many.jsonl").write_text("\n".join([*rows, "{", json.dumps({"text": "Advertisement"})]))
    rebuild(seeds, tmp_path / "index")
    furniture = 0
    for step in range(3):
        edit(seeds, chance, step)
        report = rebuild(seeds, tmp_path / "index")
        rebuild(seeds, tmp_path / f"fresh{step}")
        with open_index(tmp_path / "index") as kept, open_index(tmp_path / f"fresh{step}") as fresh:
            assert contents(kept) == contents(fresh)
            for article in fresh.articles():
                raw = (seeds / article.path).read_text()
                furniture += sum(slogan in raw and slogan not in article.text for slogan in SLOGANS)
        assert report.unchanged > 0
    assert furniture > 3  # else nothing of what was learned was put to the test


def test_what_did_not_change_is_neither_read_nor_cleaned_nor_embedded(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: StandIn
) -> None:
    read: list[str] = []
    cleaned: list[str] = []

    def noted_file(path: Path, *args: Any) -> Any:
        read.append(path.name)
        return read_file(path, *args)

    def noted_draft(draft: Any, article_id: str, *args: Any) -> Any:
        cleaned.append(article_id)
        return articles_of(draft, article_id, *args)

    monkeypatch.setattr(drafts, "read_file", noted_file)
    monkeypatch.setattr(corpus, "articles_of", noted_draft)
    chance = random.Random(1)
    stories = {f"{number}.txt": story(chance) for number in range(6)}
    seeds = write_seeds(stories)
    rebuild(seeds, tmp_path / "index")
    for noted in (read, cleaned, embedder.texts):
        noted.clear()

    write_seeds({"3.txt": stories["3.txt"] + "\n\nIt ended."})
    (seeds / "5.txt").rename(seeds / "6.txt")
    os.utime(seeds / "2.txt", (0, 0))  # times say nothing
    report = rebuild(seeds, tmp_path / "index")
    assert (read, cleaned) == (["3.txt", "6.txt"], ["3"])
    assert report.embedded == len(embedder.texts) == 1


@pytest.mark.usefixtures("embedder")
def test_a_change_that_leaves_time_and_size_alone_is_seen(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds({"a.txt": "It rained in Rome.", "b.txt": "It snowed in Oslo."})
    os.utime(seeds / "a.txt", (1, 1))
    rebuild(seeds, tmp_path / "index")
    write_seeds({"a.txt": "It hailed in Rome."})
    os.utime(seeds / "a.txt", (1, 1))
    assert rebuild(seeds, tmp_path / "index").changed == 1


@pytest.mark.usefixtures("embedder")
def test_with_nothing_changed_nothing_is_published(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds({"a.txt": "It rained in Rome.", "bad.xyz": "?"})
    first = rebuild(seeds, tmp_path / "index")
    again = rebuild(seeds, tmp_path / "index")
    assert again.generation == first.generation
    assert (again.articles, again.unchanged, again.embedded) == (1, 1, 0)
    assert again.skipped == first.skipped


def test_a_setting_that_changed_makes_anew_just_what_depends_on_it(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: StandIn
) -> None:
    chance = random.Random(2)
    rows = [json.dumps({"story": story(chance, 30), "text": "Another text."}) for _ in range(3)]
    seeds = write_seeds({"a.jsonl": "\n".join(rows)})
    rebuild(seeds, tmp_path / "index")
    fields = IndexSettings(fields="text=story")
    assert rebuild(seeds, tmp_path / "index", settings=fields).changed == 3

    monkeypatch.setattr(drafts, "read_file", None)  # not read again
    embedder.texts.clear()
    shorter = IndexSettings(fields="text=story", passage_tokens=60)
    report = rebuild(seeds, tmp_path / "index", settings=shorter)
    assert report.unchanged == 3
    assert len(embedder.texts) == report.embedded == report.passages > 6
    embedder.texts.clear()
    monkeypatch.setattr(StandIn, "fingerprint", "another")
    report = rebuild(seeds, tmp_path / "index", settings=shorter)
    assert len(embedder.texts) == report.passages
    monkeypatch.undo()
    monkeypatch.setattr(StandIn, "fingerprint", "another")
    monkeypatch.setattr(build, "load_embedder", lambda *_: embedder)
    rebuild(seeds, tmp_path / "fresh", settings=shorter)
    with open_index(tmp_path / "index") as kept, open_index(tmp_path / "fresh") as fresh:
        assert contents(kept) == contents(fresh)


@pytest.mark.usefixtures("embedder")
def test_a_dry_run_says_what_would_change_and_changes_nothing(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds({name: f"Story {name} of a bridge." for name in ("a.txt", "b.txt", "c.txt")})
    rebuild(seeds, tmp_path / "index")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write_seeds({"b.txt": "Another story.", "d.txt": "A fourth story."})
    (seeds / "c.txt").rename(tmp_path / "c.txt")
    plan = build.plan(seeds, tmp_path / "index")
    assert (plan.added, plan.changed, plan.removed, plan.unchanged) == (["d"], ["b"], ["c"], 1)
    assert plan.to_embed == 2
    (tmp_path / "c.txt").unlink()
    index = tmp_path / "index"
    assert {p: p.read_bytes() for p in index.rglob("*") if p.is_file()} == {
        path: content for path, content in before.items() if path.is_relative_to(index)
    }


def test_what_a_killed_rebuild_has_embedded_is_not_embedded_again(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: StandIn
) -> None:
    seeds = write_seeds({"a.txt": "It rained in Rome.", "b.txt": "It snowed in Oslo."})
    monkeypatch.setattr(build, "publish", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        rebuild(seeds, tmp_path / "index")
    with (tmp_path / "index/vectors.bin").open("ab") as cache:
        cache.write(b"cut off")
    monkeypatch.undo()
    monkeypatch.setattr(build, "load_embedder", lambda *_: embedder)
    assert rebuild(seeds, tmp_path / "index").embedded == 0
    assert len(embedder.texts) == 2
