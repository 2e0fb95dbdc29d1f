"""What a question asks for, and the few words of a quote that answer it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.expected import Kind, expected, short_answer


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people died?", Kind.NUMBER),
        ("What is the price of bread?", Kind.NUMBER),
        ("When did the bridge open?", Kind.DAY),
        ("In which year was it built?", Kind.DAY),
        ("Who won the race?", Kind.NAME),
        ("Which country did she visit?", Kind.NAME),
        ("Who is David Schenker?", None),  # asks about a name, not for one
        ("Why did they leave?", None),
        ("Why did people leave when the lake rose?", None),
        ("What did the man who won say?", None),
        ("Two men met when it rained. Which state was it?", Kind.NAME),
        ("", None),
    ],
)
def test_a_question_asks_for_a_kind_of_words(question: str, kind: Kind | None) -> None:
    assert expected(question) is kind


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("How many people died?", "At least 21 people, 19 of them children, died in 2022.", "21"),
        ("How many troops left?", "The 7 members said that two thousand troops left.", "two thousand"),
        (
            "How many people died?",
            "A quake of magnitude 6.1 killed 14 people, two of them girls.",
            "14",
        ),
        ("How many were hurt?", "Some 230 people were hurt.", "230"),
        ("How many towns are cut off?", "Snow fell on 40 streets.", None),  # counts something else
        ("How much did it cost?", "On May 3 it cost $1.5 billion.", "$1.5 billion"),
        ("How high is the rate?", "The rate rose from 3 to 4 percent.", None),  # two can be meant
        ("When did it open?", "It opened on May 24, 2022, in Uvalde.", "May 24, 2022"),
        ("When did it open?", "It opened between Monday and Friday.", None),
        ("When did it open?", "It opened on May 24, she said on Thursday.", "May 24"),
        ("When did it open?", "It opened on May 24 and again on May 31.", None),
        ("How many people died?", "The fire killed seven patients and hurt 12.", "seven"),
        ("How many people died?", "In all 12 people died, three of them patients.", "12"),
        ("How many people died?", "The fire killed seven patients and two workers.", None),
        (
            "How many people died?",
            "The death toll of the quake rose to at least 804 on Tuesday.",
            "804",
        ),
        ("How many people were hurt?", "The death toll rose to 804 on Tuesday.", None),
        ("Who beat Ann Lee?", "Ann Lee was beaten by Jane Roe.", None),  # names are too many
        ("How much did it earn in 2022?", "In 2023 it earned $41 million.", None),
        ("How many votes did he win by?", "Six days before the vote he was ill.", None),
        ("How many nurses struck?", "They struck for seven days. Nurses cheered.", None),
        ("How many left home?", "Some 1,200, many of them old, left home.", None),
        ("Why did it fall?", "It fell for 3 days.", None),
    ],
)
def test_the_short_answer_is_marked_only_where_one_place_can_be_meant(
    question: str, text: str, answer: str | None
) -> None:
    place = short_answer(question, text)
    assert (text[slice(*place)] if place else None) == answer


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_has_a_short_answer_or_none(question: str, text: str) -> None:
    for asked in (question, f"How many {question}", f"When {question}", f"Who {question}"):
        place = short_answer(asked, text)
        assert place is None or text[slice(*place)]
