"""Each kind of network, fed and read: the answers are made, the way they are read is ours."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from devices import InputError, UnknownNameError
from tests.vision.objects.tiny_networks import STAMP, frame, write_network
from vision.objects import DetectorOptions, OnnxDetector
from vision.objects.coco import IDS, NAMES, NAMES_BY_ID
from vision.objects.detection import Detection
from vision.objects.yolox import cell_count, cells
from vision.text.engine import installed_engines

Answers = dict[str, NDArray[np.generic]]

PICTURE = {"images": ("float32", (1, 3, 64, 64))}


def near(detection: Detection, *sides: float) -> bool:
    return bool(np.allclose(detection.box, sides, atol=0.6))


def yolox_table(
    *rows: tuple[int, float, float, float, float, float, int, float], classes: int = 80
) -> NDArray[np.float32]:
    """Cells and what stands in them: cell, dx, dy, log w, log h, objectness, class, its score."""
    table = np.zeros((1, cell_count(64, 64), 5 + classes), np.float32)
    for cell, dx, dy, w, h, seen, number, score in rows:
        table[0, cell, :5] = dx, dy, w, h, seen
        table[0, cell, 5 + number] = score
    return table


@pytest.mark.parametrize("engine", installed_engines())
def test_yolox_reads_its_grid_and_maps_back(tmp_path: Path, engine: str) -> None:
    corners, strides = cells(64, 64)
    cell = next(i for i in range(len(corners)) if strides[i, 0] == 16 and tuple(corners[i]) == (1, 2))
    table = yolox_table((cell, 0.5, 0.5, 0.0, np.log(0.5), 0.9, 16, 0.8))
    model = write_network(tmp_path / "yolox.onnx", PICTURE, {"output": table})
    detector = OnnxDetector(model, DetectorOptions(engine=engine, precision="float32"))
    (dog,) = detector.detect(frame(320, 240))  # letterboxed by 64 / 320
    assert dog.label == "dog"
    assert dog.score == pytest.approx(0.72, abs=1e-4)
    # Centre (1.5, 2.5) cells of 16, size 16 by 8; five picture pixels to one of the network.
    assert near(dog, (24 - 8) * 5, (40 - 4) * 5, (24 + 8) * 5, (40 + 4) * 5)
    assert dog.stamp is STAMP
    assert dog.track is None


def test_yolox_suppresses_within_a_class_only(tmp_path: Path) -> None:
    rows = [(8, 0.5, 0.5, 1.0, 1.0, 0.9, 0, 0.9), (8 + 64, 0.0, 0.0, 0.3, 0.3, 0.0, 0, 0.0)]
    twice = yolox_table(*rows, (9, -0.5, 0.5, 1.0, 1.0, 0.8, 0, 0.9), (10, -1.5, 0.5, 1.0, 1.0, 0.8, 2, 0.9))
    detector = OnnxDetector(write_network(tmp_path / "y.onnx", PICTURE, {"output": twice}))
    assert [one.label for one in detector.detect(frame(64, 64))] == ["person", "car"]


def test_answers_outside_of_the_picture_or_not_finite_are_left_out(tmp_path: Path) -> None:
    table = yolox_table(
        (0, 0.5, 0.5, 1.0, 1.0, 0.9, 0, 0.9),
        (20, 900.0, 900.0, 1.0, 1.0, 0.9, 0, 0.9),
        (30, 0.5, 0.5, 1e30, 1.0, 0.9, 1, 0.9),
        (40, np.nan, 0.5, 1.0, 1.0, 0.9, 2, 0.9),
        (50, 0.5, 0.5, 1.0, 1.0, np.nan, 3, 0.9),
    )
    detector = OnnxDetector(write_network(tmp_path / "y.onnx", PICTURE, {"output": table}))
    found = detector.detect(frame(64, 64))
    assert sorted(one.label for one in found) == ["bicycle", "person"]  # the huge one is cut to the picture
    for one in found:
        assert one.box[0] >= 0 and one.box[1] >= 0 and one.box[2] <= 64 and one.box[3] <= 64


@pytest.mark.parametrize("engine", installed_engines())
def test_labels_boxes_and_scores(tmp_path: Path, engine: str) -> None:
    inputs = PICTURE | {"orig_target_sizes": ("int64", (1, 2))}
    answers: Answers = {
        "labels": np.array([[0, 2, 5]], np.int64),
        "boxes": np.array([[[10, 20, 60, 120], [5, 5, 50, 50], [0, 0, 9, 9]]], np.float32),
        "scores": np.array([[0.6, 0.9, 0.05]], np.float32),
    }
    detector = OnnxDetector(write_network(tmp_path / "dfine.onnx", inputs, answers), DetectorOptions(engine=engine))
    found = detector.detect(frame())
    assert [one.label for one in found] == ["car", "person"]
    assert near(found[1], 10, 20, 60, 120)


def test_logits_and_shares_of_the_picture(tmp_path: Path) -> None:
    logits = np.full((1, 2, 80), -9.0, np.float32)
    logits[0, 1, 15] = 2.0
    shares = np.array([[[0.5, 0.5, 1, 1], [0.5, 0.25, 0.5, 0.5]]], np.float32)
    answers = {"logits": logits, "pred_boxes": shares}
    inputs = {"pixel_values": ("float32", ("n", 3, 64, 64))}
    (cat,) = OnnxDetector(write_network(tmp_path / "detr.onnx", inputs, answers)).detect(frame(320, 240))
    assert cat.label == "cat"
    assert cat.score == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-4)
    assert near(cat, 80, 0, 240, 120)


def test_tensorflow_ssd_counts_as_the_annotations_do(tmp_path: Path) -> None:
    answers: Answers = {
        "detection_boxes": np.array([[[0.1, 0.2, 0.5, 0.6], [0, 0, 1, 1]]], np.float32),
        "detection_classes": np.array([[90, 12]], np.float32),
        "detection_scores": np.array([[0.8, 0.9]], np.float32),
    }
    inputs = {"image_tensor": ("uint8", (1, "h", "w", 3))}
    found = OnnxDetector(write_network(tmp_path / "ssd.onnx", inputs, answers)).detect(frame(320, 240))
    assert [one.label for one in found] == ["toothbrush"]  # 12 names nothing
    assert near(found[0], 64, 24, 192, 120)


def test_mlperf_ssd_counts_from_one(tmp_path: Path) -> None:
    answers: Answers = {
        "bboxes": np.array([[[0.25, 0.5, 0.5, 1.0]]], np.float32),
        "labels": np.array([[80]], np.int64),
        "scores": np.array([[0.8]], np.float32),
    }
    inputs = {"image": ("float32", (1, 3, 64, 64))}
    (brush,) = OnnxDetector(write_network(tmp_path / "ssd.onnx", inputs, answers)).detect(frame(320, 240))
    assert brush.label == "toothbrush"
    assert near(brush, 80, 120, 160, 240)


@pytest.mark.parametrize(
    ("inputs", "answers"),
    [
        (PICTURE, {"output": np.zeros((1, 7, 85), np.float32)}),
        (PICTURE, {"labels": np.zeros((1, 3), np.int64)}),
        ({"sound": ("float32", (1, 16000))}, {"words": np.zeros((1, 3), np.float32)}),
    ],
)
def test_what_is_no_detector_is_said_with_its_shapes(
    tmp_path: Path, inputs: dict[str, tuple[str, tuple[int, ...]]], answers: Answers
) -> None:
    model = write_network(tmp_path / "other.onnx", inputs, answers)
    with pytest.raises(InputError, match=r"other\.onnx: no known kind of detector, it takes .* and gives .*expected"):
        OnnxDetector(model)


def test_answers_of_another_shape_than_promised_are_refused(tmp_path: Path) -> None:
    answers: Answers = {
        "labels": np.zeros((1, 3), np.int64),
        "boxes": np.zeros((1, 2, 4), np.float32),
        "scores": np.ones((1, 3), np.float32),
    }
    inputs = PICTURE | {"orig_target_sizes": ("int64", (1, 2))}
    detector = OnnxDetector(write_network(tmp_path / "dfine.onnx", inputs, answers))
    with pytest.raises(InputError, match=r"output boxes: expected numbers 1x3x4, got float32 1x2x4"):
        detector.detect(frame())


@pytest.mark.parametrize("side", [8, 4096])
def test_a_picture_of_an_absurd_size_is_not_made(tmp_path: Path, side: int) -> None:
    inputs = {"images": ("float32", (1, 3, side, side))}
    model = write_network(tmp_path / "wide.onnx", inputs, {"output": np.zeros((1, 84, 85), np.float32)})
    with pytest.raises(InputError, match="expected 32 to 2048 pixels"):
        OnnxDetector(model)


@pytest.mark.parametrize("engine", installed_engines())
@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"\x08\x08" * 400, b"<html>not found</html>"])
def test_a_file_that_is_no_network_is_one_sentence(tmp_path: Path, content: bytes, engine: str) -> None:
    model = tmp_path / "broken.onnx"
    model.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.onnx") as told:
        OnnxDetector(model, DetectorOptions(engine=engine))
    assert "\n" not in str(told.value)


def test_a_folder_or_nothing_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected an ONNX file"):
        OnnxDetector(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        OnnxDetector(tmp_path / "absent.onnx")


def test_unknown_engine_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="onnxruntime"):
        OnnxDetector(tmp_path / "any.onnx", DetectorOptions(engine="abacus"))


def test_other_things_than_cocos_need_names(tmp_path: Path) -> None:
    table = yolox_table((0, 0.5, 0.5, 1.0, 1.0, 0.9, 1, 0.9), classes=2)
    model = write_network(tmp_path / "fruit.onnx", PICTURE, {"output": table})
    with pytest.raises(InputError, match=r"taught 2 things.*fruit\.txt"):
        OnnxDetector(model)
    names = tmp_path / "names.txt"
    names.write_text("apple\npear\n", encoding="utf-8")
    detector = OnnxDetector(model, DetectorOptions(labels=names))
    assert [one.label for one in detector.detect(frame(64, 64))] == ["pear"]
    names.write_text("apple\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected 2 names, one a line, got 1"):
        OnnxDetector(model, DetectorOptions(labels=names))


def test_names_and_numbers_agree() -> None:
    assert len(NAMES) == len(set(NAMES)) == len(IDS) == 80
    assert (NAMES_BY_ID[1], NAMES_BY_ID[13], NAMES_BY_ID[44], NAMES_BY_ID[90]) == (
        "person",
        "stop sign",
        "bottle",
        "toothbrush",
    )
