"""RT-DETR and D-FINE: a few hundred answers, each for one thing at most, so that nothing has to be suppressed.

Method: Zhao et al., "DETRs Beat YOLOs on Real-time Object Detection", CVPR 2024; Peng et al., "D-FINE", ICLR 2025.
Two forms are about. Their authors' own takes the size of the picture too and gives labels, boxes and scores; the
other gives logits and boxes as shares of the picture. Both see red-first pictures of 0 to 1, scaled to their size.
"""

import numpy as np

from devices import Rgb
from vision.objects.boxes import from_centres
from vision.objects.coco import NAMES
from vision.objects.families import Family, Raw, expect, side_px
from vision.objects.graph import Graph, Port, Tensor, named
from vision.objects.picture import planes, stretched

_USUAL_PX = 640
_LARGEST_LOGIT = 50.0


def recognised(graph: Graph) -> Family | None:
    """The family of a network of either form; None where it is another kind."""
    picture = next((one for one in graph.inputs if _is_picture(one)), None)
    if picture is None or picture.shape is None:
        return None
    height = side_px(picture.shape[2], _USUAL_PX, graph.title)
    width = side_px(picture.shape[3], _USUAL_PX, graph.title)
    rest = [one for one in graph.inputs if one is not picture]
    labels, boxes, scores = (named(graph.outputs, name) for name in ("labels", "boxes", "scores"))
    if labels and boxes and scores and len(rest) == 1 and rest[0].dtype in ("int64", "float32"):
        return Answers(graph.title, picture.name, rest[0], height, width)
    logits = named(graph.outputs, "logits", "pred_logits")
    shares = named(graph.outputs, "pred_boxes")
    if logits and shares and not rest and logits.shape is not None and len(logits.shape) == 3:
        return Queries(graph.title, picture.name, logits, shares.name, height, width)
    return None


def _is_picture(port: Port) -> bool:
    return port.dtype == "float32" and port.shape is not None and len(port.shape) == 4 and port.shape[1] in (None, 3)


class Answers:
    """Labels, boxes and scores, in pixels of the size that it is told. See Family."""

    suppress = False
    classes: int | None = None

    def __init__(self, title: str, picture: str, size: Port, height: int, width: int) -> None:
        self._title, self._picture, self._size = title, picture, size
        self._height, self._width = height, width

    def default_names(self) -> tuple[str, ...] | None:
        """See Family."""
        return NAMES

    def fitting(self, height: int, width: int) -> tuple[int, ...] | None:
        """See Family: the picture is stretched, nothing is padded."""
        return None

    def feed(self, rgb: Rgb) -> tuple[dict[str, Tensor], object]:
        """See Family."""
        seen, _ = stretched(rgb, self._height, self._width)
        size = np.array([[rgb.shape[1], rgb.shape[0]]], self._size.dtype)
        return {self._picture: planes(seen, scale=1 / 255), self._size.name: size}, None

    def read(self, outputs: dict[str, Tensor], about: object, least_score: float) -> Raw:
        """See Family."""
        scores = expect(outputs, "scores", (1, None), self._title)[0].astype(np.float32)
        labels = expect(outputs, "labels", (1, len(scores)), self._title)[0]
        boxes = expect(outputs, "boxes", (1, len(scores), 4), self._title)[0]
        return Raw(boxes.astype(np.float32), scores, labels.astype(np.int64))


class Queries:
    """A logit for each class and query, and boxes as shares of the picture. See Family."""

    suppress = False

    def __init__(self, title: str, picture: str, logits: Port, boxes: str, height: int, width: int) -> None:
        self._title, self._picture, self._logits, self._boxes = title, picture, logits.name, boxes
        self._height, self._width = height, width
        self.classes: int | None = logits.shape[2] if logits.shape else None

    def default_names(self) -> tuple[str, ...] | None:
        """See Family."""
        return NAMES if self.classes in (None, len(NAMES)) else None

    def fitting(self, height: int, width: int) -> tuple[int, ...] | None:
        """See Family: the picture is stretched, nothing is padded."""
        return None

    def feed(self, rgb: Rgb) -> tuple[dict[str, Tensor], object]:
        """See Family."""
        seen, _ = stretched(rgb, self._height, self._width)
        return {self._picture: planes(seen, scale=1 / 255)}, rgb.shape[:2]

    def read(self, outputs: dict[str, Tensor], about: object, least_score: float) -> Raw:
        """See Family."""
        assert isinstance(about, tuple)
        height, width = about
        logits = expect(outputs, self._logits, (1, None, self.classes), self._title)[0].astype(np.float32)
        shares = expect(outputs, self._boxes, (1, len(logits), 4), self._title)[0].astype(np.float32)
        chances = 1 / (1 + np.exp(-np.clip(logits, -_LARGEST_LOGIT, _LARGEST_LOGIT)))
        queries, classes = np.nonzero(chances >= least_score)
        boxes = from_centres(shares) * np.array([width, height, width, height], np.float32)
        return Raw(boxes[queries], chances[queries, classes].astype(np.float32), classes.astype(np.int64))
