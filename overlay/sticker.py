"""Makes the sticker of a label from a photo, and puts stickers on pictures.

Comes in: a picture and a `Label`; later, pictures and the label's quad in each. Goes out: a `Sticker`, made
once, and the picture changed in place. Refuses to know: tracking, time, languages, where the texts came from.

What is sure takes the original's place. What is not leaves it readable: a tag beside it; where there is no room, both
texts in its place, the original small above; where they would be too small, the mark alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.beside import make_tag
from overlay.erase import Erased, erase
from overlay.glyphs import Mask, missing_glyphs
from overlay.ink import paint, readable
from overlay.lettering import set_in
from overlay.plate import AMBER
from overlay.rectify import Plan, plan_of
from overlay.scene import Label, Quad

Rgba = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sticker:
    """A translated block, flat, to be laid on any picture that shows the same sign. Arrays are read-only."""

    rgba: Rgba
    """`(h, w, 4)` uint8, colour premultiplied with alpha."""
    corners: Quad
    """Where the corners of the label's quad lie in `rgba`, pixels."""
    smaller: tuple[Rgba, ...]
    """The same at 1/2, 1/4, ...: for signs that come out much smaller than in the photo."""
    abbreviated: bool
    """The translation did not fit: show it in full in the caption area."""
    missing: tuple[str, ...]
    """Characters of the translation that no font here can draw."""
    blank: bool = False
    """Nothing is drawn at all."""
    stiff: bool = False
    """A tag beside the sign: it turns, moves and grows with it, but is never slanted. Perspective, told by a small
    quad, would throw about what lies far outside of it."""


def make_sticker(
    rgb: Rgb, label: Label, *, others: Sequence[Quad] = (), taken: Sequence[Quad] = (), min_px: float = 10.0
) -> Sticker:
    """Return the sticker of `label` from the `(H, W, 3)` photo in which its quads lie (capture pixels).

    `others` are the quads of all other lines in the photo: their ink stays. `taken` is what other stickers cover of it
    (see `footprint`): no tag is put there. `min_px` is the smallest size of letters, capture pixels to the em. Never
    raises for odd quads: a quad without area gives a blank sticker. Deterministic.
    """
    plan = plan_of(rgb, label, others)
    if plan is None:
        return _nothing()
    if not label.sure:
        return _beside(rgb, label, plan, [*others, *taken], min_px)
    if label.target.strip() == label.source.strip():
        return _nothing()
    found = erase(plan.patch, plan.lines, plan.line_height_px, others=plan.others, shown=plan.inside_photo)
    written = set_in(label, plan, found, min_px)
    canvas = _compose(plan, found, written.ink) if written.setting.lines else _clear(plan)
    return _frozen(canvas, plan.corners, written.setting.abbreviated, written.setting.missing)


def footprint(sticker: Sticker, quad: Quad) -> Quad | None:
    """Return what a sticker covers of a picture in which its label's quad is `quad`; None where it covers nothing.

    The least quad around it, capture pixels: it may be larger than what is really drawn.
    """
    points = np.asarray(quad, np.float64)
    if sticker.blank or not _usable(points):
        return None
    xs, ys, depths = _to_picture(sticker, points) @ _outline(sticker)
    if not np.isfinite(depths).all() or depths.min() <= 1e-6:
        return None
    return np.stack([xs / depths, ys / depths], axis=1).astype(np.float32)


def draw_stickers(canvas: Rgb, placed: Sequence[tuple[Sticker, Quad]], *, gain: float | None = None) -> None:
    """Lay stickers on `canvas` `(H, W, 3)` in place; each quad is where its label is now, capture pixels.

    Touches only the bounding box of each sticker. A quad that is not finite, not convex, too small or seen
    from behind is skipped. `gain` multiplies the stickers' brightness, for a picture darker or lighter than
    the photo.
    """
    for sticker, quad in placed:
        if not sticker.blank:
            _draw(canvas, sticker, np.asarray(quad, np.float64), gain)


