"""Small tags beside things and codes: a word or two on a dark pill. They never cover a text label, nor one another.

In: what to say and the box that it is about, and the boxes that must stay free. Out: where each tag goes, and the
picture with the tags on it, in place. A tag that has no free place is not drawn. Knows no detectors and languages.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from devices.frame import Rgb
from overlay.captions import size_px
from overlay.glyphs import advance_em, draw_line, missing_glyphs, tidy

Area = tuple[float, float, float, float]
"""Left, top, right, bottom; capture pixels."""

_WEIGHT = 500
_SHARE = 0.58  # of a caption's letters
_SMALLEST_PX = 11
_PAD_EM, _HIGH_EM, _BASE_EM = 0.4, 1.35, 0.98
_GAP_PX = 2.0
_DARK = 0.3
_EDGE_PX = 2
_LONGEST_SHARE = 0.6  # of the picture's width
_PLAIN, _WARNING = (235, 235, 235), (255, 176, 0)
_MOST_HIDDEN = 0.55  # of a thing's box


@dataclass(frozen=True, slots=True)
class Tag:
    """What to say about one thing."""

    key: Hashable
    """The same on the next picture: then the tag stays on its side of the thing, if it can."""
    text: str
    about: Area
    """The thing; capture pixels."""
    warning: bool = False
    """In the colour of warnings."""
    only_bare: bool = False
    """Not said where a text lies over most of the thing: what is under it is the text's paper, and needs no name."""


@dataclass(frozen=True, slots=True)
class PlacedTag:
    """A tag with its place."""

    tag: Tag
    area: Area
    """Whole pixels, inside the picture."""
    side: int
    """Which of the places around the thing it has."""


def place_tags(
    tags: Sequence[Tag],
    taken: Sequence[Area],
    size: tuple[int, int],
    before: Mapping[Hashable, int] | None = None,
) -> list[PlacedTag]:
    """A place for each tag that has one, the first served first; `size` is the picture's width and height.

    `taken` stays free of tags. `before`: the sides that the tags had on the picture before, by key; kept where they are
    free still, so that tags do not jump.
    """
    width, height = size
    em = _em_px(width, height)
    before = before or {}
    full = [_grown(area, _GAP_PX) for area in taken]
    placed: list[PlacedTag] = []
    for tag in tags:
        text = _drawable(tag.text, _longest_em(width, em))
        if not text or not _touch(tag.about, (0, 0, width, height)) or (tag.only_bare and _hidden(tag.about, taken)):
            continue
        wide = round(em * (advance_em(text, _WEIGHT) + 2 * _PAD_EM))
        high = round(em * _HIGH_EM)
        places = list(enumerate(_places(_clipped(tag.about, size), wide, high, size)))
        places.sort(key=lambda one: one[0] != before.get(tag.key))
        for side, area in places:
            if area is not None and not any(_touch(area, other) for other in full):
                placed.append(PlacedTag(tag, area, side))
                full.append(area)
                break
    return placed


def draw_tags(canvas: Rgb, placed: Sequence[PlacedTag]) -> None:
    """Draw the tags on `canvas` `(H, W, 3)` in place. Blocks for a tenth of a ms a tag."""
    height, width = canvas.shape[:2]
    em = _em_px(width, height)
    for one in placed:
        x0, y0, x1, y1 = (round(side) for side in one.area)
        region = canvas[y0:y1, x0:x1]
        text = _drawable(one.tag.text, _longest_em(width, em))
        # The edge that is nearest to the thing says which side it belongs to.
        below = one.area[3] <= (one.tag.about[1] + one.tag.about[3]) / 2
        kept, light = _pill(text, em, (x1 - x0, y1 - y0), _WARNING if one.tag.warning else _PLAIN, below)
        region[...] = cv2.add(cv2.multiply(region, kept, scale=1 / 255), light)


def _em_px(width: int, height: int) -> int:
    return max(_SMALLEST_PX, round(size_px(width, height) * _SHARE))


def _longest_em(width: int, em: int) -> float:
    return _LONGEST_SHARE * width / em


def _places(about: Area, wide: int, high: int, size: tuple[int, int]) -> Iterator[Area | None]:
    """Above, inside at the top, below, inside at the bottom; each at the left, in the middle, at the right.

    Pushed into the picture where they would stick out of it at a side; None where a row is not in the picture.
    """
    (x0, y0, x1, y1), (width, height) = about, size
    columns = (x0, (x0 + x1 - wide) / 2, x1 - wide)
    rows = (y0 - high - _GAP_PX, y0 + _GAP_PX, y1 + _GAP_PX, y1 - high - _GAP_PX)
    for top in rows:
        for left in columns:
            x, y = round(min(max(left, 0.0), width - wide)), round(top)
            yield (x, y, x + wide, y + high) if x >= 0 and 0 <= y <= height - high else None


def _touch(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _clipped(area: Area, size: tuple[int, int]) -> Area:
    return max(0.0, area[0]), max(0.0, area[1]), min(size[0], area[2]), min(size[1], area[3])


def _grown(area: Area, by_px: float) -> Area:
    return area[0] - by_px, area[1] - by_px, area[2] + by_px, area[3] + by_px


def _hidden(about: Area, taken: Sequence[Area]) -> bool:
    """True where a text lies over most of the thing."""
    whole = max(1e-6, (about[2] - about[0]) * (about[3] - about[1]))
    common = (
        max(0.0, min(about[2], other[2]) - max(about[0], other[0]))
        * max(0.0, min(about[3], other[3]) - max(about[1], other[1]))
        for other in taken
    )
    return max(common, default=0.0) > _MOST_HIDDEN * whole


@lru_cache(maxsize=256)
def _pill(text: str, em: int, size: tuple[int, int], colour: tuple[int, int, int], below: bool) -> tuple[Rgb, Rgb]:
    """What is left of the picture under a tag, and what is added to it, both `(h, w, 3)`; kept, because tags stay.

    `below`: the edge to the thing is the lower one.
    """
    wide, high = size
    fine = 2
    mask = np.zeros((high * fine, wide * fine), np.uint8)
    draw_line(mask, text, round(em * fine * _PAD_EM), round(em * fine * _BASE_EM), em * fine, _WEIGHT)
    ink = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8)
    (ink[-_EDGE_PX:] if below else ink[:_EDGE_PX])[...] = 255
    kept = cv2.convertScaleAbs(cv2.bitwise_not(cv2.merge([ink, ink, ink])), alpha=_DARK)
    light = cv2.merge([cv2.convertScaleAbs(ink, alpha=part / 255) for part in colour])
    for array in (kept, light):
        array.flags.writeable = False
    return np.asarray(kept, np.uint8), np.asarray(light, np.uint8)


@lru_cache(maxsize=256)
def _drawable(text: str, most_em: float) -> str:
    """One line that the fonts can draw, cut to the widest tag."""
    text = tidy(text)
    lost = missing_glyphs(text)
    text = tidy("".join(char for char in text if char not in lost))
    if advance_em(text, _WEIGHT) <= most_em:
        return text
    while text and advance_em(text + "…", _WEIGHT) > most_em:
        text = text[:-1]
    return text.rstrip() + "…"
