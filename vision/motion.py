"""Where things went between two pictures: key-frame registration by sparse optical flow. Draws and reads nothing.

Each frame is registered against its *key frame*, not against the frame before it, so that errors do not add up:
the key picture is warped by the last known motion, and only the small rest is measured by pyramidal Lucas-Kanade
(Bouguet 2000). One robust homography (MAGSAC, Barath et al. 2019) gives the camera; each sign then gets its own
small similarity on top, because signs stand at different depths.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import Gray
from vision.quad import Matrix, Quad, bounds, move

SMALL_PX = 640
"""Long side of the pictures that motion is measured on."""

_CAMERA_POINTS = 100
_SIGN_POINTS, _FEWEST_SIGN_POINTS = 16, 4
_ALL_SIGN_POINTS = 144  # a wall full of signs must not take longer than a frame
_FEWEST_POINTS = 10
_WINDOW = (16, 12)  # OpenCV works on eight columns at once: 16 wide takes half of the time that 15 do
_STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 8, 0.03)
_SAME_PX = 1.0
_FARTHEST_PX = 8.0
_SAMPLES = (64, 24)  # enough columns and rows to recognise a line of text
_LEAST_SHOWN = 0.15  # of a sign: less says nothing of it
_CUT_DIFFERENCE = 20.0
_OTHER_SCENE, _SAME_SCENE = 0.3, 0.75
_QUIET_DIFFERENCE = 18.0
_QUIET_MOTION = 0.03
_PRIOR = 4.0  # as if this many points had voted for "no motion of its own"

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key picture prepared for registration: `(h, w)` luma, its points, and the quads to follow, in its pixels."""

    gray: Gray
    points: Points
    """`(N, 2)`: first the camera's, then each sign's."""
    owner: NDArray[np.int64]
    """`(N,)`: index of the quad that a point belongs to, -1 for the camera's."""
    quads: tuple[Quad, ...]
    patches: tuple["Patch | None", ...] = ()
    """What each quad looks like; None for one that is not in the picture."""


@dataclass(frozen=True, slots=True)
class Patch:
    """The part of a quad's upright box that the key picture shows, made small."""

    gray: Gray
    to_key: Matrix
    """From its pixels to those of the key picture."""


@dataclass(frozen=True, slots=True)
class Motion:
    """From the key picture to another one."""

    camera: Matrix
    signs: tuple[Matrix, ...]
    """One a quad of the key view."""
    likeness: tuple[float, ...]
    """One a quad: normalised cross-correlation of its content in both pictures, -1 to 1; 1 is identical."""


def shrink(luma: Gray) -> tuple[Gray, float]:
    """The picture with its long side at most `SMALL_PX`, and the factor that leads back to its own pixels."""
    height, width = luma.shape
    factor = max(1.0, max(height, width) / SMALL_PX)
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA) if factor > 1 else luma
    return np.ascontiguousarray(small, np.uint8), factor


