"""A few lines on a dark panel in the upper left corner: a notice to the wearer, statistics.

In: lines and a picture. Out: the picture with the panel on it, in place. Knows nothing of what they say.
"""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np

from devices.frame import Rgb
from overlay.breaking import wrapped
from overlay.captions import size_px
from overlay.glyphs import Mask, advance_em, draw_line, drawable

_WEIGHT = 450
_LEADING_EM = 1.35
_PAD_EM = 0.5
_SHARE = 0.72  # of a caption's letters: it stays for long and must not hide the picture
_DARK = 0.28
_SMALLEST_PX = 10


def draw_panel(canvas: Rgb, lines: Sequence[str]) -> None:
    """Draw the lines over the upper left corner of `canvas` `(H, W, 3)` in place, wrapped to its width.

    What does not fit into its height is left out, letters without a glyph too. Blocks for under a millisecond.
    """
    height, width = canvas.shape[:2]
    em = max(_SMALLEST_PX, round(size_px(width, height) * _SHARE))
    ink = _ink(tuple(lines), em, width)[:height]
    if not ink.size:
        return
    region = canvas[: ink.shape[0], : ink.shape[1]]
    light = cv2.merge([ink, ink, ink])
    dark = cv2.convertScaleAbs(region, alpha=_DARK)
    region[...] = cv2.add(cv2.multiply(dark, cv2.bitwise_not(light), scale=1 / 255), light)


@lru_cache(maxsize=8)
def _ink(lines: tuple[str, ...], em: int, width: int) -> Mask:
    """Coverage of the lines with their margins, `(h, w)`, at most `width` wide; kept, because notices stay."""
    most_em = max(1.0, width / em - 2 * _PAD_EM)
    told = [part for line in lines for part in wrapped(drawable(line), most_em, _measure)]
    if not told:
        return np.zeros((0, 0), np.uint8)
    fine = 2
    wide = min(width, round(em * (max(map(_measure, told)) + 2 * _PAD_EM)))
    tall = round(em * (len(told) * _LEADING_EM + 2 * _PAD_EM))
    mask = np.zeros((tall * fine, wide * fine), np.uint8)
    for n, line in enumerate(told):
        base = round(em * fine * (_PAD_EM + n * _LEADING_EM + 0.98))
        draw_line(mask, line, round(em * fine * _PAD_EM), base, em * fine, _WEIGHT)
    small = np.asarray(cv2.resize(mask, (wide, tall), interpolation=cv2.INTER_AREA), np.uint8)
    small.flags.writeable = False
    return small


def _measure(text: str) -> float:
    return advance_em(text, _WEIGHT)
