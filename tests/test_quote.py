"""Which sentences are quoted and in which order; each claim once, and said where articles differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.article import Article
from qa.confidence import confidence
from qa.cross_encoder import load_cross_encoder
from qa.differ import difference
from qa.hits import Hit
from qa.parts import questions_in
from qa.quote import (
    DOUBTFUL_WORDS,
    LEAST_READ,
    MOST_GAIN,
    READ,
    SURE_WORDS,
    Quote,
    choose,
    in_context,
    in_order,
    most_words,
    read_sentences,
    same_words,
)
from qa.reader import load_reader
from qa.reading import read_around
from qa.settings import Settings
from qa.understand import understand

DIED = "How many people died in the fire?"
WHY = "Why?"


def article(name: str, *sentences: str, published: str | None = None, family: str | None = None) -> Hit:
    """The hit over a whole article of these sentences."""
    text = " ".join(sentences)
    places, start = [], 0
    for sentence in sentences:
        places.append((start, start + len(sentence)))
        start += len(sentence) + 1
    it = Article(name, text, f"{name}.txt", source=name.title(), published=published, family=family)
    return Hit(it, text, 0, len(text), 1.0, tuple(places), "")


def quote(hit: Hit, place: int, rank: float) -> Quote:
    start, end = hit.sentences[place]
    return Quote(hit, start, end, rank, rank)


def words(text: str) -> set[str]:
    return set(text.lower().rstrip("?.").split()) - {"in", "the", "how", "many"}


def texts(quotes: list[Quote]) -> list[str]:
    return [chosen.text for chosen in quotes]


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it() -> None:
    hit = article("post", "Ann Lee left office.", "She cited her health.", "It rained.")

    assert texts(choose(WHY, [quote(hit, 1, 5.0)], 3)) == ["Ann Lee left office. She cited her health."]


def test_what_a_sentence_leans_on_is_not_quoted_twice() -> None:
    hit = article("post", "The choir won.", "Its leader is Otto Kern.")
    chosen = choose(WHY, [quote(hit, 0, 5.0), quote(hit, 1, 4.0)], 3)

    assert texts(in_order(chosen)) == ["The choir won. Its leader is Otto Kern."]


def test_who_asks_for_a_month_gets_what_was_written_then() -> None:
    march, april = (
        article(f"post{day}", f"The bank left its rate at {rate} percent.", published=day)
        for day, rate in (("2024-03-13", 4), ("2024-04-24", 3))
    )
    settings = Settings()
    encoder = load_cross_encoder(settings.models_dir, settings.batch_tokens, settings.threads)
    reader = load_reader(settings.batch_tokens, settings.threads)

    def first(question: str) -> Quote:
        return read_around(
            question, read_sentences(question, [april, march], [], encoder, words), reader
        )[0]

    asked = first("What did the bank do with its rate in March 2024?")
    assert asked.hit is march
    assert asked.score > first("What did the bank do with its rate in May 2019?").score + 2
    assert first("What did the bank do with its rate in April 2024?").hit is april


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("In which month of 2024 did Karin Sand resign?", "Karin Sand will not resign, she said."),
        ("When in 2024 did the bridge at Arn open?", "The bridge at Arn will not open before summer."),
        ("What was the date of the vote in March 2024?", "The vote was put off. Nobody knows why."),
    ],
)
def test_the_day_of_an_article_is_no_answer_to_when_it_was(question: str, text: str) -> None:
    hit = article("post", text, published="2024-03-13")
    encoder, reader = load_cross_encoder(None, 256, 0), load_reader(256, 0)
    read = read_around(question, read_sentences(question, [hit], [], encoder, words), reader)
    answers = max(quote.answers for quote in read)
    assert confidence(understand(question), read, answers, [hit], encoder) < Settings().confidence


def test_the_day_of_an_article_makes_an_answer_surer_but_no_sentence_about_something_else() -> None:
    question = "What did the bank do with its rate in March 2024?"
    told = ("The bank left its rate at 4 percent.", "It rained in Ostby.")
    encoder = load_cross_encoder(None, 256, 0)
    march, august = (article("post", *told, published=day) for day in ("2024-03-13", "2024-08-13"))
    sure = [
        confidence(understand(question), [quote(hit, 0, 1.0)], 0.0, [hit], encoder)
        for hit in (march, august)
    ]
    assert sure[0] > sure[1] + 0.05
    rained = [
        next(
            read.score
            for read in read_sentences(question, [hit], [], encoder, words)
            if "rain" in read.text
        )
        for hit in (march, august)
    ]
    assert abs(rained[0] - rained[1]) < 0.5


def test_an_article_without_a_day_is_read_without_one() -> None:
    said = quote(article("post", "The bank left its rate."), 0, 1.0)
    assert in_context(said, titled=True, dated=True) == "The bank left its rate."


def test_of_many_questions_asked_at_once_each_is_still_read_for() -> None:
    sentences = [f"The bank of Ostby left its rate at {n} percent in round {n}." for n in range(2, 22)]
    hit = article("post", *sentences)
    encoder = load_cross_encoder(None, 256, 0)
    question = "What did the bank of Ostby do with its rate?"

    def count(questions: int, *, asks_several: bool = False) -> int:
        return len(
            read_sentences(question, [hit], [], encoder, words, questions, asks_several=asks_several)
        )

    assert count(1) == READ
    assert count(13) == LEAST_READ
    assert count(1, asks_several=True) == len(sentences) > READ


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
        for logits in [(None, -6.0, 2.0), (None, -6.0, None)]
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


def test_independent_articles_with_different_figures_are_told_apart_newest_first() -> None:
    early = article("post", "In the fire 19 people died.", published="2022-05-24")
    late = article("mail", "In the fire at least 21 people died.", published="2022-05-25")

    found = difference(DIED, [quote(early, 0, 6.0), quote(late, 0, 5.0)], words, 3)

    assert found is not None
    assert str(found) == (
        "The articles differ: at least 21 people (Mail, 25 May 2022); "
        "earlier 19 people (Post, 24 May 2022)."
    )


def test_a_figure_that_has_changed_is_no_contradiction() -> None:
    early = article("post", "In the fire 3 people died.", published="2022-05-01")
    late = article("mail", "In the fire 4 people died.", published="2022-06-01")

    found = difference(DIED, [quote(early, 0, 6.0), quote(late, 0, 5.0)], words, 3)

    assert found is not None
    assert str(found).startswith("Newest first: 4 people (Mail, 1 June 2022); earlier 3 people")


def test_copies_the_same_figure_and_other_matters_are_no_difference() -> None:
    early = article("post", "In the fire 21 people died.", published="2022-05-24")
    same = article("mail", "In the fire twenty-one people died.", published="2022-05-25")
    other = article("sun", "In Rome 7 people danced.", published="2022-05-25")
    far = article("star", "In the fire 3 people died.", published="2022-05-25")
    copy = article("wire", "In the fire 9 people died.", published="2022-05-25", family="w")
    copied = article("news", "In the fire 8 people died.", published="2022-05-25", family="w")

    def differ(*quotes: Quote, question: str = DIED, limit: int = 3) -> bool:
        return difference(question, quotes, words, limit) is not None

    assert not differ(quote(early, 0, 6.0), quote(same, 0, 6.0))
    assert not differ(quote(early, 0, 6.0), quote(other, 0, 6.0))
    assert not differ(quote(early, 0, 6.0), quote(far, 0, 1.0))
    assert not differ(quote(copy, 0, 6.0), quote(copied, 0, 6.0))
    assert not differ(quote(early, 0, 6.0), quote(far, 0, 6.0), question="Why did it burn?")
    assert not differ(quote(early, 0, 6.0), quote(far, 0, 6.0), limit=1)
    assert differ(quote(early, 0, 6.0), quote(far, 0, 6.0))


def test_questions_asked_at_once_are_told_apart() -> None:
    assert questions_in("Who won? Where was it held?") == ("Who won?", "Where was it held?")
    assert questions_in("Who is Ann Lee, and what did she say?") == (
        "Who is Ann Lee?",
        "what did she say?",
    )
    assert questions_in("Where was it found and who was hurt?") == (
        "Where was it found?",
        "who was hurt?",
    )
    for question in (
        "Who won the cup and the medal?",
        "When and where did it start?",
        "What is the difference between what Sand said and what Bakke said?",
        'Who asked "Where are we? Is it late?"',
        "Ann Lee?",
        "",
    ):
        assert questions_in(question) == ()
