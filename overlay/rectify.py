"""Takes a label's block out of the photo, flat, and says where its lines are in the flat picture.

Comes in: a picture and a `Label`. Goes out: a `Plan`. Refuses to know: fonts, colours, what the text says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.glyphs import Mask, is_wide
from overlay.scene import Label, Quad
from overlay.typeset import Align

_MOST_PIXELS = 700_000
"""A flat patch is never larger: a poster that fills a 4K photo needs no more to look sharp in a video."""
_ROOM_LINES = 2.5
"""How far the patch reaches beyond both ends of the lines, in line heights."""
_OFTEN_LONGER = 1.3
"""Letters are higher than their lines' boxes where these are tight, and lines break where words do."""
_FINE_LINE_PX = 40.0
"""Lines lower than this are enlarged (at most twice), so that small letters are drawn with clean edges."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A block of text seen straight on, with a margin around it."""

    patch: Rgb
    scale: float
    """Patch pixels to a capture pixel."""
    corners: Quad
    """Of the label's quad within the patch."""
    box: tuple[int, int, int, int]
    """Where the translation may be set: left, top, width, height, patch pixels."""
    lines: Mask
    """`(h, w)`: 0 outside of all lines, else the number of the line, from 1."""
    others: NDArray[np.bool_]
    """`(h, w)`: what belongs to other lines of the photo; none of it is in `lines`."""
    line_height_px: float
    """Across the lines' reading direction, patch pixels."""
    margin_px: float
    """Above and below the block."""
    inside_photo: Mask
    """Non-zero where the patch shows the photo and not what was made up beyond its edge."""
    align: Align
    vertical: bool
    """The original runs in columns from top to bottom."""


def plan_of(rgb: Rgb, label: Label, others: Sequence[Quad] = ()) -> Plan | None:
    """Return the plan of a label in its `(H, W, 3)` photo, or None when its quad has no area to speak of.

    `others` are the quads of the photo's other lines. Detectors' boxes of neighbours overlap by some pixels: what
    lies deeper in another one's is not the label's.
    """
    quad = np.asarray(label.quad, np.float64)
    if quad.shape != (4, 2) or not np.isfinite(quad).all() or np.abs(quad).max() > 1e5:
        return None
    width, height = _mean_sides(quad)
    if width < 3 or height < 3 or cv2.contourArea(quad.astype(np.float32)) < 9:
        return None
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    to_flat = np.asarray(cv2.getPerspectiveTransform(quad.astype(np.float32), flat), np.float64)
    if not np.isfinite(to_flat).all() or np.linalg.matrix_rank(to_flat) < 3:
        return None  # three corners in a line: nothing leads back
    boxes = _line_boxes(label.line_quads, to_flat, width, height)
    vertical = _runs_down(boxes, label.source)
    thickness = float(np.median([min(b[2], b[3]) if vertical else b[3] for b in boxes]))
    margin = max(3.0, 0.3 * thickness)
    # Room at the sides: a longer translation may run on there if the ground does.
    roomy = not vertical and _may_run_on(label, width * len(boxes) / thickness)
    room = max(margin, min(_ROOM_LINES * thickness, 2 * width)) if roomy else margin
    scale = _scale(width + 2 * room, height + 2 * margin, thickness)
    place = np.array([[scale, 0, room * scale], [0, scale, margin * scale], [0, 0, 1]])
    size = (round((width + 2 * room) * scale), round((height + 2 * margin) * scale))
    # Pixel centres lie at +0.5 in quads: shift by half a pixel on both sides of the warp.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    warp = np.linalg.inv(half) @ place @ to_flat @ half
    cut = _flattened(rgb, warp, size, scale)
    if cut is None:
        return None
    patch, shown = cut
    to_patch = np.asarray(place @ to_flat, np.float64)
    placed = [((x + room) * scale, (y + margin) * scale, w * scale, h * scale) for x, y, w, h in boxes]
    lines, theirs = _shared_out(_line_mask(placed, (size[1], size[0])), others, to_patch)
    return Plan(
        patch=patch,
        scale=scale,
        corners=((flat + np.array([room, margin], np.float32)) * scale).astype(np.float32),
        box=(
            round(room * scale),
            round(margin * scale),
            max(1, int(width * scale)),
            max(1, int(height * scale)),
        ),
        lines=lines,
        others=theirs,
        line_height_px=thickness * scale,
        margin_px=margin * scale,
        inside_photo=shown,
        align=_alignment(boxes, thickness, min(rgb.shape[:2])),
        vertical=vertical,
    )


