from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.repair import characters, repair

WRAPPED = (
    "LIMA -- Heavy rain flooded the lower town on Friday and cut the road to\n"
    "the harbour, the mayor said. Boats brought bread and water to people on\n"
    "the roofs, and the army sent two helicopters from the base at the coast.\n"
    "\n"
    "More rain is expected on Saturday, the weather service said, but less of\n"
    "it than in the night before, when a hundred millimetres fell in an hour."
)


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("The cafÃ© â€œLunaâ€\x9d is open", "The café “Luna” is open"),
        ("РџСЂРёРІРµС‚, СЃРѕСЃРµРґ", "Привет, сосед"),
        ("co\u00adoperation and long\u00ad\nhaul", "cooperation and longhaul"),
        ("a\u200bb\u202ec\x07d\ufeff e", "abcd e"),
        ("one\u00a0two\u2009three\tfour", "one two three four"),
        ("cafe\u0301", "café"),
        ("Smith &amp; Sons said &#8220;no&#8221;", "Smith & Sons said “no”"),
        ("one\r\ntwo\u2028three\n\n\n\n\nfour  \n", "one\ntwo\nthree\n\nfour"),
        ("lone \ud800 surrogate", "lone  surrogate"),
    ],
)
def test_what_is_broken_is_repaired(broken: str, meant: str) -> None:
    assert characters(broken) == meant


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” ‘quotes’, ﬁne ligatures, １２ and … stay",
        "à « la carte », São Tomé, naïve — all of it",
        "می\u200cخواهم",
        "👩\u200d🚒 on duty",
        "Write <b>&amp;</b> for an ampersand",
    ],
)
def test_what_is_meant_is_left_alone(text: str) -> None:
    assert repair(text) == text


def test_lines_cut_at_a_width_become_paragraphs() -> None:
    first, second = repair(WRAPPED).split("\n\n")
    assert first == WRAPPED.split("\n\n")[0].replace("\n", " ")
    assert "\n" not in second


def test_a_title_longer_than_the_width_does_not_hide_it() -> None:
    title = "A title that goes on for rather longer than the lines of its story are wide, as some do"
    assert repair(f"{title}\n\n{WRAPPED}").count("\n") == 4


@pytest.mark.parametrize(
    "text",
    [
        "The river came up in the night\nand took the lower street,\nthe bakery, the school,\n"
        "and nobody slept until the bells\nrang twice from the old tower.\nThen it was day.",
        "- bread and butter for the whole of a long week\n- milk\n- eggs from the farm\n- tea\n- salt",
        "Party A    1,203,345   34.1 per cent\nParty B      903,345   24.1 per cent\n"
        "Party C      703,345   14.1 per cent\nParty D      503,345   10.1 per cent\n"
        "Party E      403,345    9.1 per cent",
        "The council met on Monday to talk of the bridge.\nIt found no money for it.\n"
        "The mayor was angry and left the meeting early.\nThe bridge stays closed until June.\n"
        "Nobody knows what comes after that.\nA second meeting is on Friday.",
    ],
)
def test_verse_lists_tables_and_paragraphs_of_a_line_stay(text: str) -> None:
    assert repair(text) == text


def test_a_list_below_a_wrapped_paragraph_keeps_its_lines() -> None:
    items = "- extraordinarily long boats\n- bread"
    assert repair(f"{WRAPPED}\n{items}").endswith(f"in an hour.\n{items}")


def test_sentences_of_a_line_each_stay_even_if_they_are_of_one_length() -> None:
    lines = "\n".join(f"Witnesses said that night number {n} was the worst of them." for n in range(6))
    assert repair(lines) == lines


def test_verse_of_which_some_lines_are_full_stays() -> None:
    verse = (
        "The river came in the night to the lower street\nand took the bakery, the little school of\n"
        "stone, a boat\nand bells.\nThen it was day, and we all went out to the\nfields\nagain to look"
    )
    assert repair(verse) == verse


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    invisible = "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u200b\u202a-\u202e\ufeff\ud800-\udfff]"
    assert not re.search(invisible, repair(text))
