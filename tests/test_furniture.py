from __future__ import annotations

import pytest

from index.clean import articles_of, without_furniture
from index.furniture import line_rule
from index.readers.draft import Draft
from index.repeated import Learner, Repeated, lines_of, outlet_of

STORY = (
    "Voters went to the polls on Sunday. Turnout was high, officials said.\n\n"
    '"We ask you to donate and to subscribe to our movement," the candidate told supporters.'
)
TOWNS = ["Lindau", "Morbach", "Tessin", "Waldeck", "Ferrol", "Ourense", "Zamora", "Huesca"]
THINGS = ["harvest", "library", "railway", "orchestra", "fishery", "election", "hospital", "glacier"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Read more", "button"),
        ("ADVERTISEMENT", "button"),
        ("Story continues below", "button"),
        ("Share this on Facebook", "share"),
        ("Facebook Twitter WhatsApp Email", "share"),
        ("View all 12 comments", "prompt"),
        ("Log in or register to comment", "prompt"),
        ("Tags: floods, dams, Lindau", "tags"),
        ("READ MORE: Dam holds after a night of rain", "link"),
        ("Previous article: Dam holds after a night of rain", "link"),
        ("After the flood:How Lindau was built anew", "link"),
        ("What now for the dam?Engineers say how Lindau could be built anew", "link"),
        ("See the full story here", "link"),
        ("Photo: Ana Ruiz / Andes Wire", "credit"),
        ("Ana Ruiz/Andes Images", "credit"),
        ("WATCH LIVE: Dam holds after a night of rain", "link"),
        ("Contributing: Ana Ruiz, The Courier; Andes Wire", "credit"),
        ("Courier writers Ana Ruiz in Lindau and Tom Weiss contributed to this report.", "credit"),
        ("Ana Ruiz also contributed.", "credit"),
        ("Reporting by Ana Ruiz and Tom Weiss; Editing by Eva Lang", "credit"),
        ("(This story has been updated to add new information.)", "note"),
        ("This is a developing story. Check back for updates.", "note"),
        ("From staff and wire reports", "note"),
        ("© 2021 Lindau Courier", "copyright"),
        ("The Courier 2021. All rights reserved.", "copyright"),
        ("3. How relevant is this ad to you?", "ad form"),
        ("Ad froze or did not finish loading Audio on ad was too loud Other issues", "ad form"),
        ("Boats on the main street 01:12 - Source: LC", "video"),
        ("Ana Ruiz is our reporter in Lindau. Follow her on Twitter @anaruiz", "contact"),
        ("Ana Ruiz aruiz@example.org", "contact"),
        ("* * *", "rule"),
    ],
)
def test_a_line_is_furniture_by_its_form(line: str, rule: str) -> None:
    assert line_rule(line) == rule


@pytest.mark.parametrize(
    "line",
    [
        "The company will read more than a thousand comments before it decides.",
        "Share prices fell by a tenth on Monday.",
        "The ad ran for a week before it was stopped.",
        "Police asked people to call 555-0123 or write to tips@example.org with what they saw.",
        "Lindau: The council met on Monday to talk of the bridge.",
        "The vote was at 10:30 and ended at 11:15.",
        "He owns the copyright to the song.",
        "Photos of the week",
        "What now for the dam? Engineers say that they do not know",
        "Follow the rules and nobody will be hurt, he said on Sunday.",
        "Rain in the hills contributed to the flood, the engineers' report says.",
        "Contributing factors were the rain and the age of the dam",
        "This report was updated in May to include the towns below the dam, the ministry said.",
        "Correction: An earlier version of this story gave a wrong height for the dam.",
    ],
)
def test_a_line_of_a_story_is_not(line: str) -> None:
    assert line_rule(line) is None


@pytest.mark.parametrize(
    "appeal",
    [
        "Please support our journalism: subscribe or donate today.",
        "Get the best of the Courier delivered to your inbox. Sign up here.",
        "We use cookies to run this site. By reading on you agree to our privacy policy.",
        "If you buy through our links we may earn a commission.",
        "$5 billed monthly\n\npaypal only",
    ],
)
def test_appeals_are_left_out(appeal: str) -> None:
    assert (
        without_furniture(f"{STORY}\n\n{appeal}\n\nThe count goes on.")
        == f"{STORY}\n\nThe count goes on."
    )


@pytest.mark.parametrize(
    "line",
    [
        "The paper lost a third of its subscribers, and revenue fell, the owner told us.",
        "US contributors to the newsletter were paid in cash, prosecutors said on Friday.",
        "Newsletters were once for stamp collectors, and what you paid for was the paper and the "
        "postman; now a writer with ten thousand readers can live well in a cabin by a lake with two "
        "dogs "
        "and a boat, far from the town where the old printing house stood until last May, and the "
        "subscription that keeps her there costs less than lunch.",
        "Donations to the party fell after the vote, while contributions to its rival rose.",
    ],
)
def test_news_about_money_is_no_appeal(line: str) -> None:
    assert without_furniture(f"{STORY}\n\n{line}") == f"{STORY}\n\n{line}"


def test_a_heading_takes_the_links_below_it_and_no_more() -> None:
    page = (
        f"{STORY}\n\nRelated\nFive things to know about the vote\n\nWho is who in the house?\n\n"
        "The count goes on until Tuesday."
    )
    assert without_furniture(page) == f"{STORY}\n\nThe count goes on until Tuesday."


PARAGRAPH = (
    "The dam above Lindau held through the night, engineers said, though the water stood a hand below "
    "its rim."
)


