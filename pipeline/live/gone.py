"""Texts that have left the view: one that returns keeps its number, its votes and its translation.

In: lines that are in view no more. Out: their tracks, when a text like theirs is read again. Knows no time.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.live.board import PlacedLine
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.track import TextTrack, vote_key

_MOST_REMEMBERED = 200
_SHORTEST_REMEMBERED = 2  # characters: what identifies a text when it returns
_ALIKE_HEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class _Left:
    track: TextTrack
    height_px: float


class Gone:
    """The last texts that went out of view."""

    def __init__(self) -> None:
        self._left: dict[str, _Left] = {}

    def remember(self, line: PlacedLine) -> None:
        """This line has left. Fragments and single characters are forgotten."""
        key = vote_key(line.text)
        if len(key) < _SHORTEST_REMEMBERED:
            return
        self._left.pop(key, None)
        self._left[key] = _Left(line.track, _height_px(line.quad))
        while len(self._left) > _MOST_REMEMBERED:
            del self._left[next(iter(self._left))]

    def back(self, region: TextRegion) -> TextTrack | None:
        """The track of a text that was in view before and is again, at about its size; it is gone no more."""
        key = vote_key(region.text or "")
        left = self._left.get(key)
        if left is None or not 1 / _ALIKE_HEIGHT < _height_px(region.quad) / left.height_px < _ALIKE_HEIGHT:
            return None
        del self._left[key]
        return left.track


def _height_px(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
