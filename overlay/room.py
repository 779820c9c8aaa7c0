"""Looks for free room beside a text: where a small tag hides no letters, and little else.

Comes in: a photo, the quad of a text, what must not be covered, the sizes that a tag may have. Goes out: the best
place. Refuses to know: what a tag says and how it looks.

All is judged on a coarse map, turned so that the text runs level, with summed-area tables (Crow 1984): a place costs
some additions, whatever its size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Gray, Rgb
from overlay.scene import Quad

Side = Literal["below", "above", "right", "left", "over"]
Numbers = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_PREFERENCE: dict[Side, float] = {"below": 0.0, "right": 0.3, "above": 0.3, "left": 0.5, "over": 0.0}
"""What a side costs: a gloss is looked for under its word, or behind it."""
_STEEPEST_DEG = 45.0
"""A text that runs steeper has a level tag."""
_EDGE_COST, _GAP_COST, _OFF_COST = 3.0, 0.4, 0.4
_FULL_EDGE = 96.0
"""Steps of 0..255 from a cell to the next but one: as busy as a place can be."""
_GAPS_EM = np.array([0.15, 0.5, 1.0, 1.5])
_SLIDES = np.linspace(-1.0, 1.0, 13)
_CELLS_TO_AN_EM = 6.0
_MOST_CELLS = 300_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A size that a tag may have, and what it costs to choose it."""

    width_px: float
    """Capture pixels, as all lengths here."""
    height_px: float
    em_px: float
    """Of its letters: the measure of near and far."""
    cost: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tag goes, in the level frame of its text (see `level`)."""

    shape: int
    """Index of the shape that was chosen."""
    left_px: float
    top_px: float
    side: Side
    """Of the text; "over": it hides the text, and nothing else."""


@dataclass(frozen=True, slots=True)
class _Map:
    """What is around a text: summed-area tables over cells, `(h + 1, w + 1)`."""

    cell_px: float
    left_px: float
    top_px: float
    blocked: Numbers
    edges: Numbers


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the tags might go, shape by shape: upper left and lower right corners `(n, 2)`."""

    low: Numbers
    high: Numbers
    near: Numbers
    """What lies between the text and the tag, from `near` to `far`; empty where `far` is not beyond `near`."""
    far: Numbers
    costs: Numbers


def level(quad: Quad) -> Numbers:
    """Return the `(2, 3)` motion from capture pixels to a frame in which the text of `quad` runs level.

    Its origin is the middle of the quad; lengths stay. A text that runs steeply is left as it is.
    """
    points = np.asarray(quad, np.float64)
    along = points[1] - points[0] + points[2] - points[3]
    turn = math.atan2(along[1], along[0])
    if abs(turn) > math.radians(_STEEPEST_DEG):
        turn = 0.0
    cos, sin = math.cos(turn), math.sin(turn)
    turning = np.array([[cos, sin], [-sin, cos]])
    return np.hstack([turning, -(turning @ points.mean(axis=0))[:, None]])


def moved(motion: Numbers, quad: Quad) -> Numbers:
    """Return the quad in the frame to which a `(2, 3)` motion leads."""
    return np.asarray(np.asarray(quad, np.float64) @ motion[:, :2].T + motion[:, 2])


def level_box(quad: Quad) -> Box:
    """Return the box around a quad in its own level frame."""
    own = moved(level(quad), quad)
    (left, top), (right, bottom) = own.min(axis=0).tolist(), own.max(axis=0).tolist()
    return left, top, right, bottom


def find_room(
    rgb: Rgb, quad: Quad, shapes: Sequence[Shape], taken: Sequence[Quad] = (), *, over: bool = False
) -> Place | None:
    """Return the best place for one of the shapes beside `quad` in its `(H, W, 3)` photo, or None without any.

    `taken` are quads that are never covered. Nothing reaches beyond the photo's edge. `over` looks for a place upon
    `quad` instead. Deterministic.
    """
    if not shapes:
        return None
    box = level_box(quad)
    around = _map(rgb, level(quad), box, taken, shapes)
    sides: tuple[Side, ...] = ("over",) if over else ("below", "above", "right", "left")
    best: tuple[float, Place] | None = None
    for side in sides:
        places = _places(side, shapes, box)
        blocked, edges = _shares(around, places.low, places.high)
        # Behind another text it would be taken for that one's.
        blocked = blocked + _shares(around, places.near, places.far)[0]
        # The root: a thin frame or a small arrow under the tag is a loss, all leaves of a tree are hardly a greater.
        costs = np.where(blocked > 1e-9, np.inf, places.costs + _EDGE_COST * np.sqrt(edges))
        n = int(np.argmin(costs))
        if np.isfinite(costs[n]) and (best is None or costs[n] < best[0] - 1e-9):
            shape = n // (len(costs) // len(shapes))
            best = float(costs[n]), Place(shape, float(places.low[n, 0]), float(places.low[n, 1]), side)
    return best[1] if best else None


