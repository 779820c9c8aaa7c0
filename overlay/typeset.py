"""Sets a text into a box: finds size and line breaks, and draws the coverage of its ink.

Comes in: a text, the size of a box and wishes. Goes out: a `Setting`, and from it a coverage mask of the box.
Refuses to know: colours, pictures, quads. Nothing is ever set outside of its box.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from overlay import shaping
from overlay.breaking import broken, pieces
from overlay.glyphs import Mask, advance_em, draw_line, ink_em, is_wide, missing_glyphs, tidy

Align = Literal["left", "centre", "right"]

LEADING_EM = 1.18
NARROWEST = 0.8
"""How far letters may be condensed before the size is reduced instead; sign-makers do the same."""
_MOST_LINES = 12
_SAFETY = 0.995


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a text would be set if there were room for it."""

    size_px: float
    """The size of the original, pixels to the em; never exceeded."""
    min_px: float = 10.0
    """Smaller than this nobody can read it: it is abbreviated instead."""
    weight: int = 400
    """100 thin .. 400 regular .. 900 black."""
    align: Align = "centre"
    lines: int = 1
    """How many lines the original has; more are used only where they give larger letters."""
    pitch_px: float = 0.0
    """From one line of the original to the next: kept as far as there is room."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A text broken into lines with a size that fits its box."""

    lines: tuple[str, ...]
    """Empty when not even an abbreviation fits: then nothing is drawn."""
    size_px: float
    narrow: float
    """Horizontal scale of the letters, 1 or less."""
    weight: int
    align: Align
    leading_em: float
    """From one base line to the next."""
    abbreviated: bool
    """The text is shortened: the full text belongs into the caption area."""
    missing: tuple[str, ...]
    """Characters that cannot be drawn; they are left out."""


def fit(text: str, width_px: float, height_px: float, wishes: Wishes) -> Setting:
    """Return the setting that fills a box of `width_px` by `height_px` best, at most in the wished size.

    The text first wraps and condenses, then shrinks down to `wishes.min_px`, then is abbreviated with an
    ellipsis.
    """
    text = tidy(text)
    missing = missing_glyphs(text)
    text = tidy("".join(char for char in text if char not in missing))
    nothing = Setting((), 0.0, 1.0, wishes.weight, wishes.align, LEADING_EM, bool(text), missing)
    if not text or width_px < 1 or height_px < 1:
        return nothing
    whole = _best(text, width_px, height_px, wishes, anywhere=False)
    if whole.size_px < 0.6 * wishes.size_px and any(is_wide(char) for char in text):
        loose = _best(text, width_px, height_px, wishes, anywhere=True)
        whole = max(whole, loose, key=lambda setting: setting.size_px)
    # A box lower than the smallest size may still hold its ink: letters are lower than their em.
    if whole.size_px >= wishes.min_px:
        return replace(whole, missing=missing)
    short = _abbreviated(text, width_px, height_px, wishes)
    return nothing if short is None else replace(short, missing=missing)


