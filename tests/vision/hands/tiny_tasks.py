"""Makes .task files as MediaPipe's are, with tiny networks of our own, so that the real runtime runs the whole way.

The palm detector sees white patches; the joints are always the same; the classifier takes a left hand for an open palm
and a right one for a fist. Needs LiteRT, which brings the format's classes.
"""

import importlib
import importlib.util
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PALM_PX = 40.0
"""Side of the palm that is found around a white patch, pixels of the detector's 192."""
LABELS = ("None", "Closed_Fist", "Open_Palm", "Pointing_Up", "Thumb_Down", "Thumb_Up", "Victory", "ILoveYou")

_OPTIONS = {
    "AVERAGE_POOL_2D": "Pool2D",
    "CONV_2D": "Conv2D",
    "RESHAPE": "Reshape",
    "CONCATENATION": "Concatenation",
    "FULLY_CONNECTED": "FullyConnected",
    "SOFTMAX": "Softmax",
}


def joints() -> Array:
    """`(21, 3)` pixels of the 224: the wrist below the middle, fingers upwards in a fan."""
    points = [(112.0, 190.0, 0.0)]
    for finger in range(5):
        points += [(60.0 + 26 * finger, 150.0 - 28 * joint, 4.0 * joint) for joint in range(4)]
    return np.array(points, np.float32)


def installed() -> bool:
    return importlib.util.find_spec("ai_edge_litert") is not None


class Net:
    """A network as it grows. Tensors are numbers; constants are arrays."""

    def __init__(self) -> None:
        self.fb: Any = importlib.import_module("ai_edge_litert.schema_py_generated")
        self.graph = self.fb.SubGraphT()
        self.graph.tensors, self.graph.operators, self.graph.inputs, self.graph.outputs = [], [], [], []
        self.model = self.fb.ModelT()
        self.model.version, self.model.subgraphs = 3, [self.graph]
        self.model.buffers, self.model.operatorCodes = [self.fb.BufferT()], []

    def tensor(self, shape: tuple[int, ...], name: str = "", data: Array | None = None) -> int:
        one = self.fb.TensorT()
        one.shape, one.name = list(shape), name or f"t{len(self.graph.tensors)}"
        one.type = self.fb.TensorType.INT32 if data is not None and data.dtype == np.int32 else 0
        if data is not None:
            buffer = self.fb.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            one.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(one)
        return len(self.graph.tensors) - 1

    def put(self, shape: tuple[int, ...], name: str = "") -> int:
        self.graph.inputs.append(self.tensor(shape, name))
        return int(self.graph.inputs[-1])

    def const(self, data: Array) -> int:
        return self.tensor(data.shape, data=data)

    def op(self, kind: str, inputs: list[int], shape: tuple[int, ...], **wishes: Any) -> int:
        code = self.fb.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self.fb.BuiltinOperator, kind)
        self.model.operatorCodes.append(code)
        one = self.fb.OperatorT()
        one.opcodeIndex, one.inputs, one.outputs = len(self.model.operatorCodes) - 1, inputs, [self.tensor(shape)]
        if kind in _OPTIONS:
            one.builtinOptionsType = getattr(self.fb.BuiltinOptions, f"{_OPTIONS[kind]}Options")
            one.builtinOptions = getattr(self.fb, f"{_OPTIONS[kind]}OptionsT")()
            for name, value in wishes.items():
                setattr(one.builtinOptions, name, value)
        self.graph.operators.append(one)
        return int(one.outputs[0])

    def reshaped(self, source: int, shape: tuple[int, ...]) -> int:
        return self.op("RESHAPE", [source, self.const(np.array(shape, np.int32))], shape, newShape=list(shape))

    def pooled(self, source: int, side: int, step: int) -> int:
        cells = side // step
        return self.op("AVERAGE_POOL_2D", [source], (1, cells, cells, 3), strideW=step, strideH=step,
                       filterWidth=step, filterHeight=step, padding=1)  # fmt: skip

    def conv(self, source: int, cells: int, weights: Array, bias: Array) -> int:
        kernel = np.ascontiguousarray(weights.T.reshape(len(bias), 1, 1, -1), np.float32)
        parts = [source, self.const(kernel), self.const(bias.astype(np.float32))]
        wishes = {"strideW": 1, "strideH": 1, "dilationWFactor": 1, "dilationHFactor": 1}
        return self.op("CONV_2D", parts, (1, cells, cells, len(bias)), **wishes)

    def dense(self, source: int, weights: Array, bias: Array) -> int:
        parts = [source, self.const(weights.astype(np.float32)), self.const(bias.astype(np.float32))]
        return self.op("FULLY_CONNECTED", parts, (1, len(bias)))

    def ends(self, *outputs: int) -> bytes:
        self.graph.outputs = list(outputs)
        flatbuffers: Any = importlib.import_module("flatbuffers")
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def detector(turned: bool = False) -> bytes:
    """Finds white patches; `turned`: their fingers point to the right."""
    net = Net()
    picture = net.put((1, 192, 192, 3))
    offsets = np.zeros(18, np.float32)
    offsets[2:4] = PALM_PX
    wrist, root = ((-20.0, 0.0), (20.0, 0.0)) if turned else ((0.0, 20.0), (0.0, -20.0))
    offsets[4:6], offsets[8:10] = wrist, root
    raw, scores = [], []
    for step, each in ((8, 2), (16, 6)):
        cells = 192 // step
        seen = net.pooled(picture, 192, step)
        scores.append(net.reshaped(net.conv(seen, cells, np.full((3, each), 20.0), np.full(each, -54.0)),
                                   (1, cells * cells * each, 1)))  # fmt: skip
        raw.append(net.reshaped(net.conv(seen, cells, np.zeros((3, 18 * each)), np.tile(offsets, each)),
                                (1, cells * cells * each, 18)))  # fmt: skip
    return net.ends(
        net.op("CONCATENATION", raw, (1, 2016, 18), axis=1), net.op("CONCATENATION", scores, (1, 2016, 1), axis=1)
    )


