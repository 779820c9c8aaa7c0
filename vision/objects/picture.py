"""Pictures as networks want them: scaled to a fixed size, padded or not, and the way back for what was found there.

In: `(H, W, 3)` red first. Out: a tensor and its placing. Pure.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import Rgb
from vision.objects.boxes import Boxes


@dataclass(frozen=True, slots=True)
class Placing:
    """How a picture lies in what the network saw: network pixels = picture pixels x scale + offset."""

    x_scale: float
    y_scale: float
    x_offset: float = 0.0
    y_offset: float = 0.0

    def back(self, boxes: Boxes) -> Boxes:
        """Boxes from network pixels to picture pixels."""
        offset = np.array([self.x_offset, self.y_offset] * 2, np.float32)
        scale = np.array([self.x_scale, self.y_scale] * 2, np.float32)
        return np.asarray((boxes - offset) / scale, np.float32)


def letterboxed(rgb: Rgb, height: int, width: int, fill: int, *, centred: bool = False) -> tuple[Rgb, Placing]:
    """The picture as large as it fits without changing its shape, at the top left or in the middle, on one grey."""
    high, wide = rgb.shape[:2]
    scale = min(height / high, width / wide)
    size = max(1, int(wide * scale)), max(1, int(high * scale))
    left, top = ((width - size[0]) // 2, (height - size[1]) // 2) if centred else (0, 0)
    canvas = np.full((height, width, 3), fill, np.uint8)
    canvas[top : top + size[1], left : left + size[0]] = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR)
    return canvas, Placing(scale, scale, left, top)


def stretched(rgb: Rgb, height: int, width: int) -> tuple[Rgb, Placing]:
    """The picture scaled to exactly this size."""
    high, wide = rgb.shape[:2]
    sized = np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return sized, Placing(width / wide, height / high)


def rows(rgb: Rgb, *, blue_first: bool = False) -> Rgb:
    """`(1, H, W, 3)`: the picture as it is, or with its colours the other way round."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR) if blue_first else rgb, np.uint8)[None]


def planes(rgb: Rgb, *, blue_first: bool = False, scale: float = 1.0) -> NDArray[np.float32]:
    """`(1, 3, H, W)` float32: one plane a colour, 0 to 255 times `scale`."""
    tensor = np.empty((1, 3, *rgb.shape[:2]), np.float32)
    for channel, plane in enumerate(cv2.split(rgb)):  # one by one: twice as fast as turning the whole picture
        tensor[0, 2 - channel if blue_first else channel] = plane
    return tensor if scale == 1.0 else tensor * np.float32(scale)
