"""Walks the fields of a protocol buffer without knowing its schema, and without believing its lengths.

In: bytes that claim to be a message. Out: field numbers and values, or `ValueError` at the first thing that does not
fit. Copies nothing: values are slices of the same memory.

Standard: protobuf.dev/programming-guides/encoding. The one field type that is gone from it, groups, is refused.
"""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


def fields(message: memoryview) -> Iterator[tuple[int, int, int | memoryview]]:
    """Number, wire type and value of each field in turn; values of fixed width are given as their bytes."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise ValueError("a field with the number 0")
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, kind, value
            continue
        if kind == BYTES:
            length, at = _varint(message, at)
        elif kind in (FIXED64, FIXED32):
            length = 8 if kind == FIXED64 else 4
        else:
            raise ValueError(f"a field of the unknown type {kind}")
        if length > end - at:
            raise ValueError(f"a field of {length} bytes where {end - at} are left")
        yield number, kind, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for n, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * n)
        if not byte & 0x80:
            return value, at + n + 1
    raise ValueError("a number without an end")
