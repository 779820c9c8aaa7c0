"""Takes the writing off a rectified picture of a sign, and says how it was written.

Comes in: a flat picture of one block of text with some surroundings, and where its lines are. Goes out: the
picture without the strokes, the strokes' mask, colour and width. Refuses to know: quads in the photo, fonts,
what the text says.

Holes are filled by pull-push interpolation
(Gortler et al., The Lumigraph, 1996).
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.glyphs import Mask
from overlay.strokes import disc, find_strokes, sampled

_Plane = NDArray[np.float32]

_ENOUGH_PX = 80.0
"""Lines much higher than this are looked at smaller: strokes are found as well, and several times as fast."""
_MUCH_HIGHER = 1.3


@dataclass(frozen=True, slots=True)
class Erased:
    """A rectified patch without its writing."""

    background: Rgb
    strokes: Mask
    """255 where the original's ink was (not grown)."""
    cover: Mask
    """255 where the background was filled in: the strokes with their soft edges and halos."""
    foreign: NDArray[np.bool_]
    """Where the patch shows something else than the ground of the writing."""
    kept: NDArray[np.bool_]
    """Ink inside of the lines that is not theirs: the sign's frame, the neighbours' letters. Never drawn over."""
    colour: tuple[int, int, int]
    """Of the writing's core, RGB."""
    stroke_px: float
    """Mean stroke width in patch pixels; 0 when no stroke was found."""
    ink_height_px: float
    """Median height of the ink of a line, in patch pixels."""


def erase(
    patch: Rgb,
    lines: Mask,
    line_height_px: float,
    *,
    others: NDArray[np.bool_] | None = None,
    shown: Mask | None = None,
) -> Erased:
    """Return the patch `(h, w, 3)` with the strokes inside of `lines` (non-zero = belongs to a line) removed.

    `line_height_px` is the height of one line in patch pixels: it sets what may be a stroke at all. `others` is
    where other texts stand, of which nothing is removed; `shown` is non-zero where the patch shows the photo.
    """
    inside = lines > 0
    others = np.zeros_like(inside) if others is None else others
    shown = np.full_like(lines, 255) if shown is None else shown
    shrink = line_height_px / _ENOUGH_PX
    if shrink < _MUCH_HIGHER:
        return _with_grain(_erased(patch, lines, line_height_px, others, shown), patch, lines)
    size = max(1, round(patch.shape[1] / shrink)), max(1, round(patch.shape[0] / shrink))
    masks = [_resized(mask, size, cv2.INTER_NEAREST) for mask in (lines, others.astype(np.uint8), shown)]
    small = _erased(_resized(patch, size, cv2.INTER_AREA), masks[0], line_height_px / shrink, masks[1] > 0, masks[2])
    return _with_grain(_enlarged(small, patch, shrink), patch, lines)


def _erased(patch: Rgb, lines: Mask, line_height_px: float, others: NDArray[np.bool_], shown: Mask) -> Erased:
    inside, real = lines > 0, shown > 0
    strokes, kept = find_strokes(patch, inside, line_height_px, barred=others | ~real)
    share = float(strokes[inside].mean()) if inside.any() else 0.0
    written = 0.004 < share < 0.72
    strokes_mask = strokes.astype(np.uint8) * 255
    reach = max(2, round(line_height_px * 0.06))
    if written:
        cover = np.asarray(cv2.dilate(strokes_mask, disc(reach)), np.uint8)
        cover[kept] = 0
    else:
        # Nothing that looks like writing on a ground: cover the lines whole.
        strokes_mask = np.zeros_like(strokes_mask)
        cover = inside.astype(np.uint8) * 255
    away, spread = _off_ground(patch, inside, cover > 0)
    if written:
        # Engraving, drop shadows and glow: what is near a stroke and not ground goes with it.
        near = cv2.dilate(strokes_mask, disc(max(3, round(line_height_px * 0.2)))) > 0
        halo = (near & inside & ~kept & (away > max(12.0, 2.0 * spread))).astype(np.uint8) * 255
        cover = np.maximum(cover, np.asarray(cv2.dilate(halo, disc(1)), np.uint8))
        # What is nearer to a frame, another board or another text than to a stroke is the edge of that.
        to_stroke = _distance(strokes)
        off = (away > max(24.0, 2.5 * spread)) & ~strokes
        alien = kept | (off & real & (others | (~inside & (to_stroke > reach + 1))))
        cover[~strokes & (to_stroke >= _distance(alien))] = 0
        cover[kept] = 0
    foreign = np.asarray((away > max(24.0, 2.5 * spread)) & (cover == 0), bool)
    trust = np.where(foreign, 1e-4, np.where(inside, 1.0, 0.1)).astype(np.float32)
    background = filled(patch, _holes(cover, foreign, lines), trust)
    return Erased(
        background=background,
        strokes=strokes_mask,
        cover=cover,
        foreign=foreign,
        kept=kept,
        colour=_core_colour(patch, background, strokes, line_height_px) if written else _far_from(background, inside),
        stroke_px=_stroke_width(strokes_mask),
        ink_height_px=_ink_height(strokes_mask > 0, lines, line_height_px),
    )