def landmarks(left: float = 0.9, presence: float = 4.0) -> bytes:
    net = Net()
    picture = net.put((1, 224, 224, 3))
    flat = net.reshaped(net.pooled(picture, 224, 224), (1, 3))
    zero = np.zeros((63, 3))
    points = net.dense(flat, zero, joints().ravel())
    there = net.op("LOGISTIC", [net.dense(flat, zero[:1], np.array([presence]))], (1, 1))
    side = net.dense(flat, zero[:1], np.array([left]))
    world = net.dense(flat, zero, (joints() / 1000).ravel())
    return net.ends(points, there, side, world)


def embedder() -> bytes:
    """All that it is given, in a row."""
    net = Net()
    points, side, world = net.put((1, 21, 3), "hand"), net.put((1, 1), "handedness"), net.put((1, 21, 3), "world_hand")
    row = net.op("CONCATENATION", [net.reshaped(points, (1, 63)), side, net.reshaped(world, (1, 63))], (1, 127), axis=1)
    return net.ends(net.dense(row, np.eye(128, 127), np.zeros(128)))


def classifier() -> bytes:
    net = Net()
    weights = np.zeros((8, 128))
    weights[LABELS.index("Open_Palm"), 63], weights[LABELS.index("Closed_Fist"), 63] = 12.0, -12.0
    bias = np.full(8, -9.0)
    bias[LABELS.index("Open_Palm")], bias[LABELS.index("Closed_Fist")] = 0.0, 12.0
    return net.ends(net.op("SOFTMAX", [net.dense(net.put((1, 128)), weights, bias)], (1, 8), beta=1.0))


def with_labels(network: bytes, *labels: str) -> bytes:
    """A zip behind a network, as MediaPipe's carry them."""
    behind = io.BytesIO(network)
    with zipfile.ZipFile(behind, "a") as archive:
        archive.writestr("labels.txt", "\n".join(labels))
    return behind.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def hand_task(*, turned: bool = False, left: float = 0.9, presence: float = 4.0) -> bytes:
    return zipped(
        {"hand_detector.tflite": detector(turned), "hand_landmarks_detector.tflite": landmarks(left, presence)}
    )


def gesture_task(path: Path, *, left: float = 0.9, presence: float = 4.0) -> Path:
    inner = zipped({"gesture_embedder.tflite": embedder(),
                    "canned_gesture_classifier.tflite": with_labels(classifier(), *LABELS)})  # fmt: skip
    path.write_bytes(zipped({"hand_landmarker.task": hand_task(left=left, presence=presence),
                             "hand_gesture_recognizer.task": inner}))  # fmt: skip
    return path
