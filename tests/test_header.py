from __future__ import annotations

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