def _flattened(rgb: Rgb, warp: NDArray[np.float64], size: tuple[int, int], scale: float) -> tuple[Rgb, Mask] | None:
    """Return the warped patch and where it shows the photo; None when it shows nothing of it.

    Only the part of the photo that is needed is touched: the photo may have a hundred megapixels.
    """
    width, height = size
    ring = np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]], np.float64)
    xs, ys, depths = np.linalg.inv(warp) @ ring
    if not np.isfinite(depths).all() or np.abs(depths).min() < 1e-9:
        return None
    pad = 4 + 2 / scale
    x0, y0 = max(0, int((xs / depths).min() - pad)), max(0, int((ys / depths).min() - pad))
    x1, y1 = int(min(rgb.shape[1], (xs / depths).max() + pad)), int(min(rgb.shape[0], (ys / depths).max() + pad))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    part = rgb[y0:y1, x0:x1]
    if scale < 0.7:
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.4 / scale), np.uint8)
    shift = warp @ np.array([[1, 0, x0], [0, 1, y0], [0, 0, 1]], np.float64)
    how = cv2.INTER_CUBIC if scale > 1.05 else cv2.INTER_LINEAR
    # Mirrored beyond the photo's edge: a cut letter goes on as strokes there, not as a block that looks like ground.
    patch = cv2.warpPerspective(np.ascontiguousarray(part), shift, size, flags=how, borderMode=cv2.BORDER_REFLECT)
    shown = cv2.warpPerspective(np.full(part.shape[:2], 255, np.uint8), shift, size, flags=cv2.INTER_NEAREST)
    return np.asarray(patch, np.uint8), np.asarray(shown, np.uint8)


def _mean_sides(quad: NDArray[np.float64]) -> tuple[float, float]:
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    return float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2


def _may_run_on(label: Label, room_em: float) -> bool:
    """Return whether a translation might not fit into its lines, which are so long: a rough and careful guess."""
    return _OFTEN_LONGER * sum(1.0 if is_wide(char) else 0.6 for char in label.target) > room_em


def _scale(width: float, height: float, thickness: float) -> float:
    wanted = min(2.0, max(1.0, _FINE_LINE_PX / thickness))
    return float(min(wanted, (_MOST_PIXELS / (width * height)) ** 0.5))


def _line_boxes(
    quads: Sequence[Quad], to_flat: NDArray[np.float64], width: float, height: float
) -> list[tuple[float, float, float, float]]:
    """Return the lines as left, top, width, height in the flat block; without lines the block itself."""
    boxes: list[tuple[float, float, float, float]] = []
    for quad in quads:
        points = np.asarray(quad, np.float32).reshape(-1, 1, 2)
        if not np.isfinite(points).all():
            continue
        flat = cv2.perspectiveTransform(points, to_flat).reshape(-1, 2)
        x0, y0 = np.maximum(flat.min(axis=0), 0)
        x1, y1 = np.minimum(flat.max(axis=0), (width, height))
        if x1 - x0 >= 2 and y1 - y0 >= 2:
            boxes.append((float(x0), float(y0), float(x1 - x0), float(y1 - y0)))
    return boxes or [(0.0, 0.0, width, height)]


def _runs_down(boxes: list[tuple[float, float, float, float]], source: str) -> bool:
    tall = [box[3] > 1.5 * box[2] for box in boxes]
    wide = sum(1 for char in source if char > "\u2e7f")
    return all(tall) and wide * 2 >= len(source.replace(" ", "")) > 1


def _line_mask(boxes: Sequence[tuple[float, float, float, float]], shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, np.uint8)
    for number, (left, top, width, height) in enumerate(boxes[:255], start=1):
        mask[max(0, int(top)) : int(top + height + 1), max(0, int(left)) : int(left + width + 1)] = number
    return mask


def _shared_out(lines: Mask, others: Sequence[Quad], to_patch: NDArray[np.float64]) -> tuple[Mask, NDArray[np.bool_]]:
    """Return the lines without what lies deeper in another line's quad, and what is the others'.

    A quad that covers most of a line, or lies mostly within the lines, is the same text found twice: not counted.
    """
    own = (lines > 0).astype(np.uint8)
    theirs = np.zeros_like(own)
    for quad in others:
        points = np.asarray(quad, np.float64).reshape(-1, 2)
        if not np.isfinite(points).all():
            continue
        flat = cv2.perspectiveTransform(points.reshape(-1, 1, 2), to_patch).reshape(-1, 2)
        # Far away, or behind the eye after the perspective: nothing to do with this patch.
        if np.abs(flat).max() > 2e4 or cv2.contourArea(flat.astype(np.float32)) < 4:
            continue
        one = np.zeros_like(own)
        cv2.fillConvexPoly(one, np.rint(flat).astype(np.int32), 1)
        met = int((one & own).sum())
        if met <= 0.5 * min(int(own.sum()), cv2.contourArea(flat.astype(np.float32))):
            theirs |= one
    if not (theirs & own).any():
        return lines, (theirs > 0) & (own == 0)
    deeper = _depth(theirs) > _depth(own)
    taken = np.asarray((theirs > 0) & ((own == 0) | deeper), bool)
    return np.where(taken, np.uint8(0), lines), taken


def _depth(mask: Mask) -> NDArray[np.float32]:
    return np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 3), np.float32)


def _alignment(boxes: list[tuple[float, float, float, float]], thickness: float, photo_side: float) -> Align:
    """Return which edge the lines share. A single line is centred, unless it is small print: lists start left."""
    if len(boxes) < 2:
        small_print = thickness < 0.052 * photo_side and boxes[0][2] > 2.5 * boxes[0][3]
        return "left" if small_print else "centre"
    left = float(np.std([box[0] for box in boxes]))
    right = float(np.std([box[0] + box[2] for box in boxes]))
    centre = float(np.std([box[0] + box[2] / 2 for box in boxes]))
    best = min(left, right, centre)
    if centre <= best + 0.15 * thickness:
        return "centre" if left > 0.3 * thickness else "left" if left <= best + 0.15 * thickness else "centre"
    return "left" if left <= right else "right"
