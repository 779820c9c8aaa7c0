"""MediaPipe's detectors through LiteRT, with a tiny network of our own: EfficientDet is not at hand here."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import Frame, InputError, MissingError, Rgb, Stamp
from pipeline.senses import open_senses
from tests.vision.hands import tiny_tasks
from tests.vision.objects import tiny_lite
from vision.objects.detection import ObjectDetector
from vision.objects.lite import LiteDetector
from vision.objects.lite_metadata import decoding_of

STAMP = Stamp("camera", 1, 2, 3.0)
needs_litert = pytest.mark.skipif(
    not tiny_tasks.installed(), reason="LiteRT is not installed: pip install ai-edge-litert"
)


def scene(width: int = 640, height: int = 480) -> Rgb:
    picture = np.full((height, width, 3), 120, np.uint8)
    wide, high = width // 10, height // 10
    picture[2 * high : 4 * high, 2 * wide : 4 * wide] = (255, 0, 0)
    picture[6 * high : 7 * high, 7 * wide : 8 * wide] = (0, 0, 255)
    return picture


def test_without_litert_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.tflite.installed", lambda: False)
    with pytest.raises(MissingError, match=r"pip install 'glossa\[mediapipe\]'"):
        LiteDetector(tiny_lite.write(tmp_path / "a.tflite", b"\0\0\0\0TFL3"))


@needs_litert
@pytest.mark.parametrize("size", [(640, 480), (300, 500)])
def test_things_are_found_named_and_placed(tmp_path: Path, size: tuple[int, int]) -> None:
    detector: ObjectDetector = LiteDetector(tiny_lite.write(tmp_path / "tiny.tflite", tiny_lite.detector()))
    width, height = size
    found = detector.detect(Frame(STAMP, scene(width, height)))
    assert {one.label for one in found} == {"person", "car"}
    assert all(one.stamp is STAMP and one.score > detector.sure_score for one in found)
    (car,) = [one for one in found if one.label == "car"]
    expected = (0.65 * width, 0.45 * height, 0.85 * width, 0.85 * height)
    assert car.box == pytest.approx(expected, abs=1)
    assert detector.labels == ("person", "car")
    assert detector.name == "tiny (LiteRT)"
    assert detector.detect(Frame(STAMP, np.full((200, 200, 3), 120, np.uint8))) == []
    assert detector.detect(Frame(STAMP, np.zeros((1, 1, 3), np.uint8))) == []


@needs_litert
def test_in_a_bundle_and_through_the_door(tmp_path: Path) -> None:
    task = tiny_lite.write(tmp_path / "tiny.task", tiny_tasks.zipped({"a.tflite": tiny_lite.detector()}))
    senses = open_senses(frozenset({"objects"}), str(task))
    assert senses.objects is not None
    assert {one.label for one in senses.objects.detect(Frame(STAMP, scene()))} == {"person", "car"}
    assert "Things are found by" in senses.notes[0]


@needs_litert
def test_labels_that_it_does_not_carry_are_coco_s(tmp_path: Path) -> None:
    detector = LiteDetector(tiny_lite.write(tmp_path / "tiny.tflite", tiny_lite.detector(labels=False)))
    assert detector.labels[:3] == ("person", "bicycle", "car")


@needs_litert
@pytest.mark.parametrize(
    ("own", "told"),
    [
        (b"", "carries no anchors"),
        (b"\xff\xff\xff\x7f", "cannot be read"),
        (b"abc", "cannot be read"),
        (bytes(64), "cannot be read"),
        (None, "50 anchors do not fit"),
    ],
)
def test_metadata_of_another_kind(tmp_path: Path, own: bytes | None, told: str) -> None:
    content = tiny_lite.detector(tiny_lite.options(50) if own is None else own)
    with pytest.raises(InputError, match=told):
        LiteDetector(tiny_lite.write(tmp_path / "tiny.tflite", content))


@needs_litert
def test_other_networks_are_no_detectors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="takes one picture"):
        LiteDetector(tiny_lite.write(tmp_path / "a.tflite", tiny_tasks.embedder()))
    with pytest.raises(InputError, match=r"no detector that is known here|expected a network that takes one picture"):
        LiteDetector(tiny_lite.write(tmp_path / "b.tflite", tiny_tasks.classifier()))
    with pytest.raises(InputError, match="cannot be read"):
        LiteDetector(tmp_path / "none.tflite")


@needs_litert
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_metadata_never_lead_astray(data: st.DataObject) -> None:
    content = tiny_lite.metadata(tiny_lite.options(4))
    whole = tiny_lite.detector(tiny_lite.options(4), labels=False)
    start = whole.find(content)
    assert start > 0
    at = start + data.draw(st.integers(0, len(content) - 4))
    value = data.draw(st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 300)))
    try:
        decoding = decoding_of(tiny_lite.broken(whole, at, value), "x")
    except InputError:
        return
    assert decoding.anchors.shape[1] == 4
    assert np.isfinite(decoding.anchors).all()
