from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import families as families_module
from index.families import Comparisons, families, shares, sketch

WORDS = """
    ferry harbour island captain rescue storm wave crew passenger police coast guard boat night
    minister parliament budget vote school hospital road bridge river market farmer harvest rain
    said told asked warned promised opened closed sank rose fell reached left carried found sent
    the a of in on with from after before under near over between against during without
""".split()


def story(seed: int, paragraphs: int = 9) -> list[str]:
    """Paragraphs of 40 words, which no other seed gives."""
    words = np.random.default_rng(seed).choice(WORDS, (paragraphs, 40))
    return [" ".join(paragraph).capitalize() + "." for paragraph in words]


def families_of(texts: dict[str, str]) -> dict[str, str]:
    return families(
        ((name, sketch(text)) for name, text in texts.items()), texts.__getitem__, Comparisons({})
    )


def found(*texts: str | list[str]) -> set[frozenset[int]]:
    """The families among texts, as sets of their places."""
    joined = {
        str(at): text if isinstance(text, str) else "\n\n".join(text) for at, text in enumerate(texts)
    }
    members: dict[str, set[int]] = {}
    for member, family in families_of(joined).items():
        members.setdefault(family, set()).add(int(member))
        assert int(family) in range(len(texts))
    return {frozenset(places) for places in members.values()}


ALL = {frozenset({0, 1})}
STORY = story(1)


@pytest.mark.parametrize(
    ("what", "copy"),
    [
        ("the same", STORY),
        ("a dateline in front", ["BERGEN (Agency), Tuesday", *STORY]),
        ("the last paragraphs cut", STORY[:6]),
        ("a sentence of its own at the end", [*STORY, "Our reporters add what they saw there."]),
        ("other words here and there", [p.replace("ferry", "boat") for p in STORY]),
        ("other quotation marks, spaces and case", [p.upper().replace(" ", "  “") for p in STORY]),
        ("a paragraph left out in the middle", STORY[:4] + STORY[5:]),
    ],
)
def test_a_copy_is_found(what: str, copy: list[str]) -> None:
    assert found(STORY, copy) == found(copy, STORY) == ALL, what


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("another story", story(2)),
        ("what grew from five paragraphs to nine", STORY[:5]),
        ("a new lead above the story", [*story(2, 1), *STORY[1:]]),
        (
            "new paragraphs between the old ones",
            [p for two in zip(STORY, story(2), strict=True) for p in two],
        ),
        ("two new paragraphs at the end", [*STORY[:7], *story(2, 2)]),
        ("the same page below another story", [*story(2, 3), *STORY[2:]]),
    ],
)
def test_an_update_or_another_story_is_no_copy(what: str, other: list[str]) -> None:
    assert found(STORY, other) == set(), what


def test_a_new_lead_makes_it_news_however_much_stands_below() -> None:
    long = story(1, 30)
    assert found(long, [*story(2, 1), *long]) == set()
    assert found(long, [*long, *story(2, 1)]) == ALL


def test_a_number_that_changed_makes_it_news() -> None:
    toll = "Rescuers said that at least {} people had drowned near the island."
    before, after = ([*STORY, toll.format(number)] for number in ("twelve", "19"))
    assert found(before, after) == set()
    assert found(before, [*STORY, toll.format("12")]) == ALL


def test_a_fraction_that_changed_makes_it_news() -> None:
    rate = "The office said that inflation fell to {} percent in the year."
    before, after = ([*STORY, rate.format(number)] for number in ("6.4", "3.2"))
    assert found(before, after) == set()
    assert found(before, [*STORY, rate.format("6.4")]) == ALL


def test_numbers_of_dates_and_times_may_differ() -> None:
    line = "Printed on 3 May 2021 at {} here, and read by many."
    assert found([*STORY, line.format("05:17:20")], [*STORY, line.format("06:30:00")]) == ALL


def test_short_texts_are_copies_only_if_their_words_are_the_same() -> None:
    short = "The old bridge over the river was closed on Friday after the storm."
    assert found(short, short.replace(" ", "\u00a0").upper()) == ALL
    assert found(short, short.replace("Friday", "Sunday")) == set()
    assert found("", "", "...", "...") == set()


def test_members_are_copies_of_the_longest_and_not_of_one_another_in_a_chain() -> None:
    long, middle, short = STORY, STORY[:7], STORY[:4]
    assert found(middle, short) == set()  # 4/7
    assert found(STORY[:6], STORY[:4]) == ALL
    assert found(long, STORY[:6], short) == {frozenset({0, 1})}
    joined = {"b": "\n".join(middle), "a": "\n".join(long), "c": "\n".join(middle)}
    assert families_of(joined) == {"a": "a", "b": "a", "c": "a"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(3, 9)), min_size=2, max_size=12), st.randoms())
def test_the_order_of_articles_does_not_matter(
    stories: list[tuple[int, int]], chance: random.Random
) -> None:
    texts = {str(at): "\n".join(story(seed)[:length]) for at, (seed, length) in enumerate(stories)}
    shuffled = list(texts.items())
    chance.shuffle(shuffled)
    expected = families_of(texts)
    assert families_of(dict(shuffled)) == expected
    seeds = {str(at): seed for at, (seed, _) in enumerate(stories)}
    assert all(seeds[member] == seeds[family] for member, family in expected.items())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=6))
def test_any_text_can_be_compared(texts: list[str]) -> None:
    given_texts = {str(at): text for at, text in enumerate(texts)}
    family = families_of(given_texts)
    for member, name in family.items():
        assert family[name] == name
        assert shares([given_texts[member]], given_texts[name])[0] > 0.8 or len(texts[int(member)]) < 60


def test_three_hundred_printings_are_one_family() -> None:
    copies = [
        [*STORY, f"Printed by outlet {' '.join(story(seed, 1)).split()[0]} {seed}"]
        for seed in range(300)
    ]
    assert [len(places) for places in found(*copies)] == [300]


def test_pages_that_share_much_furniture_are_no_family_and_each_is_compared_with_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[bool] = []
    are_copies = families_module._are_copies

    def counted(*texts: families_module._Text) -> bool:
        compared.append(are_copies(*texts))
        return compared[-1]

    monkeypatch.setattr(families_module, "_are_copies", counted)
    furniture = story(0, 8)
    assert found(*([*story(seed + 1, 6), *furniture] for seed in range(300))) == set()
    assert 300 < len(compared) <= 300 * families_module.TRIES


def test_shares_count_words_in_runs_of_three() -> None:
    assert shares(["a b c x y z", "a b", "", "d e f"], "a b c d e f") == [0.5, 0, 0, 1]
    assert shares([], "a b c") == []


def test_texts_that_were_compared_are_not_read_again_and_give_the_same() -> None:
    chance = random.Random(3)
    texts = {f"{number}{part}": "" for number in range(12) for part in "abc"}
    texts = {name: "\n\n".join(story(int(name[:-1]))[: chance.randint(4, 9)]) for name in texts}
    known: dict[tuple[bytes, bytes], bool] = {}
    for changed in ("", "5a", "7b"):
        if changed:
            texts[changed] = texts[changed].replace("ferry", "boat", 1) + " The ferry sank on Monday."
        read = set[str]()

        def text_of(name: str, read: set[str] = read) -> str:
            read.add(name)
            return texts[name]

        comparisons = Comparisons(known)
        sketched = [(name, sketch(text)) for name, text in texts.items()]
        assert families(sketched, text_of, comparisons) == families_of(texts)
        if changed:
            assert changed in read
            assert {name[:-1] for name in read} == {changed[:-1]}
        known = comparisons.asked
