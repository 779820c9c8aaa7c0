"""Follows things from picture to picture: who is who, what it is called, where it is and how fast it moves.

In: what a detector found on pictures some tenths of a second apart, and how the camera moved in between. Out: the same
things with numbers that stay, boxes that do not tremble, labels that do not flicker. Time is that of the stamps, so
that skipped pictures bend nothing. Reads no clock.

Method: Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", ECCV 2022: sure detections
are matched first, doubtful ones then keep what is left alive. Boxes are grown before they are compared (Yang et al.,
"Hard to Track Objects with Irregular Motions and Similar Appearances? Make It Easier by Buffering the Matching Space",
WACV 2023), the camera's motion is taken out (Aharon et al., "BoT-SORT", 2022), and positions are smoothed by the 1-euro
filter (Casiez et al., CHI 2012).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from devices import Stamp
from vision.objects.boxes import Boxes, from_centres, overlaps
from vision.objects.detection import Box, Detection
from vision.quad import Matrix, move

_FORGET_S = 1.5
_BLINK_S = 0.5  # so long a thing is shown though the detector misses it
_CONFIRM_HITS = 2
_BUFFER, _BUFFER_PER_S, _MOST_BUFFER = 0.1, 0.5, 0.4
_SURE_LIKENESS, _WEAK_LIKENESS = 0.15, 0.4
_OTHER_LABEL = 0.5  # of the likeness, where the detector says something else than before
_SAME_PLACE = 0.6  # two labels for one thing
_STEADY_HZ, _SPEED_HZ, _EAGER = 0.7, 0.5, 4.0
_SLOW_DOWN_S = 0.4
_LABEL_MEMORY = 0.8
_FASTEST = 3.0  # own sizes a second: faster is a wrong match
_MOST = 100
_CORNERS = [[0, 1], [2, 1], [2, 3], [0, 3]]  # of a box, clockwise from the left top


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that is in view now."""

    detection: Detection
    """With its track's number, its settled label and its smoothed box."""
    speed_px_s: tuple[float, float]
    """Its own motion, the camera's taken out, in capture pixels a second."""


