"""Hides parts of a picture for good: faces under a coarse mosaic, number plates under one colour.

In: a picture and the parts. Out: the same picture with nothing left in those parts but a few rounded colours: no
sharpening, and no search for what would blur to the same, can bring back what is not there any more.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from devices import Rgb
from vision.quad import Quad

Area = tuple[float, float, float, float]
"""Left, top, right, bottom; pixels of the picture."""

TILES = 5
"""Of the mosaic along each side of a face: about as many as a face has features, one each."""

_STEP = 32  # of the rounded colours
_FACE_MARGIN = (0.25, 0.35, 0.25, 0.2)  # left, top (hair), right, bottom (chin), of the sides
_PLATE_MARGIN = 0.25  # of its height


def veil(rgb: Rgb, faces: Sequence[Area], plates: Sequence[Quad]) -> Rgb:
    """The picture `(H, W, 3)` with these parts hidden: a copy, or itself where there is nothing to hide."""
    if not faces and not plates:
        return rgb
    hidden = np.array(rgb)
    for face in faces:
        hide_face(hidden, face)
    for plate in plates:
        hide_plate(hidden, plate)
    return hidden


def hide_face(rgb: Rgb, face: Area) -> None:
    """Lays the mosaic over a face and what is around it, in place."""
    height, width = rgb.shape[:2]
    wide, high = face[2] - face[0], face[3] - face[1]
    left, top, right, bottom = _FACE_MARGIN
    x0, y0 = max(0, int(face[0] - left * wide)), max(0, int(face[1] - top * high))
    x1, y1 = min(width, int(face[2] + right * wide) + 1), min(height, int(face[3] + bottom * high) + 1)
    if x1 <= x0 or y1 <= y0:
        return
    part = rgb[y0:y1, x0:x1]
    tiles = min(TILES, x1 - x0), min(TILES, y1 - y0)
    coarse = _rounded(np.asarray(cv2.resize(part, tiles, interpolation=cv2.INTER_AREA), np.uint8))
    # Smooth, because a mosaic of hard squares draws the eye and costs the encoder more.
    part[:] = cv2.resize(coarse, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)


def hide_plate(rgb: Rgb, plate: Quad) -> None:
    """Paints a plate, and a margin for what a box cuts off, in its mean colour, in place."""
    across, down = plate[1] + plate[2] - plate[0] - plate[3], plate[2] + plate[3] - plate[0] - plate[1]
    wide, high = float(np.linalg.norm(across)) / 2, float(np.linalg.norm(down)) / 2
    margin = _PLATE_MARGIN * min(wide, high)
    across, down = across / max(wide, 1e-6) / 2 * margin, down / max(high, 1e-6) / 2 * margin
    grown = plate + np.array([-across - down, across - down, across + down, down - across], np.float32)
    corners = np.rint(grown).astype(np.int32)
    inside = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, corners, 1)
    colour = _rounded(np.array(cv2.mean(rgb, inside)[:3], np.uint8))
    rgb[inside.astype(bool)] = colour


def _rounded(colours: Rgb) -> Rgb:
    return np.asarray(colours // _STEP * _STEP + _STEP // 2, np.uint8)
