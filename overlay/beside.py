"""Sets a translation that may be wrong on a small plate beside the text, which stays readable.

Comes in: a label, its photo, what must not be covered. Goes out: a flat tag and where the label's quad lies beside it.
Refuses to know: how the tag moves, why the translation is unsure.

Where nothing is free beside the text, the plate lies over it and holds both: the original, small, and the translation.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from devices.frame import Rgb
from overlay.breaking import broken, pieces, wrapped
from overlay.glyphs import advance_em, drawable
from overlay.plate import Drawing, Part, draw_plate, plate_em
from overlay.room import Box, Place, Shape, find_room, level, level_box, moved
from overlay.scene import Label, Quad

_WEIGHT, _SMALL_WEIGHT = 500, 400
_SMALL_EM, _LEAST_SMALL = 0.72, 0.9
"""Size of the gloss and of the source in a tag: of the translation's, and at least, of the smallest size."""
_OF_THE_LINE = 0.4, 0.8
"""Least and most size of the letters, of the line's height: a tag is smaller than what it explains."""
_OF_THE_PHOTO = 1 / 38
_SMALLER = 1.0, 0.85, 0.72, 0.61, 0.52
_MOST_LINES, _MOST_SMALL_LINES = 6, 2
_LEAST_SMALL_LINE_EM = 14.0
_SMALLER_COST, _LINE_COST, _WIDE_COST, _NO_GLOSS_COST, _CUT_COST = 5.0, 0.12, 0.4, 1.2, 2.0
_OWN_SHARE = 0.86
"""Of the box of a text: its letters. Detectors' boxes are generous, and neighbours' overlap."""
_FINE_EM = 40.0
"""Letters lower than this are drawn larger (at most twice), to stay sharp when the sign comes nearer."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, flat and level."""

    drawing: Drawing
    corners: Quad
    """Where the label's quad lies, pixels of the drawing."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A way to set the tag."""

    em_px: float
    """Capture pixels."""
    parts: tuple[Part, ...]
    cost: float
    least_px: tuple[float, float] = (0.0, 0.0)
    """Width and height that the plate has at least."""

    def shape(self) -> Shape:
        """The room it takes."""
        wide, tall = plate_em(self.parts)
        size = max(self.least_px[0], wide * self.em_px), max(self.least_px[1], tall * self.em_px)
        return Shape(*size, self.em_px, self.cost)


def make_tag(rgb: Rgb, label: Label, line_height_px: float, taken: Sequence[Quad], min_px: float) -> Tag | None:
    """Return the tag of a label in its `(H, W, 3)` photo; None where nothing can be set that leaves both readable.

    `line_height_px` is the height of the label's lines and `min_px` the smallest size of letters, capture pixels;
    `taken` are quads that stay free. Letters that cannot be drawn are left out. Deterministic.
    """
    source, target, gloss = (drawable(text) for text in (label.source, label.target, label.gloss))
    if target in ("", source):
        target, gloss = gloss, ""
    if not target:
        return None
    if gloss.casefold() == target.casefold():
        gloss = ""
    box = level_box(label.quad)
    size = _size(rgb, line_height_px, min_px)
    for over in (False, True):
        drafts = list(_over(source, target, box, size, min_px) if over else _beside(target, gloss, box, size, min_px))
        place = find_room(rgb, label.quad, [draft.shape() for draft in drafts], taken, over=over)
        if place is not None:
            return _drawn(drafts[place.shape], place, label.quad)
    return None


def _size(rgb: Rgb, line_height_px: float, min_px: float) -> float:
    """Return the size in which the tag would be set, capture pixels to the em."""
    least, most = (share * line_height_px for share in _OF_THE_LINE)
    return float(max(min_px, min(most, max(least, min(rgb.shape[:2]) * _OF_THE_PHOTO))))


def _beside(target: str, gloss: str, box: Box, size_px: float, min_px: float) -> Iterator[_Draft]:
    """Yield the ways to set a tag that stands beside its text: smaller, in more lines, without the gloss."""
    for em, lines, cost in _ways(target, box, size_px, min_px):
        told = Part(lines, 1.0, _WEIGHT)
        if gloss:
            yield _Draft(em, (told, Part(*_small(gloss, lines, em, min_px), _SMALL_WEIGHT)), cost)
            cost += _NO_GLOSS_COST
        yield _Draft(em, (told,), cost)


def _over(source: str, target: str, box: Box, size_px: float, min_px: float) -> Iterator[_Draft]:
    """Yield the ways to set a tag that lies over its text: the whole of it stands there again, small."""
    for em, lines, cost in _ways(target, box, size_px, min_px):
        again, share = _small(source, lines, em, min_px)
        if again[-1].endswith("…") and not source.endswith("…"):
            continue
        told = Part(again, share, _SMALL_WEIGHT), Part(lines, 1.0, _WEIGHT)
        wide, tall = plate_em(told)
        for kept, more in ((1.0, 0.0), (_OWN_SHARE, _CUT_COST)):
            own = kept * (box[2] - box[0]), kept * (box[3] - box[1])
            # What the text takes of the picture is taken anyway.
            full = max(em, min(own[0] / wide, own[1] / tall, 2 * size_px))
            yield _Draft(full, told, cost - math.log(full / em) + more, least_px=own)


def _ways(target: str, box: Box, size_px: float, min_px: float) -> Iterator[tuple[float, tuple[str, ...], float]]:
    """Yield sizes and lines for a translation, and what each costs."""
    parts = pieces(target)
    for share in _SMALLER:
        em = max(size_px * share, min_px)
        seen = set()
        for count in range(1, min(len(parts), _MOST_LINES) + 1):
            lines = broken(parts, count, lambda part: advance_em(part, _WEIGHT))
            if lines in seen:
                continue
            seen.add(lines)
            # As wide as the text itself looks best; of longer ones, more lines.
            wide = max(advance_em(line, _WEIGHT) for line in lines) * em / max(box[2] - box[0], 1.0)
            cost = _SMALLER_COST * (1 - share) + _LINE_COST * (len(lines) - 1)
            yield em, lines, cost + _WIDE_COST * max(0.0, math.log(max(wide, 1e-3)))
        if em <= min_px:
            return


def _small(text: str, beside: tuple[str, ...], em: float, min_px: float) -> tuple[tuple[str, ...], float]:
    """Return the gloss or source in at most two small lines, and their size, of the translation's."""
    share = min(1.0, max(_SMALL_EM, _LEAST_SMALL * min_px / em))
    width_em = max(max(advance_em(line, _WEIGHT) for line in beside) / share, _LEAST_SMALL_LINE_EM)
    lines = wrapped(text, width_em, _measure)
    if len(lines) <= _MOST_SMALL_LINES:
        return lines, share
    last = lines[_MOST_SMALL_LINES - 1]
    while last and _measure(last + " …") > width_em:
        last = last[:-1]
    return (*lines[: _MOST_SMALL_LINES - 1], last.rstrip() + " …"), share


def _measure(text: str) -> float:
    return advance_em(text, _SMALL_WEIGHT)


def _drawn(draft: _Draft, place: Place, quad: Quad) -> Tag:
    scale = min(2.0, max(1.0, _FINE_EM / draft.em_px))
    shape = draft.shape()
    size = max(1, round(shape.width_px * scale)), max(1, round(shape.height_px * scale))
    drawing = draw_plate(draft.parts, draft.em_px * scale, size, place.side)
    corners = (moved(level(quad), quad) - (place.left_px, place.top_px)) * scale
    return Tag(drawing, corners.astype("float32"))
