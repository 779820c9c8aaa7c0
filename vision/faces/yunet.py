"""Finds faces with YuNet, from an ONNX file; recognises nobody.

Method: Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 2023. The file
is face_detection_yunet_2023mar.onnx of github.com/opencv/opencv_zoo (MIT), or a later one. It is run by the engines
that reading uses, not by OpenCV's FaceDetectorYN: not every engine lets that have another size than the file's 640x640
(github.com/opencv/opencv/issues/28769).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from devices import InputError, Rgb
from vision.objects.boxes import Boxes, suppressed
from vision.objects.detection import Box
from vision.objects.graph import Graph, Tensor, can_reshape
from vision.objects.picture import letterboxed, planes

STRIDES = (8, 16, 32)
LONG_SIDE_PX = 640
"""Of the picture that the network sees, where the file does not fix it."""

_STEP_PX = 32
_SAME = 0.3
_MOST = 200
_MOST_SHAPES = 3  # kept; a recording has one
_TILE_OVERLAP = 0.25
_LARGEST_GROWTH = 4.0


@dataclass(frozen=True, slots=True)
class Face:
    """One face."""

    box: Box
    """Capture pixels: forehead to chin, ear to ear, about."""
    score: float
    """0 to 1."""


class FaceFinder:
    """The network, loaded once. Not for use by several threads at a time."""

    def __init__(self, model: Path, engine: str | None = None, threads: int = 1, least_score: float = 0.5) -> None:
        """`least_score`: a face too many is blurred rather than one too few. Raises InputError."""
        self._graph = graph = Graph(model, engine, threads)
        self._load = partial(Graph, model, engine, threads, None)
        self._least = least_score
        names = {f"{kind}_{stride}" for kind in ("cls", "obj", "bbox") for stride in STRIDES}
        shape = graph.inputs[0].shape if len(graph.inputs) == 1 else None
        if shape is None or len(shape) != 4 or shape[1] != 3 or not names <= {port.name for port in graph.outputs}:
            raise InputError(f"{graph.title}: expected YuNet, a finder of faces; it {graph.ports()}")
        if any(side is not None and (side < _STEP_PX or side % _STEP_PX) for side in shape[2:]):
            raise InputError(f"{graph.title}: expected pictures in steps of {_STEP_PX} pixels; it {graph.ports()}")
        self._fixed = shape[2], shape[3]
        self._fitted: dict[tuple[int, int], Graph | None] = {}

    @property
    def name(self) -> str:
        """What to call it."""
        return f"{Path(self._graph.title).stem} ({self._graph.engine})"

    def find(self, rgb: Rgb) -> list[Face]:
        """The faces of a picture, the surest first. Blocks for ten milliseconds or so."""
        if min(rgb.shape[:2]) < 2:
            return []
        boxes, scores = self._look(rgb)
        return self._chosen(boxes, scores, rgb)

    def find_small(self, rgb: Rgb) -> list[Face]:
        """The same, small ones too: large pictures are looked at in parts as well. Blocks for as many looks."""
        if min(rgb.shape[:2]) < 2:
            return []
        looks = [self._look(rgb)]
        for left, top, part in _tiles(rgb):
            boxes, scores = self._look(part)
            looks.append((boxes + np.array([left, top, left, top], np.float32), scores))
        return self._chosen(np.concatenate([one for one, _ in looks]), np.concatenate([two for _, two in looks]), rgb)

    def _look(self, rgb: Rgb) -> tuple[Boxes, Tensor]:
        graph, high, wide = self._fitting(*rgb.shape[:2])
        seen, placing = letterboxed(rgb, high, wide, fill=0)
        outputs = graph.run({graph.inputs[0].name: planes(seen, blue_first=True)})
        boxes, scores = decoded(outputs, high, wide, graph.title)
        good = (scores >= self._least) & np.isfinite(boxes).all(axis=1)
        return placing.back(boxes[good]), scores[good]

    def _fitting(self, height: int, width: int) -> tuple[Graph, int, int]:
        """The network at the shape that suits such pictures, which it sees as large as the file's shape lets it."""
        high, wide = self._fixed
        if high is None or wide is None:
            scale = min(1.0, LONG_SIDE_PX / max(height, width))
            return self._graph, high or _in_steps(height * scale), wide or _in_steps(width * scale)
        scale = min(high / height, wide / width)
        suits = min(high, _in_steps(height * scale)), min(wide, _in_steps(width * scale))
        if suits not in self._fitted and len(self._fitted) < _MOST_SHAPES:
            self._fitted[suits] = self._reshaped(*suits)
        graph = self._fitted.get(suits)
        return (graph, *suits) if graph else (self._graph, high, wide)

    def _reshaped(self, high: int, wide: int) -> Graph | None:
        """The network for pictures of that shape: what would only be padding costs as much as what is to be seen."""
        if (high, wide) == self._fixed or not can_reshape(self._graph.engine):
            return None
        try:
            graph = self._load((1, 3, high, wide))
            blank = np.zeros((1, 3, high, wide), np.float32)
            decoded(graph.run({graph.inputs[0].name: blank}), high, wide, graph.title)
        except InputError:  # its layers know their sizes: then it is run as it is
            return None
        return graph

    def _chosen(self, boxes: Boxes, scores: Tensor, rgb: Rgb) -> list[Face]:
        height, width = rgb.shape[:2]
        kept = suppressed(boxes, scores, np.zeros(len(boxes), np.int64), _SAME)[:_MOST]
        inside = np.clip(boxes[kept], 0, np.array([width, height, width, height], np.float32))
        return [
            Face((x0, y0, x1, y1), float(score))
            for (x0, y0, x1, y1), score in zip(inside.tolist(), scores[kept], strict=True)
            if x1 - x0 >= 2 and y1 - y0 >= 2
        ]


