"""One hand as it was seen: where its joints are, and what it does. Knows nothing of networks and of what follows.

Joints are MediaPipe's 21: the wrist, then four from root to tip for thumb, index, middle, ring and little finger.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from devices import Stamp

WRIST, INDEX_TIP, MIDDLE_ROOT = 0, 8, 9
JOINTS = 21

_TIPS = (8, 12, 16, 20)
_MIDDLES = (6, 10, 14, 18)
_STRETCHED = 1.15  # a finger is when its tip is so much farther from the wrist than its middle joint
_CURLED = 1.0
_UPRIGHT_DEG = 40.0
_BY_SHAPE_SCORE = 0.75


class Gesture(Enum):
    """What a hand may do that something follows from."""

    PALM = "open palm"
    FIST = "closed fist"
    POINT = "pointing finger"
    THUMB_UP = "thumb up"


Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand in one picture."""

    stamp: Stamp
    points: Points
    """`(21, 2)`, capture pixels."""
    score: float
    """How sure it is a hand, 0 to 1."""
    gesture: Gesture | None
    """None: none of those that mean something."""
    gesture_score: float
    """0 to 1."""

    @property
    def fingertip(self) -> tuple[float, float]:
        """Of the index finger."""
        x, y = self.points[INDEX_TIP]
        return float(x), float(y)

    @property
    def size_px(self) -> float:
        """From the wrist to the root of the middle finger."""
        return float(np.linalg.norm(self.points[MIDDLE_ROOT] - self.points[WRIST]))


def gesture_by_shape(points: Points) -> tuple[Gesture | None, float]:
    """What a hand does by which fingers are stretched, for where no network says it. `points` are `(21, 2)`."""
    wrist = points[WRIST]
    reach = np.linalg.norm(points - wrist, axis=1)
    size = float(reach[MIDDLE_ROOT])
    if size < 1:
        return None, 0.0
    ratios = [float(reach[tip] / max(reach[middle], 1e-6)) for tip, middle in zip(_TIPS, _MIDDLES, strict=True)]
    stretched = [ratio > _STRETCHED for ratio in ratios]
    curled = [ratio < _CURLED for ratio in ratios]
    thumb_px = float(np.linalg.norm(points[4] - points[5]))  # from the root of the index finger
    if all(stretched) and thumb_px > 0.5 * size:
        return Gesture.PALM, _BY_SHAPE_SCORE
    if stretched[0] and all(curled[1:]):
        return Gesture.POINT, _BY_SHAPE_SCORE
    if all(curled):
        along = points[4] - points[2]
        tilt_deg = float(np.degrees(np.arctan2(abs(along[0]), -along[1])))
        above = points[4][1] < points[:, 1].min() + 0.05 * size
        if thumb_px > 0.6 * size and tilt_deg < _UPRIGHT_DEG and above:
            return Gesture.THUMB_UP, _BY_SHAPE_SCORE
        if thumb_px < 0.6 * size:
            return Gesture.FIST, _BY_SHAPE_SCORE
    return None, 0.0
