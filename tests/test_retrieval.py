"""What a question says about where to look decides what is found."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from index import open_index, rebuild
from index.embed import load_embedder
from index.errors import QuestionError
from index.scope import Scope
from qa import retrieve, search
from qa.cli import commands
from qa.cross_encoder import load_cross_encoder
from qa.hits import spread, window, windows
from qa.rerank import rerank_by_parts
from qa.search import candidates
from qa.understand import understand

FERRY = "The ferry to Varnes ran aground in fog, and all passengers were brought ashore by fishermen."
BUDGET = "Parliament passed a budget that spends more on schools and less on roads than the last one."
SKY = ("Rain", "Hail", "Snow", "A rainbow", "Thunder", "Thick cloud", "Dust")
PLACES = ("the hills", "the lake", "the old town", "every village")
ARTICLES: dict[str, dict[str, Any]] = {
    "herald": {"source": "Herald", "published": "2021-05-05", "title": "Ferry aground", "text": FERRY},
    "gazette": {
        "source": "Lindau Gazette",
        "published": "2021-06-10",
        "title": "Ferry aground off Varnes",
        "text": "A ferry with passengers for Varnes ran aground in fog again, the coast guard said.",
    },
    "old": {
        "source": "Courier",
        "published": "2019-02-01",
        "title": "Ferry aground",
        "text": "The Varnes ferry ran aground in fog; passengers walked ashore at low water.",
    },
    "budget": {"source": "Courier", "published": "2021-06-11", "title": "Budget", "text": BUDGET},
    **{
        f"weather{day}": {
            "source": "Weather Service",
            "published": f"2021-03-{day:02}",
            "title": f"Weather of day {day}",
            "text": f"{what} was seen over {where} in the morning, and a mild wind blew in the valley.",
        }
        for day, (what, where) in enumerate(itertools.product(SKY, PLACES), start=1)
    },
}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    (folder / "seeds").mkdir()
    lines = [json.dumps({"id": name, **fields}) for name, fields in ARTICLES.items()]
    (folder / "seeds/news.jsonl").write_text("\n".join(lines))
    rebuild(folder / "seeds", folder / "index")
    return folder / "index"


@pytest.mark.parametrize(
    ("question", "limits", "first", "reason"),
    [
        ("What does the Herald say of the ferry that ran aground?", {}, "herald", "outlet"),
        ("What does the Gazette say of the ferry that ran aground?", {}, "gazette", "outlet"),
        ("Which ferry ran aground in February 2019?", {}, "old", "days"),
        ("Which ferry ran aground on May 5, 2021?", {}, "herald", "days"),
        ("Which ferry ran aground?", {"as_of": "2021-06-12"}, "gazette", "fresh"),
        ("Which ferry ran aground?", {"as_of": "2021-05-06"}, "herald", "fresh"),
        ("Which ferry ran aground this week?", {"as_of": "2021-05-06"}, "herald", "days"),
        ("Which ferry ran aground?", {"until": "2020-01-01"}, "old", "words"),
    ],
)
def test_outlets_days_and_freshness_that_a_question_means_come_first(
    news: Path, question: str, limits: dict[str, str], first: str, reason: str
) -> None:
    hits = retrieve(question, index_dir=news, **limits)  # type: ignore[arg-type]  # of mixed types
    assert hits[0].article.id == first
    assert reason in hits[0].why


def test_a_question_that_asks_two_things_gets_both(news: Path) -> None:
    question = (
        "Did the Herald report that passengers of a ferry were brought ashore by fishermen, "
        "while the Courier reported that parliament passed a budget for schools?"
    )
    assert understand(question, outlets=["Herald", "Courier"]).asks_several
    hits = retrieve(question, k=2, index_dir=news)
    assert {hit.article.id for hit in hits} == {"herald", "budget"}


def test_an_article_for_one_part_alone_comes_before_those_with_some_words_of_all(news: Path) -> None:
    """In a long question its words are few, in its own part they are all."""
    question = (
        "Was rain seen over the hills, was thunder seen over every village, was a mild wind over the "
        "old town in the morning, and did parliament spend on schools?"
    )
    query = understand(question)
    assert query.asks_several
    places = []
    with open_index(news) as index:
        for each in (query, replace(query, parts=query.parts[:1] * len(query.parts))):
            found = candidates(index, each, load_embedder(None, 256, 0))
            places.append([hit.article.id for hit in windows(index, found)].index("budget"))
    assert places[0] < places[1]


def test_parts_are_reranked_by_what_stands_out_for_each(news: Path) -> None:
    with open_index(news) as index:
        found = candidates(index, understand("rain over the hills"), load_embedder(None, 256, 0))
        hits = [replace(hit, score=0.5) for hit in windows(index, found)]
        hits.sort(key=lambda hit: hit.article.id == "budget")  # it comes last, of hits with one score
        best = rerank_by_parts(
            ["what does the budget of parliament spend more on"],
            hits,
            load_cross_encoder(None, 256, 0),
            index.lexical.telling_words,
        )
    assert best[0].article.id == "budget"
    assert best[0].score > 0.5 == best[-1].score
    assert rerank_by_parts(["x"], [], load_cross_encoder(None, 256, 0), lambda text: set()) == []


def test_in_a_narrow_scope_every_passage_is_compared(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is far from the question, and shares no word with it, could not be found at all."""
    monkeypatch.setattr(search, "NEAR", 2)
    monkeypatch.setattr(search, "NEAR_AT_MOST", 2)
    monkeypatch.setattr(search, "FEW", 1)
    hits = retrieve("Which ferry ran aground?", index_dir=news, since="2021-06-11")
    assert [hit.article.id for hit in hits] == ["budget"]


