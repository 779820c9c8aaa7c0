"""What is remembered of a tune, and when it is stale."""

import json
from pathlib import Path

import pytest

from devices import OutputError
from devices.profile import load_profile
from pipeline.live.costs import Cost
from pipeline.live.session import EFFORTS, UNMEASURED
from pipeline.live.tuning import store
from pipeline.live.tuning.agreement import Agreement
from pipeline.live.tuning.store import (
    Choice,
    Tuned,
    chosen,
    for_files,
    int8_file,
    load,
    load_costs,
    remembered,
    save,
    tuned_file,
)
from pipeline.live.tuning.trials import DETECTOR, INT8, Measured, Setup
from vision.text import ReaderOptions

SETUP = Setup("openvino", "bfloat16", 1)
READING = {tier: Cost(10.0 * n, 20.0 * n) for n, tier in enumerate(EFFORTS, 1)}
TUNED = Tuned(
    (Measured(DETECTOR, SETUP, 736, Cost(100.25, 120.5), 7),),
    {SETUP.way: Agreement(10, 8, 100, 3)},
    (Choice(SETUP, READING),),
    ("a note",),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_what_is_saved_is_loaded() -> None:
    assert save(TUNED) == tuned_file()
    assert load() == TUNED
    assert [path.name for path in tuned_file().parent.iterdir()] == ["tuned.json"]


def test_the_session_gets_what_was_measured_or_what_is_assumed() -> None:
    assert load_costs() == UNMEASURED
    save(TUNED)
    assert load_costs() == {("reading", tier): cost for tier, cost in READING.items()}
    assert set(load_costs()) == set(UNMEASURED)
    assert load_costs(load_profile("xr2-gen2"))["translate", ""].p50_ms == pytest.approx(36.7)


def test_what_was_chosen_unless_another_engine_is_asked_for() -> None:
    assert chosen() is None
    save(TUNED)
    assert chosen() == chosen("openvino") == TUNED.choices[0]
    assert chosen("onnxruntime") is None
    save(Tuned((), {}, ()))
    assert chosen() is None


@pytest.mark.parametrize("part", ["processor", "cores", "versions", "efforts"])
def test_another_machine_or_version_makes_it_stale(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save(TUNED)
    machine = store.this_machine()
    monkeypatch.setattr(store, "this_machine", lambda: machine | {part: "another"})
    assert load() is None
    assert load_costs() == UNMEASURED


@pytest.mark.parametrize(
    "damage",
    [b"", b"[]", b"{}", b"\xff\xfe", b'{"format": 1}', b"null", b'{"format": 1, "machine": 3}', b"[" * 100_000],
)
def test_a_damaged_file_is_as_none(damage: bytes) -> None:
    tuned_file().parent.mkdir(parents=True)
    tuned_file().write_bytes(damage)
    assert load() is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("measured", [{}]), ("measured", 3), ("agreements", [[1]]), ("choices", [{"setup": [1]}]), ("notes", None),
        ("choices", [{"setup": ["openvino", "float32", 1], "reading": {"full": [1, 2]}}]),
        ("choices", [{"setup": ["openvino", "float32", 1], "reading": {t: [5, 2] for t in EFFORTS}}]),
        ("choices", [{"setup": ["openvino", "float32", 1], "reading": {t: ["x", 2] for t in EFFORTS}}]),
        *(("choices", [{"setup": setup, "reading": {t: [1, 2] for t in EFFORTS}}]) for setup in (
            ["steam", "float32", 1], ["openvino", "float7", 1], ["openvino", "float32", 0],
            ["openvino", "float32", "many"], ["openvino", "float32", 10**9], [["openvino"], "float32", 1])),
        ("agreements", [["openvino", "float32", "many", 1, 2, 3]]),
    ],
)  # fmt: skip
def test_any_part_that_makes_no_sense_is_as_none(key: str, value: object) -> None:
    save(TUNED)
    record = json.loads(tuned_file().read_text())
    record[key] = value
    tuned_file().write_text(json.dumps(record))
    assert load() is None


def test_a_quantised_network_that_is_gone_makes_it_stale() -> None:
    quantised = Tuned((), {}, (Choice(Setup("onnxruntime", INT8, 1), READING),))
    save(quantised)
    assert load() is None
    int8_file("onnxruntime").write_bytes(b"a network")
    assert load() == quantised


def test_options_for_a_reader() -> None:
    assert Choice(SETUP, READING).options() == ReaderOptions("openvino", 1, "bfloat16")
    quantised = Choice(Setup("onnxruntime", INT8, 2), READING).options()
    assert quantised == ReaderOptions("onnxruntime", 2, None, int8_file("onnxruntime"))


def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    (folder / "glossa").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be remembered"):
        save(TUNED)


def test_why_there_is_nothing_to_go_by(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert remembered() == (None, "nothing was measured")
    save(TUNED)
    assert remembered() == (TUNED, "")
    machine = store.this_machine()
    machine["versions"] = machine["versions"] | {"openvino": "2019.1"}
    monkeypatch.setattr(store, "this_machine", lambda: machine | {"cores": 64})
    assert remembered()[1] == "it was measured before something changed: cores, openvino"
    tuned_file().write_text("{", encoding="utf-8")
    assert remembered()[1] == "what was measured cannot be read"
    tuned_file().write_text('{"format": 0}', encoding="utf-8")
    assert remembered()[1] == "it was measured by another version of glossa"


def test_files_are_read_the_fastest_way_that_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """int8 is the fastest, and live may use it; bfloat16 reads something else here; two threads are worth it."""
    monkeypatch.setattr(store, "cores", lambda: 2)
    took_ms = {
        Setup("onnxruntime", "float32", 2): 90,
        Setup("openvino", "float32", 1): 100,
        Setup("openvino", "float32", 2): 60,
        Setup("openvino", "bfloat16", 2): 30,
        Setup("openvino", INT8, 2): 20,
    }
    measured = tuple(Measured(DETECTOR, setup, 736, Cost(ms, ms), 7) for setup, ms in took_ms.items())
    alike, other = Agreement(100, 100, 100, 0), Agreement(100, 80, 100, 20)
    agreements = {("openvino", "bfloat16"): other, ("openvino", INT8): alike, ("onnxruntime", "float32"): alike}
    assert for_files() is None
    save(Tuned(measured, agreements, (Choice(SETUP, READING),)))
    assert for_files() == for_files("openvino") == ReaderOptions(engine="openvino", threads=2, precision="float32")
    assert for_files("onnxruntime") is None
