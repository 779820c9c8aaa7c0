"""Finds lines of text in a picture with a DB network (PP-OCRv6); does not read them.

Method: Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020. The network gives
a probability that each pixel belongs to a shrunk text line; lines are its connected parts, grown back.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import InputError, Rgb
from vision.quad import Quad, order_corners
from vision.text.engine import Network, load_network
from vision.text.models import DETECTOR, model_path

_STEP_PX = 32  # the network halves its input five times
_PIXEL_THRESHOLD = 0.3
_LINE_THRESHOLD = 0.5
_GROWTH = 1.6  # the training shrank lines by area / perimeter x this
_THINNEST_PX = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A line that was found: its corners in picture pixels and the mean probability inside, 0 to 1."""

    quad: Quad
    score: float


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a network wants its colours: `(value / 255 - mean) / deviation`, one figure a channel, blue first."""

    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    deviation: tuple[float, float, float] = (0.5, 0.5, 0.5)


class Detector:
    """A detector network with its colours. Not for use by several threads at a time."""

    def __init__(self, network: Network, scaling: Scaling | None = None) -> None:
        self._network = network
        scaling = scaling or Scaling()
        self._mean = [255 * mean for mean in scaling.mean]
        first = scaling.deviation[0]
        self._factor = 1 / (255 * first)
        # Most networks want the same for each channel, which costs no pass over the picture of its own.
        others = np.array([first / deviation for deviation in scaling.deviation], np.float32).reshape(1, 3, 1, 1)
        self._others = None if (others == 1).all() else others

    @classmethod
    def load(
        cls,
        model: Path | None = None,
        engine: str | None = None,
        threads: int | None = None,
        precision: str | None = None,
    ) -> "Detector":
        """The PP-OCRv6 detector, or another ONNX file of its kind; see `load_network`."""
        return cls(load_network(model or model_path(DETECTOR), engine, threads, precision))

    def find(self, rgb: Rgb, short_side_px: int = 736, long_side_px: int = 2000) -> list[Found]:
        """All lines of `rgb` `(H, W, 3)`, from top to bottom. Blocks.

        The picture is scaled so that its short side has at least `short_side_px` and its long side at most
        `long_side_px`: larger finds smaller text and costs in proportion to the area.
        """
        height, width = rgb.shape[:2]
        if min(height, width) < 4:
            return []
        scale = max(1.0, short_side_px / min(height, width)) if short_side_px else 1.0
        scale = min(scale, long_side_px / max(height, width))
        wide = max(_STEP_PX, round(width * scale / _STEP_PX) * _STEP_PX)
        high = max(_STEP_PX, round(height * scale / _STEP_PX) * _STEP_PX)
        shrinking = wide < width
        sized = cv2.resize(rgb, (wide, high), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
        tensor = cv2.dnn.blobFromImage(sized, self._factor, mean=self._mean, swapRB=True)
        if self._others is not None:
            tensor = tensor * self._others
        answer = self._network(np.ascontiguousarray(tensor, np.float32))
        if answer.shape != (1, 1, high, wide) or answer.dtype.kind != "f":
            raise InputError(
                f"This network answers {answer.dtype} {'x'.join(map(str, answer.shape))} and finds no lines of text;"
                f" expected numbers 1x1x{high}x{wide}. Take another model"
            )
        return lines_from_probability(answer[0, 0].astype(np.float32, copy=False), width / wide, height / high)


def lines_from_probability(probability: NDArray[np.float32], x_scale: float, y_scale: float) -> list[Found]:
    """Lines in a probability map `(h, w)`, their corners multiplied by the scales."""
    mask = (probability > _PIXEL_THRESHOLD).astype(np.uint8)
    mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))  # type: ignore[assignment]
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        centre, (side_a, side_b), angle = cv2.minAreaRect(contour)
        if min(side_a, side_b) < _THINNEST_PX:
            continue
        score = _mean_inside(probability, np.asarray(cv2.boxPoints((centre, (side_a, side_b), angle)), np.float32))
        if score < _LINE_THRESHOLD:
            continue
        growth = 2 * side_a * side_b * _GROWTH / (2 * (side_a + side_b))
        if min(side_a, side_b) + growth < _THINNEST_PX + 2:
            continue
        corners = np.asarray(cv2.boxPoints((centre, (side_a + growth, side_b + growth), angle)), np.float32)
        corners = corners * np.array([x_scale, y_scale], np.float32)
        found.append(Found(order_corners(corners), score))
    return sorted(found, key=lambda line: (float(line.quad[:, 1].mean()), float(line.quad[:, 0].mean())))


def _mean_inside(probability: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    """Mean probability inside a rotated rectangle."""
    high, wide = probability.shape
    x0, y0 = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (wide - 1, high - 1))
    x1, y1 = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (wide - 1, high - 1))
    inside = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (x0, y0)).astype(np.int32)], 1)
    return float(cv2.mean(probability[y0 : y1 + 1, x0 : x1 + 1], inside)[0])
