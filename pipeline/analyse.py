"""The first pass over a recording: reads sharp key frames and follows every line of text between them.

In: decoded frames in order. Out: text tracks with their quads on every frame. Memory is bounded: it holds the small
grey pictures of about two windows and the text that was found, never the film.

A window ends after about a second or at a cut; its sharpest frame becomes the key frame. Tracks are carried from
the key frame before it forwards, and from itself backwards, and the two paths are blended in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise, permutations

import cv2
import numpy as np

from devices import Gray, Rgb, Stamp
from devices.video_in import DecodedFrame
from vision import motion
from vision.quad import Matrix, Quad, affine, area, bounds, containment, move, overlap, same_order, share_inside
from vision.text import TextReader
from vision.text.track import TextTrack, vote_key

WINDOW_MS = 900.0
"""Longest time between two key frames."""

_READ_AGAIN_MS = 3000.0
_VISIBLE_LIKENESS = 0.35
_LONGEST_GAP = 12
_SAME_PLACE = 0.3
_PART_COUNTS = 0.6
_EDGE_PX = 3.0
_NOT_SEEN_WHOLE = 1e-3
_QUIET_DIFFERENCE = 18.0
_QUIET_MOTION = 0.03


@dataclass(frozen=True, slots=True)
class KeyPicture:
    """A key frame kept for drawing, as JPEG bytes."""

    seq: int
    jpeg: bytes

    def rgb(self) -> Rgb:
        """The picture again, `(H, W, 3)`."""
        bgr = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            raise ValueError("a stored key picture does not decode")
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


@dataclass(slots=True)
class Analysis:
    """What the first pass found."""

    width: int = 0
    height: int = 0
    stamps: list[float] = field(default_factory=list)
    """Media time of each frame, ms."""
    tracks: list[TextTrack] = field(default_factory=list)
    keys: dict[int, KeyPicture] = field(default_factory=dict)
    best_key: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Track id to the key frame that shows it best, and how well."""
    reads: int = 0
    """How many lines were read, over all key frames."""


@dataclass(slots=True)
class _Alive:
    """A track that the last key frame still showed, and how its quads move from there on."""

    track: TextTrack
    quad: Quad
    followed: "_Followed"
    """How it came here from the key frame before."""

    def grow(self, quad: Quad) -> None:
        """Takes a larger quad for the same line, here and on the frames that led here."""
        self.track.grow(self.quad, quad)
        for seq, old in self.followed.quads.items():
            self.followed.quads[seq] = move(affine(self.quad, old), quad)
        self.quad = quad


@dataclass(frozen=True, slots=True)
class _Followed:
    quads: dict[int, Quad]
    likeness: dict[int, float]


