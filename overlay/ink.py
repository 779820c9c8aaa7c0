"""How the translation is to look, judged from the original's ink: size, weight, a colour that can be read.

Comes in: what `overlay.erase` found. Goes out: numbers for `overlay.typeset`, and painted pixels. Refuses to
know: quads, where the patch came from.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.breaking import broken, pieces
from overlay.erase import Erased
from overlay.glyphs import Mask, draw_line, ink_em, is_wide, missing_glyphs, tidy
from overlay.rectify import Plan

Colour = tuple[int, int, int]

LEAST_CONTRAST = 2.2
"""Ratio of relative luminance (WCAG 2.2) under which the colour of the writing is changed."""
_WEIGHTS = (300, 400, 500, 600, 700, 800, 900)
_PROBE_PX = 96


def wished_size(source: str, found: Erased, plan: Plan) -> float:
    """Return the size of the original in patch pixels to the em, from the height of its ink."""
    if plan.vertical:
        return plan.line_height_px * 0.95
    count = int(plan.lines.max())
    lines = broken(pieces(tidy(source)), count, len)
    extents = [_extent(line) for line in lines]
    return found.ink_height_px / float(np.median([bottom - top for top, bottom in extents]))


def weight_of(source: str, target: str, stroke_em: float, size_px: float) -> int:
    """Return the weight 300..900 that makes the target as bold, for its script, as the source was for its own.

    `stroke_em` is the source's mean stroke width, `size_px` its size in capture pixels: blur makes small writing
    look bold, so that little is believed about it.
    """
    theirs, ours = _stroke_table(tidy(source)[:24]), _stroke_table(tidy(target)[:24])
    if theirs is None or ours is None or stroke_em <= 0:
        return 500
    regular = _WEIGHTS.index(400)
    boldness = stroke_em / theirs[regular]
    weight = float(np.interp(boldness * ours[regular], ours, _WEIGHTS))
    trust = float(np.interp(size_px, (14.0, 36.0), (0.15, 1.0)))
    weight = 450 + (weight - 450) * trust
    # Thickened Hangul and Han close their counters; bold Latin after regular Han would shout.
    wide_target, wide_source = (any(is_wide(char) for char in text) for text in (target, source))
    heavy = 650 if wide_target else 750 if wide_source else 900
    return min(heavy, round(weight / 50) * 50)


def readable(colour: Colour, background: Rgb, ink: Mask) -> Colour:
    """Return the colour, moved towards black or white until it stands out from the background under the ink."""
    under = background[ink > 127]
    if under.size == 0:
        return colour
    ground = _luminance(np.median(under.astype(np.float32), axis=0))
    own = np.array(colour, np.float32)
    # Towards the side on which the original already is, unless there is no room left on that side.
    lighter = _luminance(own) >= ground if _contrast(_luminance(own), ground) > 1.15 else ground < 0.18
    if _contrast(1.0 if lighter else 0.0, ground) < LEAST_CONTRAST:
        lighter = not lighter
    pole = np.full(3, 255.0 if lighter else 0.0, np.float32)
    for share in np.linspace(0.0, 1.0, 11):
        mixed = own * (1 - share) + pole * share
        if _contrast(_luminance(mixed), ground) >= LEAST_CONTRAST:
            break
    red, green, blue = np.rint(mixed)
    return int(red), int(green), int(blue)


def paint(background: Rgb, alpha: Mask, ink: Mask, colour: Colour) -> NDArray[np.uint8]:
    """Return premultiplied RGBA of the writing in `colour` over the background with `alpha`."""
    share = ink.astype(np.float32)[..., None] / 255
    rgb = background * (1 - share) + np.array(colour, np.float32) * share
    rgb *= alpha.astype(np.float32)[..., None] / 255
    return np.dstack([np.rint(rgb).astype(np.uint8), alpha])


def _extent(text: str) -> tuple[float, float]:
    """Return top and bottom of the ink of a text in em; of Han or of capitals when it cannot be drawn."""
    drawn = "".join(char for char in text if char not in missing_glyphs(text))
    _, top, _, bottom = ink_em(drawn, 400) if drawn.strip() else (0.0, -0.8, 0.0, 0.05)
    return (top, bottom) if bottom - top >= 0.4 else (-0.85, 0.05)


@lru_cache(maxsize=512)
def _stroke_table(text: str) -> tuple[float, ...] | None:
    """Return the mean stroke width in em of a text at each weight, never decreasing."""
    text = "".join(char for char in text if char not in missing_glyphs(text))
    widths: list[float] = []
    for weight in _WEIGHTS:
        mask = np.zeros((2 * _PROBE_PX, (len(text) + 2) * _PROBE_PX * 5 // 4), np.uint8)
        draw_line(mask, text, _PROBE_PX // 2, _PROBE_PX * 3 // 2, _PROBE_PX, weight)
        solid = (mask > 127).astype(np.uint8)
        outlines, _ = cv2.findContours(solid, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        length = sum(cv2.arcLength(outline, True) for outline in outlines)
        if length <= 0:
            return None
        widths.append(2.0 * float(solid.sum()) / length / _PROBE_PX)
    return tuple(np.maximum.accumulate(np.array(widths) + np.arange(len(widths)) * 1e-5).tolist())


def _luminance(rgb: NDArray[np.float32]) -> float:
    """Return the relative luminance 0..1 of an sRGB colour 0..255 (IEC 61966-2-1)."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _contrast(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
