"""Carries quads away from a key frame, frame by frame, and says where they can still be seen.

In: small grey pictures, the quads on the first of them. Out: a quad for each later picture. Knows no text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from devices import Gray
from vision import motion
from vision.quad import Matrix, Quad, affine, move, share_inside

_VISIBLE_LIKENESS = 0.35
_VISIBLE_SHARE = 0.25


@dataclass(slots=True)
class Followed:
    """One quad on the frames after (or before) its key frame."""

    quads: dict[int, Quad] = field(default_factory=dict)
    """Frame number to where it must be, capture pixels, seen or not."""
    seen: set[int] = field(default_factory=set)
    """The frames that really show it."""

    def visible(self) -> dict[int, Quad]:
        """The quads of the frames that show it."""
        return {seq: quad for seq, quad in self.quads.items() if seq in self.seen}

    def grow(self, before: Quad, quad: Quad) -> None:
        """What was taken for `before` on the last frame is really `quad`: corrects all frames."""
        self.quads = {seq: move(affine(before, old), quad) for seq, old in self.quads.items()}


def follow(
    grays: Sequence[Gray], frames: Sequence[int], quads: Sequence[Quad], factor: float, size: tuple[int, int]
) -> list[Followed]:
    """Follows the quads of the key frame `grays[0]` through `grays[1:]`, which are the frames numbered `frames`.

    `quads` are in capture pixels, which are `factor` times the pixels of the grey pictures; `size` is the width and
    height of the capture. Blocks, a few ms a frame.
    """
    followed = [Followed() for _ in quads]
    small = [(quad / factor).astype(np.float32) for quad in quads]
    view = motion.key_view(grays[0], small)
    guess: Matrix = np.eye(3)
    for before, gray, seq in zip(grays, grays[1:], frames, strict=False):
        moved = motion.register(view, gray, guess)
        if moved is None or max(moved.likeness, default=1.0) < _VISIBLE_LIKENESS:
            nudge = motion.step(before, gray)
            if nudge is not None:
                guess = nudge @ guess
                moved = motion.register(view, gray, guess) or moved
        if moved is None:
            continue
        guess = moved.camera
        for index, one in enumerate(followed):
            quad = move(moved.signs[index], small[index]) * np.float32(factor)
            one.quads[seq] = quad
            if moved.likeness[index] >= _VISIBLE_LIKENESS and share_inside(quad, *size) > _VISIBLE_SHARE:
                one.seen.add(seq)
    return followed
