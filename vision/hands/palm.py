"""Finds palms in a picture: MediaPipe's palm detector, and the square around the whole hand that follows from each.

Method: Zhang et al., "MediaPipe Hands: On-device Real-time Hand Tracking", 2020 (arXiv:2006.10214). The figures are
those of MediaPipe's own graph (mediapipe/tasks/cc/vision/hand_detector).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import Rgb
from vision.tflite import LiteNetwork, expect

SIDE_PX = 192
ANCHORS = 2016

_LAYERS = ((8, 2), (16, 6))  # stride, anchors in each cell
_LEAST_SCORE = 0.5
_SAME = 0.3
_MOST_CANDIDATES = 200
_GROWTH = 2.6
_SHIFT = -0.5  # of its height, towards the fingers

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Square:
    """A turned square in a picture, capture pixels."""

    x: float
    y: float
    side_px: float
    turn_rad: float
    """Clockwise as one sees it; 0: the fingers point up."""

    def matrix(self, side_px: int) -> NDArray[np.float64]:
        """`(2, 3)`: from pixels of the square, drawn `side_px` wide, to those of the picture."""
        grow = self.side_px / side_px
        cos, sin = np.cos(self.turn_rad) * grow, np.sin(self.turn_rad) * grow
        half = side_px / 2
        return np.array(
            [[cos, -sin, self.x - cos * half + sin * half], [sin, cos, self.y - sin * half - cos * half]], np.float64
        )


class PalmDetector:
    """See the module. Not for use by several threads at a time."""

    def __init__(self, network: LiteNetwork) -> None:
        expect(network, [(1, SIDE_PX, SIDE_PX, 3)], [(1, ANCHORS, 18), (1, ANCHORS, 1)])
        self._network = network
        self._anchors = anchors()

    def find(self, rgb: Rgb, most: int = 2) -> list[Square]:
        """Squares that should hold one hand each, the surest first. Blocks for some ms."""
        height, width = rgb.shape[:2]
        scale = SIDE_PX / max(height, width)
        wide, high = max(1, round(width * scale)), max(1, round(height * scale))
        left, top = (SIDE_PX - wide) // 2, (SIDE_PX - high) // 2
        seen = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
        seen[top : top + high, left : left + wide] = cv2.resize(rgb, (wide, high), interpolation=cv2.INTER_AREA)
        raw, scores = self._network(seen[None].astype(np.float32) / 255)
        found = palms(raw[0].astype(np.float32), scores[0, :, 0].astype(np.float32), self._anchors)
        to_picture = np.array([width / wide, height / high], np.float32)
        return [around((palm - (left, top)) * to_picture) for palm in found[:most]]


def anchors() -> Floats:
    """Centres of the anchors, `(2016, 2)`, pixels of the network's picture; their sizes are all its whole side."""
    layers = []
    for stride, each in _LAYERS:
        cells = SIDE_PX // stride
        y, x = np.mgrid[0:cells, 0:cells]
        centres = (np.stack([x.ravel(), y.ravel()], 1) + 0.5) * stride
        layers.append(np.repeat(centres, each, axis=0))
    return np.concatenate(layers).astype(np.float32)


def palms(raw: Floats, scores: Floats, centres: Floats) -> list[Floats]:
    """Each `(9, 2)`: the box's corners, then seven points; pixels of the network's picture, the surest first.

    What overlaps is one palm: its points are the mean of all that found it, weighted by their scores.
    """
    sure = 1 / (1 + np.exp(-np.clip(np.nan_to_num(scores, nan=-80.0), -80, 80)))
    good = np.flatnonzero((sure >= _LEAST_SCORE) & np.isfinite(raw).all(axis=1))
    good = good[np.argsort(-sure[good], kind="stable")][:_MOST_CANDIDATES]
    middle, size = raw[good, :2] + centres[good], raw[good, 2:4]
    shapes = np.concatenate(
        [(middle - size / 2)[:, None], (middle + size / 2)[:, None],
         raw[good, 4:].reshape(-1, 7, 2) + centres[good][:, None]], axis=1
    )  # fmt: skip
    weights = sure[good]
    left = np.ones(len(good), bool)
    found: list[Floats] = []
    for index in range(len(good)):
        if not left[index]:
            continue
        same = left & (_overlaps(shapes[index], shapes) > _SAME)
        same[index] = True
        left &= ~same
        share = weights[same] / weights[same].sum()
        found.append((shapes[same] * share[:, None, None]).sum(axis=0).astype(np.float32))
    return found


def around(palm: Floats) -> Square:
    """The square around the whole hand, from the palm's `(9, 2)` points in the picture."""
    (x0, y0), (x1, y1), wrist, middle_root = palm[0], palm[1], palm[2], palm[4]
    along = middle_root - wrist
    turn = float(np.pi / 2 - np.arctan2(-along[1], along[0]))
    turn = (turn + np.pi) % (2 * np.pi) - np.pi
    wide, high = float(x1 - x0), float(y1 - y0)
    x = float(x0 + x1) / 2 - high * _SHIFT * np.sin(turn)
    y = float(y0 + y1) / 2 + high * _SHIFT * np.cos(turn)
    return Square(float(x), float(y), max(wide, high, 1.0) * _GROWTH, turn)


def _overlaps(one: Floats, others: Floats) -> Floats:
    """Intersection over union of boxes."""
    low = np.maximum(one[0], others[:, 0])
    high = np.minimum(one[1], others[:, 1])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    size = np.clip(one[1] - one[0], 0, None).prod() + np.clip(others[:, 1] - others[:, 0], 0, None).prod(axis=1)
    result: Floats = (shared / np.maximum(size - shared, 1e-6)).astype(np.float32)
    return result
