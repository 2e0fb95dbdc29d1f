from __future__ import annotations

import pytest

from index.language import language_of

ENGLISH = (
    "The council met on Monday to talk about the bridge, and found that there was no money for it."
)
GERMAN = "Der Rat traf sich am Montag, um über die Brücke zu sprechen, und fand kein Geld dafür."


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de")])
def test_a_language_is_told_from_the_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_names_and_numbers_have_no_language() -> None:
    assert language_of("Ngozi Adeyemi, Lima, 12 34 56") is None
    assert language_of("") is None
    assert language_of("Der Rat traf sich am Montag wieder.") is None  # too few letters to be sure of


@pytest.mark.parametrize(("stated", "language"), [("de-AT", "de"), ("EN", "en"), ("en_GB", "en")])
def test_what_the_format_states_is_believed(stated: str, language: str) -> None:
    assert language_of("", stated) == language


def test_what_is_no_code_is_not_believed() -> None:
    assert language_of(ENGLISH, "British English") == "en"


def test_a_text_is_judged_by_more_than_its_first_words() -> None:
    assert language_of(f"{GERMAN} {ENGLISH * 4}") != "de"
