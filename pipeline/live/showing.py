"""What the render lane does with one frame: where everything is now, and the picture to show.

In: frames in order; a new board now and then, made on an older frame; the shelf. Out: the picture and what stands on
it. It waits for nobody: what is not there yet is not drawn. Reads no clock and starts no thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from devices import Frame, Rgb, Stamp
from overlay.captions import draw_captions
from overlay.scene import Caption
from overlay.sticker import draw_stickers
from overlay.tags import draw_tags
from pipeline.live.board import Board, PlacedSign, Seen, carried
from pipeline.live.shelf import Shelf, Shown, ready
from pipeline.live.sights import NOTHING, InView, Presence, Sights
from pipeline.tags import area_of
from vision import motion
from vision.carry import Carrier
from vision.quad import Quad, is_convex, share_inside

_SEEN_LIKENESS = 0.35
_GONE_LIKENESS = 0.2
_PATIENCE_FRAMES = 8  # how long a sign stays where it must be while it cannot be recognised
_VISIBLE_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Placed:
    """One sign on one frame: where it is, and what is shown for it, if anything."""

    sign: PlacedSign
    shown: Shown
    quad: Quad
    """Capture pixels of the frame."""


@dataclass(frozen=True, slots=True)
class View:
    """One displayed frame."""

    stamp: Stamp
    picture: Rgb
    placed: tuple[Placed, ...]
    seen: Seen
    """For the read lane."""
    in_view: InView = NOTHING
    """Things and codes."""


class Showing:
    """The state of the render lane. Owned by one lane."""

    def __init__(self, to: str = "en") -> None:
        """`to`: the wearer's language, for the names of things."""
        self._presence = Presence(to)
        self._carrier = Carrier()
        self._board: Board | None = None
        self._misses: dict[int, int] = {}
        self._size = (0, 0)

    def take(self, board: Board) -> bool:
        """Shows this board from the next frame on; False where no motion leads from its frame to the present one."""
        if not self._carrier.anchor(board.stamp.seq, board.view):
            return False
        self._board = board
        return True

    def show(self, frame: Frame, shelf: Shelf, sights: Sights | None = None, *, draw: bool = True) -> View:
        """Places and draws; the frame's picture is left as it is. Blocks for a few ms.

        `draw` False shows the original, with the places all the same.
        """
        stamp, rgb = frame.stamp, frame.rgb
        if rgb.shape[:2] != self._size:
            self._size = rgb.shape[:2]
            self._carrier.restart()
        gray, factor = motion.shrink(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8))
        pose = self._carrier.see(stamp.seq, gray)
        if self._board is not None and self._board.scene != pose.scene:
            self._board = None
        seen = Seen(stamp, rgb, gray, factor, pose, self._board)
        placed = self._place(seen, shelf)
        picture = rgb
        drawn = [(one.shown.sticker, one.quad) for one in placed if one.shown.sticker is not None]
        taken = [area_of(one.shown.sticker, one.quad) for one in placed] if sights else []
        in_view = self._presence.now(sights, seen, taken)
        if draw and (drawn or in_view.tags):
            picture = rgb.copy()
            draw_stickers(picture, drawn)
            draw_tags(picture, in_view.tags)
            short = [one for one in placed if (it := one.shown.sticker) and (it.abbreviated or it.missing)]
            draw_captions(picture, _captions(short))
        return View(stamp, picture, placed, seen, in_view)

    def _place(self, seen: Seen, shelf: Shelf) -> tuple[Placed, ...]:
        board, height, width = seen.board, *seen.rgb.shape[:2]
        placed = []
        for index, sign in enumerate(board.signs if board else ()):
            likeness = seen.pose.likeness[index]
            if likeness >= _SEEN_LIKENESS or (likeness >= _GONE_LIKENESS and not self._misses.get(sign.id)):
                self._misses[sign.id] = 0
            else:
                self._misses[sign.id] = self._misses.get(sign.id, 0) + 1
            if self._misses[sign.id] > _PATIENCE_FRAMES:
                continue
            for shown, quad in ready(sign, shelf):
                now = carried(seen.pose, index, quad, seen.factor)
                if is_convex(now) and share_inside(now, width, height) > _VISIBLE_SHARE:
                    placed.append(Placed(sign, shown, now))
        return tuple(placed)


def _captions(placed: Sequence[Placed]) -> list[Caption]:
    told = {one.shown.translation.source: one.shown.translation for one in placed}
    return [Caption(t.source, t.target, t.sure) for t in told.values()]