def _beside(rgb: Rgb, label: Label, plan: Plan, taken: Sequence[Quad], min_px: float) -> Sticker:
    """Return the tag of a label that is not sure; where there is none, the mark."""
    known = label.target if label.target.strip() != label.source.strip() else label.gloss
    missing = missing_glyphs(known)
    # Half a word is worse than none.
    if known and not any(char.isalpha() for char in missing):
        tag = make_tag(rgb, label, plan.line_height_px / plan.scale, taken, min_px)
        if tag is not None:
            return _frozen(tag.drawing, tag.corners, False, missing, stiff=True)
    canvas = _clear(plan)
    _mark(canvas, plan)
    return _frozen(canvas, plan.corners, bool(known), missing)


def _clear(plan: Plan) -> Rgba:
    return np.zeros((*plan.patch.shape[:2], 4), np.uint8)


def _compose(plan: Plan, found: Erased, ink: Mask) -> Rgba:
    """Return background and writing together, premultiplied."""
    alpha = np.maximum(_feathered(found, plan), ink)
    colour = readable(found.colour, found.background, ink)
    return paint(found.background, alpha, ink, colour)


def _feathered(found: Erased, plan: Plan) -> Mask:
    """Return an alpha that is full over and near the erased strokes and fades out within the margin."""
    # Some 3 capture pixels of full cover hide the strokes even where a quad is a little off.
    full, soft = max(2, round(2.5 * plan.scale)), max(2, round(0.3 * plan.margin_px))
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * (full + soft) + 1,) * 2)
    alpha = np.asarray(cv2.dilate(found.cover, near), np.uint8)
    alpha = np.asarray(cv2.blur(alpha, (2 * soft + 1, 2 * soft + 1)), np.uint8)
    # Outside of the lines only ground is laid on: a neighbour, old or translated, and the sign's frame stay as is.
    foreign = cv2.dilate((found.foreign & (plan.lines == 0)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    alpha[foreign & (plan.lines == 0)] = 0
    alpha = np.maximum(alpha, found.cover)
    alpha[found.kept] = 0
    height, width = alpha.shape
    across = np.minimum(np.arange(width), np.arange(width)[::-1])
    down = np.minimum(np.arange(height), np.arange(height)[::-1])
    edge = np.minimum(1.0, np.minimum(across[None, :], down[:, None]) / max(1.0, plan.margin_px * 0.3))
    return np.asarray(alpha * edge, np.uint8)


def _mark(canvas: Rgba, plan: Plan) -> None:
    """Draw the dotted amber line under an original of which nothing certain can be said."""
    left, top, width, height = plan.box
    right, bottom = left + width, top + height
    radius = max(1.0, plan.scale * 0.8, plan.line_height_px * 0.025)
    y = min(bottom + max(2.5 * radius, 0.07 * plan.line_height_px), canvas.shape[0] - radius - 1)
    count = max(2, round((right - left) / (radius * 4)))
    for n in range(count):
        x = left + radius + n * (right - left - 2 * radius) / (count - 1)
        centre = (round(x * 16), round(y * 16))
        cv2.circle(canvas, centre, round(radius * 16), (*AMBER, 255), -1, cv2.LINE_AA, 4)


def _draw(canvas: Rgb, sticker: Sticker, quad: NDArray[np.float64], gain: float | None) -> None:
    if not _usable(quad):
        return
    to_canvas = _to_picture(sticker, quad)
    xs, ys, depths = to_canvas @ _outline(sticker)
    if not np.isfinite(depths).all() or depths.min() <= 1e-6:
        return
    xs, ys = xs / depths, ys / depths
    x0, y0 = max(math.floor(xs.min()), 0), max(math.floor(ys.min()), 0)
    x1, y1 = min(math.ceil(xs.max()) + 1, canvas.shape[1]), min(math.ceil(ys.max()) + 1, canvas.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    picture, shrink = _level(sticker, xs, ys)
    # Quads count from the corner of the first pixel, pictures from its centre: half a pixel, on both sides.
    place = np.array([[1, 0, -x0 - 0.5], [0, 1, -y0 - 0.5], [0, 0, 1]], np.float64)
    grow = np.array([[shrink, 0, shrink / 2], [0, shrink, shrink / 2], [0, 0, 1]], np.float64)
    warped = cv2.warpPerspective(picture, place @ to_canvas @ grow, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    region = canvas[y0:y1, x0:x1]
    light = cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB)
    if gain is not None:
        light = cv2.convertScaleAbs(light, alpha=gain)
    clear = cv2.bitwise_not(cv2.extractChannel(warped, 3))
    kept = cv2.multiply(region, cv2.merge([clear, clear, clear]), scale=1 / 255)
    region[...] = cv2.add(kept, light)


def _to_picture(sticker: Sticker, quad: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the `(3, 3)` motion that lays the sticker on a picture in which its label's quad is `quad`."""
    if not sticker.stiff:
        return np.asarray(cv2.getPerspectiveTransform(sticker.corners, quad.astype(np.float32)), np.float64)
    # The similarity of least squares: with the points as complex numbers, one factor and one shift.
    before, after = sticker.corners.astype(np.float64) @ (1, 1j), quad @ (1, 1j)
    arms = before - before.mean()
    turn = np.vdot(arms, after - after.mean()) / np.vdot(arms, arms).real
    shift = after.mean() - turn * before.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0.0, 0.0, 1.0]])


def _outline(sticker: Sticker) -> NDArray[np.float64]:
    """Return the corners of the sticker's pixels, `(3, 4)`, homogeneous."""
    height, width = sticker.rgba.shape[:2]
    return np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]], np.float64)


