"""What a model writes becomes plain sentences, however it comes and whatever it holds."""

from __future__ import annotations

import time

import pytest

from qa.prose import LONGEST, Draft, drafts, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain fell. [1] Sun shone [2].", [("Rain fell.", (1,)), ("Sun shone.", (2,))]),
        ("Rain fell [1][2]. Sun [1, 3] shone.", [("Rain fell.", (1, 2)), ("Sun shone.", (1, 3))]),
        ("Rain fell (1). Sun shone. (2)", [("Rain fell.", (1,)), ("Sun shone.", (2,))]),
        ("Rain fell.【3】 Sun shone [^4].", [("Rain fell.", (3,)), ("Sun shone.", (4,))]),
        ("Rain fell [Passage 2]. Sun (Source: 1) shone.", [("Rain fell.", (2,)), ("Sun shone.", (1,))]),
        ("It fell in 2023 (2024). It was cold", [("It fell in 2023 (2024).", ()), ("It was cold", ())]),
        ("Rain fell. [1", [("Rain fell.", ())]),
        ("**Rain** _fell_ on `roofs`.", [("Rain _fell_ on roofs.", ())]),
        ("# News\n- Rain fell. [1]\n* It did.", [("News", ()), ("Rain fell.", (1,)), ("It did.", ())]),
        ("![x](http://evil.example/a.b?c=1 d) Rain fell.", [("Rain fell.", ())]),
        ("[Rain](javascript:alert(1)) fell at http://x.y/z. [1](http://x.y)", [("Rain fell at", (1,))]),
        ("<b>Rain</b> <img src=x onerror=alert(1)>fell.<script>x. y</script>", [("Rain fell.", ())]),
        ("&lt;script&gt;alert(1)&lt;/script&gt; Rain fell.", [("Rain fell.", ())]),
        ("<think>Is it? No. [1]</think>Rain fell.", [("Rain fell.", ())]),
        ("<think>Is it? No.", []),
        ("Ra\u200bin \u202efell\u202c in ４２ towns.\x1b[2J", [("Rain fell in 42 towns.", ())]),
        ("Rain fell. [1] Rain fell! [2]", [("Rain fell.", (1,)), ("Rain fell!", (2,))]),
        ("[1] [2]. ... ---", []),
    ],
)  # fmt: skip
def test_markup_goes_and_markers_find_their_sentence(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert sentences(text) == [Draft(words, cites) for words, cites in expected]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_sentences_are_the_same_however_they_are_streamed(size: int) -> None:
    text = (
        "**Rain** fell. [1] It [stopped](http://x.y/z. a) (2, 3). <think>a. b [c.</think>Sun shone! "
        '【3】 "Yes." [2] He said <b>no</b>. ![x](http://e.vil/a.b c) Done [4'
    )
    streamed = list(drafts(text[start : start + size] for start in range(0, len(text), size)))
    assert streamed == sentences(text)


def test_a_sentence_comes_as_soon_as_the_next_one_begins() -> None:
    taken: list[str] = []

    def pieces() -> object:
        for word in "Rain fell here. [1] Then the sun shone. [2] And so on and on.".split(" "):
            taken.append(word)
            yield word + " "

    assert next(drafts(pieces())) == Draft("Rain fell here.", (1,))  # type: ignore[arg-type]  # an iterator will do
    assert "sun" not in taken


def test_what_was_written_before_comes_once() -> None:
    assert len(list(drafts(["Rain fell. "] * 50))) == 1


@pytest.mark.parametrize(
    "piece", ["x" * 100, "(", "<", "[a. ", "<think>no. ", "**", "](", "<!--", "A b. "]
)
def test_no_flood_of_text_takes_long(piece: str) -> None:
    started = time.monotonic()
    assert sum(len(draft.text) for draft in drafts(piece for _ in range(1_000_000))) <= 50_000
    assert time.monotonic() - started < 10
    assert LONGEST < 50_000
