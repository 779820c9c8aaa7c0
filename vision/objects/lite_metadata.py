"""What MediaPipe's detectors carry along: their anchors, and how answers become boxes. Trusts nothing.

In: a .tflite file. Out: figures, or an InputError. The format is a flat buffer in a flat buffer (flatbuffers.dev);
fields are those of mediapipe/tasks/metadata in github.com/google-ai-edge/mediapipe.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices import InputError

_MOST_ANCHORS = 200_000


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a network's numbers become boxes."""

    anchors: NDArray[np.float32]
    """`(N, 4)`: centre x, centre y, width, height, shares of the picture."""
    scales: tuple[float, float, float, float]
    """What x, y, width and height are divided by."""
    exponential: bool
    """Sizes are logarithms."""
    sigmoid: bool
    """Scores are logits."""


def decoding_of(model: bytes, title: str) -> Decoding:
    """Raises InputError where a network has none."""
    try:
        found = _find(_Table.root(model))
        if found is None:
            raise InputError(f"{title}: carries no anchors; expected a detector as MediaPipe publishes them")
        wishes = found.table(2)
        listed = found.table(1).table(0).tables(0, _MOST_ANCHORS)
        anchors = np.array([[one.number(field) for field in range(4)] for one in listed], np.float32).reshape(-1, 4)
        scales = tuple(wishes.number(field) or 1.0 for field in (6, 7, 8, 9))
    except (struct.error, IndexError, ValueError, OverflowError) as why:
        raise InputError(f"{title}: what it says about its boxes cannot be read ({why}); get it again") from why
    if not np.isfinite(anchors).all() or not np.isfinite(scales).all():
        raise InputError(f"{title}: its anchors are no numbers; get it again")
    return Decoding(anchors, (scales[0], scales[1], scales[2], scales[3]), wishes.flag(10), wishes.flag(11))


def _find(model: "_Table") -> "_Table | None":
    """The detector's own table, three layers down."""
    for named in model.tables(6, 100):
        if named.text(0) != "TFLITE_METADATA":
            continue
        buffers = model.tables(4, 1_000_000)
        inner = _Table.root(buffers[named.whole(1)].bytes(0))
        for graph in inner.tables(3, 10):
            for own in graph.tables(9, 10):
                if own.text(0) == "DETECTOR_METADATA":
                    return _Table.root(own.bytes(1))
    return None


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a flat buffer; every step is checked against its end."""

    data: bytes
    at: int

    @classmethod
    def root(cls, data: bytes) -> "_Table":
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _field(self, number: int) -> int | None:
        """Where a field lies, or None where it is left out."""
        (back,) = struct.unpack_from("<i", self.data, self.at)
        names = self.at - back
        if names < 0:
            raise ValueError("a table leads out of the file")
        (size,) = struct.unpack_from("<H", self.data, names)
        if 4 + 2 * number + 2 > size:
            return None
        (offset,) = struct.unpack_from("<H", self.data, names + 4 + 2 * number)
        return self.at + offset if offset else None

    def _follow(self, number: int) -> int | None:
        at = self._field(number)
        return None if at is None else at + int(struct.unpack_from("<I", self.data, at)[0])

    def number(self, field: int) -> float:
        at = self._field(field)
        return 0.0 if at is None else float(struct.unpack_from("<f", self.data, at)[0])

    def whole(self, field: int) -> int:
        at = self._field(field)
        return 0 if at is None else int(struct.unpack_from("<I", self.data, at)[0])

    def flag(self, field: int) -> bool:
        at = self._field(field)
        return at is not None and self.data[at] != 0

    def bytes(self, field: int) -> bytes:
        at = self._follow(field)
        if at is None:
            return b""
        (size,) = struct.unpack_from("<I", self.data, at)
        if at + 4 + size > len(self.data):
            raise ValueError("a list leads out of the file")
        return self.data[at + 4 : at + 4 + size]

    def text(self, field: int) -> str:
        return self.bytes(field).decode("utf-8", "replace")

    def table(self, field: int) -> "_Table":
        at = self._follow(field)
        if at is None:
            raise ValueError("a table is missing")
        return _Table(self.data, at)

    def tables(self, field: int, most: int) -> "list[_Table]":
        at = self._follow(field)
        if at is None:
            return []
        (size,) = struct.unpack_from("<I", self.data, at)
        if size > most or at + 4 + 4 * size > len(self.data):
            raise ValueError(f"a list of {size}")
        places = range(at + 4, at + 4 + 4 * size, 4)
        return [_Table(self.data, place + int(struct.unpack_from("<I", self.data, place)[0])) for place in places]
