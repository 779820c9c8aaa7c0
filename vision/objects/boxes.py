"""Arithmetic on boxes: `(N, 4)` arrays of left, top, right, bottom. Pure; knows no pictures and no networks."""

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]

_AT_ONCE = 256  # boxes that are laid over all the others: a bound to the memory that hostile networks can ask for


def areas(boxes: Boxes) -> NDArray[np.float32]:
    """`(N,)`; a box that is turned inside out has none."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def overlaps(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Intersection over union of each of `a` with each of `b`, `(len(a), len(b))`, 0 to 1."""
    # Side by side, not as pairs: an axis of two makes numpy several times slower.
    wide, high = (
        np.minimum(a[:, None, side + 2], b[None, :, side + 2]) - np.maximum(a[:, None, side], b[None, :, side])
        for side in (0, 1)
    )
    common = np.maximum(wide, 0) * np.maximum(high, 0)
    union = areas(a)[:, None] + areas(b)[None, :] - common
    return np.asarray(common / np.maximum(union, 1e-9), np.float32)


def from_centres(centred: Boxes) -> Boxes:
    """Boxes from centre x, centre y, width, height."""
    half = centred[:, 2:] / 2
    return np.concatenate([centred[:, :2] - half, centred[:, :2] + half], axis=1)


def suppressed(
    boxes: Boxes, scores: NDArray[np.float32], classes: NDArray[np.int64], most_overlap: float
) -> NDArray[np.int64]:
    """Which boxes stay, best first, when those that overlap a better one of their class by more than this go.

    Greedy non-maximum suppression, each class by itself.
    """
    order = np.argsort(-scores, kind="stable")
    boxes, classes = boxes[order], classes[order]
    left = np.ones(len(order), bool)
    for start in range(0, len(order), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        same = classes[some, None] == classes[None, start:]
        rivals = same & (overlaps(boxes[some], boxes[start:]) > most_overlap)
        for row, others in enumerate(rivals):
            if left[start + row]:
                left[start + row + 1 :] &= ~others[row + 1 :]
    return np.asarray(order[left], np.int64)
