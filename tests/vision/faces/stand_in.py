"""A network with the ports of YuNet that takes magenta patches for faces: the real file is not at hand here.

Needs onnx. It runs on the real engines, so that feeding, reading and choosing are tested as they are used.
"""

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from devices import Rgb

FACE_PX = 64
COLOUR = (255, 0, 255)
STRIPE_PX = 8


def installed() -> bool:
    return importlib.util.find_spec("onnx") is not None


def yunet(path: Path, side_px: int | None = 640, *, stiff: bool = False) -> Path:
    """Writes it; `side_px` of its pictures as in the file of 2023, None: any, as in later ones.

    `stiff`: its layers know how many answers they give at that size.
    """
    onnx: Any = importlib.import_module("onnx")
    helper, numbers = onnx.helper, onnx.TensorProto.FLOAT
    nodes: list[Any] = []
    values: list[Any] = []
    outputs: list[Any] = []

    def constant(name: str, array: Any) -> str:
        values.append(onnx.numpy_helper.from_array(np.asarray(array), name))
        return name

    for stride in (8, 16, 32):
        nodes.append(helper.make_node("AveragePool", ["input"], [f"p{stride}"], kernel_shape=[stride] * 2,
                                      strides=[stride] * 2))  # fmt: skip
        size = float(np.log(FACE_PX / stride))
        for kind, weights, bias in (
            ("cls", [[0.2, -0.4, 0.2]], [-80.0]),  # blue, green, red
            ("obj", [[0.0, 0.0, 0.0]], [20.0]),
            ("bbox", np.zeros((4, 3)), [0.5, 0.5, size, size]),
            ("kps", np.zeros((10, 3)), [0.5] * 10),
        ):
            w = constant(f"w_{kind}_{stride}", np.asarray(weights, np.float32)[:, :, None, None])
            b = constant(f"b_{kind}_{stride}", np.asarray(bias, np.float32))
            nodes.append(helper.make_node("Conv", [f"p{stride}", w, b], [f"c_{kind}_{stride}"]))
            flat, last = f"t_{kind}_{stride}", len(bias)
            nodes.append(helper.make_node("Transpose", [f"c_{kind}_{stride}"], [flat], perm=[0, 2, 3, 1]))
            if last == 1:
                nodes.append(helper.make_node("Sigmoid", [flat], [flat + "s"]))
                flat += "s"
            cells = (side_px // stride) ** 2 if stiff and side_px else -1
            shape = constant(f"s_{kind}_{stride}", np.array([1, cells, last], np.int64))
            nodes.append(helper.make_node("Reshape", [flat, shape], [f"{kind}_{stride}"]))
            outputs.append(helper.make_tensor_value_info(f"{kind}_{stride}", numbers, [1, None, last]))
    sides = [side_px, side_px] if side_px else ["height", "width"]
    put = helper.make_tensor_value_info("input", numbers, [1, 3, *sides])
    graph = helper.make_graph(nodes, "stand-in", [put], outputs, values)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))
    return path


def with_face(rgb: Rgb, x: int, y: int, size_px: int = FACE_PX) -> Rgb:
    """A copy with a magenta patch whose left top is there; it has stripes, as a face has features."""
    marked = rgb.copy()
    marked[y : y + size_px, x : x + size_px] = COLOUR
    for top in range(y, y + size_px, STRIPE_PX):
        marked[top : top + STRIPE_PX // 2, x : x + size_px, 1] = 80
    return marked


def features(rgb: Rgb) -> int:
    """Pixels in which the stripes of a face can still be seen."""
    patch = (rgb[..., 0] > 170) & (rgb[..., 2] > 170) & (rgb[..., 1] < 130)
    green = rgb[..., 1].astype(int)
    edge = np.zeros(patch.shape, bool)
    edge[2:] = np.abs(green[2:] - green[:-2]) > 40
    edge[:, STRIPE_PX:] &= edge[:, :-STRIPE_PX]  # wide ones
    return int((patch & edge).sum())
