"""int8 has one scale for all channels: a convolution whose channels differ much is found, and spared."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.live.tuning.quantise import Feed, Recipe, quantise_as
from pipeline.optimise.noise import clarity, drowned

onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'glossa[optimise]'")


def network(path: Path) -> Path:
    """Each channel by itself, one of which says a thousandth of what the other says; then both."""
    number, make = onnx.numpy_helper.from_array, onnx.helper.make_node
    chance = np.random.default_rng(6)
    constants = {
        "gain": np.array([1, 0.001], np.float32).reshape(2, 1, 1, 1),
        "each": np.array([1, 1000], np.float32).reshape(2, 1, 1, 1),
        "both": chance.normal(size=(4, 2, 1, 1)).astype(np.float32),
    }
    nodes = [
        make("Conv", ["x", "gain"], ["small"], "gain", group=2),
        make("Conv", ["small", "each"], ["even"], "each", group=2),
        make("Conv", ["even", "both"], ["y"], "both"),
    ]
    ends = [
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1, c, 8, 8]) for n, c in (("x", 2), ("y", 4))
    ]
    graph = onnx.helper.make_graph(nodes, "made", ends[:1], ends[1:], [number(v, n) for n, v in constants.items()])
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8), str(path))
    return path


def feeds() -> list[Feed]:
    chance = np.random.default_rng(7)
    return [{"x": chance.uniform(-1, 1, (1, 2, 8, 8)).astype(np.float32)} for _ in range(3)]


def test_the_drowned_one_is_found(tmp_path: Path) -> None:
    path = network(tmp_path / "made.onnx")
    levels = clarity(path, feeds())
    assert set(levels) == {"gain", "each", "both"}
    assert levels["each"] < 6
    assert min(levels["gain"], levels["both"]) > 30
    assert drowned(20.0)(path, feeds()) == ["each"]
    assert clarity(path, []) == {}


def test_it_is_spared(tmp_path: Path) -> None:
    path = network(tmp_path / "made.onnx")
    quantise_as(path, tmp_path / "out.onnx", feeds(), Recipe(("Conv",), results=False), drowned(20.0))
    graph = onnx.load(str(tmp_path / "out.onnx")).graph
    made = {name: node.op_type for node in graph.node for name in node.output}
    sides = {node.name: made.get(node.input[0], "") for node in graph.node if node.op_type == "Conv"}
    assert sides["each"] != "DequantizeLinear"
    assert sides["both"] == "DequantizeLinear"
