"""Networks for other chips: one fixed shape, an opset that their tools read, no parts that they do not have."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices import InputError
from devices.clock import SystemClock
from devices.store import Store
from devices.store.adding import Own, add_own
from pipeline.live.tuning.quantise import Feed
from pipeline.optimise.optimise import Wish, optimise
from pipeline.optimise.rknn import READER, export
from pipeline.optimise.still import Reader, of_one_shape, stilled
from pipeline.optimise.ways import place_called
from tests.conftest import ROOT
from tests.pipeline.optimise.test_optimise import bars, finder
from tests.vision.objects.test_lighter import focus
from vision.objects.graph import Graph

onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'glossa[optimise]'")
NANO = ROOT.parent / "shared" / "models" / "yolox_nano.onnx"


def feed(height: int = 32, width: int = 64, name: str = "x") -> Feed:
    return {name: np.random.default_rng(height).uniform(0, 255, (1, 3, height, width)).astype(np.float32)}


def network(path: Path, nodes: Sequence[Any], opset: int = 13) -> Path:
    ends = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 3, "h", "w"]) for name in "xy"]
    graph = onnx.helper.make_graph(nodes, "made", ends[:1], ends[1:])
    imports = [onnx.helper.make_opsetid("", opset)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=imports, ir_version=10), str(path))
    return path


def test_shapes_are_fixed_and_computed(tmp_path: Path) -> None:
    make = onnx.helper.make_node
    # As exporters write "the same shape again": from the input's own shape.
    nodes = [make("Shape", ["x"], ["shape"]), make("Relu", ["x"], ["r"]), make("Reshape", ["r", "shape"], ["y"])]
    made = stilled(network(tmp_path / "made.onnx", nodes), feed(), tmp_path, READER)
    assert "Shape" not in {node.op_type for node in made.graph.node}
    for one in (*made.graph.input, *made.graph.output):
        assert [side.dim_value for side in one.type.tensor_type.shape.dim] == [1, 3, 32, 64]
    assert made.ir_version <= 9
    assert [path.name for path in tmp_path.iterdir()] == ["made.onnx"]


@pytest.mark.parametrize(("given", "wanted"), [(11, 12), (13, 13), (21, 19)])
def test_the_opset_is_one_that_is_read(tmp_path: Path, given: int, wanted: int) -> None:
    path = network(tmp_path / "made.onnx", [onnx.helper.make_node("Relu", ["x"], ["y"])], given)
    made = stilled(path, feed(), tmp_path, READER)
    assert [one.version for one in made.opset_import if not one.domain] == [wanted]


def test_an_opset_that_cannot_be_had(tmp_path: Path) -> None:
    path = network(tmp_path / "made.onnx", [onnx.helper.make_node("Gelu", ["x"], ["y"])], 20)
    with pytest.raises(InputError, match="opset 20, expected 12 to 12"):
        stilled(path, feed(), tmp_path, Reader(12, 12, 9))


def test_answers_of_unknown_length_are_refused(tmp_path: Path) -> None:
    nodes = [onnx.helper.make_node("NonZero", ["x"], ["n"]), onnx.helper.make_node("Cast", ["n"], ["y"], to=1)]
    path = network(tmp_path / "made.onnx", nodes)
    with pytest.raises(InputError, match="how much comes out of y depends on what is in the picture"):
        stilled(path, feed(), tmp_path, READER)


def test_the_commonest_shape() -> None:
    feeds = [feed(32), feed(64), feed(64)]
    assert [one["x"].shape[2] for one in of_one_shape(feeds)] == [64, 64]
    with pytest.raises(InputError, match="no picture fits it"):
        of_one_shape([])


def test_what_rockchip_has_not_is_refused(tmp_path: Path) -> None:
    path = network(tmp_path / "made.onnx", [onnx.helper.make_node("Round", ["x"], ["y"])])
    with pytest.raises(InputError, match="rknn-toolkit2 has no Round"):
        export(path, "made", [feed()], tmp_path / "rknn")
    assert not (tmp_path / "rknn").exists()
    assert [one.name for one in tmp_path.iterdir()] == ["made.onnx"]


def test_the_entrance_is_folded_for_rockchip(tmp_path: Path) -> None:
    path = focus(tmp_path / "focus.onnx")
    folder = export(path, "focus", [feed()], tmp_path / "rknn")
    made = onnx.load(str(folder / "focus.onnx"))
    assert "Slice" not in {node.op_type for node in made.graph.node}
    told = [Graph(one, "onnxruntime").run(feed())["y"] for one in (path, folder / "focus.onnx")]
    assert np.abs(told[0] - told[1]).max() < 1e-2 * np.abs(told[0]).max()


@pytest.mark.models
@pytest.mark.skipif(not NANO.is_file(), reason=f"no detector: {NANO}")
def test_the_real_detector_is_exported(tmp_path: Path) -> None:
    folder = export(NANO, "nano", [feed(416, 416, "images")], tmp_path / "rknn")
    made = onnx.load(str(folder / "nano.onnx"))
    assert [one.version for one in made.opset_import if not one.domain] == [12]
    assert "Slice" not in {node.op_type for node in made.graph.node}
    told = [Graph(one, "onnxruntime").run(feed(416, 416, "images"))["output"] for one in (NANO, folder / "nano.onnx")]
    assert np.abs(told[0] - told[1]).max() < 1e-3


def test_a_variant_for_hexagon_has_one_shape(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    add_own(store, finder(tmp_path / "finder.onnx"), Own("finder", "text"))
    outcome = optimise(store, "finder", Wish(place_called("qnn")), bars(8), SystemClock())
    assert outcome.kept is not None
    made = onnx.load(str(store.path(outcome.kept.id)))
    for one in (*made.graph.input, *made.graph.output):
        assert all(side.dim_value > 0 for side in one.type.tensor_type.shape.dim)
