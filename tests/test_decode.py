from __future__ import annotations

import pytest

from index.decode import decode
from index.readers.draft import UnreadableError

ENGLISH = "“It is time,” she told reporters in the café on Monday, after nine days — in office."
FRENCH = "Le ministre a annoncé sa démission lundi, après neuf jours passés à la tête du ministère."
RUSSIAN = "Министр объявил об отставке в понедельник. Он сказал журналистам, что пришло время."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "cp1252"),
        (FRENCH, "latin-1"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_text_is_read_in_its_own_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_damaged_byte_does_not_change_the_encoding() -> None:
    data = (ENGLISH * 50).encode() + b"\xff" + (RUSSIAN * 50).encode()
    assert decode(data) == ENGLISH * 50 + "\N{REPLACEMENT CHARACTER}" + RUSSIAN * 50


@pytest.mark.parametrize("data", [b"caf\xe9", b"\xff\xfe\xfd", bytes(range(0x80, 0xA0)) * 40])
def test_bytes_that_are_no_text_are_not_made_into_one(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"not UTF-8 \(byte 0x.. at offset \d\), nor any other"):
        decode(data)


def test_line_ends_become_one_kind() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"
