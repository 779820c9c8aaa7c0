"""Weights in four bits: a small language model is made here, and a network of convolutions is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices import InputError
from devices.clock import SystemClock
from devices.store import Store
from devices.store.adding import Own, add_own
from pipeline.cli import main
from pipeline.optimise.matrices import check_matrices
from pipeline.optimise.optimise import Outcome, Wish, optimise
from pipeline.optimise.packages import installed
from pipeline.optimise.ways import place_called, ways_of
from tests.pipeline.optimise.test_optimise import finder

onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'glossa[optimise]'")
needs = {
    "cpu": pytest.mark.skipif(
        not installed("onnx_ir"), reason="onnx-ir is not installed: pip install 'glossa[optimise]'"
    ),
    "openvino": pytest.mark.skipif(
        not installed("nncf"), reason="nncf is not installed: pip install 'glossa[optimise]'"
    ),
}

WORDS, WIDE = 96, 128


def transformer(path: Path) -> Path:
    """One layer of a language model that answers with the word that it is given, sure of it."""
    make, chance = onnx.helper.make_node, np.random.default_rng(8)
    table = chance.normal(size=(WORDS, WIDE)).astype(np.float32)
    constants = {"table": table, "out": (2 * table.T).copy(), "root": np.float32(np.sqrt(WIDE))}
    for name in ("query", "key", "value", "back"):
        constants[name] = (0.3 * chance.normal(size=(WIDE, WIDE)) / np.sqrt(WIDE)).astype(np.float32)
    constants["up"] = (chance.normal(size=(WIDE, 4 * WIDE)) / WIDE).astype(np.float32)
    constants["down"] = (chance.normal(size=(4 * WIDE, WIDE)) / WIDE).astype(np.float32)
    nodes = [
        make("Gather", ["table", "input_ids"], ["h"], "embed"),
        *(make("MatMul", ["h", name], [name[0]], name) for name in ("query", "key", "value")),
        make("Transpose", ["k"], ["kt"], "turn", perm=[0, 2, 1]),
        make("MatMul", ["q", "kt"], ["scores"], "attend"),
        make("Div", ["scores", "root"], ["scaled"], "scale"),
        make("Softmax", ["scaled"], ["weights"], "soft", axis=-1),
        make("MatMul", ["weights", "v"], ["mixed"], "mix"),
        make("MatMul", ["mixed", "back"], ["told"], "back"),
        make("Add", ["h", "told"], ["h1"], "first"),
        make("MatMul", ["h1", "up"], ["wide"], "up"),
        make("Relu", ["wide"], ["bent"], "bend"),
        make("MatMul", ["bent", "down"], ["narrow"], "down"),
        make("Add", ["h1", "narrow"], ["h2"], "second"),
        make("MatMul", ["h2", "out"], ["logits"], "out"),
    ]
    ends = [
        onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["batch", "sequence"]),
        onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["batch", "sequence", WORDS]),
    ]
    numbers = [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = onnx.helper.make_graph(nodes, "words", ends[:1], ends[1:], numbers)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    own = Own("words", "instruct", licence="MIT", commercial=True)
    add_own(store, transformer(tmp_path / "words.onnx"), own)
    return store


def run(store: Store, place: str, most_lost: float = 0.05) -> Outcome:
    return optimise(store, "words", Wish(place_called(place), most_lost, 4), [], SystemClock())


@pytest.mark.parametrize("place", [pytest.param(name, marks=mark) for name, mark in needs.items()])
def test_a_language_model_becomes_small(store: Store, place: str) -> None:
    outcome = run(store, place)
    assert outcome.what == "answers"
    assert outcome.kept is not None, outcome
    assert outcome.kept.id == f"words-int4-{place}"
    assert outcome.kept.task == "instruct"
    made = store.path(outcome.kept.id)
    assert made.stat().st_size < 0.5 * store.path("words").stat().st_size
    last = outcome.tried[-1]
    assert last.share is not None
    assert last.share.alike >= 0.95
    assert last.share.of >= 100
    nodes = {node.op_type for node in onnx.load(str(made)).graph.node}
    assert "MatMulNBits" in nodes or "DequantizeLinear" in nodes
    assert store.verify(outcome.kept.id) == []


@needs["cpu"]
def test_what_differs_too_much_is_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.optimise import optimise as module

    def wreck(way: Any, model: Path, out: Path, feeds: Any) -> None:
        network = onnx.load(str(model))
        last = next(one for one in network.graph.initializer if one.name == "out")
        turned = -onnx.numpy_helper.to_array(last)
        last.CopyFrom(onnx.numpy_helper.from_array(turned, "out"))
        onnx.save(network, str(out))

    monkeypatch.setattr(module, "make", wreck)
    outcome = run(store, "cpu")
    assert outcome.kept is None
    assert "of the answers differ, at most 5.0% were allowed" in outcome.why
    assert [record.id for record in store.held()] == ["words"]
    assert list((store.folder / ".work").glob("optimise-*")) == []


def test_convolutions_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="are of convolutions, which no engine here multiplies in four bits"):
        check_matrices(finder(tmp_path / "finder.onnx"))


def test_other_places_make_their_own(store: Store) -> None:
    with pytest.raises(InputError, match="its maker's own tool"):
        ways_of(place_called("qnn"), 4)


@needs["cpu"]
def test_through_its_own_door(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["models", "optimise", "words", "--bits", "4", "--lose", "0.05", "--store", str(store.folder)]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "words-int4-cpu" in told
    assert "drawn signs" not in told
    assert main([*words, "--for", "rknn-export"]) == 1
    assert "rkllm-toolkit" in capsys.readouterr().err
    assert main([*words[:3], "--bits", "3", "--store", str(store.folder)]) == 1
    assert "Known: 8, 4" in capsys.readouterr().err
