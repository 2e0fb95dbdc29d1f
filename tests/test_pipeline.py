from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import qa
from index import open_index
from index.errors import IndexUnavailableError, NoIndexError, OtherModelError, QuestionError
from index.store import Store
from qa import Answer, ask, ask_stream, retrieve
from qa.answer import escape_markdown, unescape_markdown
from qa.settings import Settings

pytestmark = pytest.mark.usefixtures("remembering")
TROOPS = "How many US troops are in Iraq?"
NOVEMBER, SEPTEMBER = "000_9bcfd3eecc1c5b65", "004_ce8e82a21ac51974"
TEHRAN = "000_9bcfd3eecc1c5b65#2"  # a teaser on the page of the first


def test_the_public_names_are_those_promised() -> None:
    assert set(qa.__all__) == {
        "Answer", "ArticleQAError", "ArticleRef", "Citation", "Hit", "Searched", "Sentence",
        "Settings", "aask", "ask", "ask_stream", "retrieve",
    }  # fmt: skip


def test_hits_are_verbatim_and_in_order(seeds_index: Path) -> None:
    hits = retrieve(TROOPS, k=3, index_dir=seeds_index)
    assert len(hits) == 3
    assert "around 3,000 troops" in hits[0].text
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.article.text[hit.start : hit.end] == hit.text for hit in hits)


def test_k_larger_than_the_index_gives_all_there_is_once(seeds_index: Path) -> None:
    hits = retrieve(TROOPS, k=500, index_dir=seeds_index)
    with open_index(seeds_index) as index:
        for article in index.articles():
            found = "".join(hit.text for hit in hits if hit.article.id == article.id)
            assert Counter("".join(found.split())) == Counter("".join(article.text.split()))


def test_the_pieces_of_a_stream_are_the_text_of_its_answer(seeds_index: Path) -> None:
    *pieces, answer = ask_stream(TROOPS, index_dir=seeds_index)
    assert isinstance(answer, Answer)
    assert len(pieces) > 10
    assert "".join(map(str, pieces)) == answer.text


def test_asynchronous_programs_get_the_same_answer(seeds_index: Path) -> None:
    answer = asyncio.run(qa.aask(TROOPS, index_dir=seeds_index))
    assert answer.text == ask(TROOPS, index_dir=seeds_index).text


def test_an_answer_is_json(seeds_index: Path) -> None:
    answer = ask(TROOPS, index_dir=seeds_index)
    fields = json.loads(json.dumps(answer.to_dict()))
    assert list(fields) == [
        "question", "standalone_question", "text", "sentences", "citations", "abstained",
        "confidence", "searched", "nearest", "writer", "generation", "timings_ms", "notes",
    ]  # fmt: skip
    assert list(fields["citations"][0]) == [
        "number", "article_id", "title", "source", "author", "published", "url", "path", "quote",
        "start", "end", "passage", "score", "also_in", "answer",
    ]  # fmt: skip
    assert fields["sentences"][0]["citations"] == [1]
    assert fields["writer"] == "quotes"
    assert 0.5 < fields["confidence"] <= 1
    assert fields["timings_ms"]["total"] > 0


def test_a_short_answer_is_marked_in_its_quote(seeds_index: Path) -> None:
    citation = ask(TROOPS, index_dir=seeds_index).citations[0]
    assert citation.answer is not None
    with open_index(seeds_index) as index:
        assert index.article(citation.article_id).text[slice(*citation.answer)] == "3,000"


def test_each_of_two_questions_is_answered_or_called_open(seeds_index: Path) -> None:
    answer = ask(f"{TROOPS} And who won the World Cup?", index_dir=seeds_index)
    assert "3,000" in answer.citations[0].quote
    assert answer.notes == ("No sure answer was found to: who won the World Cup?",)


def test_what_is_older_than_the_days_that_are_meant_is_no_answer(seeds_index: Path) -> None:
    question = "How many rockets hit Baghdad this week?"
    assert ask(question, index_dir=seeds_index).abstained
    assert not ask(question, index_dir=seeds_index, as_of="2020-11-19").abstained


def test_how_things_stand_is_said_with_the_day(seeds_index: Path) -> None:
    answer = ask("How many US troops are in Iraq now?", index_dir=seeds_index)
    assert answer.text.startswith("As of 30 September 2020, AFP: “")


def test_a_word_alone_is_never_a_quote(seeds_index: Path) -> None:
    answer = ask("What about AFP in Iraq?", index_dir=seeds_index, settings=Settings(confidence=0))
    assert answer.citations
    assert all(len(citation.quote.split()) > 1 for citation in answer.citations)


def test_words_that_stand_in_two_articles_are_quoted_once(seeds_index: Path) -> None:
    answer = ask("What ultimatum did Pompeo issue?", index_dir=seeds_index)
    quote = answer.citations[0]
    assert "issued an ultimatum last week" in quote.quote
    (other,) = quote.also_in
    assert {quote.article_id, other.id} == {"000_9bcfd3eecc1c5b65", "004_ce8e82a21ac51974"}
    assert len({citation.quote for citation in answer.citations}) == len(answer.citations)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"since": "2020-10-01"}, {NOVEMBER}),
        ({"until": date(2020, 9, 30)}, {SEPTEMBER, TEHRAN}),
        ({"as_of": datetime(2020, 9, 27, tzinfo=UTC)}, {TEHRAN}),
        ({"since": "2020-09-30", "sources": ["iraq news"]}, {NOVEMBER}),
        ({"sources": ["IRAQ  News"]}, {NOVEMBER, TEHRAN}),
    ],
)
def test_filters_leave_only_what_they_allow(
    seeds_index: Path, filters: dict[str, Any], ids: set[str]
) -> None:
    hits = retrieve("US withdrawal from Iraq", index_dir=seeds_index, **filters)
    assert {hit.article.id for hit in hits} == ids
    searched = ask("What about the withdrawal?", index_dir=seeds_index, **filters).searched
    assert searched.articles == len(ids)