class Analyser:
    """Feed it frames, then `finish()`. Deterministic; one recording per object."""

    def __init__(self, reader: TextReader) -> None:
        self.result = Analysis()
        self._reader = reader
        self._grays: dict[int, Gray] = {}
        self._factor = 1.0
        self._alive: list[_Alive] = []
        self._key: int | None = None
        self._best: tuple[float, DecodedFrame] | None = None
        self._window_start_ms: float | None = None
        self._read_ms = -1e9

    def feed(self, frame: DecodedFrame) -> None:
        """Takes the next frame. Blocks while a key frame is read, about once a second of media."""
        stamp = frame.stamp
        gray, factor = motion.shrink(frame.luma())
        if not self._grays:
            self.result.height, self.result.width = frame.luma().shape
            self._factor = factor
        last = self._grays.get(stamp.seq - 1)
        if last is not None and (last.shape != gray.shape or motion.is_cut(last, gray)):
            self._end_scene()
        self._grays[stamp.seq] = gray
        self.result.stamps.append(stamp.pts_ms)
        if self._window_start_ms is None:
            self._window_start_ms = stamp.pts_ms
        sharp = motion.sharpness(gray)
        if self._best is None or sharp > self._best[0]:
            self._best = (sharp, frame)
        if stamp.pts_ms - self._window_start_ms >= WINDOW_MS:
            self._take_key()

    def finish(self) -> Analysis:
        """Ends the last window and settles texts and shapes."""
        self._end_scene()
        self.result.tracks = _without_parts([track for track in self.result.tracks if track.text()])
        for track in self.result.tracks:
            _bridge_gaps(track)
            track.settle_shape()
        return self.result

    def _end_scene(self) -> None:
        if self._best is not None:
            self._take_key()
        if self._key is not None and self._alive:
            tail = [seq for seq in self._grays if seq > self._key]
            self._extend(self._follow([a.quad for a in self._alive], self._key, tail))
        self._alive, self._key, self._best, self._window_start_ms = [], None, None, None
        self._grays.clear()

    def _take_key(self) -> None:
        """Makes the window's sharpest frame the new key frame."""
        assert self._best is not None
        sharp, frame = self._best
        previous = [alive.track for alive in self._alive]
        key, before = frame.stamp.seq, self._key
        between = [seq for seq in self._grays if before is not None and before < seq <= key]
        paths = self._follow([a.quad for a in self._alive], before, between) if before is not None else []
        still, changed = self._carry(paths, key)
        if self._worth_reading(before, key, frame.stamp, still, changed):
            rgb = frame.rgb()
            self._read_ms = frame.stamp.pts_ms
            self._alive = still + self._read(rgb, frame.stamp, still)
            self._keep_picture(rgb, key, sharp)
            earlier = [seq for seq in self._grays if seq < key and (before is None or seq > before)]
            backwards = self._follow([a.quad for a in self._alive], key, earlier[::-1])
        else:
            self._alive, backwards = still, []
        self._blend(previous, paths, backwards, before, key)
        self._grays = {seq: gray for seq, gray in self._grays.items() if seq >= key}
        self._key, self._best = key, None
        self._window_start_ms = self.result.stamps[-1]

    def _worth_reading(self, before: int | None, key: int, stamp: Stamp, still: list[_Alive], changed: bool) -> bool:
        """Nothing new in view and every text settled: the key frame need not be read."""
        if before is None or changed or stamp.pts_ms - self._read_ms >= _READ_AGAIN_MS:
            return True
        if not all(alive.track.settled() for alive in still):
            return True
        view = motion.key_view(self._grays[before], [])
        moved = motion.register(view, self._grays[key], np.eye(3))
        return moved is None or not _is_quiet(self._grays[before], self._grays[key], moved.camera)

    def _follow(self, quads: list[Quad], key: int | None, frames: list[int]) -> list[_Followed]:
        """Quads of the key frame on each of `frames`, which lead away from it in order."""
        followed = [_Followed({}, {}) for _ in quads]
        if key is None or not quads:
            return followed
        small = [(quad / self._factor).astype(np.float32) for quad in quads]
        view = motion.key_view(self._grays[key], small)
        guess: Matrix = np.eye(3)
        last = key
        for seq in frames:
            gray = self._grays[seq]
            moved = motion.register(view, gray, guess)
            if moved is None or max(moved.likeness, default=1.0) < _VISIBLE_LIKENESS:
                nudge = motion.step(self._grays[last], gray)
                if nudge is not None:
                    again = motion.register(view, gray, nudge @ guess)
                    moved = again or moved
                    guess = nudge @ guess
            if moved is not None:
                guess = moved.camera
                for index, one in enumerate(followed):
                    one.quads[seq] = move(moved.signs[index], small[index]) * np.float32(self._factor)
                    one.likeness[seq] = moved.likeness[index]
            last = seq
        return followed

    def _visible(self, followed: _Followed, seq: int) -> Quad | None:
        quad = followed.quads.get(seq)
        if quad is None or followed.likeness[seq] < _VISIBLE_LIKENESS:
            return None
        return quad if share_inside(quad, self.result.width, self.result.height) > 0.25 else None

    def _carry(self, paths: list[_Followed], key: int) -> tuple[list[_Alive], bool]:
        """Tracks that are visible on the new key frame, at their new places; and whether any was lost in view."""
        still, lost = [], False
        for alive, path in zip(self._alive, paths, strict=False):
            quad = self._visible(path, key)
            if quad is None:
                lost = True
            else:
                still.append(_Alive(alive.track, quad, path))
        return still, lost

    def _read(self, rgb: Rgb, stamp: Stamp, still: list[_Alive]) -> list[_Alive]:
        """Finds lines, votes for known tracks where their text is open, starts tracks for new ones."""
        quads = self._reader.find(rgb)
        cuts = [_is_cut_off(quad, *rgb.shape[1::-1]) for quad in quads]
        owners = _match(quads, cuts, still)
        wanted = [i for i, owner in enumerate(owners) if owner is None or not still[owner].track.settled()]
        regions = {
            id(region.quad): region for region in self._reader.read_lines(rgb, [quads[i] for i in wanted], stamp)
        }
        self.result.reads += len(wanted)
        new = []
        for index, quad in enumerate(quads):
            owner, region, cut = owners[index], regions.get(id(quad)), cuts[index]
            if owner is None:
                if region is None:
                    continue
                track = TextTrack(len(self.result.tracks) + 1)
                self.result.tracks.append(track)
                new.append(_Alive(track, quad, _Followed({}, {})))
            else:
                track = still[owner].track
                if not track.whole and area(quad) > area(still[owner].quad):
                    still[owner].grow(same_order(quad, still[owner].quad))
            if not cut:
                track.whole = True
                track.seen.append((stamp.seq, quad))
            if region is not None:
                track.vote(region, cut)
        return new

    def _extend(self, paths: list[_Followed]) -> None:
        for alive, path in zip(self._alive, paths, strict=True):
            for seq in path.quads:
                quad = self._visible(path, seq)
                if quad is not None:
                    alive.track.path[seq] = quad

    def _blend(
        self,
        previous: list[TextTrack],
        forwards: list[_Followed],
        backwards: list[_Followed],
        before: int | None,
        key: int,
    ) -> None:
        """Joins what was followed from both key frames: each counts by its nearness."""
        ahead: dict[int, dict[int, Quad]] = {}
        for track, path in zip(previous, forwards, strict=False):
            ahead[track.id] = {seq: q for seq in path.quads if (q := self._visible(path, seq)) is not None}
            track.path.update(ahead[track.id])
        for now in self._alive:
            now.track.path.setdefault(key, now.quad)
        for now, path in zip(self._alive, backwards, strict=False):
            mine = ahead.get(now.track.id, {})
            for seq in path.quads:
                quad = self._visible(path, seq)
                if quad is None:
                    continue
                if seq in mine and before is not None:
                    share = (seq - before) / (key - before)
                    quad = ((1 - share) * mine[seq] + share * quad).astype(np.float32)
                now.track.path[seq] = quad

    def _keep_picture(self, rgb: Rgb, key: int, sharp: float) -> None:
        """Keeps this key frame if it shows any track better than the one kept for it; drops what nobody needs."""
        best = self.result.best_key
        for alive in self._alive:
            worth = _worth(alive.quad, sharp)
            if not alive.track.seen or alive.track.seen[-1][0] != key:
                worth *= _NOT_SEEN_WHOLE
            if alive.track.id not in best or worth > best[alive.track.id][1]:
                best[alive.track.id] = (key, worth)
        needed = {seq for seq, _ in best.values()}
        if key in needed:
            self.result.keys[key] = KeyPicture(key, _jpeg(rgb))
        self.result.keys = {seq: picture for seq, picture in self.result.keys.items() if seq in needed}


