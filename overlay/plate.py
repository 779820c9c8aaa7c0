"""Draws a plate with writing on it: what is not sure, or not part of the world, stands on one.

Comes in: lines of text with their sizes, and on which side the text lies that they explain. Goes out: pixels. Refuses
to know: where the plate goes, what it says.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from overlay.glyphs import Mask, advance_em
from overlay.room import Side
from overlay.typeset import Setting, coverage

Drawing = NDArray[np.uint8]
"""`(h, w, 4)` uint8, colour premultiplied with alpha."""

AMBER = (255, 176, 0)
"""The colour of everything that is not sure."""

_LEADING_EM = 1.18
_PAD_ACROSS_EM, _PAD_DOWN_EM, _MARK_EM = 0.38, 0.2, 0.26
_RADIUS_EM, _DOT_EM = 0.32, 0.075
_GROUND, _LETTERS, _SMALL_LETTERS = (20, 22, 27), (255, 255, 255), (190, 198, 208)
_COVER, _FULL_COVER = 222, 248
"""How much the plate hides of what is behind it, of 255; and of the text that it says again."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one size."""

    lines: tuple[str, ...]
    share: float
    """Their size, of the plate's em; below 1 they are paler too."""
    weight: int

    def width_em(self) -> float:
        """Of the widest line, in the plate's em."""
        return max(advance_em(line, self.weight) for line in self.lines) * self.share

    def height_em(self) -> float:
        """Of all lines, in the plate's em."""
        return _LEADING_EM * len(self.lines) * self.share


def plate_em(parts: tuple[Part, ...]) -> tuple[float, float]:
    """Return width and height of the plate that the parts need, em; the mark has room on whatever side it stands."""
    wide, tall = max(part.width_em() for part in parts), sum(part.height_em() for part in parts)
    return wide + 2 * _PAD_ACROSS_EM + _MARK_EM, tall + 2 * _PAD_DOWN_EM + _MARK_EM


def draw_plate(parts: tuple[Part, ...], em_px: float, size: tuple[int, int], side: Side) -> Drawing:
    """Return the plate, `size` is its width and height in pixels, at least what `plate_em` says.

    `side` is where the plate stands, seen from the text that it explains: the dotted amber line of what is not sure
    runs along the edge that faces the text; "over" it, below the first part.
    """
    width, height = size
    alpha = _ground(width, height, _RADIUS_EM * em_px, _FULL_COVER if side == "over" else _COVER)
    colour = np.empty((height, width, 3), np.float32)
    colour[:] = _GROUND
    need_wide, need_tall = (em * em_px for em in plate_em(parts))
    mark = _MARK_EM * em_px
    before = {"right": mark, "left": 0.0}.get(side, mark / 2) + _PAD_ACROSS_EM * em_px + (width - need_wide) / 2
    above = {"below": mark, "above": 0.0, "over": 0.0}.get(side, mark / 2) + _PAD_DOWN_EM * em_px
    above += (height - need_tall) / 2
    for n, part in enumerate(parts):
        if side == "over" and n == 1:
            above += mark
        shape = round(width - before), max(1, round(part.height_em() * em_px))
        setting = Setting(part.lines, part.share * em_px, 1.0, part.weight, "left", _LEADING_EM, False, ())
        _ink(colour, alpha, coverage(setting, *shape), (round(before), round(above)), part.share < 1)
        above += part.height_em() * em_px
    premultiplied = np.rint(colour * (alpha.astype(np.float32)[..., None] / 255)).astype(np.uint8)
    drawing = np.dstack([premultiplied, alpha])
    inset = (_MARK_EM / 2 + 0.04) * em_px
    start, end = _PAD_ACROSS_EM * em_px, (height if side in ("left", "right") else width) - _PAD_ACROSS_EM * em_px
    match side:
        case "below":
            _dots(drawing, (start, inset), (end, inset), em_px)
        case "above":
            _dots(drawing, (start, height - inset), (end, height - inset), em_px)
        case "right":
            _dots(drawing, (inset, start), (inset, end), em_px)
        case "left":
            _dots(drawing, (width - inset, start), (width - inset, end), em_px)
        case "over":
            under = (height - need_tall) / 2 + _PAD_DOWN_EM * em_px + parts[0].height_em() * em_px + mark / 2
            _dots(drawing, (start, under), (end, under), em_px)
    return drawing


def _ground(width: int, height: int, radius_px: float, cover: int) -> Mask:
    """Return the cover of a plate with round corners."""
    fine = 4
    mask = np.zeros((height * fine, width * fine), np.uint8)
    radius = round(min(radius_px, width / 2.1, height / 2.1) * fine)
    right, bottom = width * fine - 1, height * fine - 1
    cv2.rectangle(mask, (radius, 0), (right - radius, bottom), cover, -1)
    cv2.rectangle(mask, (0, radius), (right, bottom - radius), cover, -1)
    for x in (radius, right - radius):
        for y in (radius, bottom - radius):
            cv2.circle(mask, (x, y), radius, cover, -1)
    return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _ink(colour: NDArray[np.float32], alpha: Mask, ink: Mask, at: tuple[int, int], pale: bool) -> None:
    """Paint letters into colour and alpha, in place."""
    height, width = alpha.shape
    left, top = at
    ink = ink[: max(0, height - top), : max(0, width - left)]
    area = slice(top, top + ink.shape[0]), slice(left, left + ink.shape[1])
    share = ink.astype(np.float32)[..., None] / 255
    letters = np.array(_SMALL_LETTERS if pale else _LETTERS, np.float32)
    colour[area] = colour[area] * (1 - share) + letters * share
    alpha[area] = np.maximum(alpha[area], ink)


def _dots(drawing: Drawing, start: tuple[float, float], end: tuple[float, float], em_px: float) -> None:
    """Draw the dotted amber line from one point to another."""
    radius = max(1.0, _DOT_EM * em_px)
    count = max(2, round(float(np.hypot(end[0] - start[0], end[1] - start[1])) / (4 * radius)))
    for share in np.linspace(0.0, 1.0, count):
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        centre = (round((x - 0.5) * 16), round((y - 0.5) * 16))
        cv2.circle(drawing, centre, round(radius * 16), (*AMBER, 255), -1, cv2.LINE_AA, 4)
