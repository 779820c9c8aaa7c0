"""Hands, joints and gestures: the arithmetic alone, then the whole way through LiteRT with tiny networks of our own.

Google's own .task files are not at hand here: what their weights see is not tested, how they are fed and read is.
"""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from devices import Frame, InputError, MissingError, Stamp
from tests.vision.hands import tiny_tasks
from vision.hands import Gesture, HandReader
from vision.hands.hand import gesture_by_shape
from vision.hands.palm import Square, anchors, around, palms
from vision.hands.reader import centred, cut, find_task, turn
from vision.task_file import labels_in, read_task

STAMP = Stamp("camera", 3, 4, 5.0)


# Shapes


def hand(*stretched: int, thumb: str = "in") -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Joints of an upright hand; fingers 0 to 3 from the index to the little one."""
    points = np.zeros((21, 2), np.float32)
    for finger in range(4):
        x, root = 80.0 + 20 * finger, 5 + 4 * finger
        ends = (40, 20, 5, -10) if finger in stretched else (40, 25, 45, 60)
        points[root : root + 4] = [(x, 60.0 + end) for end in ends]
    points[0] = (110, 180)
    points[1:5] = {
        "in": [(95, 150), (90, 130), (92, 118), (95, 110)],
        "out": [(85, 160), (65, 140), (45, 125), (25, 110)],
        "up": [(90, 140), (84, 100), (82, 60), (80, 20)],
    }[thumb]
    return points


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (hand(0, 1, 2, 3, thumb="out"), Gesture.PALM),
        (hand(0, 1, 2, 3), None),
        (hand(0), Gesture.POINT),
        (hand(), Gesture.FIST),
        (hand(thumb="up"), Gesture.THUMB_UP),
        (hand(0, 1), None),
        (hand(0, 3), None),
        (np.zeros((21, 2), np.float32), None),
    ],
)
def test_gestures_by_shape(points: np.ndarray[tuple[int, ...], np.dtype[np.float32]], expected: Gesture | None) -> None:
    assert gesture_by_shape(points)[0] is expected
    assert gesture_by_shape(points * 3 + 50)[0] is expected


def test_a_thumb_is_up_only_where_it_is_up() -> None:
    points = hand(thumb="up")
    sideways = np.stack([points[:, 1], points[:, 0]], 1)
    assert gesture_by_shape(np.ascontiguousarray(sideways))[0] is not Gesture.THUMB_UP
    assert gesture_by_shape(-points)[0] is not Gesture.THUMB_UP


# Palms


def test_anchors_are_those_of_the_network() -> None:
    centres = anchors()
    assert centres.shape == (2016, 2)
    assert [centres[i].tolist() for i in (0, 1, 2, 1151, 1152, 1157, 1158, 2015)] == [
        [4, 4], [4, 4], [12, 4], [188, 188], [8, 8], [8, 8], [24, 8], [184, 184]
    ]  # fmt: skip


def test_palms_that_overlap_are_one_weighted_and_rubbish_is_none() -> None:
    centres = np.array([[50, 50], [54, 50], [150, 150], [20, 20], [90, 90]], np.float32)
    raw = np.zeros((5, 18), np.float32)
    raw[:, 2:4] = 40
    raw[4] = np.nan
    scores = np.array([2.0, 2.0, 1.0, -3.0, 9.0], np.float32)
    found = palms(raw, scores, centres)
    assert [palm[2].tolist() for palm in found] == [[52, 50], [150, 150]]
    assert found[0][:2].tolist() == [[32, 30], [72, 70]]
    assert palms(raw, np.full(5, np.nan, np.float32), centres) == []


@pytest.mark.parametrize(
    ("wrist", "root", "turn_rad", "middle"),
    [
        ((100, 140), (100, 60), 0.0, (100, 80)),
        ((60, 100), (140, 100), np.pi / 2, (120, 100)),
        ((100, 60), (100, 140), -np.pi, (100, 120)),
    ],
)
def test_the_square_lies_along_the_hand(
    wrist: tuple[int, int], root: tuple[int, int], turn_rad: float, middle: tuple[int, int]
) -> None:
    palm = np.array([[80, 80], [120, 120], wrist, (0, 0), root, *[(0, 0)] * 4], np.float32)
    square = around(palm)
    assert abs((square.turn_rad - turn_rad + np.pi) % (2 * np.pi) - np.pi) < 1e-6
    assert (square.x, square.y) == pytest.approx(middle)
    assert square.side_px == pytest.approx(2.6 * 40)


def test_what_is_cut_out_stands_upright() -> None:
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[140:160, 200:220] = (255, 0, 0)  # to the right of the middle: where the fingers of a turned hand are
    piece = cut(picture, Square(150, 150, 224, np.pi / 2))
    y, x = np.argwhere(piece[..., 0] > 0.5).mean(axis=0)
    assert (x, y) == pytest.approx((112, 52), abs=1.5)
    assert piece.max() <= 1


def test_joints_as_the_classifier_wants_them() -> None:
    points = np.array([[10, 10, 1], [30, 10, 2], [10, 50, 3]], np.float32)
    assert centred(points) == pytest.approx(np.array([[0, 0, 0], [0.5, 0, 0.025], [0, 1, 0.05]]), abs=1e-4)
    assert turn(points, np.pi / 2)[1] == pytest.approx([-10, 30, 2], abs=1e-5)


# Bundles


def test_bundles_are_opened_in_memory(tmp_path: Path) -> None:
    inner = tiny_tasks.zipped({"b.tflite": b"2", "notes.md": b"3"})
    (tmp_path / "x.task").write_bytes(tiny_tasks.zipped({"a.tflite": b"1", "../inner.task": inner}))
    assert read_task(tmp_path / "x.task") == {"a.tflite": b"1", "b.tflite": b"2"}
    assert [path.name for path in tmp_path.iterdir()] == ["x.task"]


def test_labels_behind_a_network() -> None:
    assert labels_in(tiny_tasks.with_labels(b"network", "None", "Wave")) == ["None", "Wave"]
    assert labels_in(b"network alone") is None


def bomb() -> bytes:
    nested = tiny_tasks.zipped({"a.tflite": b"1"})
    for _ in range(5):
        nested = tiny_tasks.zipped({"inner.task": nested})
    return nested


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no whole .task file"),
        (b"PK\3\4 and then nothing", "no whole .task file"),
        (tiny_tasks.zipped({"readme.txt": b""}), "holds no .tflite"),
        (tiny_tasks.zipped({f"{i}.tflite": b"" for i in range(60)}), "too much is in it"),
        (bomb(), "too much is in it"),
        (tiny_tasks.zipped({"a.task": b"no zip"}), "a.task: is no whole .task"),
    ],
)
def test_bundles_of_another_kind_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "x.task").write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_task(tmp_path / "x.task")


def test_a_bundle_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.task", "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(3):
            archive.writestr(f"{index}.tflite", bytes(90_000_000))
    with pytest.raises(InputError, match="too much"):
        read_task(tmp_path / "x.task")


def test_files_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_task(tmp_path) is None
    for name in ("hand_landmarker.task", "gesture_recognizer.task"):
        (tmp_path / name).write_bytes(b"")
        assert find_task(tmp_path) == tmp_path / name
    with pytest.raises(MissingError, match="no such file"):
        read_task(tmp_path / "other.task")
    monkeypatch.setattr("vision.hands.reader.installed", lambda: False)
    with pytest.raises(MissingError, match=r"pip install 'glossa\[mediapipe\]'"):
        HandReader(tmp_path / "gesture_recognizer.task")


# Through LiteRT

needs_litert = pytest.mark.skipif(
    not tiny_tasks.installed(), reason="LiteRT is not installed: pip install ai-edge-litert"
)


def frame(*patches: tuple[int, int]) -> Frame:
    picture = np.zeros((480, 640, 3), np.uint8)
    for x, y in patches:
        picture[y - 40 : y + 40, x - 40 : x + 40] = 255
    return Frame(STAMP, picture)


@needs_litert
@pytest.mark.parametrize(("left", "expected"), [(0.95, Gesture.PALM), (0.05, Gesture.FIST)])
def test_a_hand_is_found_placed_and_understood(tmp_path: Path, left: float, expected: Gesture) -> None:
    reader = HandReader(tiny_tasks.gesture_task(tmp_path / "gesture_recognizer.task", left=left))
    (one,) = reader.read(frame((340, 240)))
    assert one.stamp is STAMP
    assert one.gesture is expected
    assert one.gesture_score == pytest.approx(1, abs=0.01)
    side_px = 2.6 * tiny_tasks.PALM_PX * 640 / 192
    middle = np.array([340, 240 - 0.5 * tiny_tasks.PALM_PX * 640 / 192])
    expected_points = (tiny_tasks.joints()[:, :2] - 112) * side_px / 224 + middle
    assert one.points == pytest.approx(expected_points, abs=8)
    assert one.fingertip == pytest.approx(tuple(expected_points[8]), abs=8)


@needs_litert
def test_a_turned_hand_has_turned_joints(tmp_path: Path) -> None:
    (tmp_path / "hand_landmarker.task").write_bytes(tiny_tasks.hand_task(turned=True))
    (one,) = HandReader(tmp_path / "hand_landmarker.task").read(frame((340, 240)))
    along = one.points[9] - one.points[0]
    assert along[0] > 50
    assert abs(along[1]) < 3
    assert one.gesture is Gesture.PALM  # by the shape of the joints: there is no classifier in this file


@needs_litert
def test_no_hand_no_answer(tmp_path: Path) -> None:
    reader = HandReader(tiny_tasks.gesture_task(tmp_path / "gesture_recognizer.task"))
    assert reader.read(frame()) == []
    assert reader.read(Frame(STAMP, np.zeros((1, 1, 3), np.uint8))) == []
    assert len(reader.read(frame((100, 240), (500, 240)))) == 2
    absent = HandReader(tiny_tasks.gesture_task(tmp_path / "gesture_recognizer.task", presence=-4.0))
    assert absent.read(frame((340, 240))) == []


@needs_litert
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"hand_detector.tflite": b"no network"}, "no TensorFlow Lite network"),
        ({"hand_detector.tflite": b"\1\0\0\0TFL3" + bytes(100)}, "cannot load"),
        ({"other.tflite": b""}, r"holds other.tflite, expected hand_detector.tflite"),
    ],
)
def test_damaged_networks_are_errors(tmp_path: Path, files: dict[str, bytes], told: str) -> None:
    (tmp_path / "x.task").write_bytes(tiny_tasks.zipped(files))
    with pytest.raises(InputError, match=told):
        HandReader(tmp_path / "x.task")


@needs_litert
def test_a_network_of_another_kind_is_told_by_its_shapes(tmp_path: Path) -> None:
    files = {"hand_detector.tflite": tiny_tasks.landmarks(), "hand_landmarks_detector.tflite": tiny_tasks.detector()}
    (tmp_path / "x.task").write_bytes(tiny_tasks.zipped(files))
    with pytest.raises(InputError, match="expected a network from 1x192x192x3 to 1x2016x18, 1x2016x1, got one from"):
        HandReader(tmp_path / "x.task")
