"""Plane geometry that the measures need: homographies, overlap of quads, order of reading.

In: quads `(4, 2)` float, capture pixels, clockwise from the text's own top left. Out: numbers and moved
quads. Knows nothing of files, findings or text.
"""

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Quad = NDArray[np.float64]
"""Corners of a line: `(4, 2)` float64, clockwise from the text's own top left."""

Homography = NDArray[np.float64]
"""`(3, 3)` float64, maps reference pixels (photograph, or frame 0 of a clip) to pixels of one frame."""


def as_quad(corners: ArrayLike) -> Quad:
    """Return corners given as 8 numbers or 4 pairs as a `(4, 2)` array."""
    return np.asarray(corners, dtype=np.float64).reshape(4, 2)


def box_quad(x: float, y: float, width: float, height: float) -> Quad:
    """Return the quad of an upright box."""
    return as_quad([x, y, x + width, y, x + width, y + height, x, y + height])


def project(homography: Homography, points: ArrayLike) -> NDArray[np.float64]:
    """Map points `(..., 2)` through a homography; the shape stays."""
    xy = np.asarray(points, dtype=np.float64)
    w = xy @ homography[:2, :2].T + homography[:2, 2]
    return np.asarray(w / (xy @ homography[2, :2] + homography[2, 2])[..., None])


def area(quad: Quad) -> float:
    """Return the area of a quad, px²."""
    x, y = quad[:, 0], quad[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def intersection(a: Quad, b: Quad) -> float:
    """Return the shared area of two convex quads, px²; 0 when either is not finite."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return 0.0
    if (a.max(0) <= b.min(0)).any() or (b.max(0) <= a.min(0)).any():
        return 0.0
    # OpenCV works in float32 here: move near the origin so that nothing is lost.
    origin = a.mean(0)
    shared, _ = cv2.intersectConvexConvex(_hull(a - origin), _hull(b - origin))
    return float(shared)


def iou(a: Quad, b: Quad) -> float:
    """Return intersection over union of two convex quads, 0..1."""
    shared = intersection(a, b)
    union = area(a) + area(b) - shared
    return shared / union if union > 0 else 0.0


def enclosing(quads: list[Quad]) -> Quad:
    """Return the smallest rectangle, turned like the first quad, that holds all quads."""
    if len(quads) == 1:
        return quads[0]
    along = quads[0][1] - quads[0][0]
    along = along / max(float(np.hypot(*along)), 1e-9)
    axes = np.stack([along, np.array([-along[1], along[0]])])  # rows: along the line, down the line
    corners = np.concatenate(quads) @ axes.T
    (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
    return np.asarray(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) @ axes)


def visibility(quad: Quad, width: int, height: int) -> float:
    """Return the share of a quad's area that lies inside a picture, 0..1."""
    whole = area(quad)
    return intersection(quad, box_quad(0, 0, width, height)) / whole if whole > 0 else 0.0


def line_height(quad: Quad) -> float:
    """Return the shorter side of a line's quad, px: the height of the text, of a column its width."""
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    return float(min(sides[0] + sides[2], sides[1] + sides[3]) / 2)


def reading_order(quads: list[Quad]) -> list[int]:
    """Return the indices of quads row by row, left to right in each row, in the frame of their own slant."""
    if len(quads) < 2:
        return list(range(len(quads)))
    edges = [q[1] - q[0] for q in quads]
    angle = float(np.median([np.arctan2(e[1], e[0]) for e in edges]))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centres = np.array([q.mean(0) for q in quads]) @ turn
    half_row = float(np.median([np.hypot(*(q[3] - q[0])) for q in quads])) / 2
    order: list[int] = []
    row: list[int] = []
    for i in (int(i) for i in np.argsort(centres[:, 1], kind="stable")):
        if row and centres[i, 1] - centres[row[0], 1] > half_row:
            order += sorted(row, key=lambda j: float(centres[j, 0]))
            row = []
        row.append(i)
    return order + sorted(row, key=lambda j: float(centres[j, 0]))


def _hull(quad: Quad) -> NDArray[np.float32]:
    return np.asarray(cv2.convexHull(quad.astype(np.float32)), dtype=np.float32)
