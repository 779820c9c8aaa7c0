"""The entrance of YOLOX and YOLOv5 in an ONNX file: taking every other pixel four times and convolving that.

In: an ONNX network. Out: the same with one convolution there, which is exact but for rounding: fewer steps for
onnxruntime, and nothing with a step of two left for tool chains that know no such slices. `vision.objects.lighter`
does the same for OpenVINO, which reads the file as it is.
"""

import importlib
from typing import Any

import numpy as np

from vision.objects.lighter import spread

_FOUR = [(0, 0), (0, 1), (1, 0), (1, 1)]
_LARGEST_PX = 4096


def fold_entrance(network: Any) -> bool:
    """Change `network` (an onnx.ModelProto); False where it does not begin so."""
    onnx: Any = importlib.import_module("onnx")
    graph = network.graph
    numbers = {one.name: one for one in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    convolution = next((node for node in graph.node if node.op_type == "Conv"), None)
    if convolution is None or convolution.input[1] not in numbers:
        return False
    told = {one.name: list(one.ints) for one in convolution.attribute if one.ints}
    joined = made_by.get(convolution.input[0])
    if joined is None or joined.op_type != "Concat" or set(told.get("dilations", [1])) != {1}:
        return False
    if any(one.name == "auto_pad" and one.s not in (b"", b"NOTSET") for one in convolution.attribute):
        return False
    values = {name: onnx.numpy_helper.to_array(one) for name, one in numbers.items() if one.dims in ([], [1])}
    found = [_corner(name, made_by, values) for name in joined.input]
    pictures = {name for name, _ in found}
    corners = [corner for _, corner in found]
    weights = onnx.numpy_helper.to_array(numbers[convolution.input[1]])
    if pictures != {graph.input[0].name} or sorted(corners) != _FOUR or weights.ndim != 4 or weights.shape[1] % 4:
        return False
    wide = spread(weights, corners)
    # Under a new name: another operation may use the old weights.
    name = f"{convolution.input[1]}/spread"
    graph.initializer.append(onnx.numpy_helper.from_array(wide, name))
    convolution.input[0], convolution.input[1] = graph.input[0].name, name
    kept = [one for one in convolution.attribute if one.name not in ("kernel_shape", "strides", "pads")]
    del convolution.attribute[:]
    convolution.attribute.extend(kept)
    for key, sides in (
        ("kernel_shape", list(wide.shape[2:])),
        ("strides", [2 * step for step in told.get("strides", [1, 1])]),
        ("pads", [2 * side for side in told.get("pads", [0] * 4)]),
    ):
        convolution.attribute.append(onnx.helper.make_attribute(key, sides))
    drop_unused(graph)
    return True


def drop_unused(graph: Any) -> None:
    """Remove operations whose results nobody takes, and numbers that none of the others uses."""
    while True:
        used = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
        idle = [node for node in graph.node if not used.intersection(node.output)]
        if not idle:
            break
        for node in idle:
            graph.node.remove(node)
    for one in [one for one in graph.initializer if one.name not in used]:
        graph.initializer.remove(one)


def _corner(name: str, made_by: dict[str, Any], values: dict[str, Any]) -> tuple[str, tuple[int, int]]:
    """What is sliced in the end, and the first row and column that are taken; ("", ...) where it is otherwise."""
    first: dict[int, int] = {}
    while (node := made_by.get(name)) is not None and node.op_type == "Slice":
        given: list[Any] = [values.get(one) for one in node.input[1:]]
        if len(given) != 4 or any(one is None or np.size(one) != 1 for one in given):
            break
        start, stop, axis, step = (int(np.ravel(one)[0]) for one in given)
        if step != 2 or start not in (0, 1) or stop < _LARGEST_PX or axis in first:
            break
        first[axis] = start
        name = node.input[0]
    return (name, (first[2], first[3])) if set(first) == {2, 3} else ("", (-1, -1))
