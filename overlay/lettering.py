"""Letters a label's translation over its block: which box, which direction, which size.

Comes in: a label, its plan and what erasing found. Goes out: a `Written`. Refuses to know: how it is painted
and warped.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from overlay.erase import Erased
from overlay.glyphs import Mask, is_wide
from overlay.ink import weight_of, wished_size
from overlay.rectify import Plan
from overlay.scene import Label
from overlay.typeset import LEADING_EM, Setting, Wishes, coverage, fit

Box = tuple[int, int, int, int]
"""Left, top, width, height in patch pixels."""

_FRAME_SHARE = 0.4
_LINE_SHARE = 0.8
"""Of a row just outside of the box: only a frame's line fills that much of it, a neighbour's letters do not."""
_AIR_ABOVE, _AIR_BESIDE = 0.07, 0.15
"""Of the line height: the letters' distance from a frame."""
_CRAMPED = 0.85
"""Smaller than this share of the original's size, a translation looks for room beside its box."""


@dataclass(frozen=True, slots=True)
class Written:
    """A translation set over its block."""

    setting: Setting
    ink: Mask
    """Coverage `(h, w)` of the plan's patch."""


def set_in(label: Label, plan: Plan, found: Erased, min_px: float) -> Written:
    """Return the translation set in the plan's box, or beside it where the same ground runs on.

    `min_px` is the smallest size of letters, capture pixels to the em. A translation of which letters cannot be
    drawn is not set at all: half a word is worse than the original.
    """
    wishes = _wishes(label, plan, found, min_px)
    box = _clear_of(found, plan)
    setting = fit(label.target, box[2], box[3], wishes)
    if any(char.isalpha() for char in setting.missing):
        nothing = Setting((), 0.0, 1.0, wishes.weight, wishes.align, LEADING_EM, True, setting.missing)
        return _inked(nothing, plan, box)
    if plan.vertical:
        return _in_column(label, plan, setting, wishes)
    if setting.abbreviated or setting.size_px * setting.narrow < _CRAMPED * wishes.size_px:
        wider = _with_room(plan, found, wishes, box)
        if wider[2] > box[2]:
            again = fit(label.target, wider[2], wider[3], wishes)
            if again.size_px * again.narrow > setting.size_px * setting.narrow or not again.abbreviated:
                setting, box = again, wider
    return _inked(setting, plan, box)


def _wishes(label: Label, plan: Plan, found: Erased, min_px: float) -> Wishes:
    size = wished_size(label.source, found, plan)
    count = max(1, len(label.line_quads))
    return Wishes(
        size_px=max(size, min_px * plan.scale),
        min_px=min_px * plan.scale,
        weight=weight_of(label.source, label.target, found.stroke_px / size, size / plan.scale),
        align=plan.align,
        lines=1 if plan.vertical else count,
        pitch_px=plan.box[3] / count,
    )


def _clear_of(found: Erased, plan: Plan) -> Box:
    """Return the plan's box without the edges along which, or close to which, a frame runs that stays on the sign."""
    left, top, width, height = plan.box
    frame = found.kept | (found.foreign & (plan.lines == 0))
    air = max(1, round(_AIR_ABOVE * plan.line_height_px)), max(1, round(_AIR_BESIDE * plan.line_height_px))
    above, below = _edges(frame[:, left : left + width].mean(axis=1), top, height, air[0])
    before, after = _edges(frame[top : top + height].mean(axis=0), left, width, air[1])
    return left + before, top + above, width - before - after, height - above - below


def _edges(taken: NDArray[np.float64], start: int, length: int, air: int) -> tuple[int, int]:
    """Return how much to leave free at both ends, each at most a quarter; `taken` is what a frame has of each row."""
    front = _taken_from(taken[max(0, start - air) : start + length // 4], min(air, start))
    back = taken[start + length - length // 4 : start + length + air][::-1]
    return _within(front, air, length), _within(_taken_from(back, len(back) - length // 4), air, length)


def _taken_from(taken: NDArray[np.float64], outside: int) -> int | None:
    """Return the end of the frame's innermost row, counted from the box's edge: negative outside of the box."""
    limit = np.where(np.arange(len(taken)) < outside, _LINE_SHARE, _FRAME_SHARE)
    hits = np.nonzero(taken > limit)[0]
    return int(hits[-1]) + 1 - outside if hits.size else None


def _within(end: int | None, air: int, length: int) -> int:
    return 0 if end is None else max(0, min(end + air, length // 4 + air))


def _with_room(plan: Plan, found: Erased, wishes: Wishes, box: Box) -> Box:
    """Return the box widened to half of the way to the next thing on each side, so that two never meet."""
    left, top, width, height = box
    blocked = (found.foreign | found.kept | (plan.inside_photo == 0))[top : top + height].mean(axis=0) > 0.02
    gap = 0.15 * plan.line_height_px
    before = _free(blocked[:left][::-1]) / 2 - gap
    after = _free(blocked[left + width :]) / 2 - gap
    if wishes.align == "centre":
        before = after = min(before, after)
    grow_left = 0 if wishes.align == "left" else max(0, int(before))
    grow_right = 0 if wishes.align == "right" else max(0, int(after))
    return left - grow_left, top, width + grow_left + grow_right, height


def _free(blocked: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    hits = np.nonzero(blocked)[0]
    return int(hits[0]) if hits.size else len(blocked)


def _in_column(label: Label, plan: Plan, upright: Setting, wishes: Wishes) -> Written:
    """Return the text upright in its column, or turned along it when that makes small letters much larger."""
    box = plan.box
    turnable = not any(is_wide(char) for char in label.target)
    if turnable and (upright.abbreviated or upright.size_px < 0.55 * wishes.size_px):
        turned = fit(label.target, box[3], box[2], replace(wishes, align="left"))
        if not turned.abbreviated and turned.size_px > 1.4 * upright.size_px:
            ink = np.zeros(plan.patch.shape[:2], np.uint8)
            ink[box[1] : box[1] + box[3], box[0] : box[0] + box[2]] = np.rot90(coverage(turned, box[3], box[2]), -1)
            return Written(turned, ink)
    # Columns of a menu start at the top.
    tall = ((len(upright.lines) - 1) * upright.leading_em + 1.05) * upright.size_px
    return _inked(upright, plan, (box[0], box[1], box[2], min(box[3], round(tall) + 2)))


def _inked(setting: Setting, plan: Plan, box: tuple[int, int, int, int]) -> Written:
    left, top, width, height = box
    ink = np.zeros(plan.patch.shape[:2], np.uint8)
    if setting.lines:
        ink[top : top + height, left : left + width] = coverage(setting, width, height)
    return Written(setting, ink)
