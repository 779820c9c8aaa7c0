"""What the read lane does with one frame: whether to read it, what is new, what the lines say by now.

In: a frame with the present board carried onto it. Out: a new board, made on that frame. Reads no clock and starts no
thread; one lane owns it. Tracks keep their numbers when a sign leaves and returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from devices import Gray
from pipeline.live.board import Board, PlacedLine, PlacedSign, Seen, carried
from pipeline.live.joining import Joining
from vision import motion
from vision.carry import FORGET_AFTER
from vision.quad import Matrix, Quad, area, share_inside
from vision.text import TextReader, TextRegion
from vision.text.match import is_cut_off, match_lines
from vision.text.track import TextTrack, vote_key

READ_AGAIN_MS = 3000.0
"""A view in which nothing happens is still read this often."""

_VISIBLE_LIKENESS = 0.35
_VISIBLE_SHARE = 0.25
_TOUCHING_SHARE = 0.01  # less of a line in view, and nothing that is found can be a part of it
_BLURRED = 0.4  # of the sharpness that this scene had at its best
_FORGIVEN_MISSES = 2  # readings in which a line that is still in its place may go unfound
_MOST_VOTES = 12
_MOST_REMEMBERED = 200
_SHORTEST_REMEMBERED = 2  # characters: what identifies a text when it returns
_ALIKE_HEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a reading may cost."""

    short_side_px: int = 736
    """The detector sees the picture scaled to this; see `TextReader.find`."""
    most_lines: int = 24
    """Lines read at a time; the rest waits for the next frame."""


@dataclass(slots=True)
class _Gone:
    track: TextTrack
    height_px: float


