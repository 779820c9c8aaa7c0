"""Variants are measured, and kept only where they are good enough; on a network that is made here."""

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from devices import InputError, MissingError, OutputError, UnknownNameError
from devices.clock import SystemClock
from devices.store import Store
from devices.store.adding import Own, add_own
from pipeline.cli import main
from pipeline.live.tuning.pictures import Picture
from pipeline.live.tuning.quantise import Feed, Recipe, quantise_as
from pipeline.optimise import optimise as module
from pipeline.optimise.optimise import Outcome, Wish, optimise
from pipeline.optimise.rknn import export
from pipeline.optimise.subjects import subject_of
from pipeline.optimise.ways import PLACES, Way, place_called

onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed: pip install 'glossa[optimise]'")


def finder(path: Path, *, gain: float = 6.0) -> Path:
    """A network that says "text" where a picture is bright: two convolutions and what stands between them."""
    make, number = onnx.helper, onnx.TensorProto.FLOAT
    first = np.zeros((8, 3, 3, 3), np.float32)
    first[:, :, 1, 1] = np.linspace(0.1, 0.4, 8)[:, None]
    second = np.full((1, 8, 1, 1), gain / 8, np.float32)
    level = np.full(1, -2, np.float32)
    named = ((first, "first"), (second, "second"), (level, "level"))
    weights = [onnx.numpy_helper.from_array(*one) for one in named]
    nodes = [
        make.make_node("Conv", ["x", "first"], ["a"], "one", pads=[1, 1, 1, 1]),
        make.make_node("Relu", ["a"], ["b"], "two"),
        make.make_node("Conv", ["b", "second", "level"], ["c"], "three"),
        make.make_node("Sigmoid", ["c"], ["y"], "four"),
    ]
    ends = [make.make_tensor_value_info(name, number, [1, n, "h", "w"]) for name, n in (("x", 3), ("y", 1))]
    graph = make.make_graph(nodes, "finder", ends[:1], ends[1:], weights)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 13)], ir_version=8)
    model.metadata_props.extend([onnx.StringStringEntryProto(key="maker", value="tests")])
    onnx.save(model, str(path))
    return path


