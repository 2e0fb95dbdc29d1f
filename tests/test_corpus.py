"""From files to the articles in the index: what each step found out must arrive there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Progress, open_index, rebuild
from index.article import Article
from qa import ask, retrieve

FRENCH = (
    "Le ministre de la pêche a annoncé lundi sa démission devant les journalistes réunis à Brest. "
    "Il a expliqué que sa décision avait été prise après une longue discussion avec ses collègues."
)
ENGLISH = (
    "The mayor of the harbour town opened a bridge on Monday before a crowd of several hundred. "
    "She said that the work had taken four years and that the ferry would stop running in May."
)


def articles(seeds: Path, index_dir: Path) -> dict[str, Article]:
    rebuild(seeds, index_dir)
    with open_index(index_dir) as index:
        return {article.id: article for article in index.articles()}


def test_an_article_in_another_language_is_found_by_words_and_not_embedded(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seen: list[Progress] = []
    seeds = write_seeds({"fr.txt": FRENCH, "en.txt": ENGLISH})
    report = rebuild(seeds, tmp_path / "index", progress=seen.append)
    with open_index(tmp_path / "index") as index:
        assert index.info().languages == {"en": 1, "fr": 1}
        assert (index.dense.count(), report.passages) == (1, 2)
    embedded = [told for told in seen if told.stage == "embedding"]
    assert embedded[-1] == Progress("embedding", 1, 1)
    hits = retrieve("démission du ministre de la pêche", index_dir=tmp_path / "index")
    assert "fr" in [hit.article.id for hit in hits]


def test_articles_in_other_languages_alone_can_be_asked(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    rebuild(write_seeds({"fr.txt": FRENCH}), tmp_path / "index")
    hits = retrieve("démission du ministre", index_dir=tmp_path / "index")
    assert [hit.article.id for hit in hits] == ["fr"]
    assert ask("Who opened the bridge?", index_dir=tmp_path / "index").abstained


@pytest.mark.parametrize(
    "files",
    [
        {"a.json": json.dumps({"text": ENGLISH, "date": "2020-05-04", "modified": "2020-05-05"})},
        {"a.txt": f"Bridge opens\n\nPublished 4 May 2020 | Updated 5 May 2020\n\n{ENGLISH}"},
    ],
)
def test_the_date_of_an_update_is_kept_apart(
    write_seeds: Callable[..., Path], tmp_path: Path, files: dict[str, str]
) -> None:
    article = articles(write_seeds(files), tmp_path / "index")["a"]
    assert (article.published, article.updated) == ("2020-05-04", "2020-05-05")


def test_what_an_outlet_repeats_on_every_page_is_left_out(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    slogan = "The Harbour Courier, your window on the coast"
    topics = "bridges schools volcanoes football elections gardening astronomy taxes opera".split()
    lines = [
        json.dumps(
            {
                "id": topic,
                "title": topic.title(),
                "source": "Harbour Courier",
                "text": f"A report about {topic} was read to the {topic} committee.\n\n{slogan}",
            }
        )
        for topic in topics
    ]
    found = articles(write_seeds({"a.jsonl": "\n".join(lines)}), tmp_path / "index")
    assert len(found) == len(topics)
    assert not any("window" in article.text for article in found.values())
    alone = articles(write_seeds({"a.jsonl": lines[0]}), tmp_path / "index")
    assert slogan in alone["bridges"].text


def test_a_page_of_furniture_is_left_out_with_the_reason(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds({"a.txt": ENGLISH, "b.txt": "Subscribe now\n\nAdvertisement\n\nShare this"})
    report = rebuild(seeds, tmp_path / "index")
    assert report.skipped == [("b.txt", "no words in it but page furniture")]


def test_an_address_of_any_length_is_kept_whole(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    url = "https://example.org/" + "a" * 900
    seeds = write_seeds({"a.json": json.dumps({"text": ENGLISH, "url": url})})
    assert articles(seeds, tmp_path / "index")["a"].url == url


@pytest.mark.parametrize(
    ("name", "content", "last"),
    [
        ("a.jsonl", "{\n" * 2000, "line 2000: not valid JSON"),
        ("a.csv", "text,title\n" + ",x\n" * 2000, "row 2001: no text"),
        (
            "a.rss",
            f"<rss version='2.0'><channel>{'<item></item>' * 2000}</channel></rss>",
            "entry 2000",
        ),
        ("a.json", json.dumps([{"text": "Advertisement"}] * 2000), "no words in it but"),
    ],
)
def test_of_a_file_of_bad_parts_the_first_are_reported_and_the_number_of_the_others(
    write_seeds: Callable[..., Path], tmp_path: Path, name: str, content: str, last: str
) -> None:
    seeds = write_seeds({name: content, "b.txt": ENGLISH, "c.xyz": ""})
    report = rebuild(seeds, tmp_path / "index")
    reasons = [reason for path, reason in report.skipped if path == name]
    assert (len(reasons), len(report.skipped)) == (21, 22)
    assert reasons[-1].startswith(f"and 1,980 more, the last: {last}")
    with open_index(tmp_path / "index") as index:
        assert len(index.info().manifest.skipped) == 22