def _holes(cover: Mask, foreign: NDArray[np.bool_], lines: Mask) -> Mask:
    """Return what is to be filled: also what is foreign beyond the lines.

    No rim of a neighbour's old text is left on the sticker's soft edge.
    """
    return np.where(foreign & (lines == 0), np.uint8(255), cover)


def _enlarged(small: Erased, patch: Rgb, by: float) -> Erased:
    """Return what was found on a smaller copy of the patch, for the patch; what is known of the ground stays sharp."""
    size = patch.shape[1], patch.shape[0]
    # Generous: half of a small pixel more hides the strokes' edges, which only the large picture shows.
    cover = np.where(_resized(small.cover, size, cv2.INTER_LINEAR) > 0, np.uint8(255), np.uint8(0))
    strokes = np.where(_resized(small.strokes, size, cv2.INTER_LINEAR) > 127, np.uint8(255), np.uint8(0))
    foreign, kept = (
        _resized(mask.astype(np.uint8), size, cv2.INTER_NEAREST) > 0 for mask in (small.foreign, small.kept)
    )
    cover[kept] = 0
    return replace(
        small,
        background=_resized(small.background, size, cv2.INTER_LINEAR),
        strokes=strokes,
        cover=cover,
        foreign=foreign,
        kept=kept,
        stroke_px=small.stroke_px * by,
        ink_height_px=small.ink_height_px * by,
    )


def _resized(picture: NDArray[np.uint8], size: tuple[int, int], how: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def filled(patch: Rgb, holes: Mask, trust: _Plane) -> Rgb:
    """Return the patch with the holes (non-zero) interpolated smoothly from around them, by pull-push.

    `trust` `(h, w)` in 0..1 says how much each known pixel may count.
    """
    weight = np.where(holes == 0, trust, 0).astype(np.float32)
    if not weight.any():
        return patch.copy()
    colour = np.asarray(cv2.multiply(patch, cv2.merge([weight] * 3), dtype=cv2.CV_32F), np.float32)
    stack: list[tuple[NDArray[np.float32], _Plane]] = [(colour, weight)]
    while min(weight.shape) > 1 and float(weight.min()) < 0.05:
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        colour = np.asarray(cv2.resize(colour, size, interpolation=cv2.INTER_AREA), np.float32)
        weight = np.asarray(cv2.resize(weight, size, interpolation=cv2.INTER_AREA), np.float32)
        stack.append((colour, weight))
    colour, weight = stack.pop()
    estimate = colour / np.maximum(weight, 1e-9)[..., None]
    for colour, weight in reversed(stack):
        size = (weight.shape[1], weight.shape[0])
        upper = np.asarray(cv2.resize(estimate, size, interpolation=cv2.INTER_LINEAR), np.float32)
        share = np.minimum(1.0, weight)[..., None]
        estimate = colour / np.maximum(weight, 1e-9)[..., None] * share + upper * (1 - share)
    result = np.asarray(cv2.convertScaleAbs(cv2.GaussianBlur(estimate, (0, 0), 1.5)), np.uint8)
    np.copyto(result, patch, where=(holes == 0)[..., None])
    return result


def _off_ground(patch: Rgb, inside: NDArray[np.bool_], cover: NDArray[np.bool_]) -> tuple[_Plane, float]:
    """Return how far each pixel is from the ground of the writing, and how far the ground itself spreads."""
    ground = sampled(patch[inside & ~cover])
    if len(ground) < 16:
        return np.zeros(inside.shape, np.float32), 0.0
    middle = np.rint(np.median(ground, axis=0)).astype(np.uint8)
    spread = float(np.percentile(cv2.absdiff(ground, np.tile(middle, (len(ground), 1))).max(axis=1), 70))
    red, green, blue = cv2.split(cv2.absdiff(patch, np.broadcast_to(middle, patch.shape).copy()))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.float32), spread


