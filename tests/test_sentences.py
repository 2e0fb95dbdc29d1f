from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktSentenceTokenizer

from index.sentences import _punkt

ENDS = [".", ". ", '." ', "? ", "! ", ".’ ", ".) ", "... ", ".\n", " "]
WORDS = """The the said Mr Mrs St U.S Gen a.m p.m No Inc Jan it It Smith J 3 12,000 etc Dr vs don't
Chicago’s état Ärzte I fig Sen co-op well-known Oct U.N""".split()


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(ENDS)), max_size=30))
def test_the_short_way_to_a_decision_decides_as_punkt_does(words: list[tuple[str, str]]) -> None:
    punkt = PunktSentenceTokenizer()
    punkt._params = _punkt()._params
    text = "".join(word + end for word, end in words)
    assert list(_punkt().span_tokenize(text)) == list(punkt.span_tokenize(text))
