"""Follows codes from picture to picture: a code that was read once is shown until it is gone for a while.

In: the codes that were read on pictures some tenths of a second apart, and how the camera moved in between. Out: the
codes in view, with numbers that stay. Time is that of the stamps. Reads no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from devices import Stamp
from vision.codes.reader import Code
from vision.quad import Matrix, bounds, is_convex, move, same_order

_FORGET_S = 1.5
_SURE_READS = 2
_NEAR = 1.5  # of its own size
_TAKE = 0.6


@dataclass(slots=True, eq=False)  # one is another only if it is the same: arrays cannot be compared
class _Track:
    code: Code
    seen_ns: int
    reads: int = 1


class CodeTracker:
    """Owned by one thread. `follow` is to be called with every picture that was searched, in order."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._last = 0
        self.matched: list[tuple[int, Code]] = []
        """What the last picture brought to which track, as it was read; tracks that nobody was told of yet too."""

    def restart(self) -> None:
        """The next picture shows another scene. Numbers are not used again."""
        self._tracks = []

    def follow(self, found: Sequence[Code], stamp: Stamp, camera: Matrix | None) -> list[Code]:
        """What is in view, oldest first. `camera` leads from the picture before to this one; None: not known."""
        for track in self._tracks:
            track.code = carried(track.code, np.eye(3) if camera is None else camera, stamp)
        left, self.matched = list(self._tracks), []
        for code in found:
            near = [one for one in left if _same(one.code, code)]
            if not near:
                self._last += 1
                self._tracks.append(_Track(replace(code, track=self._last), stamp.captured_ns))
                self.matched.append((self._last, code))
                continue
            track = near[int(np.argmin([_apart(one.code, code) for one in near]))]
            left.remove(track)
            before, now = track.code.quad, same_order(code.quad, track.code.quad)
            self.matched.append((track.code.track or 0, replace(code, quad=now)))
            track.code = replace(track.code, stamp=stamp, quad=before + (now - before) * np.float32(_TAKE))
            track.seen_ns, track.reads = stamp.captured_ns, track.reads + 1
        self._tracks = [one for one in self._tracks if (stamp.captured_ns - one.seen_ns) / 1e9 <= _FORGET_S]
        return [one.code for one in self._tracks if one.code.certain or one.reads >= _SURE_READS]


def carried(code: Code, camera: Matrix, stamp: Stamp) -> Code:
    """The code on a later picture: it stands where it stood."""
    quad = move(camera, code.quad)
    return replace(code, stamp=stamp, quad=quad) if is_convex(quad) else replace(code, stamp=stamp)


def _same(a: Code, b: Code) -> bool:
    return (a.format, a.text) == (b.format, b.text) and _apart(a, b) < _NEAR


def _apart(a: Code, b: Code) -> float:
    """Distance of the middles, in sizes of the first."""
    x0, y0, x1, y1 = bounds(a.quad)
    return float(np.linalg.norm(a.quad.mean(axis=0) - b.quad.mean(axis=0))) / max(1.0, x1 - x0, y1 - y0)
