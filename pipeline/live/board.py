"""What the live engine knows of the texts in view: one immutable board for each reading, made on one frame.

In and out: plain records, in pixels of the frame they were made on. The render lane moves them; nobody changes them.
"""

from dataclasses import dataclass

import numpy as np

from devices import Gray, Rgb, Stamp
from overlay.scene import Label
from vision.carry import Pose
from vision.motion import KeyView
from vision.quad import Quad
from vision.text.track import TextTrack


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of text and where it is on the board's frame, capture pixels."""

    track: TextTrack
    quad: Quad
    text: str
    """What it was committed to when the board was made; empty while there is too little agreement."""


@dataclass(frozen=True, slots=True)
class PlacedSign:
    """Lines that are translated as one text."""

    lines: tuple[PlacedLine, ...]
    """In reading order."""
    quad: Quad
    """The whole block."""
    text: str
    """All of it; empty while a line is not committed."""

    @property
    def id(self) -> int:
        """The number of its first line."""
        return self.lines[0].track.id

    @property
    def key(self) -> tuple[int, ...]:
        """The numbers of its lines: what a sticker was made for."""
        return tuple(line.track.id for line in self.lines)

    def label(self, target: str, sure: bool, gloss: str = "") -> Label:
        """What the overlay needs, in pixels of the board's frame."""
        return Label(self.id, self.quad, tuple(line.quad for line in self.lines), self.text, target, sure, gloss)


@dataclass(frozen=True, slots=True)
class Board:
    """All signs in view on one frame, and the key view that carries them to later ones."""

    stamp: Stamp
    scene: int
    factor: float
    """Capture pixels a pixel of the small pictures."""
    signs: tuple[PlacedSign, ...]
    view: KeyView
    """Its quads are the signs' blocks, in the same order."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame as the render lane hands it on: the picture, and how the present board lies in it."""

    stamp: Stamp
    rgb: Rgb
    """`(H, W, 3)` capture."""
    gray: Gray
    """`(h, w)`, see `vision.motion.shrink`."""
    factor: float
    pose: Pose
    board: Board | None
    """None: nothing was read in this scene."""

    def places(self) -> list[tuple[PlacedLine, Quad, float]]:
        """The board's lines, where they are in this frame (capture pixels), and the likeness of their sign."""
        if self.board is None:
            return []
        return [
            (line, carried(self.pose, index, line.quad, self.factor), self.pose.likeness[index])
            for index, sign in enumerate(self.board.signs)
            for line in sign.lines
        ]


def carried(pose: Pose, index: int, quad: Quad, factor: float) -> Quad:
    """A quad that moves with the board's sign `index`, from the board's frame to the pose's; capture pixels."""
    small: Quad = (quad / factor).astype(np.float32)
    return pose.place(index, small) * np.float32(factor)
