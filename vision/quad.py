"""Four corners of a piece of text: `(4, 2) float32`, capture pixels, clockwise from the text's own top left."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Quad = NDArray[np.float32]
Matrix = NDArray[np.float64]
"""A `(3, 3)` projective transform of pixel positions."""


def order_corners(points: NDArray[np.floating]) -> Quad:
    """Clockwise order in which the first edge runs to the right: the text's own top, for an upright reading."""
    centre = points.mean(axis=0)
    angle = np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0])
    clockwise = points[np.argsort(angle)]  # y points down, so growing angle is clockwise
    edges = np.roll(clockwise, -1, axis=0) - clockwise
    lengths = np.linalg.norm(edges, axis=1)
    start = int(np.argmax(edges[:, 0] / np.maximum(lengths, 1e-6)))
    return np.roll(clockwise, -start, axis=0).astype(np.float32)


def same_order(quad: Quad, like: Quad) -> Quad:
    """The quad with its corners numbered as in `like`, of which it is another view."""
    shifted = [np.roll(quad, -shift, axis=0) for shift in range(4)]
    return min(shifted, key=lambda one: float(np.abs((one - one.mean(axis=0)) - (like - like.mean(axis=0))).sum()))


def size_px(quad: Quad) -> tuple[float, float]:
    """Width and height: the means of opposite sides."""
    top, right, bottom, left = (np.linalg.norm(quad[(i + 1) % 4] - quad[i]) for i in range(4))
    return float(top + bottom) / 2, float(left + right) / 2


def area(quad: Quad) -> float:
    """Area in square pixels."""
    return float(abs(cv2.contourArea(quad)))


def bounds(quad: Quad) -> tuple[float, float, float, float]:
    """Upright bounding box `(x0, y0, x1, y1)`."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def perspective(source: Quad, target: Quad) -> Matrix:
    """The projective transform that takes the corners of one quad to those of another."""
    return np.asarray(cv2.getPerspectiveTransform(source, target), np.float64)


def affine(source: Quad, target: Quad) -> Matrix:
    """The affine transform nearest to taking one quad to the other: safe to use far outside of a small quad."""
    corners = np.column_stack([source, np.ones(4)]).astype(np.float64)
    solution = np.linalg.lstsq(corners, target.astype(np.float64), rcond=None)[0]
    return np.vstack([solution.T, [0.0, 0.0, 1.0]])


def move(matrix: Matrix, points: NDArray[np.floating]) -> NDArray[np.float32]:
    """`(N, 2)` points through a projective transform."""
    homogeneous = points @ matrix[:, :2].T + matrix[:, 2]
    return (homogeneous[:, :2] / homogeneous[:, 2:]).astype(np.float32)


def common_area(a: Quad, b: Quad) -> float:
    """Area that two convex quads share, square pixels."""
    ax0, ay0, ax1, ay1 = bounds(a)
    bx0, by0, bx1, by1 = bounds(b)
    if ax1 <= bx0 or bx1 <= ax0 or ay1 <= by0 or by1 <= ay0:
        return 0.0
    return float(cv2.intersectConvexConvex(a, b)[0])


def overlap(a: Quad, b: Quad) -> float:
    """Intersection over union of two convex quads, 0 to 1."""
    common = common_area(a, b)
    union = area(a) + area(b) - common
    return common / union if union > 0 else 0.0


def containment(a: Quad, b: Quad) -> float:
    """Share of the smaller quad that lies inside the other, 0 to 1."""
    smaller = min(area(a), area(b))
    return common_area(a, b) / smaller if smaller > 0 else 0.0


def share_inside(quad: Quad, width: int, height: int) -> float:
    """Share of the quad's area that lies inside a picture of that size, 0 to 1."""
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    whole = area(quad)
    if whole < 1.0 or not np.isfinite(quad).all():
        return 0.0
    common, _ = cv2.intersectConvexConvex(quad, frame)
    return float(common / whole)


def is_convex(quad: Quad) -> bool:
    """False for folded or degenerate corners, which no homography should be fitted to."""
    return bool(np.isfinite(quad).all()) and area(quad) > 1.0 and bool(cv2.isContourConvex(quad))


def crop(rgb: NDArray[np.uint8], quad: Quad, width: int, height: int) -> NDArray[np.uint8]:
    """The quad's content rectified to `(height, width, 3)`."""
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, corners)
    return cv2.warpPerspective(  # type: ignore[return-value]
        rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def block(quads: Sequence[Quad]) -> Quad:
    """The smallest rectangle along the lines' common direction that holds all of them."""
    if len(quads) == 1:
        return quads[0]
    along = sum((quad[1] - quad[0] + quad[2] - quad[3] for quad in quads), np.zeros(2, np.float32))
    axis = along / max(float(np.linalg.norm(along)), 1e-6)
    down = np.array([-axis[1], axis[0]])
    points = np.concatenate(quads)
    x, y = points @ axis, points @ down
    corners = [(x.min(), y.min()), (x.max(), y.min()), (x.max(), y.max()), (x.min(), y.max())]
    return np.array([u * axis + v * down for u, v in corners], np.float32)
