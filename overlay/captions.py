"""The caption strip: lines "source → target" on a billboard at the bottom of a picture.

Comes in: captions and the size of a picture. Goes out: a strip, or the picture with the strip on it, in
place. Refuses to know: where the texts came from and how long they stay.
"""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.breaking import wrapped
from overlay.glyphs import Mask, advance_em, draw_line, drawable
from overlay.scene import Caption

MOST_LINES = 3
_WEIGHT = 450
_LEADING_EM = 1.35
_PAD_EM = 0.5
_MOST_SOURCE_EM = 12.0
_THINNEST_EM = 0.15  # no letter is narrower, on the average of a line
_DARK = 0.32
"""What is left of the picture's light behind the words."""


def size_px(picture_width: int, picture_height: int) -> int:
    """Return the size of caption letters, pixels to the em: 30 for 1280x720, never under 10."""
    return max(10, round(min(picture_height / 24, picture_width / 28)))


def strip_height(picture_width: int, picture_height: int) -> int:
    """Return the height in pixels of a full strip, always even (video needs that)."""
    em = size_px(picture_width, picture_height)
    tall = round(em * (MOST_LINES * _LEADING_EM + 2 * _PAD_EM))
    return tall + tall % 2


def draw_captions(canvas: Rgb, captions: Sequence[Caption]) -> None:
    """Draw the captions over the bottom of `canvas` `(H, W, 3)` in place, as high as their lines need."""
    height, width = canvas.shape[:2]
    em = size_px(width, height)
    lines = caption_lines(captions, width / em - 2 * _PAD_EM)
    if not lines:
        return
    ink = _ink(lines, width, em)[-height:]
    region = canvas[height - ink.shape[0] :]
    region[...] = _written(np.asarray(cv2.convertScaleAbs(region, alpha=_DARK), np.uint8), ink)


def caption_strip(captions: Sequence[Caption], picture_width: int, picture_height: int) -> Rgb:
    """Return a near-black strip `(strip_height, picture_width, 3)` with the captions from the top."""
    em = size_px(picture_width, picture_height)
    strip = np.full((strip_height(picture_width, picture_height), picture_width, 3), 16, np.uint8)
    lines = caption_lines(captions, picture_width / em - 2 * _PAD_EM)
    if lines:
        ink = _ink(lines, picture_width, em)[: strip.shape[0]]
        region = strip[: ink.shape[0]]
        region[...] = _written(region, ink)
    return strip


def caption_lines(captions: Sequence[Caption], width_em: float) -> tuple[str, ...]:
    """Return the captions wrapped to `width_em`, at most `MOST_LINES`; the rest becomes an ellipsis."""
    return _lines(tuple(captions), width_em)


@lru_cache(maxsize=8)
def _lines(captions: tuple[Caption, ...], width_em: float) -> tuple[str, ...]:
    """Kept, because captions stay for many frames."""
    most = round(MOST_LINES * width_em / _THINNEST_EM)  # characters: what cannot be shown is not measured
    lines: list[str] = []
    for caption in captions:
        lines += wrapped(_spoken(caption)[:most], width_em, _measure)
        if len(lines) > MOST_LINES:
            break
    if len(lines) > MOST_LINES:
        lines = lines[:MOST_LINES]
        last = lines[-1]
        while last and _measure(last + " …") > width_em:
            last = last[:-1]
        lines[-1] = last.rstrip() + " …"
    return tuple(lines)


def _spoken(caption: Caption) -> str:
    source, target = drawable(caption.source), drawable(caption.target)
    if not source or source == target:
        return target
    if not target:
        return source
    return f"{_beginning(source)} → {target}" + ("" if caption.sure else " (?)")


def _beginning(source: str) -> str:
    """Return enough of a text to find it again in the picture: the room is for what it means."""
    most = round(_MOST_SOURCE_EM / _THINNEST_EM)
    if len(source) <= most and _measure(source) <= _MOST_SOURCE_EM:
        return source
    source = source[:most]
    while _measure(source + " …") > _MOST_SOURCE_EM:
        source = source[:-1]
    return source.rstrip() + " …"


def _measure(text: str) -> float:
    return advance_em(text, _WEIGHT)


@lru_cache(maxsize=8)
def _ink(lines: tuple[str, ...], width: int, em: int) -> Mask:
    """Return the ink of the lines, padded, `(h, width)`; kept, because lines stay for many frames."""
    fine = 2
    tall = round(em * (len(lines) * _LEADING_EM + 2 * _PAD_EM))
    mask = np.zeros((tall * fine, width * fine), np.uint8)
    for n, line in enumerate(lines):
        base = round(em * fine * (_PAD_EM + n * _LEADING_EM + 0.98))
        draw_line(mask, line, round(em * fine * _PAD_EM), base, em * fine, _WEIGHT)
    small = np.asarray(cv2.resize(mask, (width, tall), interpolation=cv2.INTER_AREA), np.uint8)
    small.flags.writeable = False
    return small


def _written(ground: NDArray[np.uint8], ink: Mask) -> Rgb:
    light = cv2.merge([ink, ink, ink])
    kept = cv2.multiply(ground, cv2.bitwise_not(light), scale=1 / 255)
    return np.asarray(cv2.add(kept, cv2.convertScaleAbs(light, alpha=0.96)), np.uint8)
