from __future__ import annotations

import pytest

from index.header import read_header

STORY = "The minister resigned on Monday, his office said in a short statement."


def test_the_line_that_is_repeated_is_the_title_and_what_is_above_it_is_left_out() -> None:
    header = read_header(
        "Daily Sun\n\nMinister's resignation shakes cabinet\n\n"
        "Ministers resignation shakes cabinet\n\n"
        f"2021-03-04 00:00:00 - Source: Sun News\n\n{STORY}"
    )
    assert header.title == "Minister's resignation shakes cabinet"
    assert header.source == "Sun News"
    assert header.published == "2021-03-04"
    assert header.body == STORY


def test_a_byline_gives_author_and_date_and_a_line_below_the_title_is_kept() -> None:
    header = read_header(
        "Minister resigns after nine days in office\n"
        "Opposition calls for elections\n"
        f"By Jane Doe, 4 March 2021\n\n{STORY}"
    )
    assert header.title == "Minister resigns after nine days in office"
    assert (header.author, header.published) == ("Jane Doe", "2021-03-04")
    assert header.body == f"Opposition calls for elections\n\n{STORY}"


def test_a_title_that_is_known_is_not_repeated_in_the_text() -> None:
    header = read_header(f"Minister resigns!\n\n{STORY}", title="Minister resigns")
    assert (header.title, header.body) == ("Minister resigns", STORY)


def test_a_question_can_be_a_title() -> None:
    header = read_header(f"Will the minister go?\n\n{STORY}")
    assert (header.title, header.body) == ("Will the minister go?", STORY)


def test_a_text_that_begins_with_its_story_keeps_every_word() -> None:
    header = read_header(f"{STORY}\n\nNew elections\n\n{STORY}")
    assert header.title is None
    assert header.body == f"{STORY}\n\nNew elections\n\n{STORY}"


def test_a_list_of_short_lines_is_not_taken_for_a_header() -> None:
    assert read_header("milk\nbread\neggs").body == "milk\nbread\neggs"


@pytest.mark.parametrize(
    ("byline", "author", "published", "updated"),
    [
        ("By Jane Doe and Max Roe", "Jane Doe and Max Roe", None, None),
        ("Written by Jane Doe, political editor", "Jane Doe", None, None),
        ("Posted on 3 May 2021", None, "2021-05-03", None),
        ("Published: 3 May 2021; Updated: 4 May 2021", None, "2021-05-03", "2021-05-04"),
        ("Last updated 2:05 p.m. EDT, May 3, 2021", None, None, "2021-05-03T14:05:00-04:00"),
        (
            "Jane Doe\nDaily Sun\nMay 3, 2021, 9:00 a.m. GMT",
            "Jane Doe",
            "2021-05-03T09:00:00+00:00",
            None,
        ),
    ],
)
def test_bylines_give_authors_and_dates(
    byline: str, author: str | None, published: str | None, updated: str | None
) -> None:
    header = read_header(f"Minister resigns after nine days in office\n\n{byline}\n\n{STORY}")
    assert header.title == "Minister resigns after nine days in office"
    assert (header.author, header.published, header.updated) == (author, published, updated)
    assert header.body == STORY


def test_a_short_line_that_begins_with_by_is_no_byline() -> None:
    header = read_header(
        f"Minister resigns after nine days\n\nBy Monday the house was empty\n\n{STORY}"
    )
    assert header.author is None
    assert header.body == f"By Monday the house was empty\n\n{STORY}"


def test_a_dateline_gives_the_agency_and_stays_with_its_sentence() -> None:
    header = read_header(f"Minister resigns after nine days\n\nLIMA (Andes Wire) - {STORY}")
    assert header.author == "Andes Wire"
    assert header.body == f"LIMA (Andes Wire) - {STORY}"


def test_a_dateline_without_a_year_takes_it_only_from_another_date() -> None:
    story = f"LIMA, Dec 31 (Andes Wire) - {STORY}"
    assert read_header(f"Minister resigns\n\n{story}").published is None
    header = read_header(f"Minister resigns\n\nUpdated: 2 January 2021\n\n{story}")
    assert (header.published, header.updated) == ("2020-12-31", "2021-01-02")


def test_a_button_is_no_title() -> None:
    header = read_header(f"Share this\n\nMinister resigns\n\n{STORY}", is_button="Share this".__eq__)
    assert header.title == "Minister resigns"


@pytest.mark.parametrize(
    "first",
    [
        "He died on May 3, 2020.",
        "The vote is on 3 November 2020.",
        "By Friday, the storm had killed 12 people in Florida.",
    ],
)
def test_a_sentence_with_a_date_is_no_byline(first: str) -> None:
    header = read_header(f"{first}\n\n{STORY}")
    assert header.body == f"{first}\n\n{STORY}"
    assert header.published is None
    assert header.author is None


def test_a_short_headline_is_kept_as_the_title() -> None:
    header = read_header(f"Kim wins Oslo race\nRunner beats nine others in heavy rain\n\n{STORY}")
    assert header.title == "Kim wins Oslo race"
    assert header.body.startswith("Runner beats nine others in heavy rain\n")


def test_a_long_list_of_results_keeps_every_line() -> None:
    lines = "\n".join(f"{number} Runner number {number}" for number in range(1, 20))
    assert read_header(f"{lines}\n\n{STORY}").body == f"{lines}\n\n{STORY}"


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        ("Ana Ruiz, Tom Weiss and Eva Lang", "Ana Ruiz, Tom Weiss and Eva Lang"),
        ("Ana Ruiz\n\nSpecial to the Courier", "Ana Ruiz"),
    ],
)
def test_names_alone_above_the_story_are_its_reporters(lines: str, author: str) -> None:
    header = read_header(f"{lines}\n\n{STORY}", "Dam holds after all")
    assert (header.author, header.body) == (author, STORY)


def test_an_agency_above_its_dateline_is_said_once() -> None:
    story = f"LINDAU (APN) — {STORY}"
    header = read_header(f"APN\n\n{story}", "Dam holds after all")
    assert (header.author, header.body) == ("APN", story)


@pytest.mark.parametrize(
    "lines",
    [
        f"Upper Lindau\n\n{STORY}\n\nLower Lindau\n\n{STORY}",
        f"Water and wall\n\n{STORY}",
        f"Lindau Dam\n\nDay 1: The wall\n\n{STORY}",
    ],
)
def test_a_heading_above_the_story_is_no_reporter(lines: str) -> None:
    header = read_header(lines, "Dam holds after all")
    assert (header.author, header.body.split()) == (None, lines.split())


@pytest.mark.parametrize("line", ["Bergen Andes Wire —", "BERGEN --"])
def test_a_dateline_on_a_line_of_its_own_is_no_title(line: str) -> None:
    header = read_header(f"{line}\n\n{STORY}")
    assert header.title is None
    assert header.body.endswith(STORY)
