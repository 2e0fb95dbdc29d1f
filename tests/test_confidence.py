"""When what was found is too old for what is asked."""

from __future__ import annotations

import pytest

from index.article import Article
from qa.confidence import confidence, is_old, is_stale
from qa.cross_encoder import load_cross_encoder
from qa.hits import Hit
from qa.quote import Quote
from qa.understand import understand

VOTE = "The council of Ostby voted on Tuesday to close the bridge."


def quotes(text: str, published: str | None) -> list[Quote]:
    hit = Hit(Article("a", text, "a.txt", published=published), text, 0, len(text), 1.0, (), "")
    return [Quote(hit, 0, len(text), 5.0, 5.0)]


@pytest.mark.parametrize(
    ("question", "text", "published", "stale"),
    [
        ("What did the council close this week?", VOTE, "2024-05-02", False),
        ("What did the council close this week?", VOTE, "2022-05-03", True),
        ("What did the council close on Tuesday?", VOTE, "2022-05-03", True),
        ("What did the council close in April 2024?", VOTE, "2022-05-03", True),
        ("What did the council close?", VOTE, "2022-05-03", False),
        ("What did the council close this week?", VOTE, None, False),
        # Told long before, of those days.
        ("What opens in April 2024?", "The bridge opens in April 2024.", "2022-05-03", False),
        # Told long after, of those days.
        ("What did the council close in April 2021?", VOTE, "2022-05-03", False),
        # Not yet there when it is asked.
        ("What will open in May 2025?", "The bridge will open in two years.", "2023-05-03", False),
        # A long question means its days as a short one does.
        (
            "Two trams, a bus and a lorry met on the bridge, which the council closed this week. Why?",
            VOTE,
            "2022-05-03",
            True,
        ),
    ],
)
def test_what_was_written_before_the_days_that_are_meant_is_stale(
    question: str, text: str, published: str | None, stale: bool
) -> None:
    query = understand(question, as_of="2024-05-05")
    assert is_stale(query, quotes(text, published)) is stale


def test_a_weekday_may_be_any_of_an_archive_unless_it_is_said_when_it_is_asked() -> None:
    question = "What did the council close on Tuesday?"
    assert not is_stale(understand(question), quotes(VOTE, "2022-05-03"))
    assert is_stale(understand(question, as_of="2024-05-05"), quotes(VOTE, "2022-05-03"))


def test_days_that_only_say_which_articles_are_compared_make_nothing_stale() -> None:
    question = "Did the Harbour Post on May 3, 2024 and the Valley Ledger on May 4, 2024 say why?"
    query = understand(question, as_of="2024-05-05", outlets=["Harbour Post", "Valley Ledger"])
    assert not is_stale(query, quotes("In 2024 it will close the bridge.", "2022-05-03"))


def test_a_question_as_of_a_day_is_answered_less_surely_from_years_before() -> None:
    encoder = load_cross_encoder(None, 256, 0)
    question = "What did the council of Ostby vote to close?"

    def sure(published: str, as_of: str | None) -> float:
        found = quotes(VOTE, published)
        return confidence(understand(question, as_of=as_of), found, 3.0, [found[0].hit], encoder)

    fresh = sure("2024-05-02", "2024-05-05")
    assert fresh > sure("2023-05-02", "2024-05-05") > sure("2022-05-02", "2024-05-05")
    assert sure("2010-05-02", "2024-05-05") == pytest.approx(sure("2020-05-02", "2024-05-05"))
    assert sure("2010-05-02", None) == pytest.approx(fresh, abs=0.01)  # its own days are meant


def test_an_answer_that_is_refused_for_its_age_is_said_to_be_old() -> None:
    query = understand("What did the council of Ostby vote to close?", as_of="2024-05-05")
    assert is_old(query, quotes(VOTE, "2022-05-03"))
    assert not is_old(query, quotes(VOTE, "2024-04-03"))