def analyse(frames: Iterable[DecodedFrame], reader: TextReader) -> Analysis:
    """Runs the whole first pass."""
    analyser = Analyser(reader)
    for frame in frames:
        analyser.feed(frame)
    return analyser.finish()


def _worth(quad: Quad, sharp: float) -> float:
    """How well a key frame shows a line: large and sharp."""
    return area(quad) * float(np.sqrt(sharp))


def _match(found: list[Quad], cut: list[bool], known: list[_Alive]) -> list[int | None]:
    """For each found quad the known track it belongs to; each track is used once.

    A line at the picture's edge is seen in part: there a part inside a whole is the same line.
    """
    pairs = []
    for i, quad in enumerate(found):
        for j, alive in enumerate(known):
            share = overlap(quad, alive.quad)
            if cut[i] or not alive.track.whole:
                share = max(share, _PART_COUNTS * containment(quad, alive.quad))
            pairs.append((share, i, j))
    owners: list[int | None] = [None] * len(found)
    used: set[int] = set()
    for share, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if share >= _SAME_PLACE and owners[i] is None and j not in used:
            owners[i] = j
            used.add(j)
    return owners


def _is_cut_off(quad: Quad, width: int, height: int) -> bool:
    x0, y0, x1, y1 = bounds(quad)
    return x0 < _EDGE_PX or y0 < _EDGE_PX or x1 > width - _EDGE_PX or y1 > height - _EDGE_PX


def _is_quiet(before: Gray, after: Gray, camera: Matrix) -> bool:
    """True when the camera hardly moved and no part of the picture changed."""
    height, width = before.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    if np.abs(move(camera, corners) - corners).max() > _QUIET_MOTION * width:
        return False
    aligned = cv2.warpPerspective(before, camera, (width, height), borderMode=cv2.BORDER_REPLICATE)
    difference = cv2.absdiff(aligned, after)
    return float(cv2.resize(difference, (40, 24), interpolation=cv2.INTER_AREA).max()) < _QUIET_DIFFERENCE


def _without_parts(tracks: list[TextTrack]) -> list[TextTrack]:
    """Drops tracks that lie inside another one which says the same and more: a word found once by itself."""
    parts = set()
    for part, whole in permutations(tracks, 2):
        shared = part.path.keys() & whole.path.keys()
        if len(shared) < 0.5 * len(part.path) or vote_key(part.text() or "") not in vote_key(whole.text() or ""):
            continue
        middle = sorted(shared)[len(shared) // 2]
        smaller = area(part.path[middle]) < 0.8 * area(whole.path[middle])
        if smaller and containment(part.path[middle], whole.path[middle]) > 0.7:
            parts.add(part.id)
    return [track for track in tracks if track.id not in parts]


def _bridge_gaps(track: TextTrack) -> None:
    """Fills short gaps (blur, a passing hand) by moving between the quads around them."""
    known = sorted(track.path)
    for left, right in pairwise(known):
        if 1 < right - left <= _LONGEST_GAP:
            for seq in range(left + 1, right):
                share = (seq - left) / (right - left)
                blended = (1 - share) * track.path[left] + share * track.path[right]
                track.path[seq] = blended.astype(np.float32)


def _jpeg(rgb: Rgb) -> bytes:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
    return data.tobytes()
