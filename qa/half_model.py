"""The lower layers of an ONNX model: the file's bytes with another output in the place of its own.

What no output needs any more, onnxruntime leaves out when it loads the model.  An ONNX file is one
message of Protocol Buffers, a sequence of fields each of which says how long it is
(https://protobuf.dev/programming-guides/encoding/), so that one can be left out and another added
without reading the others.  The numbers of the fields are those of onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

GRAPH, OUTPUT, NAME = 7, 12, 1  # ModelProto.graph, GraphProto.output, ValueInfoProto.name
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5


def lower_part(model: bytes, output: str) -> bytes:
    """``model`` up to the value named ``output``, which becomes its only output.

    Raises ValueError for what is no message, and onnxruntime complains of an unknown name.
    """
    parts = []
    for number, start, body, end in _fields(model):
        field = model[start:end]
        if number == GRAPH:
            graph = model[body:end]
            kept = [graph[first:last] for of, first, _, last in _fields(graph) if of != OUTPUT]
            field = _field(GRAPH, b"".join(kept) + _field(OUTPUT, _field(NAME, output.encode())))
        parts.append(field)
    return b"".join(parts)


def _fields(message: bytes) -> Iterator[tuple[int, int, int, int]]:
    """The number of each field of a message, where it starts, where its content starts and ends."""
    place = 0
    while place < len(message):
        start = place
        key, body = _read_varint(message, place)
        kind = key & 7
        if kind == _LENGTH:
            length, body = _read_varint(message, body)
            place = body + length
        elif kind == _VARINT:
            _, place = _read_varint(message, body)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            place = body + (8 if kind == _EIGHT_BYTES else 4)
        else:
            raise ValueError("no message of Protocol Buffers")
        if place > len(message):
            raise ValueError("a message of Protocol Buffers that is cut off")
        yield key >> 3, start, body, place


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(message):
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
    raise ValueError("a message of Protocol Buffers that is cut off")


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
