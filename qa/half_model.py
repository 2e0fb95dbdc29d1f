"""Two halves of an ONNX model: its file's bytes up to some value, and from there on.

Of the nodes those are kept that the half needs: onnxruntime would compute the others, too.  An ONNX
file is one message of Protocol Buffers, a sequence of fields each of which says how long it is
(https://protobuf.dev/programming-guides/encoding/), so that one can be left out and another added
without reading the others.  The numbers of the fields are those of onnx.proto.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

# ModelProto.graph, and GraphProto's fields.
GRAPH, NODE, WEIGHTS, INPUT, OUTPUT = 7, 1, 5, 11, 12
NODE_INPUT, NODE_OUTPUT, WEIGHTS_NAME, NAME = 1, 2, 8, 1  # NodeProto's, TensorProto's, ValueInfoProto's
# ValueInfoProto.type of three-dimensional floats: TypeProto.tensor_type, its elem_type FLOAT and shape.
TYPE, TENSOR, ELEMENT, SHAPE, DIMENSION, FLOAT = 2, 1, 1, 2, 1, 1
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5


def lower_part(model: bytes, output: str) -> bytes:
    """``model`` up to the value named ``output``, which becomes its only output.

    Raises ValueError for what is no message, and for a value that the model does not have.
    """

    def lower(graph: memoryview) -> bytes:
        kept = _needed(graph, [output])
        return kept + _field(OUTPUT, _field(NAME, output.encode()))

    return _with_graph(model, lower)


def upper_part(model: bytes, value: str) -> bytes:
    """``model`` from the value named ``value`` on, floats of three dimensions, now one of its inputs.

    Raises ValueError for what is no message, and for a value that the model does not have.
    """

    def upper(graph: memoryview) -> bytes:
        outputs = [content for number, _, content in _fields(graph) if number == OUTPUT]
        kept = _needed(graph, list(map(_name, outputs)), given=value)
        shape = _field(SHAPE, _field(DIMENSION, b"") * 3)
        tensor = _varint(ELEMENT << 3 | _VARINT) + _varint(FLOAT) + shape
        is_input = _field(NAME, value.encode()) + _field(TYPE, _field(TENSOR, tensor))
        return kept + _field(INPUT, is_input) + b"".join(_field(OUTPUT, output) for output in outputs)

    return _with_graph(model, upper)


def _needed(graph: memoryview, outputs: Sequence[str], given: str | None = None) -> bytes:
    """``graph`` without its outputs, and of its nodes, weights and inputs what ``outputs`` need.

    What the value ``given`` is made from is not needed for it.
    """
    fields = list(_fields(graph))
    nodes = [content for number, _, content in fields if number == NODE]
    made_by = {name: node for node in nodes for name in _texts(node, NODE_OUTPUT)}
    for value in (*outputs, *([given] if given else [])):
        if value not in made_by:
            raise ValueError(f"the model has no value {value!r}")
    needed: set[str] = set()
    names = list(outputs)
    while names:
        name = names.pop()
        if name not in needed and name != given:
            needed.add(name)
            names += _texts(made_by[name], NODE_INPUT) if name in made_by else []

    def is_needed(number: int, content: memoryview) -> bool:
        if number == NODE:
            return not needed.isdisjoint(_texts(content, NODE_OUTPUT))
        if number == WEIGHTS:
            return not needed.isdisjoint(_texts(content, WEIGHTS_NAME))
        return number != OUTPUT and (number != INPUT or _name(content) in needed)

    return b"".join(field for number, field, content in fields if is_needed(number, content))


def _with_graph(model: bytes, change: Callable[[memoryview], bytes]) -> bytes:
    return b"".join(
        _field(GRAPH, change(content)) if number == GRAPH else field
        for number, field, content in _fields(memoryview(model))
    )


def _name(value: memoryview) -> str:
    return _texts(value, NAME)[0]


def _texts(message: memoryview, number: int) -> list[str]:
    return [str(content, "utf-8") for of, _, content in _fields(message) if of == number]


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """Of each field of a message its number, all its bytes, and those of its content, not copied."""
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
        yield key >> 3, message[start:place], message[body:place]


def _read_varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(message):
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
    raise ValueError("a message of Protocol Buffers that is cut off")


def _field(number: int, content: bytes | memoryview) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
