"""Bytes to text, whatever they were encoded in."""

from __future__ import annotations

from charset_normalizer import from_bytes

from index.readers.draft import UnreadableError

_BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


MAX_DAMAGE = 1000  # one bad byte in so many characters is damage, not another encoding


def decode(data: bytes) -> str:
    """The text that ``data`` encodes: by its byte order mark, as UTF-8, or as what it looks like.

    Line ends become ``\\n``.  Raises UnreadableError for data that are no text.
    """
    return _decode(data).replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            text = data.decode(encoding, "replace")
            if "\N{REPLACEMENT CHARACTER}" not in text:
                return text
    if b"\0" in data:
        raise UnreadableError("binary, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\N{REPLACEMENT CHARACTER}") * MAX_DAMAGE < len(damaged):
        return damaged
    # The first megabyte is enough to tell, and all of it can take minutes.
    best = from_bytes(data[: 1 << 20]).best()
    # Coherence is how much the letters' frequencies are those of a language: without any, bytes
    # that are no text at all pass for a rare alphabet.
    if best is None or best.coherence == 0:
        raise UnreadableError(
            f"not UTF-8 (byte 0x{data[first]:02x} at offset {first}), nor any other encoding that "
            "can be told; save it as UTF-8"
        )
    return data.decode(best.encoding, "replace")