def bars(count: int) -> list[Picture]:
    """Bright bars on a dark ground, where the network sees lines of text."""
    chance = np.random.default_rng(4)
    pictures = []
    for n in range(count):
        rgb = np.full((240, 400, 3), 25, np.uint8)
        for row in range(4):
            left = int(chance.integers(10, 150))
            cv2.rectangle(rgb, (left, 20 + 55 * row), (left + 200, 45 + 55 * row), (250, 245, 240), -1)
        pictures.append(Picture(f"bars {n}", rgb))
    return pictures


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    add_own(store, finder(tmp_path / "finder.onnx"), Own("finder", "text", licence="MIT", commercial=True))
    return store


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Durations by the word that a file's name has in it, instead of this machine's."""
    times = {"int8": 2.0, "": 5.0}

    def told(models: Sequence[Path], *_: object) -> list[float]:
        return [next(ms for word, ms in times.items() if word in model.name) for model in models]

    monkeypatch.setattr(module, "in_turns", told)
    return times


def run(store: Store, *, place: str = "cpu", most_lost: float = 0.02, count: int = 8) -> Outcome:
    return optimise(store, "finder", Wish(place_called(place), most_lost), bars(count), SystemClock())


@pytest.mark.parametrize("place", PLACES)
def test_a_good_variant_is_kept(store: Store, timed: dict[str, float], place: str) -> None:
    outcome = run(store, place=place)
    assert outcome.kept is not None
    assert outcome.kept.id == f"finder-int8-{place}"
    assert (outcome.kept.licence, outcome.kept.commercial) == ("MIT", True)
    made = onnx.load(str(store.path(outcome.kept.id)))
    assert {node.op_type for node in made.graph.node} >= {"QuantizeLinear", "DequantizeLinear"}
    assert ("maker", "tests") in [(one.key, one.value) for one in made.metadata_props]
    before, *rest = outcome.tried
    assert before.share is not None
    assert before.share.alike == 1
    assert rest[-1].share is not None
    assert rest[-1].share.alike >= 0.98
    assert rest[-1].share.of == before.share.of >= 20
    assert list((store.folder / ".work").glob("optimise-*")) == []


def test_what_loses_too_much_is_refused(
    store: Store, timed: dict[str, float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def wreck(way: Way, model: Path, out: Path, feeds: Sequence[Feed]) -> None:
        finder(out, gain=-6.0)

    monkeypatch.setattr(module, "make", wreck)
    outcome = run(store)
    assert outcome.kept is None
    assert "100.0% of the boxes differ, at most 2.0% were allowed" in outcome.why
    assert [one.name for one in outcome.tried[1:]] == [way.name for way in PLACES["cpu"].ways if way.kind == "int8"]
    assert [record.id for record in store.held()] == ["finder"]
    assert run(store, most_lost=1.0).kept is not None


def test_what_is_not_faster_is_refused(store: Store, timed: dict[str, float]) -> None:
    timed["int8"] = 5.0
    outcome = run(store)
    assert outcome.kept is None
    assert "is not faster on this machine" in outcome.why


def test_what_is_neither_good_nor_faster_is_told(
    store: Store, timed: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "make", lambda way, model, out, feeds: finder(out, gain=-6.0))
    assert "none is faster" not in run(store).why
    timed["int8"] = 5.0
    assert run(store).why.endswith("on this machine none is faster than the model as it is, in float32")


def test_what_cannot_be_made_is_told(store: Store, timed: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(way: Way, model: Path, out: Path, feeds: Sequence[Feed]) -> None:
        raise RuntimeError("no such\noperation")

    monkeypatch.setattr(module, "make", fail)
    outcome = run(store)
    assert outcome.kept is None
    assert "no variant could be made" in outcome.why
    assert outcome.tried[1].note == "cannot be made: no such operation"


def test_the_other_half_judges(store: Store, timed: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    from pipeline.optimise.ways import make as real

    def count(way: Way, model: Path, out: Path, feeds: Sequence[Feed]) -> None:
        given.append(len(feeds))
        real(way, model, out, feeds)

    monkeypatch.setattr(module, "make", count)
    outcome = run(store, count=8)
    assert given[0] == 4
    assert outcome.tried[0].share is not None
    assert outcome.tried[0].share.of == 2 * 4 * 4  # four bars on each of four pictures, by both


def test_too_little_to_judge(store: Store, timed: dict[str, float]) -> None:
    dark = [Picture("dark", np.zeros((240, 400, 3), np.uint8))] * 4
    with pytest.raises(InputError, match="finds 0 boxes, of which nothing can be said"):
        optimise(store, "finder", Wish(place_called("cpu")), dark, SystemClock())


def test_models_that_cannot_be_tried(store: Store, tmp_path: Path) -> None:
    for own, words in (
        (Own("hands", "hands"), "only text, objects and language"),
        (Own("words", "text", "llama.cpp"), "is for llama.cpp"),
    ):
        add_own(store, tmp_path / "finder.onnx", own)
        with pytest.raises(InputError, match=words):
            subject_of(store.record(own.id), store.path(own.id))
    with pytest.raises(UnknownNameError, match="Known: cpu, openvino, qnn, rknn-export"):
        place_called("abacus")


def test_without_onnx(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "can_quantise", lambda: False)
    with pytest.raises(MissingError, match=r"glossa\[optimise\]"):
        run(store)


def test_the_last_operation_can_be_spared(tmp_path: Path) -> None:
    model = finder(tmp_path / "in.onnx")
    feeds = [{"x": np.random.default_rng(n).uniform(-1, 1, (1, 3, 32, 32)).astype(np.float32)} for n in range(3)]
    quantise_as(model, tmp_path / "out.onnx", feeds, Recipe(spare_last=True))
    graph = onnx.load(str(tmp_path / "out.onnx")).graph
    made = {name: node.op_type for node in graph.node for name in node.output}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    assert made[convolutions[0].input[0]] == "DequantizeLinear"
    assert convolutions[1].input[1] not in made  # its weights are as they were


def test_a_folder_for_rockchip(store: Store, tmp_path: Path) -> None:
    subject = subject_of(store.record("finder"), store.path("finder"))
    feeds = subject.feeds(bars(3))
    folder = export(store.path("finder"), "finder", feeds, tmp_path / "rknn")
    network = onnx.load(str(folder / "finder.onnx"))
    sides = [side.dim_value for side in network.graph.input[0].type.tensor_type.shape.dim]
    assert tuple(sides) == feeds[0]["x"].shape
    assert len((folder / "pictures.txt").read_text().splitlines()) == 3
    first = cv2.imread(str(folder / "pictures" / "0.png"))
    assert first is not None
    assert first.shape == (sides[2], sides[3], 3)
    assert np.abs(first.astype(int) - (feeds[0]["x"][0].transpose(1, 2, 0) * 127.5 + 127.5)).max() <= 1
    script = (folder / "convert.py").read_text()
    ast.parse(script)
    assert 'target_platform="rk3588"' in script
    with pytest.raises(OutputError, match="is not empty"):
        export(store.path("finder"), "finder", feeds, folder)
    with pytest.raises(InputError, match="several inputs"):
        export(store.path("finder"), "finder", [{**feeds[0], "more": feeds[0]["x"]}], tmp_path / "other")


def test_through_its_own_door(
    store: Store, tmp_path: Path, timed: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    for picture in bars(8):
        cv2.imwrite(str(tmp_path / "mine" / f"{picture.name}.png"), picture.rgb)
    words = ["models", "optimise", "finder", "--pictures", str(tmp_path / "mine"), "--store", str(store.folder)]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "as it is, in float32" in told
    assert "finder-int8-cpu" in told
    timed["int8"] = 9.0
    assert main(words) == 1
    assert "nothing was kept" in capsys.readouterr().out
    assert main([*words, "--for", "rknn-export", "--out", str(tmp_path / "rknn")]) == 0
    assert (tmp_path / "rknn" / "convert.py").is_file()
    assert main([*words, "--for", "abacus"]) == 1
    assert "Known: cpu" in capsys.readouterr().err
