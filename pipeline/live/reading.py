"""What the read lane does with one frame: whether to read it, what is new, what the lines say by now.

In: a frame with the present board carried onto it. Out: a new board, made on that frame. Reads no clock and starts no
thread; one lane owns it. Tracks keep their numbers when a sign leaves and returns.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.live.attention import Attention
from pipeline.live.board import Board, PlacedLine, PlacedSign, Seen, carried
from pipeline.live.finding import InView, Known, find_lines
from pipeline.live.gone import Gone
from pipeline.live.joining import Joining
from vision import motion
from vision.carry import FORGET_AFTER
from vision.quad import Matrix, Quad, area, share_inside
from vision.text import TextReader, TextRegion
from vision.text.match import is_cut_off
from vision.text.track import TextTrack
from vision.text.windows import Window

_VISIBLE_LIKENESS = 0.35
_VISIBLE_SHARE = 0.25
_TOUCHING_SHARE = 0.01  # less of a line in view, and nothing that is found can be a part of it
_BLURRED = 0.4  # of the sharpness that this scene had at its best
_FORGIVEN_MISSES = 2  # readings in which a line that is still in its place may go unfound
_FORGIVEN_IN_A_SIGN = 8  # the same, while other lines of its sign are found and the whole looks as it did
_SAME_LIKENESS = 0.6
_MOST_VOTES = 12
_FAR = 0.1  # of the picture's width: motion is measured best from a frame that is near


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a reading may cost."""

    short_side_px: int = 736
    """The detector sees the picture scaled to this; see `TextReader.find`."""
    most_lines: int = 24
    """Lines read at a time; the rest waits for the next frame."""