@dataclass(slots=True)
class _Track:
    id: int
    centre: NDArray[np.float64]
    size: NDArray[np.float64]
    speed: NDArray[np.float64]
    seen_ns: int
    score: float
    hits: int = 1
    labels: dict[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return max(self.labels, key=lambda name: self.labels[name])

    def box(self) -> NDArray[np.float32]:
        return np.concatenate([self.centre - self.size / 2, self.centre + self.size / 2]).astype(np.float32)


class ObjectTracker:
    """Owned by one thread. `follow` is to be called with every picture that was searched, in order."""

    def __init__(self, sure_score: float) -> None:
        """`sure_score`: see ObjectDetector; weaker detections only keep alive what is known."""
        self._sure = sure_score
        self._tracks: list[_Track] = []
        self._last = 0
        self._now_ns: int | None = None
        self.matched: list[tuple[int, Detection]] = []
        """What the last picture brought to which track, as it was found; tracks that nobody was told of yet too."""

    def restart(self) -> None:
        """The next picture shows another scene: nothing in it is known. Numbers are not used again."""
        self._tracks, self._now_ns = [], None

    def follow(self, found: Sequence[Detection], stamp: Stamp, camera: Matrix | None) -> list[Thing]:
        """What is in view, oldest first. `camera` leads from the picture before to this one; None: not known."""
        before_ns = stamp.captured_ns if self._now_ns is None else self._now_ns
        self._now_ns, self.matched = stamp.captured_ns, []
        elapsed_s = max(0.0, (stamp.captured_ns - before_ns) / 1e9)
        self._tracks = [track for track in self._tracks if self._age_s(track) <= _FORGET_S]
        for track in self._tracks:
            _predict(track, camera, elapsed_s)
        strong = [one for one in found if one.score >= self._sure]
        weak = [one for one in found if one.score < self._sure]
        grow = min(_MOST_BUFFER, _BUFFER + _BUFFER_PER_S * elapsed_s)
        left, fresh = self._match(self._tracks, strong, grow, _SURE_LIKENESS, elapsed_s)
        recent = [track for track in left if self._age_s(track) <= _BLINK_S and track.hits >= _CONFIRM_HITS]
        self._match(recent, weak, 0.0, _WEAK_LIKENESS, elapsed_s)
        self._tracks = [track for track in self._tracks if self._is_alive(track)]
        for one in fresh:
            if len(self._tracks) < _MOST and not self._is_taken(one.box):
                self._begin(one, stamp)
        return [
            _thing(track, stamp)
            for track in self._tracks
            if track.hits >= _CONFIRM_HITS and self._age_s(track) <= _BLINK_S
        ]

    def _match(
        self,
        tracks: Sequence[_Track],
        found: Sequence[Detection],
        grow: float,
        least: float,
        elapsed_s: float,
    ) -> tuple[list[_Track], list[Detection]]:
        """Pairs them as well as possible, updates the tracks; gives back what is left of both."""
        if not tracks or not found:
            return list(tracks), list(found)
        alike = overlaps(
            _grown(_stack([track.box() for track in tracks]), grow),
            _grown(np.array([one.box for one in found], np.float32), grow),
        )
        same = np.array([[one.label in track.labels for one in found] for track in tracks])
        alike = np.where(same, alike, alike * _OTHER_LABEL)
        rows, columns = linear_sum_assignment(alike, maximize=True)
        pairs = {int(r): int(c) for r, c in zip(rows, columns, strict=True) if alike[r, c] >= least}
        for row, column in pairs.items():
            assert self._now_ns is not None
            _update(tracks[row], found[column], self._now_ns)
            self.matched.append((tracks[row].id, found[column]))
        taken = set(pairs.values())
        return (
            [track for row, track in enumerate(tracks) if row not in pairs],
            [one for column, one in enumerate(found) if column not in taken],
        )

    def _is_taken(self, box: Box) -> bool:
        known = _stack([track.box() for track in self._tracks])
        return bool((overlaps(np.array([box], np.float32), known) > _SAME_PLACE).any())

    def _begin(self, one: Detection, stamp: Stamp) -> None:
        self._last += 1
        centre, size = _centre_and_size(one.box)
        labels = {one.label: one.score}
        self.matched.append((self._last, one))
        self._tracks.append(_Track(self._last, centre, size, np.zeros(2), stamp.captured_ns, one.score, 1, labels))

    def _age_s(self, track: _Track) -> float:
        return ((self._now_ns or 0) - track.seen_ns) / 1e9

    def _is_alive(self, track: _Track) -> bool:
        return self._age_s(track) <= 0 or track.hits >= _CONFIRM_HITS


def _predict(track: _Track, camera: Matrix | None, elapsed_s: float) -> None:
    """Where it must be now: with the camera, and on with its own speed, which dies down while it is not seen."""
    if camera is not None:
        corners = from_centres(np.array([[*track.centre, *track.size]], np.float32))[0]
        square = np.array([corners[[0, 1]], corners[[2, 1]], corners[[2, 3]], corners[[0, 3]]])
        moved = move(camera, square).astype(np.float64)
        if np.isfinite(moved).all():
            wide = (np.linalg.norm(moved[1] - moved[0]) + np.linalg.norm(moved[2] - moved[3])) / 2
            high = (np.linalg.norm(moved[3] - moved[0]) + np.linalg.norm(moved[2] - moved[1])) / 2
            track.speed = track.speed * wide / max(track.size[0], 1e-6)
            track.centre, track.size = moved.mean(axis=0), np.array([wide, high])
    track.centre = track.centre + track.speed * _SLOW_DOWN_S * (1 - math.exp(-elapsed_s / _SLOW_DOWN_S))


def _update(track: _Track, one: Detection, now_ns: int) -> None:
    """Takes a detection for the track that was predicted to be there."""
    since_s = max(1e-3, (now_ns - track.seen_ns) / 1e9)
    centre, size = _centre_and_size(one.box)
    error = centre - track.centre
    limit = _FASTEST * max(track.size)
    trust = _share(_SPEED_HZ, since_s)
    track.speed = np.clip(track.speed + trust * error / since_s, -limit, limit)
    hurry = float(np.linalg.norm(track.speed)) / max(1.0, float(track.size.mean()))
    share = _share(_STEADY_HZ + _EAGER * hurry, since_s)
    track.centre = track.centre + share * error
    track.size = track.size + _share(_STEADY_HZ, since_s) * (size - track.size)
    track.labels = {name: weight * _LABEL_MEMORY for name, weight in track.labels.items() if weight > 0.05}
    track.labels[one.label] = track.labels.get(one.label, 0.0) + one.score
    track.seen_ns, track.score, track.hits = now_ns, one.score, track.hits + 1


def _share(cutoff_hz: float, elapsed_s: float) -> float:
    """How much of the new value a low-pass filter takes."""
    return 1 / (1 + 1 / (2 * math.pi * cutoff_hz * elapsed_s))


def _thing(track: _Track, stamp: Stamp) -> Thing:
    x0, y0, x1, y1 = track.box().tolist()
    told = Detection(stamp, track.label, track.score, (x0, y0, x1, y1), track.id)
    return Thing(told, (float(track.speed[0]), float(track.speed[1])))


def _centre_and_size(box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.array(box[:2], np.float64), np.array(box[2:], np.float64)
    return (low + high) / 2, high - low


def _grown(boxes: Boxes, share: float) -> Boxes:
    """Each box larger by that share of its sides, on every side."""
    margin = (boxes[:, 2:] - boxes[:, :2]) * share
    return np.concatenate([boxes[:, :2] - margin, boxes[:, 2:] + margin], axis=1)


def _stack(boxes: Sequence[NDArray[np.float32]]) -> Boxes:
    return np.stack(boxes) if boxes else np.zeros((0, 4), np.float32)


def carried(things: Sequence[Thing], camera: Matrix, elapsed_s: float) -> list[Detection]:
    """The things on a later picture: with the camera, and a little on with their own speed. Takes 0.1 ms for many."""
    if not things:
        return []
    go = _SLOW_DOWN_S * (1 - math.exp(-max(0.0, elapsed_s) / _SLOW_DOWN_S))
    boxes = np.array([thing.detection.box for thing in things], np.float64)
    boxes += np.tile(np.array([thing.speed_px_s for thing in things]) * go, 2)
    moved = move(camera, boxes[:, _CORNERS].reshape(-1, 2)).reshape(-1, 4, 2)
    # Boxes of the middles of the sides: a turned box would grow otherwise.
    centres = moved.mean(axis=1)
    sides = np.linalg.norm(moved - np.roll(moved, -1, axis=1), axis=2)
    half = (sides[:, [0, 1]] + sides[:, [2, 3]]) / 4
    fresh = np.concatenate([centres - half, centres + half], axis=1)
    good = np.isfinite(fresh).all(axis=1)
    return [
        replace(thing.detection, box=(box[0], box[1], box[2], box[3])) if fine else thing.detection
        for thing, box, fine in zip(things, fresh.tolist(), good, strict=True)
    ]
