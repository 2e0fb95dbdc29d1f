"""Names of people, places, bodies and works are told from other words with capitals."""

from __future__ import annotations

import pytest

from qa.names import names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who is David Schenker?", ["David Schenker"]),
        ("What did Ursula von der Leyen tell the BBC?", ["Ursula von der Leyen", "BBC"]),
        ("Is Taylor Swift's NFL boyfriend in Kansas City?", ["Taylor Swift", "NFL", "Kansas City"]),
        ("Did the University of the Arts close on Friday, June 7?", ["University of the Arts"]),
        ("When did Apollo 11 land, in July 1969?", ["Apollo 11"]),
        ("What does J. K. Rowling or St. Mary's say?", ["J. K. Rowling", "St. Mary"]),
        ("Why did the All Blacks lose?", ["All Blacks"]),
        ("Does the US or U.S. Steel pay?", ["US", "U.S. Steel"]),
        ("Was Zürich or Łódź meant?", ["Zürich", "Łódź"]),
        ("Is the iPad from Apple?", ["iPad", "Apple"]),
        ("It rained. They left. However, nobody came.", []),
        ("who won the cup in may", []),
        ("WHO WON THE CUP IN PARIS?", []),
        ("", []),
    ],
)
def test_names_are_runs_of_words_with_capitals(text: str, names: list[str]) -> None:
    assert [name.text for name in names_in(text)] == names


def test_a_name_tells_where_it_stands() -> None:
    text = "“Did ‘Angela Merkel’s’ party win?”"

    for name in names_in(text):
        assert text[name.start : name.end] == name.text == "Angela Merkel"
