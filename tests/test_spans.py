from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.spans import about_days_before, about_now, spans_in

TODAY = date(2023, 12, 20)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did he say in September 2020?", [("2020-09-01", "2020-09-30")]),
        (
            "published on September 28, 2023, and 1 October 2023",
            [("2023-09-28",) * 2, ("2023-10-01",) * 2],
        ),
        ("What happened on 2021-05-04?", [("2021-05-04", "2021-05-04")]),
        ("What happened on 3 May?", [("2023-05-03", "2023-05-03")]),
        ("What happened on Dec. 24?", [("2022-12-24", "2022-12-24")]),  # the last one there was
        ("last August", [("2023-08-01", "2023-08-31")]),
        ("before October 22, 2023", [(None, "2023-10-22")]),
        ("since May 2021", [("2021-05-01", None)]),
        ("in 2019", [("2019-01-01", "2019-12-31")]),
        ("before 2019", [(None, "2019-12-31")]),
        ("this week", [("2023-12-13", "2023-12-20")]),
        ("last week", [("2023-12-06", "2023-12-17")]),
        ("yesterday", [("2023-12-19", "2023-12-19")]),
        ("last month", [("2023-11-01", "2023-11-30")]),
        ("on Monday", [("2023-12-18", "2023-12-18")]),
        ("He may leave, and they march on", []),
        ("Will he leave in May?", [("2023-05-01", "2023-05-31")]),
        ("300 of 2019 ships at 12:30", [("2019-01-01", "2019-12-31")]),
        ("on February 31, 2020", []),
        ("What did Theresa May say?", []),
        ("What did İmamoğlu say in May?", [("2023-05-01", "2023-05-31")]),
        ("Who will win next August?", []),
    ],
)
def test_days_that_a_question_means(
    question: str, expected: list[tuple[str | None, str | None]]
) -> None:
    found = [
        (span.first and span.first.isoformat(), span.last and span.last.isoformat())
        for span in spans_in(question, TODAY)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("question", "now", "just"),
    [
        ("Who leads now?", True, False),
        ("the latest on the dam", True, False),
        ("What fell this week?", False, True),
        ("Who resigned last Monday?", False, True),
        ("What does bread cost today?", True, False),
        ("Who led in 2019?", False, False),
        ("Who knows the justice minister?", False, False),
    ],
)
def test_questions_tell_how_things_stand_from_what_has_just_happened(
    question: str, now: bool, just: bool
) -> None:
    assert (about_now(question), about_days_before(question)) == (now, just)


@given(st.text(alphabet="0123456789-/., maylstwekdoninbefor", max_size=60), st.dates())
def test_any_question_can_be_read(question: str, today: date) -> None:
    for span in spans_in(question, today):
        assert span.first is None or span.last is None or span.first <= span.last
