"""Finds the strokes of writing in a flat picture, and tells them from frames and from neighbours' letters.

Comes in: a patch, where its lines are, how high a line is. Goes out: masks. Refuses to know: how strokes are erased.

Strokes are what an opening (light writing) or a closing (dark writing) larger than a stroke removes: that
holds on gradients, shadows and textures, where a global threshold does not. Which of the two it is, is
decided at the rim of the lines, which is mostly background.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb

_Plane = NDArray[np.float32]

_EDGE_SHARE = 0.24
"""Of the line height: how deep a frame or a neighbour reaches into the generous box of a line."""
_LONGEST_STROKE = 2.5
"""Of the line height: no straight run of a letter is longer, not even where the photo's edge cuts the line low."""
_LEAST_CONTRAST = 8.0
"""Steps of 0..255 along the strongest colour axis: weaker than this is noise, not writing."""


def find_strokes(
    patch: Rgb, inside: NDArray[np.bool_], line_height_px: float, *, barred: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which pixels are the lines' ink, and which are somebody else's inside of the lines.

    `inside` is where the lines are, `barred` where there is nothing of theirs, all `(h, w)`.
    """
    tone = _strongest_axis(patch, inside)
    side = max(3, round(line_height_px * 0.55) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    smooth = np.asarray(cv2.GaussianBlur(tone, (0, 0), max(0.4, line_height_px / 60)), np.float32)
    light_on_dark = _leans_light(smooth, inside, line_height_px)
    if light_on_dark:
        ground = np.asarray(cv2.morphologyEx(smooth, cv2.MORPH_OPEN, kernel), np.float32)
        rise = smooth - ground
    else:
        ground = np.asarray(cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, kernel), np.float32)
        rise = ground - smooth
    limit = max(_otsu(rise[inside]), _LEAST_CONTRAST)
    # Hysteresis: weak ink counts only where it touches strong ink.
    strong, weak = rise > limit, rise > limit * 0.6
    near = np.asarray(cv2.dilate(inside.astype(np.uint8), disc(max(1, round(line_height_px * 0.12)))), bool)
    weak &= near & ~barred
    rails = _rails(weak, inside, line_height_px) & ~_shrunk(inside, line_height_px * _EDGE_SHARE)
    ink, kept = _components_of(weak & ~rails, strong & inside & ~rails, inside, rails, line_height_px)
    return ink, (kept | rails) & ~ink


def sampled(pixels: NDArray[np.uint8], most: int = 6000) -> NDArray[np.uint8]:
    """Return every n-th row: medians need no more, and stay deterministic."""
    return np.ascontiguousarray(pixels[:: max(1, len(pixels) // most)])


def disc(radius: int) -> NDArray[np.uint8]:
    """Return a round structuring element, `2 * radius + 1` pixels wide."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2), np.uint8)


def _strongest_axis(patch: Rgb, inside: NDArray[np.bool_]) -> _Plane:
    """Return the patch projected on its strongest colour axis: red on green is seen too."""
    pixels = patch[inside] if inside.any() else patch.reshape(-1, 3)
    pixels = sampled(pixels).astype(np.float32)
    spread = np.cov(pixels.T) if len(pixels) > 1 else np.eye(3)
    axis = np.linalg.eigh(spread)[1][:, -1].astype(np.float32)
    if axis.sum() < 0:
        axis = -axis
    return np.asarray(patch.astype(np.float32) @ axis, np.float32)


def _leans_light(tone: _Plane, inside: NDArray[np.bool_], line_height_px: float) -> bool:
    """Return whether the writing is lighter than its ground, which is what the rim of the lines shows.

    Three rims, one inside the other, and the middle of their answers: one of them may run along the sign's frame.
    """
    limit = _otsu(tone[inside])
    shares = []
    for outer, inner in ((0.0, 0.05), (0.05, 0.1), (0.1, 0.16)):
        rim = _shrunk(inside, line_height_px * outer) & ~_shrunk(inside, line_height_px * inner)
        shares.append(float((tone[rim] > limit).mean()) if rim.any() else 0.5)
    all_light = float((tone[inside] > limit).mean())
    return float(np.median(shares)) * 2 + all_light < 1.5


def _rails(weak: NDArray[np.bool_], inside: NDArray[np.bool_], line_height_px: float) -> NDArray[np.bool_]:
    """Return the straight runs that are longer than any stroke: a frame, even where a letter touches it.

    In a short block these are the runs that reach beyond both of its ends, as no stroke does, or that end in another
    run at both ends: a frame inside of the block.
    """
    rows, columns = np.nonzero(inside.any(axis=1))[0], np.nonzero(inside.any(axis=0))[0]
    if rows.size == 0:
        return np.zeros_like(weak)
    wide = max(3, int(min(_LONGEST_STROKE * line_height_px, 1.04 * (columns[-1] - columns[0]) + 2)))
    tall = max(3, int(min(_LONGEST_STROKE * line_height_px, 1.04 * (rows[-1] - rows[0]) + 2)))
    across, down = _runs(weak, wide, 1), _runs(weak, 1, tall)
    ends = np.nonzero((across & inside).any(axis=1))[0]
    if ends.size and ends[-1] - ends[0] > 0.7 * line_height_px:
        down |= _runs(weak, 1, int(ends[-1] - ends[0]) - 2)
    return across | down


def _runs(mask: NDArray[np.bool_], wide: int, tall: int) -> NDArray[np.bool_]:
    kernel = np.ones((tall, wide), np.uint8)
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel, borderValue=0), bool)


