"""Hands in a picture and what they do, by MediaPipe's networks from a .task file.

In: `gesture_recognizer.task`, or `hand_landmarker.task`, which finds joints only: then their shape decides. Out: hands.
Blocks; starts no thread of its own. What the networks give is checked; only numbers come of it.

Source of the figures and of how the joints are prepared: mediapipe/tasks/cc/vision/hand_landmarker and
gesture_recognizer in github.com/google-ai-edge/mediapipe.
"""

from pathlib import Path

import cv2
import numpy as np

from devices import Frame, InputError, MissingError, Rgb
from vision.hands.hand import JOINTS, Gesture, Hand, gesture_by_shape
from vision.hands.palm import Floats, PalmDetector, Square
from vision.task_file import labels_in, read_task
from vision.tflite import INSTALL, LiteNetwork, expect, installed

FILES = ("gesture_recognizer.task", "hand_landmarker.task")
"""Names that are looked for in a folder, the better first."""

GESTURES = {
    "Open_Palm": Gesture.PALM,
    "Closed_Fist": Gesture.FIST,
    "Pointing_Up": Gesture.POINT,
    "Thumb_Up": Gesture.THUMB_UP,
}
"""MediaPipe's names of those that mean something here."""

_LABELS = ("None", "Closed_Fist", "Open_Palm", "Pointing_Up", "Thumb_Down", "Thumb_Up", "Victory", "ILoveYou")
_SIDE_PX = 224
_DEPTH = 0.4
_LEAST_PRESENCE = 0.5
_POINTS = (1, JOINTS, 3)


class HandReader:
    """Finds hands and says what they do. Not for use by several threads at a time."""

    def __init__(self, task: Path, threads: int = 1, most: int = 2) -> None:
        """From a .task file. Raises MissingError (LiteRT, the file) and InputError (not what it should be)."""
        if not installed():
            raise MissingError(f"Gestures are seen by MediaPipe's models in LiteRT, which is not installed: {INSTALL}")
        networks = read_task(task)

        def load(name: str) -> LiteNetwork:
            if name not in networks:
                raise InputError(f"{task}: holds {', '.join(sorted(networks))}, expected {name} too; get it again")
            return LiteNetwork(networks[name], f"{task.name}: {name}", threads)

        self._most = most
        self._palms = PalmDetector(load("hand_detector.tflite"))
        self._joints = load("hand_landmarks_detector.tflite")
        expect(self._joints, [(1, _SIDE_PX, _SIDE_PX, 3)], [(1, 63), (1, 1), (1, 1), (1, 63)])
        self._classifier: GestureClassifier | None = None
        if "gesture_embedder.tflite" in networks:
            classifier = networks.get("canned_gesture_classifier.tflite", b"")
            self._classifier = GestureClassifier(
                load("gesture_embedder.tflite"), load("canned_gesture_classifier.tflite"), labels_in(classifier)
            )
        self.name = f"{task.stem} (LiteRT)"

    def read(self, frame: Frame) -> list[Hand]:
        """The hands in a picture, at most two, the surest first. Blocks for some tens of ms."""
        if min(frame.rgb.shape[:2]) < 2:
            return []
        found = [self._read_one(frame, square) for square in self._palms.find(frame.rgb, self._most)]
        return sorted((hand for hand in found if hand), key=lambda hand: -hand.score)

    def _read_one(self, frame: Frame, square: Square) -> Hand | None:
        raw, presence, left, world = self._joints(cut(frame.rgb, square)[None])
        score = float(presence[0, 0])
        points = raw.reshape(JOINTS, 3).astype(np.float32)
        if not score >= _LEAST_PRESENCE or not np.isfinite(points).all():
            return None
        placed = cv2.transform(points[None, :, :2], square.matrix(_SIDE_PX))[0].astype(np.float32)
        if self._classifier is None:
            gesture, sure = gesture_by_shape(placed)
        else:
            height, width = frame.rgb.shape[:2]
            depth = points[:, 2:] / (_SIDE_PX * _DEPTH) * square.side_px / width
            joints = np.concatenate([placed / max(height, width), depth], axis=1)
            turned = turn(world.reshape(JOINTS, 3).astype(np.float32), square.turn_rad)
            gesture, sure = self._classifier.read(joints.astype(np.float32), float(left[0, 0]), turned)
        return Hand(frame.stamp, placed, min(score, 1.0), gesture, sure)


class GestureClassifier:
    """From joints to a gesture: MediaPipe's embedder and what follows it."""

    def __init__(self, embedder: LiteNetwork, classifier: LiteNetwork, labels: list[str] | None) -> None:
        shapes = sorted(port.shape for port in embedder.inputs)
        if shapes != sorted([_POINTS, (1, 1), _POINTS]) or len(embedder.outputs) != 1:
            raise InputError(f"{embedder.title}: expected two inputs of 21 joints and the hand's side; get it again")
        size = embedder.outputs[0].shape
        self._labels = tuple(labels or _LABELS)
        expect(classifier, [size], [(1, len(self._labels))])
        self._embedder, self._classifier = embedder, classifier
        self._order = [_kind(port.name, port.shape) for port in embedder.inputs]
        if sorted(self._order) != ["joints", "side", "world"]:  # nameless: in MediaPipe's order
            self._order = ["joints", "side", "world"]

    def read(self, joints: Floats, left: float, world: Floats) -> tuple[Gesture | None, float]:
        """From joints in the picture and in space, both `(21, 3)`, and how surely it is a left hand."""
        given = {
            "joints": centred(joints)[None],
            "side": np.array([[left]], np.float32),
            "world": centred(world)[None],
        }
        (embedded,) = self._embedder(*(given[kind] for kind in self._order))
        (scores,) = self._classifier(embedded)
        best = int(np.argmax(np.nan_to_num(scores[0], nan=0.0)))
        return GESTURES.get(self._labels[best]), float(np.clip(np.nan_to_num(scores[0, best]), 0, 1))


def cut(rgb: Rgb, square: Square) -> Floats:
    """The turned square out of a picture, `(224, 224, 3)`, 0 to 1; black beyond the border."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    piece = cv2.warpAffine(rgb, square.matrix(_SIDE_PX), (_SIDE_PX, _SIDE_PX), flags=flags)
    return np.asarray(piece, np.float32) / np.float32(255)


def turn(points: Floats, angle_rad: float) -> Floats:
    """Points in space turned with the square that they were seen in; their depth stays."""
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    turned = points.copy()
    turned[:, 0] = cos * points[:, 0] - sin * points[:, 1]
    turned[:, 1] = sin * points[:, 0] + cos * points[:, 1]
    return turned


def centred(points: Floats) -> Floats:
    """Joints from the wrist on, the hand's larger side 1."""
    moved = points - points[0]
    size = float((moved[:, :2].max(axis=0) - moved[:, :2].min(axis=0)).max()) + 1e-5
    result: Floats = (moved / size).astype(np.float32)
    return result


def _kind(name: str, shape: tuple[int, ...]) -> str:
    if shape == (1, 1):
        return "side"
    return "world" if "world" in name else "joints"


def find_task(folder: Path) -> Path | None:
    """The better of `FILES` in a folder; None: neither is there."""
    return next((folder / name for name in FILES if (folder / name).is_file()), None)
