"""How a stored picture must be turned to stand upright. Comes in: a display matrix or nothing; goes out: a turn."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_TURN_DEG = {
    (False, False, False): 0,
    (True, True, False): 90,
    (False, True, True): 180,
    (True, False, True): 270,
    (False, True, False): 0,
    (False, False, True): 180,
    (True, False, False): 90,
    (True, True, True): 270,
}


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways to lay down a picture: first transpose, then mirror the columns, then the rows."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def identity(self) -> bool:
        """True when the picture already stands upright."""
        return not (self.transpose or self.flip_x or self.flip_y)

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn that makes the picture upright: 0, 90, 180 or 270 (a mirror image counts its turn)."""
        return _TURN_DEG[self.transpose, self.flip_x, self.flip_y]

    def upright(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return `(H, W)` or `(H, W, C)` turned upright; the array itself when there is nothing to do."""
        if self.transpose:
            picture = np.asarray(cv2.transpose(picture), dtype=np.uint8)
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else 1 if self.flip_x else 0
            picture = np.asarray(cv2.flip(picture, code), dtype=np.uint8)
        return picture


def from_display_matrix(matrix: NDArray[np.int32]) -> Orientation:
    """Return the orientation nearest to a display matrix of 9 numbers (ISO 14496-12, 6.2.2: a b u c d v x y w).

    The matrix carries a stored point (x, y) to (a x + c y, b x + d y). Angles between the right ones are rounded.
    """
    a, b, _, c, d = (int(value) for value in matrix[:5])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0)
    return Orientation(True, c < 0, b < 0)
