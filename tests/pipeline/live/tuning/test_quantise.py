"""The int8 network: what it needs, and a small one that is really made where onnx is installed."""

import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices import MissingError
from pipeline.live.tuning import quantise as module
from pipeline.live.tuning.quantise import can_quantise, quantise
from vision.text.engine import installed_engines, load_network


def test_without_onnx_the_error_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "can_quantise", lambda: False)
    with pytest.raises(MissingError, match=r"pip install 'glossa\[tune\]'"):
        quantise(tmp_path / "in.onnx", tmp_path / "out.onnx", [], "openvino")
    assert list(tmp_path.iterdir()) == []


def small_network(path: Path) -> None:
    """Two convolutions and what stands between them."""
    onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'glossa[tune]'")
    chance = np.random.default_rng(2)
    make, number = onnx.helper, onnx.TensorProto.FLOAT
    weights = [
        onnx.numpy_helper.from_array(chance.normal(0, 0.3, shape).astype(np.float32), name)
        for name, shape in (("first", (8, 3, 3, 3)), ("second", (1, 8, 3, 3)))
    ]
    nodes = [
        make.make_node("Conv", ["x", "first"], ["a"], pads=[1, 1, 1, 1]),
        make.make_node("Relu", ["a"], ["b"]),
        make.make_node("Conv", ["b", "second"], ["c"], pads=[1, 1, 1, 1]),
        make.make_node("Sigmoid", ["c"], ["y"]),
    ]
    ends = [make.make_tensor_value_info(name, number, [1, n, "h", "w"]) for name, n in (("x", 3), ("y", 1))]
    graph = make.make_graph(nodes, "small", ends[:1], ends[1:], weights)
    onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 11)], ir_version=8), str(path))


@pytest.mark.parametrize("engine", installed_engines())
def test_a_small_network_in_int8(engine: str, tmp_path: Path) -> None:
    source, out = tmp_path / "small.onnx", tmp_path / "made" / "int8.onnx"
    small_network(source)
    assert can_quantise()
    chance = np.random.default_rng(5)
    tensors = [chance.uniform(-1, 1, (1, 3, 32, 48)).astype(np.float32) for _ in range(4)]
    before = tempfile.tempdir
    quantise(source, out, tensors, engine)
    assert [path.name for path in out.parent.iterdir()] == ["int8.onnx"]
    assert tempfile.tempdir == before
    assert logging.root.manager.disable < logging.WARNING
    full, fast = (load_network(path, engine, 1, "float32")(tensors[0]) for path in (source, out))
    difference = np.abs(full - fast)
    assert 0 < difference.max() < 0.1
    assert difference.mean() < 0.02
