"""Where a thing was on every frame of a recording, from the frames on which it was found. Pure; reads no clock.

In: quads on some frames, the times of all frames, and how the camera moved. Out: quads on every frame in between, which
do not tremble and do not lag: the future of a recording is known. Knows no text, no objects and no codes.

Method: each find is settled by a straight line through what was found around it, carried there with the camera and
weighted by nearness in time: local linear regression (Cleveland, "Robust Locally Weighted Regression and Smoothing
Scatterplots", JASA 1979). Between two of them it goes straight on, and with the camera.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vision.quad import Matrix, Quad

STEADY_MS = 400.0
"""How far a find has a say, before and after it: less follows faster, more trembles less."""

_STIFF_MS = 60.0  # as if so much time were known in which nothing moved: two finds alone say little about a speed
_FARTHEST = 1.0  # before the first and after the last find it goes on, for as long as there is between two of them

Camera = Callable[[int, int], Matrix | None]
"""How pixels moved from one frame to another, by their numbers; None: not known."""


def spans(found: Sequence[int], looked: Sequence[int], times_ms: dict[int, float], bridge_ms: float) -> list[range]:
    """The frames on which a thing is there, by where it was found, out of all frames that were looked at.

    It is there between two finds that are no more than `bridge_ms` apart, and as far as half the way to the look that
    does not find it. `looked` are frames of one shot, `times_ms` has all of its frames, in order.
    """
    first, last = next(iter(times_ms)), next(reversed(times_ms))
    result: list[range] = []
    begin = found[0]
    for here, after in zip(found, [*found[1:], None], strict=True):
        if after is not None and times_ms[after] - times_ms[here] <= bridge_ms:
            continue
        before = bisect_left(looked, begin) - 1
        behind = bisect_right(looked, here)
        start = (looked[before] + begin + 1) // 2 if before >= 0 else first
        end = (here + looked[behind]) // 2 if behind < len(looked) else last
        result.append(range(start, end + 1))
        begin = after if after is not None else begin
    return result


def path(
    found: Mapping[int, Quad], shown: Sequence[int], times_ms: Mapping[int, float], camera: Camera
) -> dict[int, Quad]:
    """The quad on each of the frames `shown`, from those on which it was `found`; capture pixels. Numbers are frames.

    Where no motion of the camera leads to a frame, things are taken to lie where they lay.
    """
    seqs = sorted(found)
    at_ms = np.array([times_ms[seq] for seq in seqs])
    settled = {seq: _settled(seq, seqs, at_ms, found, camera) for seq in seqs}
    if len(seqs) == 1:
        return {seq: _carried(settled[seqs[0]], camera(seqs[0], seq)).astype(np.float32) for seq in shown}
    result = {}
    for seq in shown:
        right = min(max(bisect_right(seqs, seq), 1), len(seqs) - 1)
        before, after = seqs[right - 1], seqs[right]
        share = (times_ms[seq] - times_ms[before]) / max(times_ms[after] - times_ms[before], 1e-6)
        share = min(max(share, -_FARTHEST), 1 + _FARTHEST)
        left, far = _carried(settled[before], camera(before, seq)), _carried(settled[after], camera(after, seq))
        result[seq] = ((1 - share) * left + share * far).astype(np.float32)
    return result


def _settled(
    seq: int, seqs: Sequence[int], at_ms: NDArray[np.float64], found: Mapping[int, Quad], camera: Camera
) -> Quad:
    """Where it was on a frame on which it was found, as far as its neighbours agree."""
    now_ms = float(at_ms[bisect_left(seqs, seq)])
    low, high = np.searchsorted(at_ms, [now_ms - STEADY_MS, now_ms + STEADY_MS])
    quads = np.stack([_carried(found[near], camera(near, seq)) for near in seqs[low:high]])
    away = at_ms[low:high] - now_ms
    return _line(away, quads, (1 - np.abs(away / STEADY_MS) ** 3) ** 3)


def _carried(quad: Quad, camera: Matrix | None) -> NDArray[np.float64]:
    """The corners in the pixels of another frame, `(4, 2)`."""
    corners = quad.astype(np.float64)
    if camera is None:
        return corners
    moved = np.column_stack([corners, np.ones(4)]) @ camera.T
    # Behind the camera or on the horizon: no place that could be drawn on.
    return moved[:, :2] / moved[:, 2:] if (moved[:, 2] > 1e-6).all() else corners


def _line(away_ms: NDArray[np.float64], quads: NDArray[np.float64], weights: NDArray[np.float64]) -> Quad:
    """What the weighted straight line through `(n, 4, 2)` says about the moment 0."""
    total, first = weights.sum(), (weights * away_ms).sum()
    second = (weights * away_ms**2).sum() + total * _STIFF_MS**2
    mean = np.tensordot(weights, quads, 1)
    lean = np.tensordot(weights * away_ms, quads, 1)
    return np.asarray((second * mean - first * lean) / (total * second - first**2), np.float32)
