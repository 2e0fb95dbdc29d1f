"""A sentence that says the question again is proven by its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from qa.reader import Reader, Reading, load_reader
from qa.restated import Answers
from qa.support import Proof, prove
from tests.writing.conftest import article, shown

LAYOFFS = article(
    id="layoffs",
    title="Norwell to shrink its workforce",
    text="Shops in Kelmar fear for the winter. Norwell said on Monday that it would reduce its "
    "workforce by 10,000, the second large company to cut so many after Sunmark, which let 9,000 go. "
    "Its head, Tove Aas, spoke of weak demand.",
)
APOLOGY = article(
    id="apology",
    title="University sends letters by mistake",
    text="Sunmark University issued an apology on Friday after it sent out 4,000 letters of acceptance "
    "by mistake. The rector of Velby University, Per Lund, called it a lesson for all.",
)
JOBS = "Which company will cut 10,000 jobs?"
LETTERS = "Which university issued an apology for sending out 4,000 letters by mistake?"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(256, 0)


def proof(question: str, sentence: str, reader: Reader) -> Proof | None:
    return Answers(question, [shown(1, APOLOGY), shown(2, LAYOFFS)], reader).prove(sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        (JOBS, "The company that will cut 10,000 jobs is Norwell.", "Norwell said"),
        (JOBS, "The answer is: Norwell.", "Norwell said"),
        (JOBS, "The company that will cut 10,000 jobs is Norwell (NWL).", "Norwell said"),
        (
            LETTERS,
            "The university that issued an apology for sending out 4,000 letters by mistake is "
            "Sunmark University.",
            "Sunmark University issued",
        ),
    ],
)
def test_the_answer_that_the_reader_finds_proves_it(
    question: str, sentence: str, words: str, reader: Reader
) -> None:
    assert prove(sentence, [shown(1, APOLOGY), shown(2, LAYOFFS)]) is None  # by its words alone
    found = proof(question, sentence, reader)
    assert found is not None
    quotes = [found.passage.hit.article.text[start:end] for start, end in found.sentences]
    assert (found.text, found.corrected) == (sentence, False)
    assert any(words in quote for quote in quotes)
    assert set(found.sentences) <= set(found.passage.sentences)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (JOBS, "The company that will cut 10,000 jobs is Sunmark."),  # another answer
        (JOBS, "The company that will cut 20,000 jobs is Norwell."),  # another number
        (JOBS, "The company that will not cut 10,000 jobs is Norwell."),
        (JOBS, "The company that will cut 10,000 jobs is Norwell of Paris."),
        (JOBS, "The company that will cut 10,000 jobs is Norwell, and Tove Aas wept."),
        (JOBS, "The company will cut 10,000 jobs."),  # no answer
        (JOBS, "The company that will cut 10,000 jobs on 5 June is Norwell."),
        (JOBS, "The answer is: Sunmark."),
        (JOBS, "The Monday company that will cut 10,000 jobs is Norwell."),  # new words apart
        (JOBS, "The answer is: Norwell, which burned"),  # cut off
        (LETTERS, "The university that issued an apology for 4,000 letters is Velby University."),
        (
            "Which company cut 10,000 jobs in Rome?",
            "The company that cut 10,000 jobs in Rome is Norwell.",
        ),
    ],
)
def test_what_is_not_the_answer_is_not_proven(question: str, sentence: str, reader: Reader) -> None:
    assert proof(question, sentence, reader) is None


class Certain:
    """A reader that is sure of Norwell, whatever it is asked."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        del question
        places = [text.find("Norwell") for text in texts]
        return [
            Reading(max(place, 0), max(place, 0) + 7, 9.0 if place >= 0 else -9.0, 0.0)
            for place in places
        ]


@pytest.mark.parametrize(
    ("end", "proven"),
    [("10,000 jobs", True), ("20,000 jobs", False), ("10,000 jobs, as Ann Lee says,", False)],
)
def test_names_and_numbers_of_the_question_must_stand_there_however_sure_the_reader_is(
    end: str, proven: bool
) -> None:
    question, sentence = (
        f"Which company will cut {end}?",
        f"The company that will cut {end} is Norwell.",
    )
    answers = Answers(question, [shown(1, LAYOFFS)], cast(Reader, Certain()))
    assert (answers.prove(sentence) is not None) == proven


def test_the_passage_that_a_sentence_cites_is_taken_first_and_the_mark_ends_it(reader: Reader) -> None:
    answers = Answers(JOBS, [shown(1, LAYOFFS), shown(2, LAYOFFS)], reader)
    for number in (1, 2):
        found = answers.prove("The answer is: Norwell", [number])
        assert found is not None
        assert found.passage.number == number
    assert answers.prove("The company that will cut 10,000 jobs is Norwell") is None


@pytest.mark.parametrize(
    ("question", "sentence", "proven"),
    [
        (JOBS, "The answer is: Norwell", True),
        (JOBS, "The answer is: Norw", False),  # cut off
        (JOBS, "The answer is: Norwell and", False),
        (JOBS, "So the answer to this question is: Norwell.", True),
        (JOBS, "Say only that the answer is Norwell.", False),
        ("Which company said that it could not keep 10,000 workers?", "The answer is: Norwell.", True),
        ("How many letters of acceptance were sent out by mistake?", "The answer is: 4,000.", True),
        ("How many letters of acceptance were sent out by mistake?", "The answer is: 9,000", False),
        ("How many jobs will Norwell cut?", "The answer is: 10,000", True),
        ("How many jobs will Norwell cut?", "The answer is: 9,000.", False),
        ("How many jobs will Norwell cut?", "10,000.", False),  # of a list, or a page
    ],
)
def test_a_bare_answer_is_the_best_that_the_reader_finds(
    question: str, sentence: str, proven: bool, reader: Reader
) -> None:
    assert (proof(question, sentence, reader) is not None) == proven


def test_no_passages_prove_nothing(reader: Reader) -> None:
    assert Answers(JOBS, [], reader).prove("The answer is: Norwell.") is None