def coverage(setting: Setting, width_px: int, height_px: int) -> Mask:
    """Return the ink of a setting in its box, `(height_px, width_px)`, centred vertically."""
    out = np.zeros((height_px, width_px), np.uint8)
    if not setting.lines:
        return out
    fine = max(1, min(4, math.ceil(96 / max(setting.size_px, 1.0))))
    size = max(1, round(setting.size_px * fine))
    scale = size / setting.size_px
    strips = [_strip(line, size, setting.weight) for line in setting.lines]
    # The ink as drawn may be a little wider than measured: condense rather than cut.
    widest = max(strip.shape[1] for strip, _ in strips)
    wide, tall = max(round(width_px * scale / setting.narrow), widest), round(height_px * scale)
    mask = np.zeros((max(tall, 1), max(wide, 1)), np.uint8)
    tops = [n * setting.leading_em * size - ascent for n, (_, ascent) in enumerate(strips)]
    top, bottom = tops[0], tops[-1] + strips[-1][0].shape[0]
    hanging = strips[-1][0].shape[0] - strips[-1][1]
    # Deep descenders count half, or a line with a "g" would sit visibly too high; then clamp into the box.
    base = (tall - top - bottom + (hanging / 2 if hanging > 0.15 * size else 0)) / 2
    base = max(min(base, tall - bottom), -top)
    for start, (strip, _) in zip(tops, strips, strict=True):
        free = wide - strip.shape[1]
        x = round({"left": 0.0, "centre": free / 2, "right": float(free)}[setting.align])
        y = max(0, min(round(base + start), mask.shape[0] - strip.shape[0]))
        part = mask[y : y + strip.shape[0], x : x + strip.shape[1]]
        np.maximum(part, strip[: part.shape[0]], out=part)
    return np.asarray(cv2.resize(mask, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)


def _strip(line: str, size: int, weight: int) -> tuple[Mask, int]:
    """Return the ink of one line, cropped to it, and how far it rises over the base line."""
    mask = np.zeros((2 * size + size // 2, int(advance_em(line, weight) * size * 1.1) + 2 * size), np.uint8)
    base = size + size // 2
    draw_line(mask, line, size // 2, base, size, weight)
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    if rows.size == 0:
        return np.zeros((1, 1), np.uint8), 1
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], base - int(rows[0])


def _best(text: str, width_px: float, height_px: float, wishes: Wishes, *, anywhere: bool) -> Setting:
    parts = [text] if shaping.right_to_left(text) else pieces(text, anywhere=anywhere)
    tried: dict[tuple[str, ...], Setting] = {}
    for count in range(1, min(len(parts), _MOST_LINES) + 1):
        lines = broken(parts, count, lambda part: advance_em(part, wishes.weight))
        if lines not in tried:
            tried[lines] = _sized(lines, width_px, height_px, wishes)
        if height_px / (count * LEADING_EM) < 0.5 * max(found.size_px for found in tried.values()):
            break
    top = max(found.size_px * found.narrow**0.5 for found in tried.values())
    good = [found for found in tried.values() if found.size_px * found.narrow**0.5 >= 0.9 * top]
    return min(good, key=lambda found: (len(found.lines) > wishes.lines, -_filled_width(found)))


def _filled_width(setting: Setting) -> float:
    """Return how wide the narrowest line is set: full lines read better than many short ones."""
    inks = [ink_em(line, setting.weight) for line in setting.lines]
    return min(ink[2] - ink[0] for ink in inks) * setting.size_px * setting.narrow


def _sized(lines: tuple[str, ...], width_px: float, height_px: float, wishes: Wishes) -> Setting:
    """Return these lines as large as the box and the wish allow."""
    inks = [ink_em(line, wishes.weight) for line in lines]
    wide = max(max(ink[2] - ink[0] for ink in inks), 1e-3)
    tall = max(inks[-1][3] - inks[0][1] + (len(lines) - 1) * LEADING_EM, 1e-3)
    by_width, by_height = width_px * _SAFETY / wide, height_px * _SAFETY / tall
    size = min(wishes.size_px, by_height, by_width / NARROWEST)
    leading = LEADING_EM
    if len(lines) > 1:
        spare = (height_px * _SAFETY / size - tall) / (len(lines) - 1)
        leading += min(max(wishes.pitch_px / size - LEADING_EM, 0.0), max(spare, 0.0), 0.5)
    return Setting(lines, size, min(1.0, by_width / size), wishes.weight, wishes.align, leading, False, ())


def _abbreviated(text: str, width_px: float, height_px: float, wishes: Wishes) -> Setting | None:
    """Return the longest beginning of the text that fits at the smallest size, with an ellipsis."""
    smallest = replace(wishes, size_px=wishes.min_px)
    parts = pieces(text)
    cuts = ["".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
    first = parts[0]
    cuts += [first[:n] for n in range(len(first) - 1, 0, -1)]
    low, high = 0, len(cuts)  # the longest cut that fits: they only get shorter
    while low < high:
        middle = (low + high) // 2
        if _best(_dots(cuts[middle]), width_px, height_px, smallest, anywhere=False).size_px >= wishes.min_px:
            high = middle
        else:
            low = middle + 1
    if low == len(cuts):
        return None
    found = _best(_dots(cuts[low]), width_px, height_px, smallest, anywhere=False)
    return replace(found, abbreviated=True)


def _dots(text: str) -> str:
    return text.rstrip(" ,.:;-–、。，/") + "…"
