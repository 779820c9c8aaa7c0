"""Which characters can be drawn, and the ink of a line of text.

Comes in: one line of text. Goes out: coverage masks, widths in em, and the list of characters nobody can
draw. Refuses to know: boxes, colours, line breaks.

The built-in font of OpenCV 5 (`cv2.FontFace("sans")`) draws Latin, Cyrillic, Greek, Hangul, Han and Kana and
puts a "?" where it has no glyph. Scripts that need shaping (right-to-left, Indic, Thai) go through Pillow
with raqm and a system font, see `overlay.shaping`.
"""

import unicodedata
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from overlay import shaping

Mask = NDArray[np.uint8]
"""Coverage of ink: `(H, W)` uint8, 0 none, 255 full."""

REGULAR = 400
_PROBE_PX = 64
_REPLACED = {"℃": "°C", "℉": "°F", "\t": " ", "\u3000": " ", "\u00a0": " ", "‑": "-", "‐": "-"}
_WHITE: tuple[float, float, float, float] = (255.0, 255.0, 255.0, 255.0)


def tidy(text: str) -> str:
    """Return the text as it can be set: composed, no control characters, blanks collapsed, in one line."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(_REPLACED.get(char, char) for char in text)
    text = "".join(" " if char in "\r\n" else char for char in text)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(text.split())


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that cannot be drawn here, each once, in order of appearance."""
    lost = [char for char in text if not char.isspace() and not _drawable(char)]
    return tuple(dict.fromkeys(lost))


def drawable(text: str) -> str:
    """Return the text as it can be set, see `tidy`, without what cannot be drawn here."""
    text = tidy(text)
    lost = missing_glyphs(text)
    return tidy("".join(char for char in text if char not in lost))


def is_wide(char: str) -> bool:
    """Return whether the character is Han, Kana, Hangul or full-width: drawn in one weight only."""
    return unicodedata.east_asian_width(char) in ("W", "F")


@lru_cache(maxsize=4096)
def advance_em(text: str, weight: int) -> float:
    """Return how far the pen moves over `text`, in em, at a weight of 100..1000."""
    if shaping.needs_shaping(text):
        return shaping.advance_em(text)
    if not text:
        return 0.0
    # One trailing full stop guards against trailing blanks, which the font's box may leave out.
    return (_pen_px(text + ".", weight) - _pen_px(".", weight)) / _MEASURE_PX


@lru_cache(maxsize=2048)
def ink_em(text: str, weight: int) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of the ink in em from the pen on the base line (top is negative)."""
    size = _PROBE_PX
    pad = size
    width = int(advance_em(text, weight) * size) + 2 * pad
    mask = np.zeros((3 * size, width), np.uint8)
    draw_line(mask, text, pad, 2 * size, size, weight)
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    if rows.size == 0:
        return 0.0, 0.0, 0.0, 0.0
    return (
        (int(columns[0]) - pad) / size,
        (int(rows[0]) - 2 * size) / size,
        (int(columns[-1]) + 1 - pad) / size,
        (int(rows[-1]) + 1 - 2 * size) / size,
    )


def draw_line(mask: Mask, text: str, x_px: int, base_px: int, size_px: int, weight: int) -> None:
    """Draw one line of text into a coverage mask, pen at (`x_px`, `base_px`), `size_px` pixels to the em.

    The mask is changed in place. Wide characters have one weight only: above regular they are thickened.
    """
    if shaping.needs_shaping(text):
        shaping.draw_line(mask, text, x_px, base_px, size_px, bold=weight >= 600)
        return
    grow = _thicken_px(size_px, weight)
    pen = x_px
    for run, wide in _runs(text) if grow > 0 else [(text, False)]:
        if wide and grow > 0:
            layer = np.zeros_like(mask)
            end, _ = cv2.putText(layer, run, (pen, base_px), _WHITE, _face(), size_px, REGULAR, wrap=_NO_WRAP)
            np.maximum(mask, _swell(layer, grow), out=mask)
        else:
            end, _ = cv2.putText(mask, run, (pen, base_px), _WHITE, _face(), size_px, weight, wrap=_NO_WRAP)
        pen = int(end[0])


_NO_WRAP = (-(1 << 20), 1 << 20)
_MEASURE_PX = 100


def _face() -> cv2.FontFace:
    # Cheap to make (about 0.01 ms), and so no two threads ever share one.
    return cv2.FontFace("sans")


def _pen_px(text: str, weight: int) -> int:
    box = cv2.getTextSize((1, 1), text, (0, 0), _face(), _MEASURE_PX, weight, wrap=_NO_WRAP)
    return int(box[0]) + int(box[2])


def _runs(text: str) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for char in text:
        wide = is_wide(char)
        if runs and runs[-1][1] == wide:
            runs[-1] = (runs[-1][0] + char, wide)
        else:
            runs.append((char, wide))
    return runs


def _thicken_px(size_px: int, weight: int) -> float:
    """Return by how much a wide character's strokes grow, in pixels, to look as bold as Latin of that weight."""
    return float(np.interp(weight, (400, 500, 600, 700, 900), (0.0, 0.022, 0.036, 0.046, 0.062))) * size_px


def _swell(layer: Mask, grow_px: float) -> Mask:
    """Thicken strokes by a fractional number of pixels: blend of the two nearest odd dilations."""
    low = int(grow_px // 2) * 2
    share = (grow_px - low) / 2

    def dilated(extra: int) -> Mask:
        if extra == 0:
            return layer
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (extra + 1, extra + 1))
        return np.asarray(cv2.dilate(layer, kernel), np.uint8)

    return np.asarray(cv2.addWeighted(dilated(low), 1 - share, dilated(low + 2), share, 0), np.uint8)


@lru_cache(maxsize=8192)
def _drawable(char: str) -> bool:
    if shaping.needs_shaping(char):
        return shaping.drawable(char)
    if char == "?":
        return True
    picture = _glyph(char)
    return bool(picture.any()) and not np.array_equal(picture, _question_mark())


@lru_cache(maxsize=1)
def _question_mark() -> Mask:
    return _glyph("?")


def _glyph(char: str) -> Mask:
    mask = np.zeros((72, 96), np.uint8)
    cv2.putText(mask, char, (24, 48), _WHITE, _face(), 24, REGULAR, wrap=_NO_WRAP)
    return mask
