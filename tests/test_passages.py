from __future__ import annotations

import pytest

from index.article import Article
from index.passages import encoding, split
from index.sentences import sentence_spans

TEXT = (
    "The U.S. sent Gen. Smith to St. Petersburg on Monday. He met Mr. Ivanov at 10 a.m. there.\n\n"
    "A heading\n"
    "The talks, which were wrapped at seventy characters as old agencies did,\n"
    'went on for hours. "It was hard," he said. "We agreed."\n\n'
) * 12


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_sentences_end_where_a_reader_would_end_them() -> None:
    assert sentences(TEXT)[:6] == [
        "The U.S. sent Gen. Smith to St. Petersburg on Monday.",
        "He met Mr. Ivanov at 10 a.m. there.",
        "A heading",
        "The talks, which were wrapped at seventy characters as old agencies did,\nwent on for hours.",
        '"It was hard," he said.',
        '"We agreed."',
    ]


@pytest.mark.parametrize("text", ["", "  \n \n", "one", "a\nb", "…", "«\n\n»"])
def test_sentences_hold_every_character_that_shows(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_passages_are_runs_of_whole_sentences_within_the_limit() -> None:
    article = Article(id="a", text=TEXT.strip(), path="a.txt")
    passages = list(split(article, passage_tokens=100))
    assert len(passages) > 3
    for passage in passages:
        text = article.text[passage.start : passage.end]
        assert len(encoding().encode(text)) <= 100
        assert passage.sentences[0][0] == passage.start
        assert passage.sentences[-1][1] == passage.end
    spans = [span for passage in passages for span in passage.sentences]
    assert spans == sentence_spans(article.text)


def test_a_sentence_longer_than_a_passage_is_cut_and_nothing_lost() -> None:
    text = "word, " * 400 + "end."
    passages = list(split(Article(id="a", text=text, path="a.txt"), passage_tokens=50))
    joined = "".join(text[p.start : p.end] for p in passages)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(p.sentences == ((p.start, p.end),) for p in passages)


def test_special_tokens_and_repeated_texts_are_only_text() -> None:
    text = "\n\n".join(["<|endoftext|> is a token of language models."] * 60)
    passages = list(split(Article(id="a", text=text, path="a.txt"), passage_tokens=60))
    assert [p.start for p in passages] == sorted({p.start for p in passages})
    assert passages[-1].end == len(text)


def test_a_long_text_of_few_tokens_is_one_passage_and_one_of_many_is_cut() -> None:
    """Only the start of a long text is counted where that is enough."""
    few = ("Rain" + " " * 60) * 40 + "fell."
    many = "The start." + " " * 4000 + "It rained on the hills, and the wind turned. " * 40
    for text, passages in ((few, 1), (many.strip(), None)):
        found = list(split(Article(id="a", text=text, path="a.txt"), passage_tokens=100))
        assert passages is None or len(found) == passages
        for passage in found:
            inside = text[passage.start : passage.end]
            assert len(encoding().encode(inside)) <= 100
