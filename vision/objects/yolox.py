"""YOLOX: one table out, a row for each cell of three grids: raw offsets, log sizes, scores that are through a sigmoid.

Method: Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv 2107.08430. Sees blue-first pictures of 0 to 255, at
the top left of a grey 114.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices import Rgb
from vision.objects.boxes import from_centres
from vision.objects.coco import NAMES
from vision.objects.families import LARGEST_PX, Family, Raw, expect, side_px
from vision.objects.graph import Graph, Tensor
from vision.objects.picture import Placing, letterboxed, planes, rows

_STRIDES = (8, 16, 32)
_GREY = 114
_USUAL_PX = 416
_LARGEST_LOG = np.float32(np.log(LARGEST_PX))  # of a size in cells: a hostile one must not overflow


def recognised(graph: Graph) -> Family | None:
    """The family of a network with one picture in and one table out; None where it is another kind."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        return None
    put, out = graph.inputs[0], graph.outputs[0]
    if put.dtype != ("uint8" if graph.rows else "float32") or put.shape is None or len(put.shape) != 4:
        return None
    down, across, colours = (1, 2, 3) if graph.rows else (2, 3, 1)
    if put.shape[colours] != 3:
        return None
    if out.shape is None or len(out.shape) != 3 or out.shape[2] is None or out.shape[2] < 6:
        return None
    height = side_px(put.shape[down], _USUAL_PX, graph.title)
    width = side_px(put.shape[across], _USUAL_PX, graph.title)
    if height % max(_STRIDES) or width % max(_STRIDES) or out.shape[1] not in (None, cell_count(height, width)):
        return None
    return Yolox(graph, height, width, out.shape[2] - 5)


def cell_count(height: int, width: int) -> int:
    """Rows of the table for pictures of that size."""
    return sum((height // stride) * (width // stride) for stride in _STRIDES)


def cells(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`(N, 2)` column and row of each cell in its grid, and `(N, 1)` the grid's stride."""
    corners, strides = [], []
    for stride in _STRIDES:
        rows, columns = np.mgrid[: height // stride, : width // stride]
        corners.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        strides.append(np.full((rows.size, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(strides).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Grid:
    corners: NDArray[np.float32]
    strides: NDArray[np.float32]


class Yolox:
    """See Family."""

    suppress = True

    def __init__(self, graph: Graph, height: int, width: int, classes: int) -> None:
        self._title, self._put, self._out = graph.title, graph.inputs[0].name, graph.outputs[0].name
        self._rows = graph.rows
        self._height, self._width = height, width
        self.classes: int | None = classes
        self._grid = _Grid(*cells(height, width))

    def default_names(self) -> tuple[str, ...] | None:
        """See Family."""
        return NAMES if self.classes == len(NAMES) else None

    def fitting(self, height: int, width: int) -> tuple[int, ...] | None:
        """See Family."""
        scale = min(self._height / height, self._width / width)
        step = max(_STRIDES)
        high, wide = (max(step, math.ceil(int(side * scale) / step) * step) for side in (height, width))
        return None if (high, wide) == (self._height, self._width) else (1, 3, high, wide)

    def feed(self, rgb: Rgb) -> tuple[dict[str, Tensor], object]:
        """See Family."""
        seen, placing = letterboxed(rgb, self._height, self._width, _GREY)
        return {self._put: (rows if self._rows else planes)(seen, blue_first=True)}, placing

    def read(self, outputs: dict[str, Tensor], about: object, least_score: float) -> Raw:
        """See Family."""
        assert isinstance(about, Placing)
        rows = len(self._grid.corners)
        told = expect(outputs, self._out, (1, rows, 5 + (self.classes or 0)), self._title)
        table = told[0].astype(np.float32, copy=False)
        likely = np.flatnonzero(table[:, 4] >= least_score)  # a score is never larger than this
        table, corners, strides = table[likely], self._grid.corners[likely], self._grid.strides[likely]
        classes = table[:, 5:].argmax(axis=1)
        scores = table[:, 4] * table[np.arange(len(table)), 5 + classes]
        centres = (table[:, :2] + corners) * strides
        sizes = np.exp(np.minimum(table[:, 2:4], _LARGEST_LOG)) * strides
        boxes = about.back(from_centres(np.concatenate([centres, sizes], axis=1)))
        return Raw(boxes, scores, classes.astype(np.int64))