def _places(side: Side, shapes: Sequence[Shape], box: Box) -> _Places:
    """Return the places for all shapes on one side of the text, as many for each."""
    start, end = np.array(box[:2]), np.array(box[2:])
    size = np.array([(shape.width_px, shape.height_px) for shape in shapes])[:, None, :]
    fixed = np.array([shape.cost for shape in shapes])[:, None] + _PREFERENCE[side]
    if side == "over":
        # Within the text, or all around it.
        slides = np.stack(np.meshgrid(_SLIDES, _SLIDES), axis=-1).reshape(-1, 2)
        low = start - (1 + slides) / 2 * (size - (end - start))
        costs = fixed + _OFF_COST * np.abs(slides).max(axis=1)
        low = low.reshape(-1, 2)
        high = low + np.repeat(size[:, 0], len(slides), axis=0)
        return _Places(low, high, low, low, costs.ravel())
    along, across = (0, 1) if side in ("below", "above") else (1, 0)
    gaps = _GAPS_EM * np.array([[shape.em_px] for shape in shapes])
    outward = end[across] + gaps if side in ("below", "right") else start[across] - gaps - size[:, :, across]
    # Flush with the beginning of the text, or slid along it until half of the shorter lies beside the other.
    reach = np.maximum(size[:, :, along], end[along] - start[along]) / 2
    middle = (start[along] + end[along] - size[:, :, along]) / 2
    begins = np.hstack([np.full((len(shapes), 1), start[along]), middle + reach * _SLIDES])
    off = np.concatenate([[0.0], 0.15 + np.abs(_SLIDES)])
    low = np.empty((len(shapes), len(_GAPS_EM), len(off), 2))
    low[..., along], low[..., across] = begins[:, None, :], outward[:, :, None]
    high = low + size[:, None, :, :]
    near, far = np.maximum(low, start), np.minimum(high, end)
    near[..., across], far[..., across] = far[..., across].copy(), near[..., across].copy()
    costs = fixed + (_GAP_COST * _GAPS_EM[:, None] + _OFF_COST * off).ravel()
    low, high, near, far = (one.reshape(-1, 2) for one in (low, high, near, far))
    return _Places(low, high, near, far, costs.ravel())


def _map(rgb: Rgb, motion: Numbers, box: Box, taken: Sequence[Quad], shapes: Sequence[Shape]) -> _Map:
    """Return what is around the text, as far as any of the shapes reaches."""
    em = min(shape.em_px for shape in shapes)
    most_gap = float(_GAPS_EM[-1]) * max(shape.em_px for shape in shapes)
    wide = max(shape.width_px for shape in shapes) + most_gap
    tall = max(shape.height_px for shape in shapes) + most_gap
    left, top, right, bottom = box[0] - wide, box[1] - tall, box[2] + wide, box[3] + tall
    cell = max(1.0, em / _CELLS_TO_AN_EM, math.sqrt((right - left) * (bottom - top) / _MOST_CELLS))
    size = math.ceil((right - left) / cell) + 1, math.ceil((bottom - top) / cell) + 1
    to_cells = np.vstack([motion, [0, 0, 1]])
    to_cells = np.diag([1 / cell, 1 / cell, 1.0]) @ np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ to_cells
    gray, shown = _turned(rgb, to_cells, size)
    blocked = (shown == 0).astype(np.uint8)
    for quad in taken:
        cells = moved(to_cells[:2], quad)
        if np.isfinite(cells).all() and np.abs(cells).max() < 2e4:
            cv2.fillPoly(blocked, [np.rint(cells).astype(np.int32)], 1)
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0, ksize=1), cv2.Sobel(gray, cv2.CV_32F, 0, 1, ksize=1)
    edges = np.minimum(1.0, cv2.magnitude(across, down) / _FULL_EDGE)
    return _Map(cell, left, top, cv2.integral(blocked, sdepth=cv2.CV_64F), cv2.integral(edges, sdepth=cv2.CV_64F))


def _turned(rgb: Rgb, to_cells: Numbers, size: tuple[int, int]) -> tuple[Gray, Gray]:
    """Return the photo in cells, grey, and where it shows the photo at all."""
    cell_px = 1 / math.hypot(to_cells[0, 0], to_cells[1, 0])
    wide, tall = size
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float64)
    reached = (corners - to_cells[:2, 2]) @ np.linalg.inv(to_cells[:2, :2]).T
    x0, y0 = np.maximum(np.floor(reached.min(axis=0)), 0).astype(int).tolist()
    x1, y1 = np.minimum(np.ceil(reached.max(axis=0)), rgb.shape[1::-1]).astype(int).tolist()
    if x1 - x0 < 2 or y1 - y0 < 2:
        return np.zeros((tall, wide), np.uint8), np.zeros((tall, wide), np.uint8)
    # Made small before it is turned: a thin frame must weigh something in its cell.
    small_size = max(1, round((x1 - x0) / cell_px)), max(1, round((y1 - y0) / cell_px))
    small = cv2.resize(cv2.cvtColor(rgb[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY), small_size, interpolation=cv2.INTER_AREA)
    shrink = np.diag([(x1 - x0) / small_size[0], (y1 - y0) / small_size[1], 1.0])
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    warp = np.linalg.inv(half) @ to_cells @ np.array([[1, 0, x0], [0, 1, y0], [0, 0, 1]]) @ shrink @ half
    gray = cv2.warpAffine(small, warp[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shown = cv2.warpAffine(np.full_like(small, 255), warp[:2], size, flags=cv2.INTER_NEAREST)
    return np.asarray(gray, np.uint8), np.asarray(shown, np.uint8)


def _shares(around: _Map, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Return for boxes from `low` to `high` `(n, 2)` which share of each is blocked, and how busy it is, 0 to 1."""
    height, width = around.blocked.shape[0] - 1, around.blocked.shape[1] - 1
    start = np.array([around.left_px, around.top_px])
    # Half a cell off at most, which is less than the smallest gap.
    first, last = (np.rint((corner - start) / around.cell_px).astype(int) for corner in (low, high))
    first, last = np.clip(first, 0, (width, height)), np.clip(last, 0, (width, height))
    last = np.maximum(first, last)
    x0, y0, x1, y1 = first[:, 0], first[:, 1], last[:, 0], last[:, 1]
    cells = np.maximum((x1 - x0) * (y1 - y0), 1)

    def share(table: Numbers) -> Numbers:
        return np.asarray(np.maximum(table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0], 0.0) / cells)

    return share(around.blocked), share(around.edges)