def sharpness(gray: Gray) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al., ICPR 2000): larger is sharper, comparable within a scene."""
    return float(cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_16S, ksize=3))[1].item() ** 2)


def is_cut(before: Gray, after: Gray) -> bool:
    """True when two neighbouring frames show different scenes."""
    first, second = (cv2.resize(g, (32, 18), interpolation=cv2.INTER_AREA) for g in (before, after))
    if cv2.norm(first, second, cv2.NORM_L1) <= _CUT_DIFFERENCE * first.size:
        return False  # as nearly always: what follows takes longer than all before
    a, b = (t - t.mean(dtype=np.float32) for t in (first, second))
    spread = float(np.sqrt((a * a).mean() * (b * b).mean()))
    alike = float((a * b).mean()) / spread if spread > 1.0 else 1.0
    if alike >= _SAME_SCENE:
        return False
    # In between, scenes may be built alike by chance: then no camera motion leads from one to the other.
    return alike < _OTHER_SCENE or step(before, after) is None


def is_near(gray: Gray, camera: Matrix, share: float) -> bool:
    """True when the camera moved no corner of the picture by more than a share of its width."""
    height, width = gray.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return bool(np.abs(move(camera, corners) - corners).max() <= share * width)


def is_quiet(before: Gray, after: Gray, camera: Matrix) -> bool:
    """True when the camera hardly moved and no part of the picture changed."""
    height, width = before.shape
    if not is_near(before, camera, _QUIET_MOTION):
        return False
    aligned = cv2.warpPerspective(before, camera, (width, height), borderMode=cv2.BORDER_REPLICATE)
    difference = cv2.absdiff(aligned, after)
    return float(cv2.resize(difference, (40, 24), interpolation=cv2.INTER_AREA).max()) < _QUIET_DIFFERENCE


def key_view(gray: Gray, quads: Sequence[Quad]) -> KeyView:
    """Chooses the points to follow: corners all over the picture and inside each quad (Shi & Tomasi 1994)."""
    height, width = gray.shape
    chosen: list[Points] = [_corners(gray, _CAMERA_POINTS, 12)]
    owner: list[int] = [-1] * len(chosen[0])
    most = max(_FEWEST_SIGN_POINTS, min(_SIGN_POINTS, _ALL_SIGN_POINTS // max(1, len(quads))))
    for index, quad in enumerate(quads):
        x0, y0, x1, y1 = bounds(quad)
        margin = max(4.0, 0.4 * min(x1 - x0, y1 - y0))
        left, top = max(0, int(x0 - margin)), max(0, int(y0 - margin))
        right, bottom = min(width, int(x1 + margin) + 1), min(height, int(y1 + margin) + 1)
        if right - left < 8 or bottom - top < 8:
            continue
        own = _corners(gray[top:bottom, left:right], most, 4) + np.array([left, top], np.float32)
        chosen.append(own)
        owner += [index] * len(own)
    patches = tuple(_patch(gray, quad) for quad in quads)
    return KeyView(gray, np.concatenate(chosen), np.array(owner, np.int64), tuple(quads), patches)


def _corners(gray: Gray, most: int, apart_px: int) -> Points:
    found = cv2.goodFeaturesToTrack(gray, most, 0.01, apart_px, blockSize=5)
    return np.zeros((0, 2), np.float32) if found is None else found.reshape(-1, 2).astype(np.float32)


def register(view: KeyView, gray: Gray, guess: Matrix) -> Motion | None:
    """Motion from the key picture to `gray`, near `guess`; None when too little is recognised."""
    height, width = gray.shape
    # Where the key picture ends, the frame itself: nothing moves there. To continue the border takes thrice as long.
    warped = cv2.warpPerspective(view.gray, guess, (width, height), dst=gray.copy(), borderMode=cv2.BORDER_TRANSPARENT)
    start = move(guess, view.points)
    inside = ((start > 2) & (start < (width - 3, height - 3))).all(axis=1)
    if inside.sum() < _FEWEST_POINTS:
        return None
    moved, good = _flow(warped, gray, start[inside])  # type: ignore[arg-type]
    key_points, owner = view.points[inside][good], view.owner[inside][good]
    moved = moved[good]
    camera, fits = _homography(key_points, moved)
    if camera is None or fits < max(_FEWEST_POINTS, 0.25 * inside.sum()):
        return None
    residual = moved - move(camera, key_points)
    signs = [_own_motion(camera, moved[owner == index], residual[owner == index]) for index in range(len(view.quads))]
    likeness = [_likeness(patch, gray, sign) for patch, sign in zip(view.patches, signs, strict=True)]
    return Motion(camera, tuple(signs), tuple(likeness))


def step(before: Gray, after: Gray) -> Matrix | None:
    """Camera motion between two neighbouring frames, or None. A wide search, for what `register` lost."""
    points = _corners(before, _CAMERA_POINTS, 12)
    if len(points) < _FEWEST_POINTS:
        return None
    moved, good = _flow(before, after, points, levels=4)
    camera, fits = _homography(points[good], moved[good])
    return camera if fits >= max(_FEWEST_POINTS, 0.25 * len(points)) else None


def _flow(before: Gray, after: Gray, start: Points, levels: int = 2) -> tuple[Points, NDArray[np.bool_]]:
    moved, status, error = cv2.calcOpticalFlowPyrLK(
        before, after, start, np.empty_like(start), winSize=_WINDOW, maxLevel=levels, criteria=_STOP
    )
    good = (status.ravel() == 1) & (error.ravel() < 30) & np.isfinite(moved).all(axis=1)
    return np.asarray(moved, np.float32), good


def _homography(source: Points, target: Points) -> tuple[Matrix | None, int]:
    if len(source) < _FEWEST_POINTS:
        return None, 0
    matrix, fits = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 1.0, maxIters=300, confidence=0.995)
    if matrix is None or not np.isfinite(matrix).all():
        return None, 0
    return np.asarray(matrix, np.float64), int(np.count_nonzero(fits))


def _own_motion(camera: Matrix, moved: Points, residual: Points) -> Matrix:
    """The camera's matrix corrected by the sign's own points: a shift, and turn and scale as far as they are known."""
    if len(moved) < 3:
        return camera
    # A dozen points a sign, many signs a frame: plain numbers take a quarter of the time that arrays do.
    middle_x, middle_y = (median(column) for column in residual.T.tolist())
    near = [
        (x, y, dx, dy)
        for (x, y), (dx, dy) in zip(moved.tolist(), residual.tolist(), strict=True)
        if math.hypot(dx - middle_x, dy - middle_y) < _SAME_PX
    ]
    if len(near) < 3:
        return camera
    x0, y0, shift_x, shift_y = (sum(column) / len(near) for column in zip(*near, strict=True))
    if math.hypot(shift_x, shift_y) > _FARTHEST_PX:
        return camera
    spread, grow, turn = _PRIOR * 400.0, 0.0, 0.0
    for x, y, dx, dy in near:
        x, y, dx, dy = x - x0, y - y0, dx - shift_x, dy - shift_y
        spread += x * x + y * y
        grow += x * dx + y * dy
        turn += x * dy - y * dx
    grow, turn = grow / spread, turn / spread
    weight = len(near) / (len(near) + _PRIOR)
    own = np.array(
        [
            [1 + grow, -turn, shift_x * weight + x0 - (1 + grow) * x0 + turn * y0],
            [turn, 1 + grow, shift_y * weight + y0 - turn * x0 - (1 + grow) * y0],
            [0, 0, 1],
        ]
    )
    result: Matrix = own @ camera
    return result


def _patch(key: Gray, quad: Quad) -> Patch | None:
    x0, y0, x1, y1 = bounds(quad)
    left, top = max(0.0, x0), max(0.0, y0)
    right, bottom = min(float(key.shape[1]), x1), min(float(key.shape[0]), y1)
    if right - left < 3 or bottom - top < 3:
        return None
    wide, high = min(right - left, _SAMPLES[0]), min(bottom - top, _SAMPLES[1])
    grow = np.diag([(right - left) / wide, (bottom - top) / high, 1.0])
    to_key = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64) @ grow
    return Patch(_sampled(key, to_key, (int(wide), int(high))), to_key)


def _sampled(gray: Gray, matrix: Matrix, size: tuple[int, int]) -> Gray:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(gray, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _likeness(patch: Patch | None, gray: Gray, matrix: Matrix) -> float:
    """Correlation of what a quad looks like in the key picture with the same content in `gray`, as far as both show it.

    -1 where hardly anything of it is in view.
    """
    if patch is None:
        return -1.0
    before, to_gray = patch.gray, matrix @ patch.to_key
    size = before.shape[1], before.shape[0]
    after = _sampled(gray, to_gray, size)
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    if _inside(move(to_gray, corners), gray).all():
        return float(cv2.matchTemplate(after, before, cv2.TM_CCOEFF_NORMED)[0, 0])
    xs, ys = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    shown = _inside(move(to_gray, np.stack([xs.ravel(), ys.ravel()], 1).astype(np.float32)), gray)
    if shown.mean() < _LEAST_SHOWN:
        return -1.0
    pair = [patch.ravel()[shown].astype(np.float64) for patch in (before, after)]
    a, b = (values - values.mean() for values in pair)
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / spread if spread > 0 else -1.0


def _inside(points: Points, gray: Gray) -> NDArray[np.bool_]:
    height, width = gray.shape
    return np.asarray(((points >= 0) & (points <= (width - 1, height - 1))).all(axis=1))
