from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktSentenceTokenizer

from index.sentences import _punkt, sentence_spans

ENDS = [".", ". ", '." ', "? ", "! ", ".’ ", ".) ", "... ", ".\n", " "]
WORDS = """The the said Mr Mrs St U.S Gen a.m p.m No Inc Jan it It Smith J 3 12,000 etc Dr vs don't
Chicago’s état Ärzte I fig Sen co-op well-known Oct U.N""".split()


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """So that no example has to wait for it."""
    _punkt()


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(ENDS)), max_size=30))
def test_the_short_way_to_a_decision_decides_as_punkt_does(words: list[tuple[str, str]]) -> None:
    punkt = PunktSentenceTokenizer()
    punkt._params = _punkt()._params
    text = "".join(word + end for word, end in words)
    assert list(_punkt().span_tokenize(text)) == list(punkt.span_tokenize(text))


@pytest.mark.parametrize(
    "sentences",
    [
        ["It was signed by Florida Gov. Ron DeSantis.", "Others followed."],
        ["The Rev. Al Sharpton met Sgt. Ann Lee at 8 p.m. ET.", "He left at 10 p.m.", "The vote came."],
        ["She was No. 3 in the list, the bill H.R. No. 12.", "Is it so?", "No.", "It was another one."],
        ["George H.W. Bush and J.D. Martinez met in Washington, D.C.", "They talked."],
        ["The shop on Elm St. was shut.", "He lived on Elm St.", "The police came."],
        ["It was made by J.K. Rowling.", "She left the U.S.", "They stayed."],
    ],
)
def test_titles_numbers_hours_and_initials_end_no_sentence(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_ends_that_are_none_one_after_the_other_take_no_longer() -> None:
    text = "Gov. Ann " * 50_000  # with the whole sentence looked at for each, this would take minutes
    assert len(sentence_spans(text)) == 1