def between_paragraphs(*lines: str) -> str:
    return "\n\n".join([PARAGRAPH, *lines, PARAGRAPH])


@pytest.mark.parametrize(
    "lines",
    [
        ["Rain without end: How a wet spring filled every lake in the valley"],
        ["What happens next?", "Engineers on the wall"],
        ["What does the law say about the people who live below dams?", "The old law"],
        ["Height of the wall: Some forty metres at the rim", "Height of the wall: Ten below it"],
        ["Ana Ruiz: We stood on the wall and heard the water", "Who was there"],
        ["March 6: The lake is full and the gates are opened", "The first night"],
        ["1. Rain without end: How a wet spring filled the lakes", "2. The wall"],
        ['"Nobody told us a word of it until noon," she said', "The first night"],
        ["Boats were used: The road was under water and I walked. It took a day", "The road"],
    ],
)
def test_headings_lists_and_sentences_stay(lines: list[str]) -> None:
    assert without_furniture(between_paragraphs(*lines)) == between_paragraphs(*lines)


@pytest.mark.parametrize("name", ["— Ana Ruiz and Tom Weiss", "-- Reuters", "- Ana Ruiz, The Courier"])
def test_a_signature_below_a_paragraph_is_left_out(name: str) -> None:
    assert without_furniture(between_paragraphs(name)) == between_paragraphs()


def test_a_speaker_below_a_quotation_and_a_list_of_names_stay() -> None:
    speech = f'"{PARAGRAPH}"\n\n— Ana Ruiz, engineer\n\n{PARAGRAPH}'
    names = between_paragraphs("- Ana Ruiz", "- Tom Weiss")
    assert without_furniture(speech) == speech
    assert without_furniture(names) == names


@pytest.mark.parametrize(
    "credit",
    [
        "Ana Ruiz/Andes Wire/Alpine Images",
        "Ana Ruiz / Andes Wire",
        "(Image credit: Ana Ruiz/Andes Wire)",
    ],
)
def test_a_caption_loses_the_photographer_alone(credit: str) -> None:
    caption = "Engineers look down from the wall in May 2021."
    assert without_furniture(between_paragraphs(f"{caption} {credit}")) == between_paragraphs(caption)


def test_a_sentence_with_strokes_in_it_stays_whole() -> None:
    line = "The gates were opened at 6 a.m. Lindau Time/Summer Time"
    assert without_furniture(between_paragraphs(line)) == between_paragraphs(line)


def test_a_title_and_an_outlet_are_not_repeated() -> None:
    page = f"{STORY}\n\nDam holds, after all\n\nThe Courier —"
    assert without_furniture(page, ("Dam holds after all", "The Courier")) == STORY


def learned_from(drafts: list[Draft]) -> Repeated:
    learner = Learner()
    for draft in drafts:
        learner.add(lines_of(draft, "a/b.jsonl"))
    return learner.result()


def pages(*, top: str = "", middle: str = "", end: str = "") -> list[Draft]:
    """Eight pages of one outlet, each about something else."""
    return [
        Draft(
            "\n\n".join(
                filter(
                    None,
                    [
                        top.replace("1", str(number)),
                        *(f"The {thing} of {town} is old, said witness {n}." for n in range(4)),
                        middle,
                        *(f"Nobody in {town} knew of the {thing}, said witness {n}." for n in range(4)),
                        end,
                    ],
                )
            ),
            title=f"{town} {thing} reopened",
            source="The Courier",
        )
        for number, (town, thing) in enumerate(zip(TOWNS, THINGS, strict=True))
    ]


@pytest.mark.parametrize(
    "places",
    [
        {"top": "Courier Weekend, page 1"},
        {"end": "The Courier is made by people of the valley for people of the valley."},
        {"middle": "Want a break? Play the Courier's crossword of the day."},
    ],
)
def test_what_an_outlet_repeats_on_pages_about_other_things_is_learned(places: dict[str, str]) -> None:
    drafts = pages(**places)
    learned = learned_from(drafts)
    (line,) = places.values()
    assert line in drafts[1].text
    (article,) = articles_of(drafts[1], "a", "a/b.jsonl", learned)
    assert line not in article.text
    assert article.text.count("witness") == 8


def test_a_sentence_that_comes_back_inside_the_stories_is_kept() -> None:
    background = "The war began in March, when troops crossed the river and took the valley."
    assert not learned_from(pages(middle=background)).holds("the courier", background)


def test_follow_ups_of_one_affair_and_copies_of_one_story_teach_nothing() -> None:
    drafts = [
        Draft(f"Minister denies it.\n\nShe took no money, she said.\n\nShe was elected in {year}.",
              title="Minister denies taking bribes for railway contract", source="The Courier")
        for year in range(2011, 2019)
    ]  # fmt: skip
    assert len(learned_from(drafts)) == 0


def test_two_pages_are_too_few_and_another_outlet_is_not_touched() -> None:
    line = "Want a break? Play the Courier's crossword of the day."
    assert not learned_from(pages(end=line)[:2]).holds("the courier", line)
    assert learned_from(pages(end=line)).holds("the courier", line)
    assert not learned_from(pages(end=line)).holds("the herald", line)


def test_an_outlet_is_the_source_or_the_host_or_the_folder() -> None:
    assert (
        outlet_of(Draft("", source="The Courier", url="https://a.example/1"), "b/c.txt")
        == "the courier"
    )
    assert outlet_of(Draft("", url="https://a.example/1"), "b/c.txt") == "a.example"
    assert outlet_of(Draft("", url="http://[broken"), "b/c.txt") == "b/"