def _in_steps(side_px: float) -> int:
    return max(1, -(-round(side_px) // _STEP_PX)) * _STEP_PX


def decoded(outputs: dict[str, Tensor], high: int, wide: int, title: str) -> tuple[Boxes, Tensor]:
    """Boxes `(N, 4)` in the network's pixels and their scores `(N,)`, of every cell of its three grids."""
    all_boxes, all_scores = [], []
    for stride in STRIDES:
        rows, columns = high // stride, wide // stride
        cells = rows * columns
        sizes = {"cls": cells, "obj": cells, "bbox": cells * 4}
        parts = {kind: np.asarray(outputs[f"{kind}_{stride}"], np.float32).ravel() for kind in sizes}
        if any(len(parts[kind]) != size for kind, size in sizes.items()):
            raise InputError(f"{title}: gave {len(parts['cls'])} answers for a grid of {columns}x{rows}; not YuNet")
        row, column = np.divmod(np.arange(cells), columns)
        box = parts["bbox"].reshape(cells, 4)
        middle = (box[:, :2] + np.stack([column, row], 1)) * stride
        half = np.exp(np.clip(box[:, 2:], -8, 8)) * stride / 2
        all_boxes.append(np.concatenate([middle - half, middle + half], axis=1))
        all_scores.append(np.sqrt(np.clip(parts["cls"], 0, 1) * np.clip(parts["obj"], 0, 1)))
    scores = np.nan_to_num(np.concatenate(all_scores), nan=0.0)
    return np.concatenate(all_boxes).astype(np.float32), scores.astype(np.float32)


def _tiles(rgb: Rgb) -> Iterator[tuple[int, int, Rgb]]:
    """Parts of a large picture, halves or quarters of its sides, that overlap; with their left and top."""
    height, width = rgb.shape[:2]
    growth = min(max(height, width) / LONG_SIDE_PX, _LARGEST_GROWTH)
    if growth < 1.5:
        return
    parts = 2 if growth < 3 else 4
    for top, high in _spans(height, parts):
        for left, wide in _spans(width, parts):
            yield left, top, np.ascontiguousarray(rgb[top : top + high, left : left + wide])


def _spans(length: int, parts: int) -> list[tuple[int, int]]:
    """Begins and lengths of parts that overlap and cover all."""
    size = min(length, round(length / parts * (1 + _TILE_OVERLAP)))
    return [(round((length - size) * index / (parts - 1)), size) for index in range(parts)]
