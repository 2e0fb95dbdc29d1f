"""Which sentences are quoted and in which order; each claim once."""

from __future__ import annotations

from dataclasses import replace

from qa.choose import DOUBTFUL_WORDS, SURE_WORDS, choose, in_order, most_words, same_words
from qa.quote import MOST_GAIN, Quote
from tests.quoted import DIED, WHY, article, quote, texts


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it() -> None:
    hit = article("post", "Ann Lee left office.", "She cited her health.", "It rained.")

    assert texts(choose(WHY, [quote(hit, 1, 5.0)], 3)) == ["Ann Lee left office. She cited her health."]


def test_what_a_sentence_leans_on_is_not_quoted_twice() -> None:
    hit = article("post", "The choir won.", "Its leader is Otto Kern.")
    chosen = choose(WHY, [quote(hit, 0, 5.0), quote(hit, 1, 4.0)], 3)

    assert texts(in_order(chosen)) == ["The choir won. Its leader is Otto Kern."]


def test_quotes_together_keep_to_their_words_but_the_best_is_always_whole() -> None:
    long, short = "One " + "word " * 99 + "more.", "Brief words."
    hit = article("post", long, short)

    assert texts(choose(WHY, [quote(hit, 0, 5.0), quote(hit, 1, 4.0)], 3)) == [long]
    assert texts(choose(WHY, [quote(hit, 1, 5.0), quote(hit, 0, 4.0)], 3)) == [short]


def test_what_makes_an_answer_long_must_lie_near_the_best() -> None:
    best, brief, long = "Ann " + "won " * 69 + "gold.", "Rain fell.", "Bo " + "ran " * 29 + "home."
    hit = article("post", best, brief, long)

    def chosen(brief_rank: float, long_rank: float, most: int = DOUBTFUL_WORDS) -> list[str]:
        read = [quote(hit, 0, 9.0), quote(hit, 1, brief_rank), quote(hit, 2, long_rank)]
        return texts(choose(WHY, sorted(read, key=lambda quote: -quote.rank), 9, most))

    assert chosen(1.0, -1.0) == [best, brief]
    assert chosen(1.0, 3.0) == [best, brief]
    assert chosen(1.0, 5.0) == [best, long]  # with which a brief one makes it longer still
    assert chosen(6.0, 5.0) == [best, brief, long]
    assert chosen(6.0, 5.0, SURE_WORDS) == [best]


def test_the_words_that_an_answer_may_have_follow_from_the_surest_of_what_was_read() -> None:
    hit = article("post", "The choir won.", "Its leader is Otto Kern.", "It rained.")
    sure, doubtful = (
        [replace(quote(hit, place, 5.0), words=words) for place, words in enumerate(logits)]
        for logits in [(None, -6.0, 7.0), (None, -6.0, None)]
    )
    assert most_words(sure) == SURE_WORDS
    assert most_words(doubtful) == DOUBTFUL_WORDS
    assert [one.gain for one in sure] == [0.0, 2.0, MOST_GAIN]


def test_what_lies_far_below_the_best_is_not_quoted() -> None:
    hit = article("post", "The fire killed two.", "Tea is served.")

    assert texts(choose(WHY, [quote(hit, 0, 6.0), quote(hit, 1, -9.0)], 3)) == ["The fire killed two."]


def test_a_number_that_is_asked_for_is_enough() -> None:
    hit = article("post", "In the fire 21 people died.", "The fire was put out by noon.")
    read = [quote(hit, 0, 6.0), quote(hit, 1, -1.0)]

    assert texts(choose(DIED, read, 3)) == ["In the fire 21 people died."]
    assert len(choose(WHY, read, 3)) == 2


