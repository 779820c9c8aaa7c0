"""The judges of `glossa bench look`: what they count, on made answers."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.identity import Look, by_overlap, identity, ours, total
from benchmarks.look_report import describe, markdown, targets
from benchmarks.plain_yolox import _overlap, _things
from benchmarks.things import Picture, Truth
from devices import Stamp
from vision.objects.boxes import overlaps
from vision.objects.detection import Box, Detection
from vision.objects.yolox import cell_count

PICTURE = Picture(Path("x.jpg"), 640, 480, (Truth("dog", (10, 10, 110, 110)), Truth("cat", (300, 200, 400, 300))))


def ap(*found: tuple[str, float, Box]) -> float:
    if importlib.util.find_spec("pycocotools") is None:
        pytest.skip("needs pycocotools: pip install 'glossa[bench]'")
    from benchmarks.average_precision import average_precision

    return average_precision([PICTURE], [found])[0]


def test_average_precision() -> None:
    dog, cat = ("dog", 0.9, (12.0, 9.0, 111.0, 108.0)), ("cat", 0.6, (300.0, 200.0, 400.0, 300.0))
    assert ap(dog, cat) == pytest.approx(1.0, abs=1e-3)
    assert ap(dog) == pytest.approx(0.5, abs=1e-3)
    assert ap(("cat", 0.9, dog[2]), ("dog", 0.9, cat[2])) == 0
    assert ap() == 0
    # A surer false one before the true one halves its precision.
    assert ap(("dog", 0.95, (500.0, 400.0, 600.0, 470.0)), dog, cat) == pytest.approx(0.75, abs=1e-2)


def look(step: int, *boxes: Box, camera: np.ndarray | None = None) -> Look:
    stamp = Stamp("clip", step, step * 200_000_000, step * 200.0)
    found = [Detection(stamp, "person", 0.9, box) for box in boxes]
    return Look(stamp, found, camera, [Truth(str(number), box) for number, box in enumerate(boxes)])


def square(x: float) -> Box:
    return (x, 100.0, x + 60, 160.0)


def test_a_switch_is_counted_once_and_a_pan_tells_the_trackers_apart() -> None:
    """Two people side by side; the camera jumps by their distance."""
    jump = np.eye(3)
    jump[0, 2] = -80
    told = [look(0, square(200), square(280)), look(1, square(200), square(280), camera=np.eye(3))]
    told += [look(2, square(120), square(200), camera=jump), look(3, square(120), square(200), camera=np.eye(3))]
    good, bad = identity(told, ours(0.4)), identity(told, by_overlap(0.4))
    assert (good.switches, good.false) == (0, 0)
    assert bad.switches == 2
    assert good.matched == good.asked - 2  # nobody is shown before he was seen twice
    assert total([good, bad])["switches"] == 2


def test_what_is_told_and_not_there_is_false() -> None:
    one = look(0, square(200))
    ghost = Detection(one.stamp, "dog", 0.9, (500.0, 300.0, 560.0, 400.0))
    result = identity([replace(one, found=[*one.found, ghost])], by_overlap(0.4))
    assert (result.matched, result.false) == (1, 1)


def test_the_plain_script_and_ours_agree_on_overlap_and_cells() -> None:
    a, b = (0.0, 0.0, 10.0, 10.0), (5.0, 0.0, 15.0, 10.0)
    assert _overlap(a, b) == pytest.approx(float(overlaps(np.array([a], np.float32), np.array([b], np.float32))[0, 0]))
    rows = np.zeros((cell_count(416, 416), 85), np.float32)
    rows[52, :7] = 0.5, 0.5, 0.0, 0.0, 0.9, 0.0, 0.8  # second row of the finest grid, class 1
    ((number, score, box),) = _things(rows, 1.0)
    assert number == 1
    assert score == pytest.approx(0.72)
    assert box == pytest.approx((0.0, 8.0, 8.0, 16.0))


def test_codes_are_the_same_for_the_same_seed() -> None:
    if importlib.util.find_spec("segno") is None:
        pytest.skip("needs segno: pip install 'glossa[bench]'")
    from benchmarks.code_set import code_pictures

    first, again = list(code_pictures(3)), list(code_pictures(3))
    assert [one.text for one in first] == [one.text for one in again]
    assert all(np.array_equal(a.rgb, b.rgb) for a, b in zip(first, again, strict=True))
    assert first[0].tilt_deg < first[2].tilt_deg + 60


def result() -> dict[str, object]:
    runs = {"render_ms": {"p50": 5.0, "p95": 7.0, "p99": 9.0}, "looks": 40}
    return {
        "model": "m.onnx",
        "machine": {"cpu": "x", "cores": 2, "load_at_start": 0.1, "date": "2026-11-22"},
        "accuracy": {
            "pictures": 1,
            "things": 2,
            "ap": {"plain": {"map50": 57.0, "map": 35.0}, "onnxruntime": {"map50": 56.8, "map": 35.0}},
        },
        "speed": {
            "detectors": {"onnxruntime float32": {"cpu_ms": 20.0, "wall_ms": 21.0, "map50": 56.8, "map": 35.0}},
            "codes": {"codes, kinds in turn": {"cpu_ms": 30.0, "wall_ms": 30.0}},
        },
        "render": {"off": [runs], "on": [runs, runs]},
    }


def test_rows_targets_and_tables() -> None:
    told = result()
    met = {one["name"]: one["met"] for one in targets(told)}
    assert met == {
        "mAP50 beside the plain script, points apart": True,
        "detector on one core, ms (reach)": True,
        "detector on one core, ms (goal)": False,
        "render lane, p99 more with the look lane, ms": True,
    }
    from benchmarks.rows import read_result

    stored = {**told, "what": "look", **describe(told)}
    read = read_result(stored, "look.json")
    assert read.rows["detector, onnxruntime float32, processor time"].value == 20.0
    assert read.baselines["plain script"]["mAP50"].value == 57.0
    assert "| onnxruntime float32 | 20.0 | 21.0 | 56.8 |" in markdown({**told, "targets": targets(told)})
