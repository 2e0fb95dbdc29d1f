from __future__ import annotations

import pytest

from qa.outlets import outlets_in

OUTLETS = [
    "The Lindau Times",
    "Bergen Times",
    "The Age",
    "Wired",
    "Harbour News - Health",
    "Harbour News - Life and Style",
    "HBC News - Technology",
    "lakesports.com",
    "Alpine Courier | World Leader in Snow",
    "CNN",
]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did the Lindau Times report?", ["The Lindau Times"]),
        ("Did CNN's report differ from HBC's?", ["HBC News - Technology", "CNN"]),
        ("what did cnn say", ["CNN"]),
        ("as Harbour News has it", ["Harbour News - Health", "Harbour News - Life and Style"]),
        ("the Harbour News - Health article", ["Harbour News - Health"]),
        ("Does Lakesports say so?", ["lakesports.com"]),
        ("the Courier and The Age", ["The Age", "Alpine Courier | World Leader in Snow"]),
        ("Did the Times say so?", []),  # which of the two?
        ("the age of a house that is wired", []),
        ("a CNNs of its own", []),
        ("How large is the harbour?", []),
        ("", []),
    ],
)
def test_outlets_are_known_by_the_names_people_give_them(question: str, named: list[str]) -> None:
    assert outlets_in(question, OUTLETS)[0] == tuple(named)


@pytest.mark.parametrize("name", ["", " ", "-", "(", "the", "The ", " - ", "a|b", "*"])
def test_any_outlets_name_can_be_looked_for(name: str) -> None:
    assert outlets_in("What of the house?", [name])[0] == ()


@pytest.mark.parametrize(
    ("question", "outlet"),
    [
        ("What time is it in Oslo?", "TIME"),
        ("Can you tell us about the flood?", "US News"),
        ("Is it raining?", "IT Magazine"),
        ("Who won the World Cup?", "BBC World"),
        ("What did the US Senate pass?", "The Guardian US"),
    ],
)
def test_words_that_a_name_shares_with_the_language_are_no_names(question: str, outlet: str) -> None:
    assert outlets_in(question, [outlet])[0] == ()
