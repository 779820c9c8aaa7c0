"""Parts of a picture for the detector, of few sizes: engines prepare each new shape of their input anew.

In: which cells of a picture must be looked at. Out: few windows that hold them all, or None where the whole picture is
no dearer. Method: greedy set cover, Chvatal, "A Greedy Heuristic for the Set-Covering Problem", Mathematics of
Operations Research 4(3), 1979. Knows no text, no time and no network.
"""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from vision.quad import Quad, bounds

Cells = NDArray[np.bool_]
"""`(ROWS, COLUMNS)`: a picture in equal cells, from the top left."""

ROWS, COLUMNS = 24, 40
SHAPES = ((6, 40), (24, 10), (12, 20))
"""Rows and columns of the windows: a band, a column and a quarter, each a quarter of the picture's area."""

_MOST_WINDOWS = 2  # each costs a quarter of the whole, and a little for itself
_SIDE_PX = 3.0


@dataclass(frozen=True, slots=True)
class Window:
    """An upright part of a picture, whole capture pixels: from `left` and `top` to before `right` and `bottom`."""

    left: int
    top: int
    right: int
    bottom: int

    def cuts_off(self, quad: Quad, width: int, height: int) -> bool:
        """True where a side of it that is no side of the picture, of this size, cuts the quad off."""
        x0, y0, x1, y1 = bounds(quad)
        return (
            (self.left > 0 and x0 < self.left + _SIDE_PX)
            or (self.top > 0 and y0 < self.top + _SIDE_PX)
            or (self.right < width and x1 > self.right - _SIDE_PX)
            or (self.bottom < height and y1 > self.bottom - _SIDE_PX)
        )


def window_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Width and height of every window of a picture of this size, px."""
    return [(round(wide * width / COLUMNS), round(high * height / ROWS)) for high, wide in SHAPES]


def cover(needed: Cells, width: int, height: int) -> tuple[Window, ...] | None:
    """Windows that hold all that is needed: () where that is nothing, None where it takes the whole picture."""
    left_over = needed.copy()
    windows: list[Window] = []
    while left_over.any():
        if len(windows) == _MOST_WINDOWS:
            return None
        _, top, left, high, wide = max(_best_place(left_over, shape) for shape in SHAPES)
        left_over[top : top + high, left : left + wide] = False
        size = round(wide * width / COLUMNS), round(high * height / ROWS)
        x, y = min(round(left * width / COLUMNS), width - size[0]), min(round(top * height / ROWS), height - size[1])
        windows.append(Window(x, y, x + size[0], y + size[1]))
    return tuple(windows)


def cells_of(quad: Quad, width: int, height: int, margin: float = 0.0) -> tuple[slice, slice]:
    """The cells that a quad's upright box touches, as an index; `margin` of its smaller side is added all around."""
    x0, y0, x1, y1 = bounds(quad)
    grow = margin * min(x1 - x0, y1 - y0)
    return _span(y0 - grow, y1 + grow, height, ROWS), _span(x0 - grow, x1 + grow, width, COLUMNS)


def cells_in(window: Window, width: int, height: int) -> tuple[slice, slice]:
    """The cells that a window holds, up to a rest of a tenth, as an index."""
    rows, columns = ROWS / height, COLUMNS / width
    return (
        slice(ceil(window.top * rows - 0.1), floor(window.bottom * rows + 0.1)),
        slice(ceil(window.left * columns - 0.1), floor(window.right * columns + 0.1)),
    )


def _best_place(needed: Cells, shape: tuple[int, int]) -> tuple[int, int, int, int, int]:
    """How many needed cells a window of this shape holds at most, and where: top, left, rows and columns.

    Among equals the place in the middle, so that there is something to see around what is needed.
    """
    high, wide = shape
    sums = np.zeros((ROWS + 1, COLUMNS + 1), np.int64)
    sums[1:, 1:] = needed.cumsum(0).cumsum(1)
    held = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    best = np.argwhere(held == held.max())
    top, left = best[np.abs(best - best.mean(axis=0)).sum(axis=1).argmin()]
    return int(held.max()), int(top), int(left), high, wide


def _span(low: float, high: float, size_px: int, cells: int) -> slice:
    first = min(max(floor(low * cells / size_px), 0), cells)
    return slice(first, min(max(ceil(high * cells / size_px), first), cells))