def test_a_claim_that_two_articles_make_is_quoted_once() -> None:
    first = article("post", "At least 21 people died on Tuesday.")
    second = article("mail", "At least 21 people died Tuesday.")

    assert texts(choose(WHY, [quote(first, 0, 6.0), quote(second, 0, 5.9)], 3)) == [first.text]
    for other in (
        "At least 19 people died on Tuesday.",
        "At least nine people died on Tuesday.",
        "At least 21 people have not died on Tuesday.",
    ):
        assert not same_words("At least 21 people died on Tuesday.", other)
    assert not same_words("Kelmar beat Ostby by two.", "Ostby beat Kelmar by two.")


def test_who_names_a_year_gets_what_was_written_then_or_names_it() -> None:
    hits = [
        article("post", "Sudmark won the cup.", published="2021-06-21"),
        article("mail", "Norland won the cup.", published="2019-06-24"),
        article("news", "In 2021 Sudmark won, in 2023 Norland.", published="2023-06-26"),
    ]
    read = [quote(hit, 0, rank) for hit, rank in zip(hits, (5.0, 6.0, 4.0), strict=True)]
    read.sort(key=lambda quote: -quote.rank)

    chosen = choose("Who won the cup in 2021?", read, 3)
    assert [one.hit for one in chosen] == [hits[0], hits[2]]
    assert len(choose("Who won the cup in 2022?", read, 3)) == 3  # of which nothing is told
    assert len(choose("How did the cups of 2018 to 2024 end?", read, 3)) == 3
    weak = [quote(hits[1], 0, 9.0), quote(hits[0], 0, 4.0)]
    assert choose("What came of the cup of 2021?", weak, 3)[0].hit is hits[1]


def test_who_asks_about_now_gets_the_newest_of_what_is_nearly_as_good() -> None:
    old = article("post", "The rate is 4 percent.", published="2023-04-07")
    new = article("mail", "The rate rose to 5 percent.", published="2023-11-03")
    other = article("news", "The bank has a new head.", published="2023-12-03")
    read = [quote(old, 0, 6.0), quote(new, 0, 4.0), quote(other, 0, 1.0)]

    assert [one.hit for one in choose(WHY, read, 3, about_now=True)] == [new, old, other]
    assert [one.hit for one in choose(WHY, read, 3)] == [old, new, other]
    ordered = in_order(choose(WHY, read, 2), about_now=True)
    assert [one.hit for one in ordered] == [new, old]


def test_a_correction_comes_along_and_first() -> None:
    said = article("post", "Some 900 people came.", published="2023-06-10")
    wrong = article("mail", "We wrote that 900 people came.", "The correct figure is 90.")
    chosen = in_order(choose(WHY, [quote(said, 0, 6.0), quote(wrong, 0, 5.0)], 3))

    assert texts(chosen) == ["We wrote that 900 people came. The correct figure is 90.", said.text]


def test_each_outlet_that_is_asked_about_has_its_say() -> None:
    post = article("post", "Bread is dear.", "Very dear it is.", "Bakers shrug.")
    mail = article("mail", "Farmers get nothing.")
    read = [*(quote(post, place, 9.0 - place) for place in range(3)), quote(mail, 0, -3.0)]

    assert "Farmers get nothing." in texts(choose(WHY, read, 2, outlets=["Post", "Mail"]))
    assert "Farmers get nothing." not in texts(choose(WHY, read, 2))


def test_quotes_that_overlap_become_one() -> None:
    hit = article("post", "The choir won.", "Its leader is Otto Kern.")
    both = Quote(hit, 0, hit.end, 3.0, 3.0)

    assert texts(in_order([quote(hit, 0, 5.0), both])) == [hit.text]


def test_an_answer_begins_with_the_best_quote_and_keeps_articles_together() -> None:
    post = article("post", "First.", "Second.", "Third.", "Fourth.")
    mail = article("mail", "Other.")
    chosen = [quote(post, 3, 9.0), quote(mail, 0, 8.0), quote(post, 0, 7.0), quote(post, 1, 6.0)]

    assert texts(in_order(chosen)) == ["Fourth.", "First. Second.", "Other."]
