"""Things and codes on the way from the look lane to the picture: made on an older frame, carried to the present one.

In: what was seen on one frame, and the present frame with its pose. Out: where everything is now, and the tags for it.
The render lane owns the present; it waits for nothing here. Reads no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devices import Stamp
from overlay.tags import Area, PlacedTag
from pipeline.live.board import Seen
from pipeline.tags import Tagger
from vision.carry import Pose
from vision.codes import Code
from vision.codes.track import carried as carried_code
from vision.objects import Detection
from vision.objects.track import Thing
from vision.objects.track import carried as carried_things
from vision.quad import Matrix

_LONGEST_S = 2.0  # what was seen longer ago is not shown: the lane has been stopped, or is far behind


@dataclass(frozen=True, slots=True)
class Sights:
    """What was in view on one frame, capture pixels."""

    stamp: Stamp
    pose: Pose
    factor: float
    things: tuple[Thing, ...]
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class InView:
    """The same on a displayed frame."""

    things: tuple[Detection, ...] = ()
    codes: tuple[Code, ...] = ()
    tags: tuple[PlacedTag, ...] = ()


NOTHING = InView()


def camera_between(before: Pose, now: Pose, factor: float) -> Matrix | None:
    """How capture pixels moved from one frame to another; None where no motion leads from the one to the other."""
    if before.scene != now.scene or now.lost:
        return None
    moved: Matrix = now.total @ np.linalg.inv(before.total)
    moved[:2, 2] *= factor  # from small pixels to those of the capture
    moved[2, :2] /= factor
    return moved if np.isfinite(moved).all() else None


class Presence:
    """Carries sights to each frame and keeps tags on their sides. Owned by the render lane."""

    def __init__(self, to: str) -> None:
        self._tagger = Tagger(to)

    def now(self, sights: Sights | None, seen: Seen, taken: Sequence[Area]) -> InView:
        """What is in view on this frame; `taken` are the areas of texts, which stay free of tags."""
        if sights is None:
            return NOTHING
        elapsed_s = (seen.stamp.captured_ns - sights.stamp.captured_ns) / 1e9
        camera = camera_between(sights.pose, seen.pose, seen.factor)
        if camera is None or sights.factor != seen.factor or elapsed_s > _LONGEST_S:
            return NOTHING
        things = carried_things(sights.things, camera, elapsed_s)
        codes = [carried_code(code, camera, seen.stamp) for code in sights.codes]
        height, width = seen.rgb.shape[:2]
        placed = self._tagger.place(things, codes, taken, (width, height))
        return InView(tuple(things), tuple(codes), tuple(placed))