def test_a_filter_that_leaves_nothing_is_said(seeds_index: Path) -> None:
    answer = ask(TROOPS, index_dir=seeds_index, since="2022-01-01", sources=["Iraq News"])
    assert answer.abstained
    assert answer.searched.articles == 0
    assert answer.text.startswith("No article by Iraq News from 1 January 2022 is in the index.")


def test_an_abstention_says_what_was_searched_and_names_the_closest(seeds_index: Path) -> None:
    answer = ask("What is the capital of Australia?", index_dir=seeds_index)
    assert answer.abstained
    assert answer.sentences == ()
    assert answer.citations == ()
    assert answer.confidence < 0.1
    assert "3 articles from 1 outlet, dated 26 September 2020 to 15 November 2020" in answer.text
    assert {ref.id for ref in answer.nearest} == {NOVEMBER, SEPTEMBER, TEHRAN}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"question": ""}, "the question is empty"),
        ({"question": "\x00 ?! \n"}, "the question is empty"),
        ({"question": "why " * 5000}, "the question has 20,000 characters, more than the 2,000"),
        ({"question": 5}, "a question must be text, not int"),
        ({"question": "x", "since": "yesterday"}, "since 'yesterday' is not a date"),
        ({"question": "x", "as_of": "2020-13-01"}, "as-of '2020-13-01' is not a date"),
        ({"question": "x", "since": "2021", "until": "2020"}, "since '2021' is not a date"),
        ({"question": "x", "since": "2021-01-01", "until": "2020-01-01"}, "is after until"),
        ({"question": "x", "sources": ["Irak"]}, "no article is from 'Irak'; the outlets are: Iraq"),
        ({"question": "x", "sources": [""]}, "each source must be the name of an outlet"),
        ({"question": "x", "since": 5}, "since 5 is not a date"),
        ({"question": "x", "sources": 5}, "each source must be the name of an outlet"),
        ({"question": "x", "history": ["hi"]}, "each turn of the history must be"),
        ({"question": "x", "history": 5}, "the history must be a list of turns, not int"),
        ({"question": "x", "history": "hi"}, "each turn of the history must be"),
        ({"question": "x", "history": [{"role": "system", "content": "y"}]}, "each turn of the hist"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    seeds_index: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        ask(index_dir=seeds_index, **arguments)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError):
        ask(TROOPS, index_dir=tmp_path)


def test_an_index_of_another_model_is_not_searched(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.embed import load_embedder

    monkeypatch.setattr(load_embedder(None, 256, 0), "fingerprint", "0" * 64)
    with pytest.raises(OtherModelError, match=r"built with the model BAAI/.*; run 'qa rebuild'"):
        ask(TROOPS, index_dir=seeds_index)


def test_a_quote_that_does_not_stand_in_its_article_never_gets_out(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = Store.article
    seen: list[str] = []

    def changed(self: Store, article_id: str) -> Any:
        """The article as it is while the answer is made, and with other words afterwards."""
        found = article(self, article_id)
        assert found is not None
        if article_id in seen:
            object.__setattr__(found, "text", found.text.replace("3,000", "9,000"))
        seen.append(article_id)
        return found

    assert not ask(TROOPS, index_dir=seeds_index).abstained
    monkeypatch.setattr(Store, "article", changed)
    with pytest.raises(IndexUnavailableError, match="a quote does not stand in its article 004"):
        ask(TROOPS, index_dir=seeds_index)


def test_settings_of_the_environment_count_and_arguments_more(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_INDEX", str(seeds_index))
    monkeypatch.setenv("QA_K", "2")
    assert len(retrieve(TROOPS)) == 2
    assert len(retrieve(TROOPS, k=3)) == 3
    assert ask(TROOPS, settings=Settings(index=seeds_index, confidence=1.0)).abstained


@pytest.mark.parametrize(
    "words",
    [
        "see [2] and <b>*this*</b>", "1. first", "- dash", "# no heading", "a_b_c `code` $x$",
        "[x](javascript:alert(1))", "&lt;b&gt; AT&T", "![i](x)", "back\\slash", "~~gone~~ | cell",
        "is worth\n1. 5 billion", "by an agency\n- went on", "a line\n=== under it", "\n1) x",
    ],
)  # fmt: skip
def test_words_of_articles_are_no_markup(words: str) -> None:
    from markdown_it import MarkdownIt

    escaped = escape_markdown(words)
    assert unescape_markdown(escaped) == words
    (_, inline, _) = MarkdownIt("gfm-like", {"linkify": False}).parse(escaped)
    tokens = inline.children or []
    assert {token.type for token in tokens} <= {"text", "text_special", "softbreak"}
    shown = "".join("\n" if token.type == "softbreak" else token.content for token in tokens)
    assert shown == words.strip()


def test_all_articles_of_an_index_can_be_read(seeds_index: Path) -> None:
    with open_index(seeds_index) as index:
        assert [article.id for article in index.articles()] == [NOVEMBER, TEHRAN, SEPTEMBER]
