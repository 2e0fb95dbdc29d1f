from __future__ import annotations

import pytest

from index.article import first_instant, last_instant
from index.dates import day_before, find_date, to_iso


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("By AFP | September 30th 2020 at 05:17:20 GMT +0300", "2020-09-30T05:17:20+03:00"),
        ("Tehran (AFP) Sept 26, 2020", "2020-09-26"),
        ("2020-11-15 00:00:00 - Source: Iraq News", "2020-11-15"),
        ("Published: 3 May 2021 14:05 UTC", "2021-05-03T14:05:00+00:00"),
        ("2021-05-03T14:05:00Z", "2021-05-03T14:05:00+00:00"),
        ("Posted Jan. 2, 2019 3:30 pm", "2019-01-02T15:30:00+00:00"),
        ("2:05 p.m. ET, July 3, 2021", "2021-07-03T14:05:00-04:00"),
        ("Updated 5:33 PM EST, Mon January 3, 2022", "2022-01-03T17:33:00-05:00"),
        ("3 May 2021 14:05 BST", "2021-05-03T14:05:00+01:00"),
        ("3 May 2021, 14:05 (UTC+2)", "2021-05-03T14:05:00+02:00"),
        ("3 May 2021 14:05 IST", "2021-05-03"),
        ("25/12/2021", "2021-12-25"),
        ("03/04/2021", None),
    ],
)
def test_a_date_in_a_line_is_found_with_its_time_and_zone(line: str, published: str | None) -> None:
    assert find_date(line) == published


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("1605398400", "2020-11-15T00:00:00+00:00"),
        ("1605398400123", "2020-11-15T00:00:00+00:00"),
        ("20201115", "2020-11-15"),
        ("15/11/2020", "2020-11-15"),
        ("11/15/2020", "2020-11-15"),
        ("03/04/2021", None),
        ("1611", None),
        ("161112", None),
        ("9" * 40, None),
        ("2020-01-01 10:00 +9999", None),
        ("2020-01-01T10:00+25:00", None),
    ],
)
def test_a_number_is_a_date_only_if_it_means_one_day(text: str, published: str | None) -> None:
    assert to_iso(text) == published


@pytest.mark.parametrize("line", ["", "Monday", "May 2020", "September 31, 2020", "at 10:30", "20"])
def test_what_is_no_full_date_is_not_completed(line: str) -> None:
    assert find_date(line) is None
    assert to_iso(line) is None


def test_a_bare_date_spans_its_day_and_a_missing_zone_is_utc() -> None:
    assert first_instant("1970-01-02") == 86_400
    assert last_instant("1970-01-02") == pytest.approx(2 * 86_400, abs=0.001)
    assert first_instant("1970-01-01T01:00:00") == 3600
    assert first_instant("1970-01-01T01:00:00+01:00") == 0
    assert first_instant("0001-01-01") < 0


def test_a_day_without_a_year_is_the_last_one_before_a_known_date() -> None:
    assert day_before("May 3", "2021-05-04") == "2021-05-03"
    assert day_before("31 Dec", "2021-01-02T08:00:00+00:00") == "2020-12-31"
    assert day_before("Feb 30", "2021-05-04") is None
