from __future__ import annotations

from pathlib import Path

import pytest

from index.article import Article
from index.clean import articles_of, repaired, without_furniture
from index.read import read_file
from index.readers.draft import Draft, Skipped

ROOT = Path(__file__).parent.parent
STORY = (
    "Voters went to the polls on Sunday. Turnout was high, officials said.\n\n"
    '"We ask you to donate and to subscribe to our movement," the candidate told supporters.'
)


def clean(draft: Draft, article_id: str, path: str) -> Article | None:
    """The first article that a draft holds by itself."""
    return next(iter(articles_of(repaired(draft), article_id, path)), None)


def article_of(name: str) -> Article:
    (found,) = read_file(ROOT / "seeds" / name, ROOT / "seeds", {})
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


def test_a_date_that_cannot_be_read_stays_unknown() -> None:
    article = clean(Draft(STORY, published="some day last week"), "a", "a.json")
    assert article is not None
    assert article.published is None


def test_the_first_seed_holds_two_stories_and_neither_has_words_of_the_other() -> None:
    path = ROOT / "seeds" / "000_9bcfd3eecc1c5b65.txt"
    page, teaser = articles_of(repaired(Draft(path.read_text())), "seed", "seed.txt")
    assert (page.id, teaser.id) == ("seed", "seed#2")
    assert page.text.startswith("Washington warned Thursday")
    assert page.text.endswith('attack Americans," he said.')
    assert len(page.text.split("\n\n")) == 13
    assert teaser.title == "Iran FM demands protection for diplomatic missions in Iraq"
    assert (teaser.author, teaser.published, teaser.url) == ("AFP", "2020-09-26", None)
    assert teaser.text.startswith("Iranian Foreign Minister")
    assert teaser.text.endswith("adding that he had underlined to Hussein")
    assert "Zarif" not in page.text
    assert "Schenker" not in teaser.text


def test_an_agencys_dump_becomes_a_clean_article() -> None:
    article = clean(
        Draft(
            "Dam holds after a night of rain\n\n"
            "QUITO, May 3 (Andes Wire) -- The dam above the town held on Monday after\n"
            "a night of rain, the ministry said. Engineers had worked on it until the\n"
            "morning, and the people of the lower town went back to their houses when\n"
            "the sirens fell silent."
        ),
        "a",
        "a.txt",
    )
    assert article is not None
    assert (article.title, article.author) == ("Dam holds after a night of rain", "Andes Wire")
    assert article.published is None  # the year is not known
    assert article.language == "en"
    assert "\n" not in article.text


def test_what_the_format_says_comes_before_what_the_text_says() -> None:
    text = f"By Ana Ruiz | 3 May 2021\n\n{STORY}"
    draft = Draft(text, title="Vote", author="Desk", published="2020-01-01", language="es")
    article = clean(draft, "a", "a.json")
    assert article is not None
    assert (article.author, article.published, article.language) == ("Desk", "2020-01-01", "es")
