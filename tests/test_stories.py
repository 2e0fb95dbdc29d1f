from __future__ import annotations

import pytest

from index.dateline import read_dateline
from index.stories import split_stories

PAGE = (
    "Dam holds after a night of rain\n\nEngineers worked until dawn. The dam held, the ministry said."
)
TEASER = (
    "Farmers ask for help after the flood\n\nQuito (Andes Wire) Sept 26, 2020\n\n"
    "Farmers on the coast lost their harvest. They asked the ministry for ... read more"
)


@pytest.mark.parametrize(
    ("line", "place", "agency", "published", "day"),
    [
        ("Quito (Andes Wire) Sept 26, 2020", "Quito", "Andes Wire", "2020-09-26", None),
        ("QUITO (AW) - Farmers lost", "QUITO", "AW", None, None),
        ("PORT LOUIS, May 3 (AW) — Farmers lost", "PORT LOUIS", "AW", None, "May 3"),
        ("Port Louis, 3 May 2021 (AW) -- Farmers", "Port Louis", "AW", "2021-05-03", None),
        ("St. Paul, Minn. (dpa) – Farmers lost", "St. Paul, Minn.", "dpa", None, None),
    ],
)
def test_datelines_are_read(
    line: str, place: str, agency: str, published: str | None, day: str | None
) -> None:
    dateline = read_dateline(line)
    assert dateline is not None
    assert (dateline.place, dateline.agency) == (place, agency)
    assert (dateline.published, dateline.day) == (published, day)


@pytest.mark.parametrize(
    "line",
    [
        "Jane Doe (D) - 1,203 votes",
        "Jane Doe (R-Ohio) — said",
        "The minister (left) - a farmer",
        "Quito (Andes Wire)",
        "Farmers (and others) lost their harvest.",
    ],
)
def test_other_brackets_are_no_datelines(line: str) -> None:
    assert read_dateline(line) is None


def test_a_teaser_is_a_story_of_its_own_and_what_follows_it_is_the_pages() -> None:
    page, teaser = split_stories(f"{PAGE}\n\n{TEASER}\n\nThe dam was built in 1961.")
    assert teaser == TEASER
    assert page == f"{PAGE}\n\n\nThe dam was built in 1961."


def test_two_teasers_are_two_stories() -> None:
    other = TEASER.replace("Farmers", "Fishermen")
    assert split_stories(f"{PAGE}\n\n{TEASER}\n\n{other}") == [PAGE, TEASER, other]


def test_a_dated_story_without_an_end_reaches_to_the_next() -> None:
    story = TEASER.removesuffix(" ... read more")
    assert split_stories(f"{PAGE}\n\n{story}\n\n{TEASER}") == [PAGE, story, TEASER]


def test_the_first_dateline_is_the_pages_own() -> None:
    assert split_stories(TEASER) == [TEASER]


def test_a_roundup_without_dates_stays_one_story() -> None:
    text = f"{PAGE}\n\nRIVERS 3, LAKES 1\n\nQUITO (AW) - Rivers won again on Sunday. It rained."
    assert split_stories(text) == [text]


def test_an_undated_teaser_is_split_off_if_its_reader_is_sent_on() -> None:
    teaser = "Rivers win the cup at last\n\nQUITO (AW) - Rivers won again ... read more"
    assert split_stories(f"{PAGE}\n\n{teaser}") == [PAGE, teaser]