def _usable(quad: NDArray[np.float64]) -> bool:
    """Return whether a quad is finite, clockwise, convex, and at least two pixels along every side."""
    if quad.shape != (4, 2):
        return False
    points = quad.tolist()
    if not all(abs(value) < 1e5 for point in points for value in point):  # NaN fails this too
        return False
    sides = [(points[n - 3][0] - points[n][0], points[n - 3][1] - points[n][1]) for n in range(4)]
    turns = [sides[n][0] * sides[n - 3][1] - sides[n][1] * sides[n - 3][0] for n in range(4)]
    return min(turns) > 1.0 and min(math.hypot(*side) for side in sides) >= 2.0


def _level(sticker: Sticker, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> tuple[Rgba, int]:
    """Return the smallest copy still about as large as what is drawn, and by how much it is shrunk."""
    height, width = sticker.rgba.shape[:2]
    round_trip = sum(math.hypot(xs[n] - xs[n - 1], ys[n] - ys[n - 1]) for n in range(4))
    ratio = (width + height) * 2 / max(round_trip, 1e-6)
    picture, shrink = sticker.rgba, 1
    for smaller in sticker.smaller:
        if ratio < shrink * 1.6:
            break
        picture, shrink = smaller, shrink * 2
    return picture, shrink


def _frozen(
    canvas: Rgba, corners: Quad, abbreviated: bool, missing: tuple[str, ...], *, stiff: bool = False
) -> Sticker:
    """Return the sticker, cropped to what is visible: transparent pixels would only cost time."""
    seen = canvas[..., 3]
    columns, rows = np.nonzero(seen.any(axis=0))[0], np.nonzero(seen.any(axis=1))[0]
    blank = columns.size == 0
    if blank:
        canvas = canvas[:1, :1]
    else:
        x0, y0 = max(0, int(columns[0]) - 1), max(0, int(rows[0]) - 1)
        canvas = np.ascontiguousarray(canvas[y0 : int(rows[-1]) + 2, x0 : int(columns[-1]) + 2])
        corners = corners - np.array([x0, y0], np.float32)
    levels = [canvas]
    while not blank and min(levels[-1].shape[:2]) >= 16 and len(levels) < 5:
        # Even sizes only, so that the halves stay in register.
        odd = levels[-1].shape[0] % 2, levels[-1].shape[1] % 2
        even = cv2.copyMakeBorder(levels[-1], 0, odd[0], 0, odd[1], cv2.BORDER_CONSTANT)
        half = (even.shape[1] // 2, even.shape[0] // 2)
        levels.append(np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8))
    for array in levels:
        array.flags.writeable = False
    corners.flags.writeable = False
    return Sticker(canvas, corners, tuple(levels[1:]), abbreviated, missing, blank, stiff)


def _nothing() -> Sticker:
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    return _frozen(np.zeros((1, 1, 4), np.uint8), unit, False, ())
