"""Makes detectors as MediaPipe publishes them, tiny ones of our own: a red patch is a person, a blue one a car.

Needs LiteRT, which brings the format's classes. The metadata are written by hand, field by field.
"""

import importlib
import struct
from pathlib import Path
from typing import Any

import numpy as np

from tests.vision.hands.tiny_tasks import Net, with_labels

SIDE_PX, CELLS = 320, 10
LABELS = ("person", "???", "car")


def table(builder: Any, fields: dict[int, tuple[str, Any]], count: int) -> int:
    """One table of a flat buffer; fields by number: what kind, and the value or the place of what was built."""
    builder.StartObject(count)
    for number, (kind, value) in fields.items():
        match kind:
            case "float":
                builder.PrependFloat32Slot(number, value, -1e9)
            case "int":
                builder.PrependInt32Slot(number, value, -1)
            case "flag":
                builder.PrependBoolSlot(number, value, not value)
            case "place":
                builder.PrependUOffsetTRelativeSlot(number, value, 0)
    return int(builder.EndObject())


def vector(builder: Any, places: list[int]) -> int:
    builder.StartVector(4, len(places), 4)
    for place in reversed(places):
        builder.PrependUOffsetTRelative(place)
    return int(builder.EndVector())


def options(count: int = CELLS * CELLS, sigmoid: bool = True, exponential: bool = True) -> bytes:
    """ObjectDetectorOptions: an anchor in each cell, a fifth of the picture wide and two fifths high."""
    flatbuffers: Any = importlib.import_module("flatbuffers")
    builder = flatbuffers.Builder(1024)
    anchors = []
    for index in range(count):
        y, x = divmod(index, CELLS)
        values = ((x + 0.5) / CELLS, (y + 0.5) / CELLS, 0.2, 0.4)
        anchors.append(table(builder, {i: ("float", value) for i, value in enumerate(values)}, 4))
    schema = table(builder, {0: ("place", vector(builder, anchors))}, 1)
    ssd = table(builder, {0: ("place", schema)}, 1)
    scales = dict.fromkeys((6, 7, 8, 9), ("float", 1.0))
    decoding = table(builder, {**scales, 10: ("flag", exponential), 11: ("flag", sigmoid)}, 12)
    builder.Finish(table(builder, {1: ("place", ssd), 2: ("place", decoding)}, 3), b"V001")
    return bytes(builder.Output())


def metadata(own: bytes) -> bytes:
    """ModelMetadata with a detector's own table in it."""
    flatbuffers: Any = importlib.import_module("flatbuffers")
    builder = flatbuffers.Builder(1024)
    name, data = builder.CreateString("DETECTOR_METADATA"), builder.CreateByteVector(own)
    custom = table(builder, {0: ("place", name), 1: ("place", data)}, 2)
    graph = table(builder, {9: ("place", vector(builder, [custom]))}, 10)
    builder.Finish(table(builder, {3: ("place", vector(builder, [graph]))}, 4), b"M001")
    return bytes(builder.Output())


def detector(own: bytes | None = None, *, labels: bool = True) -> bytes:
    """`own`: other metadata than `options()`; b"": none at all."""
    net = Net()
    seen = net.pooled(net.put((1, SIDE_PX, SIDE_PX, 3)), SIDE_PX, SIDE_PX // CELLS)
    boxes = net.conv(seen, CELLS, np.zeros((3, 4)), np.zeros(4))
    # From -1 to 1 a channel: red alone, and blue alone.
    weights = np.array([[8, 0, -8], [-8, 0, -8], [-8, 0, 8]], float)
    scores = net.conv(seen, CELLS, weights, np.array([-12.0, -30.0, -12.0]))
    own = options() if own is None else own
    if own:
        note, buffer = net.fb.MetadataT(), net.fb.BufferT()
        buffer.data = np.frombuffer(metadata(own), np.uint8)
        net.model.buffers.append(buffer)
        note.name, note.buffer = "TFLITE_METADATA", len(net.model.buffers) - 1
        net.model.metadata = [note]
    made = net.ends(net.reshaped(boxes, (1, CELLS * CELLS, 4)), net.reshaped(scores, (1, CELLS * CELLS, len(LABELS))))
    return with_labels(made, *LABELS) if labels else made


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def broken(content: bytes, at: int, value: int) -> bytes:
    return content[:at] + struct.pack("<I", value) + content[at + 4 :]
