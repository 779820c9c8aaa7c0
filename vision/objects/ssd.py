"""SSD: answers that were suppressed inside of the network already; boxes as shares of the picture.

Method: Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016. Two forms are about: TensorFlow's takes a uint8
picture, colours last, and gives top, left, bottom, right and COCO's own numbers; MLPerf's takes planes normalised as
ImageNet's and gives left, top, right, bottom and numbers from 1 without gaps.
"""

import numpy as np

from devices import Rgb
from vision.objects.coco import NAMES, NAMES_BY_ID
from vision.objects.families import Family, Raw, expect, side_px
from vision.objects.graph import Graph, Port, Tensor, named
from vision.objects.picture import planes, stretched

_TENSORFLOW_PX, _MLPERF_PX = 300, 1200
_MEAN = np.array([0.485, 0.456, 0.406], np.float32).reshape(1, 3, 1, 1)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32).reshape(1, 3, 1, 1)


def recognised(graph: Graph) -> Family | None:
    """The family of a network of either form; None where it is another kind."""
    if len(graph.inputs) != 1:
        return None
    put = graph.inputs[0]
    if put.shape is None or len(put.shape) != 4:
        return None
    if named(graph.outputs, "detection_boxes") and named(graph.outputs, "detection_scores"):
        if not named(graph.outputs, "detection_classes") or put.dtype not in ("uint8", "float32"):
            return None
        return TensorFlow(graph.title, put)
    if all(named(graph.outputs, name) for name in ("bboxes", "labels", "scores")) and put.dtype == "float32":
        return MlPerf(graph.title, put)
    return None


class TensorFlow:
    """`detection_boxes`, `detection_classes`, `detection_scores`. See Family."""

    suppress = False
    classes: int | None = None

    def __init__(self, title: str, put: Port) -> None:
        assert put.shape is not None
        self._title, self._put = title, put
        self._height = side_px(put.shape[1], _TENSORFLOW_PX, title)
        self._width = side_px(put.shape[2], _TENSORFLOW_PX, title)

    def default_names(self) -> tuple[str, ...] | None:
        """See Family."""
        return NAMES_BY_ID

    def fitting(self, height: int, width: int) -> tuple[int, ...] | None:
        """See Family: the picture is stretched, nothing is padded."""
        return None

    def feed(self, rgb: Rgb) -> tuple[dict[str, Tensor], object]:
        """See Family."""
        seen, _ = stretched(rgb, self._height, self._width)
        return {self._put.name: np.ascontiguousarray(seen[None], self._put.dtype)}, rgb.shape[:2]

    def read(self, outputs: dict[str, Tensor], about: object, least_score: float) -> Raw:
        """See Family."""
        assert isinstance(about, tuple)
        height, width = about
        scores = expect(outputs, "detection_scores", (1, None), self._title)[0].astype(np.float32)
        classes = expect(outputs, "detection_classes", (1, len(scores)), self._title)[0]
        shares = expect(outputs, "detection_boxes", (1, len(scores), 4), self._title)[0].astype(np.float32)
        boxes = shares[:, [1, 0, 3, 2]] * np.array([width, height, width, height], np.float32)
        return Raw(boxes, scores, _whole(classes))


class MlPerf:
    """`bboxes`, `labels`, `scores`. See Family."""

    suppress = False
    classes: int | None = None

    def __init__(self, title: str, put: Port) -> None:
        assert put.shape is not None
        self._title, self._put = title, put.name
        self._height = side_px(put.shape[2], _MLPERF_PX, title)
        self._width = side_px(put.shape[3], _MLPERF_PX, title)

    def default_names(self) -> tuple[str, ...] | None:
        """See Family."""
        return ("", *NAMES)

    def fitting(self, height: int, width: int) -> tuple[int, ...] | None:
        """See Family: the picture is stretched, nothing is padded."""
        return None

    def feed(self, rgb: Rgb) -> tuple[dict[str, Tensor], object]:
        """See Family."""
        seen, _ = stretched(rgb, self._height, self._width)
        return {self._put: (planes(seen, scale=1 / 255) - _MEAN) / _SPREAD}, rgb.shape[:2]

    def read(self, outputs: dict[str, Tensor], about: object, least_score: float) -> Raw:
        """See Family."""
        assert isinstance(about, tuple)
        height, width = about
        scores = expect(outputs, "scores", (1, None), self._title)[0].astype(np.float32)
        labels = expect(outputs, "labels", (1, len(scores)), self._title)[0]
        shares = expect(outputs, "bboxes", (1, len(scores), 4), self._title)[0].astype(np.float32)
        return Raw(shares * np.array([width, height, width, height], np.float32), scores, _whole(labels))


def _whole(numbers: Tensor) -> Tensor:
    """Class numbers as integers; what is no number becomes -1, which is no class."""
    numbers = np.asarray(numbers, np.float64)
    return np.where(np.isfinite(numbers) & (np.abs(numbers) < 1e6), np.rint(np.nan_to_num(numbers)), -1).astype(
        np.int64
    )
