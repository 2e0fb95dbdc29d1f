from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Article
from index.clean import clean, plain_characters, without_furniture
from index.read import read_file
from index.readers.draft import Draft, Skipped

ROOT = Path(__file__).parent.parent
STORY = (
    "Voters went to the polls on Sunday. Turnout was high, officials said.\n\n"
    '"We ask you to donate and to subscribe to our movement," the candidate told supporters.'
)


def article_of(name: str) -> Article:
    (found,) = read_file(ROOT / "seeds" / name, ROOT / "seeds")
    assert not isinstance(found, Skipped)
    article = clean(found[2], found[1], name)
    assert article is not None
    return article


def test_the_seeds_have_their_titles_outlets_and_dates() -> None:
    first = article_of("000_9bcfd3eecc1c5b65.txt")
    assert first.title == "US says 'can't tolerate' attacks by Iranian-backed militias in Iraq"
    assert (first.source, first.published) == ("Iraq News", "2020-11-15")
    second = article_of("004_ce8e82a21ac51974.txt")
    assert second.title == "Iraq says 'not happy' with 'dangerous' US pullout threat"
    assert (second.author, second.published) == ("AFP", "2020-09-30T05:17:20+03:00")


@pytest.mark.parametrize(
    "furniture",
    [
        "SpaceDaily",
        "$5",
        "paypal",
        "Sponsored Links",
        "Related",
        "Previous",
        "Kabuga",
        "USIU",
        "Read More",
    ],
)
def test_no_furniture_of_the_seeds_is_left(furniture: str) -> None:
    for name in ("000_9bcfd3eecc1c5b65.txt", "004_ce8e82a21ac51974.txt"):
        assert furniture.lower() not in article_of(name).text.lower()


def test_no_sentence_of_the_seeds_is_lost() -> None:
    text = article_of("004_ce8e82a21ac51974.txt").text
    assert text.startswith("Iraq's foreign minister holds talks")
    assert text.endswith("around 3,000 troops based in three bases across the country.")
    assert len(text.split("\n\n")) == 15


def test_speech_in_the_news_is_not_taken_for_an_appeal() -> None:
    assert without_furniture(STORY) == STORY


def test_appeals_link_lists_and_buttons_are_left_out() -> None:
    page = (
        f"{STORY}\n\nRead more\n\nRelated stories\nFive things to know about the vote\n"
        "Who is who\n\nPlease support our journalism: subscribe or donate today.\n"
        "Sign up for our newsletter\n\nThe count goes on until Tuesday."
    )
    assert without_furniture(page) == f"{STORY}\n\nThe count goes on until Tuesday."


def test_a_page_of_furniture_alone_is_no_article() -> None:
    assert clean(Draft("Subscribe now\n\nShare this\n\nAdvertisement"), "a", "a.txt") is None


def test_characters_that_show_nothing_are_dropped() -> None:
    assert plain_characters("a\u200bb\u202ec\x07d\ufeff\u00a0e\n\n\n\nf  \n") == "abcd e\n\nf"


def test_a_date_that_cannot_be_read_stays_unknown() -> None:
    article = clean(Draft(STORY, published="some day last week"), "a", "a.json")
    assert article is not None
    assert article.published is None
