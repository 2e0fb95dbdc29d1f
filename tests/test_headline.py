"""Under which headline a quote stands: it is named where it tells what the quote leaves out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index import rebuild
from index.article import Article
from qa import ask
from qa.choose import choose
from qa.cross_encoder import load_cross_encoder
from qa.headline import LONGEST, telling_headline
from qa.quote import read_sentences
from qa.settings import Settings
from tests.quoted import WHY, article, quote, texts, words

BANK = "Norland Bank denies that gold is missing"
TOWN = "What Ostby [2] <b>found</b> in\na “suitcase”: “Gold”"
ARTICLES = [
    {
        "id": "bank",
        "title": BANK,
        "source": "Post",
        "published": "2024-05-03",
        "text": "The company said that all the gold bars were counted on Monday and none is missing. "
        "Rain fell on the harbour all day. The company counted its gold bars twice, in a hall by the "
        "river.",
    },
    {
        "id": "town",
        "title": TOWN,
        "source": "Courier",
        "published": "2024-05-04",
        "text": "Children on Mill Street have found a gold bar in a stolen suitcase. "
        "The police keep the suitcase until somebody asks for it.",
    },
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("headlines")
    (folder / "seeds").mkdir()
    lines = [json.dumps(told) for told in ARTICLES]
    (folder / "seeds/articles.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(folder / "seeds", folder / "index")
    return folder / "index"


def test_the_quotes_of_an_article_stand_once_under_its_headline(index: Path) -> None:
    answer = ask(
        "Which company says that its gold bars were counted?",
        index_dir=index,
        sources=["Post"],
        settings=Settings(confidence=0),
    )
    assert len(answer.citations) > 1
    assert answer.text.count(BANK) == 1
    assert answer.text.startswith(f"Post, 3 May 2024, in “{BANK}”: “The company said")
    assert {sentence.origin for sentence in answer.sentences} == {f"Post, 3 May 2024, in “{BANK}”"}


def test_a_headline_is_no_markup_no_marker_one_line_and_ends_where_it_ends(index: Path) -> None:
    answer = ask("What was found on Mill Street?", index_dir=index, sources=["Courier"])
    shown = r"“What Ostby \[2\] \<b\>found\</b\> in a ‘suitcase’: ‘Gold’”"
    assert answer.text.splitlines()[0].startswith(f"Courier, 4 May 2024, in {shown}: “Children")
    assert {number for sentence in answer.sentences for number in sentence.citations} == {1}


ELECTED = "Helen Aske elected mayor of Ostby"
BRIEF = {
    "Helen Aske elected " * (LONGEST // 3) + "now": True,
    "Helen Aske elected " * (LONGEST // 3) + "right now": False,
}
assert [len(title.split()) - LONGEST for title in BRIEF] == [0, 1]


@pytest.mark.parametrize(
    ("question", "said", "title", "named"),
    [
        ("Who was elected?", "She won by 92 votes.", ELECTED, True),
        ("Who was elected?", "Helen Aske was elected mayor of Ostby.", ELECTED, False),
        ("Was Helen Aske elected mayor of Ostby?", "She was, by 92 votes.", ELECTED, True),
        ("Who elected Helen Aske mayor of Ostby?", "Parliament did.", ELECTED, False),
        ("Who pays for the bridge?", "She will, out of her own pocket.", ELECTED, False),
        ("How many votes got her elected?", "She won by a large margin.", ELECTED, False),
        ("How many votes got her elected?", "She won by a large margin.", f"{ELECTED} by 92", True),
        ("How many votes got her elected?", "She won by 92 votes.", f"{ELECTED} by 92", False),
        ("Who was elected?", "It is so because she won.", "US elected to the council", True),
        (
            "Who was elected?",
            "She won by 92 votes.",
            "A mayor is elected by a wide margin | Post",
            False,
        ),
        ("Who was elected?", "She won by 92 votes.", None, False),
        *(("Who was elected?", "She won by 92 votes.", *title) for title in BRIEF.items()),
    ],
)
def test_a_headline_is_named_where_it_adds_something(
    question: str, said: str, title: str | None, named: bool
) -> None:
    article = Article("a", said, "a.txt", title=title, source="Post")
    assert telling_headline(article, question, said, words) == (title if named else None)


def test_a_headline_is_one_line_and_needs_somebody_who_says_it() -> None:
    def named(source: str | None, author: str | None) -> str | None:
        title = ELECTED.replace(" mayor", "\nmayor")
        told = Article("a", "She won.", "a.txt", title=title, source=source, author=author)
        return telling_headline(told, "Who was elected?", "She won.", words)

    assert named("Post", None) == named(None, "Jo Berg") == ELECTED
    assert named(None, None) is None


def test_a_headline_adds_nothing_to_the_sentence_that_a_quote_leans_on() -> None:
    leaning = article("post", "Helen Aske was elected mayor.", "She won the election by 92 votes.")
    alone = article("post", "Rain fell in the night.", "The winner of the election had 92 votes.")
    read = [
        read_sentences(
            "Who won the election by 92 votes?", [titled], [], load_cross_encoder(None, 256, 0), words
        )
        for hit in (leaning, alone)
        for titled in [replace(hit, article=replace(hit.article, title="Helen Aske won election"))]
    ]
    headlines = [next(one.headline for one in of if "92" in one.text) for of in read]
    assert headlines == [None, "Helen Aske won election"]


def test_headlines_take_their_words_from_what_quotes_may_have() -> None:
    first = article("post", "The choir won.", "Nobody sang badly.")
    second = article("courier", "Rain fell today.")
    read = [
        replace(quote(hit, place, rank), headline="Four words of it")
        for hit, place, rank in ((first, 0, 5.0), (first, 1, 4.0), (second, 0, 3.0))
    ]

    def chosen(most: int) -> list[str]:
        return texts(choose(WHY, read, 9, most))

    assert chosen(9) == ["The choir won."]  # with its headline it has seven
    assert chosen(10) == chosen(16) == ["The choir won.", "Nobody sang badly."]
    assert len(chosen(17)) == 3
