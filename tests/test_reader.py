"""Which words answer and whether any do: that decides what is quoted and what is refused."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from index.article import Article
from index.models import MINILM_L12, bundled_folder
from qa.choose import most_words
from qa.confidence import confidence
from qa.cross_encoder import SKIM_LAYER, CrossEncoder, load_cross_encoder, open_lower
from qa.half_model import lower_part, upper_part
from qa.hits import Hit
from qa.quote import NOT_READ, Quote
from qa.reader import Reader, load_reader
from qa.reading import LONGEST, STRETCHES, read_around
from qa.understand import understand

TEXT = (
    "The harbour bridge of Ostby was closed on Tuesday after a crack was found. Engineer Mara Lind, "
    "who found the crack, said that repairs would cost 3 million crowns. The ferry carries people."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(256, 0)


def quotes_of(text: str, *ranks: float) -> list[Quote]:
    """Quotes of the first sentences of an article, one for each rank."""
    places, start = [], 0
    for sentence in text.split(". "):
        places.append((start, min(start + len(sentence) + 1, len(text))))
        start += len(sentence) + 2
    hit = Hit(Article("a", text, "a.txt"), text, 0, len(text), 1.0, tuple(places), "")
    return [Quote(hit, *place, rank, rank) for place, rank in zip(places, ranks, strict=False)]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who found the crack?", "Mara Lind"),
        ("How much would repairs cost?", "3 million crowns"),
        ("When was the harbour bridge closed?", "Tuesday"),
    ],
)
def test_the_words_that_answer_are_found(reader: Reader, question: str, words: str) -> None:
    (reading,) = reader.read(question, [TEXT])
    assert words in TEXT[reading.start : reading.end]
    assert reading.words > 0
    assert reading.answers > 0


@pytest.mark.parametrize(
    "question",
    [
        "Who painted the harbour bridge?",
        "Why did Mara Lind leave the navy?",
        "How many people drowned on Tuesday?",
    ],
)
def test_a_text_about_the_matter_that_does_not_answer_is_told_from_one_that_does(
    reader: Reader, question: str
) -> None:
    tricked, asked = reader.read(question, [TEXT])[0], reader.read("Who found the crack?", [TEXT])[0]
    assert tricked.answers < 0 < asked.answers
    assert tricked.words < asked.words


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [
        ("How many jobs will be cut in Hamburg?", True),
        ("Who blamed the price of fuel?", True),
        ("Which airline is buying Nordwing?", False),
        ("Which airport will Nordwing open next year?", False),
    ],
)
def test_of_news_it_is_sure_of_what_stands_there_and_of_what_does_not(
    reader: Reader, question: str, is_answered: bool
) -> None:
    text = (
        "The airline Nordwing said it would cut 1,200 jobs and close its base in Hamburg next year. "
        "Its chief executive, Lena Voss, blamed the price of fuel. Shares fell by 6 percent."
    )
    answers = reader.read(question, [text])[0].answers
    # One that has read no news doubts: 1.3, -0.3, -2.4 and -0.7.
    assert (answers > 3) if is_answered else (answers < -3)


def test_texts_are_read_alike_alone_and_together_whatever_they_hold(reader: Reader) -> None:
    texts = [TEXT, "…", "bridge " * 900, "🌉 Ostby: ﷽ [SEP] [CLS]"]
    together = reader.read("Who found the crack?", texts)
    assert len(together) == len(texts)
    for text, reading in zip(texts, together, strict=True):
        assert 0 <= reading.start < reading.end <= len(text)
    # A batch is quantized as a whole, which moves logits a little.
    assert reader.read("Who found the crack?", texts[:1])[0].words == pytest.approx(
        together[0].words, abs=0.5
    )


def test_the_sentence_that_answers_goes_before_one_that_only_names_the_matter(reader: Reader) -> None:
    quotes = quotes_of(TEXT, 5.0, 4.0, 3.0)
    read = read_around("Who found the crack?", quotes, reader)
    assert [quote.start for quote in read] == [quotes[place].start for place in (1, 0, 2)]
    assert all(quote.answers > 0 for quote in read)  # all stand in what was read
    assert [quote.score for quote in read] == [4.0, 5.0, 3.0]


def test_where_the_reader_doubts_more_is_quoted(reader: Reader) -> None:
    quotes = quotes_of(TEXT, 5.0, 4.0, 3.0)
    told = most_words(read_around("Who found the crack?", quotes, reader))
    doubted = most_words(read_around("Why did the navy sell the island?", quotes, reader))
    assert told < most_words(quotes) < doubted  # in the middle, where it was not asked


def test_only_the_stretches_around_the_best_are_read(reader: Reader) -> None:
    long = "Nothing much was said about the bridge of Ostby that day by anybody there. " * 60
    quotes = quotes_of(long.strip(), *(float(-place) for place in range(60)))
    read = read_around("Who found the crack?", quotes, reader)
    given = [quote for quote in read if quote.answers != NOT_READ]
    assert 0 < sum(quote.end - quote.start for quote in given) <= STRETCHES * LONGEST
    assert read_around("Who found the crack?", [], reader) == []


def test_an_answer_around_which_the_reader_finds_none_is_less_sure() -> None:
    encoder, found = load_cross_encoder(None, 256, 0), quotes_of(TEXT, 5.0)
    query = understand("Who found the crack?")
    sure = [confidence(query, found, logit, [found[0].hit], encoder) for logit in (-4.0, 0.0, 3.0)]
    assert sure[0] < sure[1] < sure[2]


def test_the_halves_of_a_model_give_together_what_it_gives_and_hold_no_more_than_they_need() -> None:
    model = (bundled_folder() / MINILM_L12.folder / "model.onnx").read_bytes()
    halves = lower_part(model, SKIM_LAYER), upper_part(model, SKIM_LAYER)
    assert [len(half) < 0.7 * len(model) for half in halves] == [True, True]

    whole, lower, upper = map(onnxruntime.InferenceSession, (model, *halves))
    ids = np.array([[101, 2040, 2179, 102, 2002, 2179, 2009, 102]])
    feed = {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": np.array([[0] * 4 + [1] * 4]),
    }
    hidden = lower.run(None, feed)[0]
    assert hidden.shape == (1, 8, 384)
    feed[SKIM_LAYER] = hidden
    given = {value.name: feed[value.name] for value in upper.get_inputs()}
    del feed[SKIM_LAYER]
    assert "token_type_ids" not in given
    np.testing.assert_allclose(upper.run(None, given)[0], whole.run(None, feed)[0], atol=1e-4)


def test_the_layers_that_cross_encoder_and_reader_share_are_opened_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def counted(model: bytes, output: str) -> bytes:
        opened.append(output)
        return lower_part(model, output)

    monkeypatch.setattr("qa.cross_encoder.lower_part", counted)
    open_lower.cache_clear()
    CrossEncoder(None, 256, 1).score("Who found the crack?", [TEXT])
    Reader(256, 1).read("Who found the crack?", [TEXT])
    assert opened == [SKIM_LAYER]


def test_a_value_that_the_model_does_not_have_parts_it_nowhere() -> None:
    model = (bundled_folder() / MINILM_L12.folder / "model.onnx").read_bytes()
    for part in (lower_part, upper_part):
        with pytest.raises(ValueError, match="no value 'nowhere'"):
            part(model, "nowhere")


@pytest.mark.parametrize("bytes_", [b"\xff" * 20, b"\x3a\x05ab", b"\x3b"])
def test_what_is_no_model_has_no_lower_part(bytes_: bytes) -> None:
    with pytest.raises(ValueError, match="Protocol Buffers"):
        lower_part(bytes_, SKIM_LAYER)
