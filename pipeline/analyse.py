"""The first pass over a recording: reads sharp key frames and follows every line of text between them.

In: decoded frames in order. Out: text tracks with their quads on every frame. Memory is bounded: it holds the small
grey pictures of about two windows and the text that was found, never the film.

A window ends after about a second or at a cut; its sharpest frame becomes the key frame. Known lines are carried
to it from the key frame before; new ones are followed back from it, to the first frame that shows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from devices import Gray, Rgb, Stamp
from devices.video_in import DecodedFrame
from pipeline.analysis import Analysis, key_picture
from pipeline.follow import Followed, follow
from vision import motion
from vision.quad import Quad, area, same_order
from vision.text import TextReader
from vision.text.match import is_cut_off, match_lines
from vision.text.track import TextTrack

WINDOW_MS = 900.0
"""Longest time between two key frames."""

_READ_AGAIN_MS = 3000.0
_NOT_SEEN_WHOLE = 1e-3


@dataclass(slots=True)
class _Alive:
    """A track that the last key frame still showed, and how its quads move from there on."""

    track: TextTrack
    quad: Quad
    followed: Followed
    """How it came here from the key frame before."""

    def grow(self, quad: Quad) -> None:
        """Takes a larger quad for the same line, here and on the frames that led here."""
        self.track.grow(self.quad, quad)
        self.followed.grow(self.quad, quad)
        self.quad = quad


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
        self.result.settle()
        return self.result

    def _end_scene(self) -> None:
        if self._best is not None:
            self._take_key()
        if self._key is not None:
            tail = [seq for seq in self._grays if seq > self._key]
            for alive, followed in zip(self._alive, self._follow(self._alive, self._key, tail), strict=True):
                alive.track.path.update(followed.visible())
        self._alive, self._key, self._best, self._window_start_ms = [], None, None, None
        self._grays.clear()

    def _take_key(self) -> None:
        """Makes the window's sharpest frame the new key frame."""
        assert self._best is not None
        sharp, frame = self._best
        key, before = frame.stamp.seq, self._key
        paths: list[Followed] = []
        if before is not None:
            paths = self._follow(self._alive, before, [seq for seq in self._grays if before < seq <= key])
        still, lost = _carry(self._alive, paths, key)
        if self._worth_reading(before, key, frame.stamp, still, lost):
            rgb = frame.rgb()
            self._read_ms = frame.stamp.pts_ms
            still += self._read(rgb, frame.stamp, still)
        else:
            rgb = None
        for alive, followed in zip(self._alive, paths, strict=False):
            alive.track.path.update(followed.visible())
        self._alive = still
        for alive in self._alive:
            alive.track.path[key] = alive.quad
        if rgb is not None:
            self._keep_picture(rgb, key, sharp)
            self._fill_backwards(before, key)
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
        return moved is None or not motion.is_quiet(self._grays[before], self._grays[key], moved.camera)

    def _read(self, rgb: Rgb, stamp: Stamp, still: list[_Alive]) -> list[_Alive]:
        """Finds lines, votes for known tracks where their text is open, starts tracks for new ones."""
        quads = self._reader.find(rgb)
        cuts = [is_cut_off(quad, *rgb.shape[1::-1]) for quad in quads]
        owners = match_lines(quads, cuts, [(alive.quad, alive.track.whole) for alive in still])
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
                new.append(_Alive(track, quad, Followed()))
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

    def _fill_backwards(self, before: int | None, key: int) -> None:
        """Follows back to the last key frame what was not already followed from there: new lines, and gaps."""
        earlier = [seq for seq in self._grays if seq < key and (before is None or seq > before)][::-1]
        open_ones = [alive for alive in self._alive if any(seq not in alive.track.path for seq in earlier)]
        for alive, followed in zip(open_ones, self._follow(open_ones, key, earlier), strict=True):
            for seq, quad in followed.visible().items():
                alive.track.path.setdefault(seq, quad)

    def _follow(self, alive: list[_Alive], key: int, frames: list[int]) -> list[Followed]:
        """The quads of a key frame on each of `frames`, which lead away from it in order."""
        if not alive:
            return []
        grays = [self._grays[key], *(self._grays[seq] for seq in frames)]
        size = (self.result.width, self.result.height)
        return follow(grays, frames, [one.quad for one in alive], self._factor, size)

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
            self.result.keys[key] = key_picture(key, rgb)
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


def _carry(alive: list[_Alive], paths: list[Followed], key: int) -> tuple[list[_Alive], bool]:
    """What can still be seen on the new key frame, at its new place; and whether anything was lost."""
    still = [
        _Alive(one.track, quad, followed)
        for one, followed in zip(alive, paths, strict=False)
        if (quad := followed.visible().get(key)) is not None
    ]
    return still, len(still) < len(alive)
