"""Things and codes of a recording: looked for on the way through the first pass, known on every frame in the second.

In: decoded frames in order, and what looks at them. Out: for each frame what is there, with numbers that stay. A few
frames a second are searched; what lies between is known from both sides, so that nothing lags and nothing flickers.
Starts no thread, reads no clock: the same recording gives the same sightings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from devices import Frame, Gray, Stamp
from devices.video_in import DecodedFrame
from pipeline.live.looking import Senses
from pipeline.live.sights import camera_between
from vision import motion
from vision.carry import Carrier, Pose
from vision.codes import Code
from vision.codes.track import CodeTracker
from vision.objects import Detection
from vision.objects.track import ObjectTracker
from vision.paths import path, spans
from vision.quad import Matrix, Quad, is_convex, share_inside

LOOK_MS = 120.0
"""Least time between two searches, in media time."""

_BLURRED_MS = 360.0  # so long a frame is waited for on which the camera is not lost
_CODE_SIDE_PX = 1920
_BRIDGE_THING_MS, _BRIDGE_CODE_MS = 1000.0, 2000.0
_FEWEST_FINDS = 3  # a tag that is there for less is a flicker
_FEWEST_READS = 2  # of codes that are easily misread
_SMALLEST_PX = 2.0
_LEAST_SEEN = 0.25  # of a code


@dataclass(slots=True)
class _Shot:
    """All frames between two cuts."""

    stamps: dict[int, Stamp] = field(default_factory=dict)
    poses: dict[int, Pose] = field(default_factory=dict)
    looked: list[int] = field(default_factory=list)
    things: dict[int, dict[int, Detection]] = field(default_factory=lambda: defaultdict(dict))
    """The tracker's number to frame to what was found."""
    codes: dict[int, dict[int, Code]] = field(default_factory=lambda: defaultdict(dict))


class Sightings:
    """What is in view in one recording: `watch` the first pass, `settle`, then ask what is `on` a frame."""

    def __init__(self, senses: Senses) -> None:
        self._senses = senses
        self._objects = ObjectTracker(senses.objects.sure_score if senses.objects else 1.0)
        self._codes = CodeTracker()
        self._carrier = Carrier()
        self._shot = _Shot()
        self._last: Gray | None = None
        self._factor = 1.0
        self._size = (0, 0)
        self._times_ms: dict[int, float] = {}
        self._on: dict[int, tuple[list[Detection], list[Code]]] = defaultdict(lambda: ([], []))
        self.things = 0
        """How many there were, once all is settled."""
        self.codes = 0

    def watch(self, frames: Iterable[DecodedFrame]) -> Iterator[DecodedFrame]:
        """Hands the frames on and searches some of them. Blocks for a few ms a frame, tens for one that is searched."""
        for frame in frames:
            self._see(frame)
            yield frame

    def settle(self) -> None:
        """Once all frames were seen."""
        self._end_shot()

    def on(self, seq: int) -> tuple[list[Detection], list[Code]]:
        """Things and codes on a frame; capture pixels."""
        return self._on.get(seq, ([], []))

    def _see(self, frame: DecodedFrame) -> None:
        stamp = frame.stamp
        gray, self._factor = motion.shrink(frame.luma())
        pose = self._carrier.see(stamp.seq, gray)
        before = self._shot.poses.get(stamp.seq - 1)
        # A scene ends where the camera is lost too, and then the same things are still there.
        if before and before.scene != pose.scene and self._last is not None and motion.is_cut(self._last, gray):
            self._end_shot()
        self._last = gray
        self._shot.stamps[stamp.seq], self._shot.poses[stamp.seq] = stamp, pose
        since_ms = stamp.pts_ms - self._shot.stamps[self._shot.looked[-1]].pts_ms if self._shot.looked else 1e9
        if since_ms >= (_BLURRED_MS if pose.lost else LOOK_MS):
            self._look(frame)

    def _look(self, frame: DecodedFrame) -> None:
        shot, stamp, rgb = self._shot, frame.stamp, frame.rgb()
        self._size = rgb.shape[1], rgb.shape[0]
        found, read = self._senses.look(Frame(stamp, rgb), _CODE_SIDE_PX)
        moved = self._camera(shot.looked[-1], stamp.seq) if shot.looked else None
        shot.looked.append(stamp.seq)
        self._objects.follow(found, stamp, moved)
        for track, thing in self._objects.matched:
            shot.things[track][stamp.seq] = thing
        self._codes.follow(read, stamp, moved)
        for track, code in self._codes.matched:
            shot.codes[track][stamp.seq] = code

    def _camera(self, before: int, now: int) -> Matrix | None:
        poses = self._shot.poses
        return None if poses[before].lost else camera_between(poses[before], poses[now], self._factor)

    def _end_shot(self) -> None:
        self._times_ms = {seq: stamp.pts_ms for seq, stamp in self._shot.stamps.items()}
        for things in self._shot.things.values():
            self._settle_thing(things)
        for codes in self._shot.codes.values():
            self._settle_code(codes)
        self._shot, self._last = _Shot(), None
        self._objects.restart()
        self._codes.restart()

    def _settle_thing(self, found: dict[int, Detection]) -> None:
        """One name, one score and a smooth way for a thing that was found often enough."""
        if len(found) < min(_FEWEST_FINDS, len(self._shot.looked)):
            return
        self.things += 1
        weights: dict[str, float] = defaultdict(float)
        for one in found.values():
            weights[one.label] += one.score
        label = max(weights, key=lambda name: weights[name])
        score = float(np.mean([one.score for one in found.values()]))
        quads = {seq: _quad(one.box) for seq, one in found.items()}
        for seq, quad in self._path(quads, _BRIDGE_THING_MS).items():
            x0, y0, x1, y1 = _box(quad, self._size)
            if min(x1 - x0, y1 - y0) >= _SMALLEST_PX:
                told = Detection(self._shot.stamps[seq], label, score, (x0, y0, x1, y1), self.things)
                self._on[seq][0].append(told)

    def _settle_code(self, read: dict[int, Code]) -> None:
        if len(read) < _FEWEST_READS and not any(code.certain for code in read.values()):
            return
        self.codes += 1
        first = next(iter(read.values()))
        for seq, quad in self._path({seq: code.quad for seq, code in read.items()}, _BRIDGE_CODE_MS).items():
            if is_convex(quad) and share_inside(quad, *self._size) >= _LEAST_SEEN:
                told = replace(first, stamp=self._shot.stamps[seq], quad=quad, track=self.codes)
                self._on[seq][1].append(told)

    def _path(self, found: dict[int, Quad], bridge_ms: float) -> dict[int, Quad]:
        there = spans(sorted(found), self._shot.looked, self._times_ms, bridge_ms)
        return path(found, [seq for span in there for seq in span], self._times_ms, self._camera)


def _quad(box: tuple[float, float, float, float]) -> Quad:
    x0, y0, x1, y1 = box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def _box(quad: Quad, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """An upright box as large as the quad, in the picture: one around a turned quad would be larger."""
    centre = quad.mean(axis=0)
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    half = np.array([sides[0] + sides[2], sides[1] + sides[3]]) / 4
    low, high = np.clip(centre - half, 0, size), np.clip(centre + half, 0, size)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