def test_no_two_hits_overlap_and_an_article_comes_again_only_when_there_is_no_other(
    news: Path,
) -> None:
    with open_index(news) as index:
        herald, budget = index.article("herald"), index.article("budget")
        (passage,) = index.store.passages_of("herald")
        (other,) = index.store.passages_of("budget")
    middle = passage.end // 2
    first = window(herald, [replace(passage, end=middle)], 3.0, "")
    second = window(herald, [replace(passage, start=middle)], 2.0, "")
    third = window(budget, [other], 1.0, "")
    overlapping = window(herald, [passage], 2.5, "")
    hits = [first, overlapping, second, third]
    assert spread(hits, 2, per_article=1) == [first, third]
    assert spread(hits, 2, per_article=2) == [first, second]
    assert spread(hits, 5, per_article=1) == [first, second, third]


@pytest.mark.parametrize(
    "question",
    [
        "the",
        "what is it",
        "Was ist mit der Fähre passiert?",
        "船",
        "ferry " * 300,
        "?a",
        "1",
        "in 2019",
    ],
)
def test_any_question_gets_hits_in_scope(news: Path, question: str) -> None:
    for hit in retrieve(question, index_dir=news, since="2021-01-01"):
        assert (hit.article.published or "") >= "2021"
        assert hit.why


def test_an_outlets_name_is_no_day() -> None:
    query = understand("What did USA Today report?", outlets=["USA Today"])
    assert (query.outlets, query.spans, query.fresh_on) == (("USA Today",), (), None)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_the_ends_of_the_calendar_can_be_asked_as_of(news: Path, day: str) -> None:
    assert isinstance(retrieve("Which ferry?", index_dir=news, as_of=day), list)


def test_a_scope_without_articles_gives_no_hit(news: Path) -> None:
    assert retrieve("Which ferry ran aground?", index_dir=news, since="2030-01-01") == []
    with open_index(news) as index:
        assert index.store.numbers_in(Scope(since=2e9), 5) == []


def test_an_unknown_outlet_is_told_with_the_nearest(news: Path) -> None:
    with pytest.raises(QuestionError, match="did you mean Lindau Gazette"):
        retrieve("Which ferry?", index_dir=news, sources=["Lindau Gazete"])
    with pytest.raises(QuestionError, match="the outlets are: Courier, Herald"):
        retrieve("Which ferry?", index_dir=news, sources=["Zzz"])


def test_explain_says_why_passages_were_found(news: Path) -> None:
    arguments = ["ask", "Which ferry ran aground?", "--index", str(news), "--explain"]
    printed = CliRunner().invoke(commands, arguments)
    assert printed.exit_code == 0
    assert "shares words with the question" in printed.output
    answer = json.loads(CliRunner().invoke(commands, [*arguments, "--json"]).output)
    assert answer["hits"][0]["article"]["id"] in ARTICLES
    assert answer["hits"][0]["why"]


def test_articles_next_to_each_other_in_the_index_do_not_hide_one_another(news: Path) -> None:
    hits = retrieve("Which ferry ran aground in fog?", index_dir=news)
    assert {hit.article.id for hit in hits[:3]} == {"herald", "gazette", "old"}