class Reading:
    """The texts of a live picture as they become known."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._tracks = 0
        self._misses: dict[int, int] = {}
        self._gone: dict[str, _Gone] = {}
        self._latest: Board | None = None
        self._last_read: tuple[int, float, Gray] | None = None  # scene, media ms, what it looked like
        self._best_sharpness = 0.0
        self._joining = Joining()

    def reason(self, seen: Seen, *, asked: bool = False) -> str:
        """Why this frame is worth reading; empty where it is not. `asked`: somebody wants it read, new or not."""
        if seen.pose.lost:
            return ""
        if self._is_on_its_way(seen):
            return ""
        if asked:
            return "asked for"
        last = self._last_read
        sharp = motion.sharpness(seen.gray)
        if last is None or last[0] != seen.pose.scene:
            self._best_sharpness = sharp
            return "new scene"
        self._best_sharpness = max(self._best_sharpness * 0.995, sharp)
        if sharp < _BLURRED * self._best_sharpness:
            return ""
        if any(not line.track.settled() for line, _, _ in seen.places()):
            return "open votes"
        if seen.stamp.pts_ms - last[1] >= READ_AGAIN_MS:
            return "time"
        camera = self._since_last_read(seen)
        if camera is None or not motion.is_quiet(last[2], seen.gray, camera):
            return "changed view"
        return ""

    def _is_on_its_way(self, seen: Seen) -> bool:
        """True while the render lane does not know the last result yet; one that comes too late it never takes."""
        latest = self._latest
        if latest is None or seen.board is latest or seen.pose.scene != latest.scene:
            return False
        return seen.stamp.seq - latest.stamp.seq <= FORGET_AFTER

    def read(self, seen: Seen, effort: Effort) -> Board:
        """Finds and reads what is new or open, and says what is in view now. Blocks for tens to hundreds of ms."""
        height, width = seen.rgb.shape[:2]
        there = [
            (line, quad, share_inside(quad, width, height))
            for line, quad, likeness in seen.places()
            if likeness >= _VISIBLE_LIKENESS
        ]
        known = [(line, quad) for line, quad, share in there if share > _TOUCHING_SHARE]
        quads = self._reader.find(seen.rgb, effort.short_side_px)
        cuts = [is_cut_off(quad, width, height) for quad in quads]
        owners = match_lines(quads, cuts, [(quad, line.track.whole) for line, quad in known])
        regions = self._read_open(seen, quads, owners, known, effort.most_lines)
        lines: list[PlacedLine] = []
        for index, quad in enumerate(quads):
            owner, region = owners[index], regions.get(index)
            if owner is not None:
                track, quad = known[owner][0].track, _shape(known[owner][0].track, known[owner][1], quad)
            elif region is not None:
                track = self._returning(region) or self._new_track()
            else:
                continue
            if not cuts[index]:
                track.whole = True
            if region is not None:
                track.vote(region, cuts[index])
                del track.votes[:-_MOST_VOTES]
            self._misses[track.id] = 0
            lines.append(PlacedLine(track, quad, track.text() or ""))
        owned = {known[owner][0].track.id for owner in owners if owner is not None}
        missing = [(line, quad) for line, quad, share in there if line.track.id not in owned and share > _VISIBLE_SHARE]
        lines += self._unfound(missing)
        lines += _beyond_the_edge([(line, quad) for line, quad, share in there if share <= _VISIBLE_SHARE], lines, seen)
        self._remember([line for line, _, _ in seen.places()], {line.track.id for line in lines})
        signs = _steady(self._joining.arrange(lines), lines, [(line, quad) for line, quad, _ in there], seen)
        view = motion.key_view(seen.gray, [(sign.quad / seen.factor).astype(np.float32) for sign in signs])
        self._latest = Board(seen.stamp, seen.pose.scene, seen.factor, signs, view)
        self._last_read = (seen.pose.scene, seen.stamp.pts_ms, seen.gray)
        return self._latest

    def _read_open(
        self,
        seen: Seen,
        quads: Sequence[Quad],
        owners: Sequence[int | None],
        known: Sequence[tuple[PlacedLine, Quad]],
        most: int,
    ) -> dict[int, TextRegion]:
        """Reads what is new, then what is in doubt, large lines first."""
        open_ones = []
        for index, owner in enumerate(owners):
            if owner is None or not known[owner][0].track.settled():
                open_ones.append(index)
        open_ones.sort(key=lambda index: (owners[index] is not None, -area(quads[index])))
        chosen = open_ones[:most]
        regions = self._reader.read_lines(seen.rgb, [quads[index] for index in chosen], seen.stamp)
        by_quad = {id(region.quad): region for region in regions}
        return {index: by_quad[id(quads[index])] for index in chosen if id(quads[index]) in by_quad}

    def _unfound(self, missing: Sequence[tuple[PlacedLine, Quad]]) -> list[PlacedLine]:
        """Lines that still look as they did but were not found: the detector blinks, the sign does not."""
        kept = []
        for line, quad in missing:
            self._misses[line.track.id] = self._misses.get(line.track.id, 0) + 1
            if self._misses[line.track.id] <= _FORGIVEN_MISSES:
                kept.append(replace(line, quad=quad))
        return kept

    def _remember(self, before: Sequence[PlacedLine], present: set[int]) -> None:
        for line in before:
            if line.track.id in present or len(vote_key(line.text)) < _SHORTEST_REMEMBERED:
                continue
            self._gone.pop(vote_key(line.text), None)
            self._gone[vote_key(line.text)] = _Gone(line.track, _height_px(line.quad))
        while len(self._gone) > _MOST_REMEMBERED:
            del self._gone[next(iter(self._gone))]

    def _returning(self, region: TextRegion) -> TextTrack | None:
        """The track of a text that was in view before and is again, at about its size."""
        gone = self._gone.get(vote_key(region.text or ""))
        if gone is None or not 1 / _ALIKE_HEIGHT < _height_px(region.quad) / gone.height_px < _ALIKE_HEIGHT:
            return None
        del self._gone[vote_key(region.text or "")]
        return gone.track

    def _new_track(self) -> TextTrack:
        self._tracks += 1
        return TextTrack(self._tracks)

    def _since_last_read(self, seen: Seen) -> Matrix | None:
        """Motion since the last reading, small pixels; None where another frame was the last one read."""
        assert self._last_read is not None
        board = seen.board
        if board is None or board.stamp.pts_ms != self._last_read[1]:
            return None
        return seen.pose.camera


def _shape(track: TextTrack, carried: Quad, found: Quad) -> Quad:
    """A line keeps the shape it was first seen whole with: detectors tremble, motion does not."""
    return carried if track.whole or area(found) <= area(carried) else found


def _beyond_the_edge(
    places: Sequence[tuple[PlacedLine, Quad]], lines: Sequence[PlacedLine], seen: Seen
) -> list[PlacedLine]:
    """Lines that the picture's edge hides while others of their sign are in view: the sign says what it said."""
    present = {line.track.id for line in lines}
    signs = seen.board.signs if seen.board else ()
    kept = {number for sign in signs if present.intersection(sign.key) for number in sign.key} - present
    return [replace(line, quad=quad) for line, quad in places if line.track.id in kept]


def _steady(
    signs: Sequence[PlacedSign], lines: Sequence[PlacedLine], known: Sequence[tuple[PlacedLine, Quad]], seen: Seen
) -> tuple[PlacedSign, ...]:
    """Signs whose lines have only moved keep their block.

    Seen from elsewhere, the smallest rectangle around the lines is another one: what is drawn would wander.
    """
    carried_on = {line.track.id: quad for line, quad in known}
    moved = {line.track.id for line in lines if line.quad is carried_on.get(line.track.id)}
    before = {sign.key: index for index, sign in enumerate(seen.board.signs if seen.board else ())}
    steady = []
    for sign in signs:
        index = before.get(sign.key)
        if seen.board is not None and index is not None and moved.issuperset(sign.key):
            block = carried(seen.pose, index, seen.board.signs[index].quad, seen.factor)
            steady.append(replace(sign, quad=block))
        else:
            steady.append(sign)
    return tuple(steady)


def _height_px(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
