"""Which convolutions int8 would drown: their signal over the noise of rounding, each by itself, on given feeds.

In: an ONNX network and feeds. Out: names of operations. The case in point are convolutions of one channel each
(MobileNet, YOLOX-Nano): int8 has one scale for all channels, and where one reaches to 160 and another to 0.2, the steps
are larger than all that the second one says.
"""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import vision.text.engine  # noqa: F401 - before onnxruntime: it forbids its reports
from pipeline.live.tuning.quantise import Feed

_MOST_FEEDS = 6
_TINY = 1e-12

Chooser = Callable[[Path, Sequence[Feed]], list[str]]
"""Given a network and feeds, names of the operations to spare."""


def drowned(least_db: float) -> Chooser:
    """A chooser of the convolutions that would be left with less than this, dB."""
    return lambda model, feeds: [name for name, level in clarity(model, feeds).items() if level < least_db]


def clarity(model: Path, feeds: Sequence[Feed]) -> dict[str, float]:
    """dB of signal over noise of each convolution with constant weights; channels count alike. Blocks for seconds."""
    onnx: Any = importlib.import_module("onnx")
    network = onnx.load(str(model))
    numbers = {one.name: onnx.numpy_helper.to_array(one) for one in network.graph.initializer}
    nodes = [node for node in network.graph.node if node.op_type == "Conv" and node.input[1] in numbers]
    some = feeds[:: max(1, len(feeds) // _MOST_FEEDS)][:_MOST_FEEDS]
    if not nodes or not some:
        return {}
    ranges = _ranges(network, nodes, some)
    _add_twins(network, nodes, numbers, ranges)
    session = _session(network)
    names = [name for node in nodes for name in (node.output[0], _twin(node))]
    errors: dict[str, list[NDArray[Any]]] = {node.name: [] for node in nodes}
    powers: dict[str, list[NDArray[Any]]] = {node.name: [] for node in nodes}
    for feed in some:
        told = dict(zip(names, session.run(names, dict(feed)), strict=True))
        for node in nodes:
            plain, rough = told[node.output[0]], told[_twin(node)]
            errors[node.name].append(((plain - rough) ** 2).mean(axis=(0, 2, 3)))
            powers[node.name].append(plain.var(axis=(0, 2, 3)))
    return {node.name: _db(np.mean(errors[node.name], 0), np.mean(powers[node.name], 0)) for node in nodes}


def _db(error: NDArray[Any], power: NDArray[Any]) -> float:
    share = np.minimum(error / np.maximum(power, _TINY), 1.0)
    return float(-10 * np.log10(max(share.mean(), _TINY)))


def _session(network: Any) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _ranges(network: Any, nodes: Sequence[Any], feeds: Sequence[Feed]) -> dict[str, tuple[float, float]]:
    """The smallest and the largest number that goes into each convolution."""
    onnx: Any = importlib.import_module("onnx")
    listening = onnx.ModelProto()
    listening.CopyFrom(network)
    own = {one.name for one in network.graph.input}
    wanted = list(dict.fromkeys(node.input[0] for node in nodes))
    del listening.graph.output[:]
    for name in wanted:
        if name not in own:
            listening.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    session = _session(listening)
    names = [one.name for one in session.get_outputs()]
    found: dict[str, list[float]] = {name: [0.0, 0.0] for name in wanted}
    for feed in feeds:
        for name, tensor in {**dict(zip(names, session.run(names, dict(feed)), strict=True)), **feed}.items():
            if name in found:
                found[name] = [min(found[name][0], float(tensor.min())), max(found[name][1], float(tensor.max()))]
    return {name: (low, high) for name, (low, high) in found.items()}


def _twin(node: Any) -> str:
    return f"{node.output[0]}/rough"


def _add_twins(network: Any, nodes: Sequence[Any], numbers: dict[str, Any], ranges: dict[str, Any]) -> None:
    """Beside each convolution one that is given what int8 leaves of its input and weights; both become outputs."""
    onnx: Any = importlib.import_module("onnx")
    graph, made = network.graph, onnx.helper.make_node
    rough: dict[str, str] = {}
    for node in nodes:
        put = node.input[0]
        if put not in rough:
            rough[put] = f"{put}/rounded"
            low, high = ranges[put]
            scale = max((high - low) / 255, 1e-9)
            for name, value in (
                (f"{put}/scale", np.float32(scale)),
                (f"{put}/zero", np.uint8(min(round(-low / scale), 255))),
            ):
                graph.initializer.append(onnx.numpy_helper.from_array(np.asarray(value), name))
            ends = [f"{put}/scale", f"{put}/zero"]
            graph.node.append(made("QuantizeLinear", [put, *ends], [f"{put}/int8"]))
            graph.node.append(made("DequantizeLinear", [f"{put}/int8", *ends], [rough[put]]))
        weights = f"{node.output[0]}/weights"
        graph.initializer.append(onnx.numpy_helper.from_array(_rounded(numbers[node.input[1]]), weights))
        twin = onnx.NodeProto()
        twin.CopyFrom(node)
        twin.name = f"{node.name}/rough"
        twin.input[0], twin.input[1] = rough[put], weights
        twin.output[0] = _twin(node)
        graph.node.append(twin)
    del graph.output[:]
    for node in nodes:
        for name in (node.output[0], _twin(node)):
            graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))


def _rounded(weights: NDArray[Any]) -> NDArray[Any]:
    steps = np.abs(weights).reshape(len(weights), -1).max(axis=1).reshape(-1, *[1] * (weights.ndim - 1)) / 127
    steps = np.maximum(steps, 1e-12)
    return np.asarray(np.rint(weights / steps) * steps, weights.dtype)
