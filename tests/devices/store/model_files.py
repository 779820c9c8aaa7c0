"""Small model files written by hand, good and hostile, without the packages that make real ones."""

import struct


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protocol buffer."""
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    return _number(number << 3 | 2) + _number(len(value)) + value


def _number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def onnx_bytes(*, weights: int = 100, outside: str = "", inside: str = "graph") -> bytes:
    """A network that gives back what it is given; `outside`: takes weights from that file, named in `inside`:
    a tensor of the `graph`, of a `node`'s attribute, or of a `branch` (a graph within an attribute)."""
    tensor = field(1, weights) + field(2, 1) + field(8, b"w") + field(9, bytes(4 * weights))
    if outside:
        location = field(1, b"location") + field(2, outside.encode())
        tensor = field(1, 1) + field(2, 1) + field(8, b"w") + field(13, location) + field(14, 1)
    attribute = {"graph": b"", "node": field(5, tensor), "branch": field(6, field(5, tensor))}[inside]
    more = field(5, field(1, b"value") + attribute) if attribute else b""
    node = field(1, b"x") + field(2, b"y") + field(4, b"Identity") + more
    shape = field(2, field(1, field(1, 1)))
    value = field(2, field(1, field(1, 1) + shape))
    ends = field(11, field(1, b"x") + value) + field(12, field(1, b"y") + value)
    graph = field(1, node) + field(2, b"g") + (field(5, tensor) if inside == "graph" else b"") + ends
    return field(1, 8) + field(7, graph) + field(8, field(2, 17))


def tflite_bytes() -> bytes:
    """The head of a TensorFlow Lite file and an empty table."""
    return struct.pack("<I4s", 16, b"TFL3") + struct.pack("<HHHH", 4, 4, 0, 0) + struct.pack("<i", 8) + bytes(16)


def gguf_bytes(*, tensors: int = 1, settings: int = 1) -> bytes:
    """The head of a GGUF file."""
    return struct.pack("<4sIQQ", b"GGUF", 3, tensors, settings) + bytes(100)