class Reading:
    """The texts of a live picture as they become known."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self._tracks = 0
        self._misses: dict[int, int] = {}
        self._found_at: dict[int, float] = {}  # the coarsest look that found a line
        self._gone = Gone()
        self._latest: Board | None = None
        self._attention = Attention()
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
        latest = self._latest
        sharp = motion.sharpness(seen.gray)
        if latest is None or latest.scene != seen.pose.scene:
            self._best_sharpness = sharp
            return "new scene"
        self._best_sharpness = max(self._best_sharpness * 0.995, sharp)
        if sharp < _BLURRED * self._best_sharpness:
            return ""
        if any(_is_open(line.track) for line, _, _ in seen.places()):
            return "open votes"
        camera = self._since_last_read(seen)
        if camera is None:
            return "changed view"
        why = self._attention.reason(seen, camera, self._doubtful(seen))
        return why or ("" if motion.is_near(seen.gray, camera, _FAR) else "moved")

    def _is_on_its_way(self, seen: Seen) -> bool:
        """True while the render lane does not know the last result yet; one that comes too late it never takes."""
        latest = self._latest
        if latest is None or seen.board is latest or seen.pose.scene != latest.scene:
            return False
        return seen.stamp.seq - latest.stamp.seq <= FORGET_AFTER

    def where(self, seen: Seen) -> tuple[Window, ...] | None:
        """Where to look for lines: through these windows, () nowhere, None: in the whole picture. Blocks for a ms."""
        camera = self._since_last_read(seen)
        if camera is None:
            return None
        return self._attention.where(seen, camera, self._doubtful(seen))

    def read(self, seen: Seen, effort: Effort, windows: Sequence[Window] | None = None) -> Board:
        """Finds and reads what is new or open, and says what is in view now. Blocks for tens to hundreds of ms.

        Lines are looked for in `windows` only, None: in the whole picture; those that are known to lie elsewhere are
        where motion carried them.
        """
        height, width = seen.rgb.shape[:2]
        there = [
            (line, quad, share_inside(quad, width, height))
            for line, quad, likeness in seen.places()
            if likeness >= _VISIBLE_LIKENESS
        ]
        known = [(line, quad) for line, quad, share in there if share > _TOUCHING_SHARE]
        before = [
            Known(quad, line.track.whole, share > _VISIBLE_SHARE)
            for line, quad, share in there
            if share > _TOUCHING_SHARE
        ]
        found = find_lines(self._reader, seen.rgb, effort.short_side_px, windows, before)
        fineness = effort.short_side_px / min(height, width)
        self._attention.looked(seen, self._since_last_read(seen), windows, fineness, severed=found.severed)
        chosen, regions = self._read_open(seen, found.lines, known, effort.most_lines)
        lines: list[PlacedLine] = []
        for index, one in enumerate(found.lines):
            quad, region = one.quad, regions.get(index)
            if one.owner is not None:
                track, quad = known[one.owner][0].track, _shape(known[one.owner][0].track, known[one.owner][1], quad)
            elif region is not None:
                track = self._gone.back(region) or self._new_track()
            else:
                track = self._new_track()
            if region is None and index in chosen and not track.votes:
                continue  # nothing readable
            if not one.cut:
                track.whole = True
            if region is not None:
                track.vote(region, one.cut)
                del track.votes[:-_MOST_VOTES]
            if one.found:
                self._misses[track.id] = 0
                self._found_at[track.id] = min(fineness, self._found_at.get(track.id, fineness))
            lines.append(PlacedLine(track, quad, track.text() or ""))
        owned = {known[one.owner][0].track.id for one in found.lines if one.owner is not None}
        missing = [(line, quad) for line, quad, share in there if line.track.id not in owned and share > _VISIBLE_SHARE]
        lines += self._unfound(missing, fineness, _as_before(seen, {line.track.id for line in lines}))
        lines += _beyond_the_edge([(line, quad) for line, quad, share in there if share <= _VISIBLE_SHARE], lines, seen)
        present = {line.track.id for line in lines}
        for line, _, _ in seen.places():
            if line.track.id not in present:
                self._gone.remember(line)
        signs = _steady(self._joining.arrange(lines), lines, [(line, quad) for line, quad, _ in there], seen)
        view = motion.key_view(seen.gray, [(sign.quad / seen.factor).astype(np.float32) for sign in signs])
        self._latest = Board(seen.stamp, seen.pose.scene, seen.factor, signs, view)
        return self._latest

    def _read_open(
        self, seen: Seen, lines: Sequence[InView], known: Sequence[tuple[PlacedLine, Quad]], most: int
    ) -> tuple[set[int], dict[int, TextRegion]]:
        """Reads what is new, then what is in doubt, large lines first: what was chosen, and what it says."""
        open_ones = [
            index
            for index, one in enumerate(lines)
            if one.owner is None or _would_learn(known[one.owner][0].track, one)
        ]
        open_ones.sort(key=lambda index: (lines[index].owner is not None, -area(lines[index].quad)))
        chosen = open_ones[:most]
        regions = self._reader.read_lines(seen.rgb, [lines[index].quad for index in chosen], seen.stamp)
        by_quad = {id(region.quad): region for region in regions}
        read = {index: by_quad[id(lines[index].quad)] for index in chosen if id(lines[index].quad) in by_quad}
        return set(chosen), read

    def _unfound(
        self, missing: Sequence[tuple[PlacedLine, Quad]], fineness: float, steady: Container[int]
    ) -> list[PlacedLine]:
        """Lines that still look as they did but were not found: the detector blinks, the sign does not.

        A look that is coarser than every one that found a line says nothing of it. `steady`: lines of signs that are
        there as a whole.
        """
        kept = []
        for line, quad in missing:
            number = line.track.id
            if fineness >= self._found_at.get(number, 0.0):
                self._misses[number] = self._misses.get(number, 0) + 1
            if self._misses.get(number, 0) <= (_FORGIVEN_IN_A_SIGN if number in steady else _FORGIVEN_MISSES):
                kept.append(replace(line, quad=quad))
        return kept

    def _new_track(self) -> TextTrack:
        self._tracks += 1
        return TextTrack(self._tracks)

    def _doubtful(self, seen: Seen) -> list[Quad]:
        """Known lines whose places are worth another look: they may be gone, or show more of themselves than before."""
        height, width = seen.rgb.shape[:2]
        return [
            quad
            for line, quad, likeness in seen.places()
            if likeness < _VISIBLE_LIKENESS
            or self._misses.get(line.track.id)
            or not (line.track.whole or is_cut_off(quad, width, height))
        ]

    def _since_last_read(self, seen: Seen) -> Matrix | None:
        """Motion since the last reading, small pixels; None where it is not known."""
        board, latest = seen.board, self._latest
        if latest is None or board is not latest or seen.pose.key_seq != board.stamp.seq:
            return None
        return seen.pose.camera


def _is_open(track: TextTrack) -> bool:
    """True where another reading at the same place may change what a track says: that of a fragment would not."""
    return track.whole and not track.settled() and len(track.votes) < _MOST_VOTES


def _would_learn(track: TextTrack, one: InView) -> bool:
    return _is_open(track) or (not track.whole and one.found)


def _shape(track: TextTrack, carried: Quad, found: Quad) -> Quad:
    """A line keeps the shape it was first seen whole with: detectors tremble, motion does not."""
    return carried if track.whole or area(found) <= area(carried) else found


def _as_before(seen: Seen, found: set[int]) -> set[int]:
    """Numbers of the lines of signs that look as they did and of which a line was found again."""
    signs = seen.board.signs if seen.board else ()
    return {
        number
        for sign, likeness in zip(signs, seen.pose.likeness, strict=False)
        if likeness >= _SAME_LIKENESS and found.intersection(sign.key)
        for number in sign.key
    }


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
