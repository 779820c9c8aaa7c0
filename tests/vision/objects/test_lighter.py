"""A network that was made cheaper gives the same answers; one that begins otherwise is left alone."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.objects.boxes import overlaps, suppressed
from vision.objects.graph import Graph
from vision.objects.lighter import DIP, LIMIT, spread
from vision.objects.picture import planes, rows
from vision.text.engine import FULL_PRECISION, installed_engines

CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))

needs_openvino = pytest.mark.skipif("openvino" not in installed_engines(), reason="openvino is not installed")


def focus(
    path: Path, *, corners: Sequence[tuple[int, int]] = CORNERS, step: int = 2, turned: bool = True, gain: float = 1.0
) -> Path:
    """As YOLOX begins: every other pixel four times, convolved, SiLU; and as it ends: turned."""
    onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'glossa[tune]'")
    make, number = onnx.helper.make_node, importlib.import_module("onnx.numpy_helper").from_array
    chance = np.random.default_rng(5)
    weights = (gain * chance.normal(size=(8, 3 * len(corners), 3, 3))).astype(np.float32)
    constants = [number(weights, "w"), number(chance.normal(size=8).astype(np.float32), "b")]
    constants += [number(np.array([n], np.int64), f"n{n}") for n in (0, 1, 2, 3)]
    constants += [number(np.array([2**62], np.int64), "end"), number(np.array([step], np.int64), "step")]
    nodes: list[Any] = []
    parts: list[str] = []
    for row, column in corners:
        name = f"{row}{column}{len(parts)}"
        nodes.append(make("Slice", ["x", f"n{row}", "end", "n2", "step"], [f"rows{name}"]))
        nodes.append(make("Slice", [f"rows{name}", f"n{column}", "end", "n3", "step"], [f"part{name}"]))
        parts.append(f"part{name}")
    nodes.append(make("Concat", parts, ["joined"], axis=1))
    nodes.append(make("Conv", ["joined", "w", "b"], ["c"], "conv", pads=[1, 1, 1, 1], strides=[1, 1]))
    nodes += [make("Sigmoid", ["c"], ["s"]), make("Mul", ["c", "s"], ["silu"])]
    nodes.append(make("Transpose" if turned else "Neg", ["silu"], ["y"], **({"perm": [0, 2, 3, 1]} if turned else {})))
    ends = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in "xy"]
    ends[0] = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 3, 32, 64])
    graph = onnx.helper.make_graph(nodes, "focus", ends[:1], ends[1:], constants)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8), str(path))
    return path


def picture(seed: int = 1) -> dict[str, Any]:
    return {"x": np.random.default_rng(seed).uniform(-1, 1, (1, 3, 32, 64)).astype(np.float32)}


def operations(network: Any) -> list[str]:
    return [one.get_type_name() for one in network.get_ordered_ops()]


def opened(path: Path) -> Any:
    from vision.text.engine import openvino_core

    return openvino_core().read_model(path)


@needs_openvino
@pytest.mark.parametrize("corners", [CORNERS, CORNERS[::-1], CORNERS[2:] + CORNERS[:2]])
def test_the_answers_stay(tmp_path: Path, corners: Sequence[tuple[int, int]]) -> None:
    path = focus(tmp_path / "focus.onnx", corners=corners)
    plain = Graph(path, "onnxruntime").run(picture())["y"]
    light = Graph(path, "openvino", precision=FULL_PRECISION)
    assert light.outputs[0].name == "y"
    assert light.outputs[0].shape == plain.shape == (1, 16, 32, 8)
    assert np.abs(light.run(picture())["y"] - plain).max() < 1e-4


@needs_openvino
def test_the_entrance_is_one_step(tmp_path: Path) -> None:
    from vision.objects.lighter import cheapen_silu, fold_entrance, take_out_last_turns

    network = opened(focus(tmp_path / "focus.onnx"))
    assert fold_entrance(network)
    assert "Slice" not in operations(network)
    assert cheapen_silu(network) == 1
    assert "Sigmoid" not in operations(network)
    assert take_out_last_turns(network) == [(0, 2, 3, 1)]
    assert "Transpose" not in operations(network)
    assert not fold_entrance(network)
    assert cheapen_silu(network) == 0
    assert take_out_last_turns(network) == [None]


@needs_openvino
@pytest.mark.parametrize("otherwise", [{"corners": ((0, 0), (0, 0), (1, 0), (1, 1))}, {"corners": CORNERS[:2]}])
def test_another_entrance_is_left_alone(tmp_path: Path, otherwise: dict[str, Any]) -> None:
    from vision.objects.lighter import fold_entrance

    path = focus(tmp_path / "focus.onnx", turned=False, **otherwise)
    assert not fold_entrance(opened(path))
    told = [Graph(path, engine, precision=FULL_PRECISION).run(picture())["y"] for engine in ("onnxruntime", "openvino")]
    assert np.abs(told[0] - told[1]).max() < 1e-4


@needs_openvino
def test_a_cheap_silu_is_close(tmp_path: Path) -> None:
    path = focus(tmp_path / "focus.onnx", gain=3.0)
    plain = Graph(path, "onnxruntime").run(picture())["y"]
    cheap = Graph(path, "openvino").run(picture())["y"]
    assert plain.max() > 2 * LIMIT  # where the polynomial has ended too
    assert np.abs(cheap - plain).max() < 0.02 * np.abs(plain).max()


def test_the_polynomial_is_close_to_silu() -> None:
    x = np.linspace(-3 * LIMIT, 3 * LIMIT, 12001)
    exact = x / (1 + np.exp(-x))
    near = np.minimum(np.abs(x), LIMIT)
    told = np.maximum(x, 0) - sum(factor * near**n for n, factor in enumerate(DIP, 1))
    assert np.abs(told - exact).max() < 0.015
    assert abs((told - exact).mean()) < 0.005


@needs_openvino
@pytest.mark.parametrize("blue_first", [False, True])
def test_a_picture_goes_in_as_it_lies(tmp_path: Path, blue_first: bool) -> None:
    path = focus(tmp_path / "focus.onnx")
    rgb = np.random.default_rng(4).integers(0, 256, (64, 96, 3), np.uint8)
    shape = (1, 3, *rgb.shape[:2])
    by_planes, by_rows = (
        Graph(path, "openvino", precision=FULL_PRECISION, shape=shape, rows=wish) for wish in (False, True)
    )
    assert (by_planes.rows, by_planes.inputs[0].shape, by_planes.inputs[0].dtype) == (False, shape, "float32")
    assert (by_rows.rows, by_rows.inputs[0].shape, by_rows.inputs[0].dtype) == (True, (1, 64, 96, 3), "uint8")
    plain = by_planes.run({"x": planes(rgb, blue_first=blue_first)})["y"]
    told = by_rows.run({"x": rows(rgb, blue_first=blue_first)})["y"]
    assert told.shape == plain.shape
    assert np.abs(told - plain).max() < 1e-4 * np.abs(plain).max()


@pytest.mark.parametrize("engine", installed_engines())
def test_planes_go_in_where_the_entrance_is_another(tmp_path: Path, engine: str) -> None:
    path = focus(tmp_path / "focus.onnx", corners=((0, 0), (0, 0), (1, 0), (1, 1)))
    assert not Graph(path, engine, rows=True).rows


def test_spread_weights_say_the_same() -> None:
    weights = np.arange(2 * 8 * 3 * 3, dtype=np.float32).reshape(2, 8, 3, 3)
    wide = spread(weights, list(CORNERS))
    assert wide.shape == (2, 2, 6, 6)
    assert np.array_equal(wide[:, :, 0::2, 0::2], weights[:, 0:2])
    assert np.array_equal(wide[:, :, 1::2, 0::2], weights[:, 2:4])


def test_planes_are_the_picture() -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (6, 5, 3), np.uint8)
    assert np.array_equal(planes(rgb)[0], rgb.transpose(2, 0, 1).astype(np.float32))
    blue = planes(rgb, blue_first=True, scale=0.5)
    assert blue.dtype == np.float32
    assert np.allclose(blue[0, 0], rgb[..., 2] / 2)


def test_suppression_is_greedy_whatever_the_number() -> None:
    chance = np.random.default_rng(3)
    corner, size = chance.uniform(0, 300, (600, 2)), chance.uniform(20, 90, (600, 2))
    boxes = np.concatenate([corner, corner + size], axis=1).astype(np.float32)
    scores, classes = chance.uniform(size=600).astype(np.float32), chance.integers(0, 3, 600)
    kept: list[int] = []
    for n in np.argsort(-scores):
        rivals = [m for m in kept if classes[m] == classes[n]]
        if not rivals or overlaps(boxes[[n]], boxes[rivals]).max() <= 0.45:
            kept.append(int(n))
    assert suppressed(boxes, scores, classes, 0.45).tolist() == kept
    assert suppressed(boxes[:0], scores[:0], classes[:0], 0.45).tolist() == []
