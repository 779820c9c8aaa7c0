"""Networks of one constant each: what a detector of some kind would answer, without the detector."""

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from devices import Frame, Stamp

STAMP = Stamp("test", 3, 1_000, 2.0)


def frame(width: int = 320, height: int = 240) -> Frame:
    rgb = np.full((height, width, 3), 90, np.uint8)
    rgb.flags.writeable = False
    return Frame(STAMP, rgb)


def write_network(
    path: Path, inputs: Mapping[str, tuple[str, Sequence[int | str]]], answers: Mapping[str, NDArray[np.generic]]
) -> Path:
    """A network that takes `inputs` (kind and shape) and always gives `answers`; skips without the onnx package."""
    if importlib.util.find_spec("onnx") is None:
        pytest.skip("needs the onnx package: pip install 'glossa[tune]'")
    onnx: Any = importlib.import_module("onnx")
    helper, numpy_helper = onnx.helper, importlib.import_module("onnx.numpy_helper")
    kinds = {"float32": onnx.TensorProto.FLOAT, "uint8": onnx.TensorProto.UINT8, "int64": onnx.TensorProto.INT64}
    puts = [helper.make_tensor_value_info(name, kinds[kind], list(shape)) for name, (kind, shape) in inputs.items()]
    outs, nodes = [], []
    first = next(iter(inputs))
    # Something of the input has to reach the output, or an engine drops the input: it is multiplied by nought.
    zero = numpy_helper.from_array(np.zeros((), np.float32), "zero")
    nodes.append(helper.make_node("Cast", [first], ["seen"], to=onnx.TensorProto.FLOAT))
    nodes.append(helper.make_node("ReduceMax", ["seen"], ["most"], keepdims=0))
    nodes.append(helper.make_node("Mul", ["most", "zero"], ["nothing"]))
    consts = [zero]
    for name, value in answers.items():
        consts.append(numpy_helper.from_array(np.asarray(value, np.float32), f"{name}_constant"))
        kind = kinds[str(value.dtype)]
        nodes.append(helper.make_node("Add", [f"{name}_constant", "nothing"], [f"{name}_sum"]))
        nodes.append(helper.make_node("Cast", [f"{name}_sum"], [name], to=kind))
        outs.append(helper.make_tensor_value_info(name, kind, list(value.shape)))
    graph = helper.make_graph(nodes, "tiny", puts, outs, initializer=consts)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path