def _components_of(
    weak: NDArray[np.bool_],
    strong: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    rails: NDArray[np.bool_],
    line_height_px: float,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the components of `weak` that hold strong ink and are the lines' own, and those that are not.

    Not their own is what stays near the lines' edges: a frame that runs along them, and letters of a neighbour that
    reach in from outside.
    """
    count, marks, boxes, _ = cv2.connectedComponentsWithStats(weak.astype(np.uint8), connectivity=8)
    marks = np.asarray(marks)
    total = np.bincount(marks.ravel(), minlength=count).astype(np.float64)
    held = np.bincount(marks[inside], minlength=count)
    has_strong = np.bincount(marks[strong], minlength=count) > 0
    mostly = held > 0.6 * total
    mostly[0] = False
    keep = has_strong & mostly
    crossing = has_strong & ~mostly
    crossing[0] = False
    core = np.bincount(marks[_shrunk(inside, line_height_px * _EDGE_SHARE)], minlength=count)
    at_edge = core < 0.25 * np.maximum(held, 1)
    long = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]) > 1.5 * line_height_px
    beside = cv2.dilate(rails.astype(np.uint8), disc(1)) > 0
    at_rail = np.bincount(marks[beside], minlength=count) > 0
    foreign = at_edge & (crossing | long | at_rail)
    foreign[0] = False
    kept = np.asarray(cv2.dilate((foreign[marks] & inside).astype(np.uint8), disc(1)), bool)
    # Any other component that runs far out (a shadow edge) is cut at the line instead of being followed.
    ink = (keep & ~foreign)[marks] | ((crossing & ~foreign)[marks] & inside)
    return np.asarray(ink, bool), kept & ~ink


def _shrunk(inside: NDArray[np.bool_], by_px: float) -> NDArray[np.bool_]:
    """Return the mask without its outermost pixels; it also shrinks where it touches the patch's edge."""
    side = 2 * round(by_px) + 1
    kernel = np.ones((side, side), np.uint8)
    return np.asarray(cv2.erode(inside.astype(np.uint8), kernel, borderValue=0), bool)


def _otsu(values: _Plane) -> float:
    """Return Otsu's threshold (1979) of the values, in their own units."""
    if values.size == 0:
        return 0.0
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-3:
        return high
    bytes_ = np.clip((values - low) / (high - low) * 255, 0, 255).astype(np.uint8).reshape(1, -1)
    limit, _ = cv2.threshold(bytes_, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return low + float(limit) / 255 * (high - low)