def _distance(to: NDArray[np.bool_]) -> _Plane:
    """Return how far each pixel is from the nearest one of `to`; very far when there is none."""
    if not to.any():
        return np.full(to.shape, 1e6, np.float32)
    return np.asarray(cv2.distanceTransform((~to).astype(np.uint8), cv2.DIST_L2, 3), np.float32)


def _core_colour(
    patch: Rgb, background: Rgb, strokes: NDArray[np.bool_], line_height_px: float
) -> tuple[int, int, int]:
    """Return the median colour of the pixels farthest from the ground: edges are mixtures, and dull.

    Of small writing hardly a pixel is pure, so only the very farthest count.
    """
    ink = sampled(patch[strokes]).astype(np.float32)
    away = np.abs(ink - sampled(background[strokes])).sum(axis=1)
    core = ink[away >= np.percentile(away, float(np.interp(line_height_px, (30, 60), (88, 70))))]
    # A median per channel is the same in linear light and in sRGB, because the curve is monotone.
    red, green, blue = np.median(core, axis=0)
    return int(red), int(green), int(blue)


def _stroke_width(strokes: Mask) -> float:
    """Return the mean width of a stroke: twice its area over its outline."""
    outlines, _ = cv2.findContours(strokes, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(outline, True) for outline in outlines)
    return 2.0 * float((strokes > 0).sum()) / length if length > 0 else 0.0


def _ink_height(strokes: NDArray[np.bool_], lines: Mask, line_height_px: float) -> float:
    """Return the median height of a line's ink; lines are numbered 1, 2, ... in `lines`."""
    heights: list[float] = []
    for number in range(1, int(lines.max()) + 1):
        rows = np.nonzero((strokes & (lines == number)).any(axis=1))[0]
        if rows.size:
            heights.append(float(rows[-1] - rows[0] + 1))
    return float(np.median(heights)) if heights else line_height_px


def _far_from(background: Rgb, inside: NDArray[np.bool_]) -> tuple[int, int, int]:
    light = float(background[inside].mean()) > 127 if inside.any() else True
    return (0, 0, 0) if light else (255, 255, 255)


def _with_grain(found: Erased, patch: Rgb, lines: Mask) -> Erased:
    """Return it with the photo's own grain where it was filled, smooth looks like plastic, and the photo elsewhere."""
    holes = _holes(found.cover, found.foreign, lines) > 0
    background = np.where(holes[..., None], found.background, patch)
    green = np.ascontiguousarray(patch[..., 1])
    fine = cv2.absdiff(green, cv2.GaussianBlur(green, (0, 0), 1.5))[~holes]
    # The median deviation ignores edges of the sign among the known pixels; half a step because they are whole.
    sigma = 1.4826 * max(0.0, float(np.median(fine)) - 0.5) if fine.size else 0.0
    if sigma >= 0.3:
        grain = np.random.default_rng(0).normal(0.0, min(sigma, 6.0), int(holes.sum()))
        grainy = background[holes] + np.rint(grain)[:, None]
        background[holes] = np.clip(grainy, 0, 255).astype(np.uint8)
    return replace(found, background=background)
