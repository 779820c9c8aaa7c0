"""What the look lane does with one frame: find things, read codes, know them again.

In: a frame with its pose. Out: sights, made on that frame. Reads no clock and starts no thread; one lane owns it.
"""

from dataclasses import dataclass

from devices import Frame, Stamp
from pipeline.live.board import Seen
from pipeline.live.sights import Sights, camera_between
from vision.carry import Pose
from vision.codes import Code, CodeReader
from vision.codes.track import CodeTracker
from vision.objects import Detection, ObjectDetector
from vision.objects.track import ObjectTracker

_OFTEN_S = 0.4


@dataclass(frozen=True, slots=True)
class Senses:
    """What looks at things; None: that is not looked for."""

    objects: ObjectDetector | None = None
    codes: CodeReader | None = None
    notes: tuple[str, ...] = ()
    """Sentences for the wearer: which detector is active, or why there is none."""

    @property
    def any(self) -> bool:
        """True where there is something to do."""
        return self.objects is not None or self.codes is not None

    @property
    def active(self) -> tuple[str, ...]:
        """What is looked for."""
        return tuple(name for name, sense in (("objects", self.objects), ("codes", self.codes)) if sense is not None)

    def look(self, frame: Frame, code_side_px: int, turn: int | None = None) -> tuple[list[Detection], list[Code]]:
        """All that is found on one picture, doubtful things too; codes in a picture of at most that long side. Blocks.

        `turn` counts the looks of whoever looks often: see CodeReader. Raises InputError where the detector's model
        fails.
        """
        found = self.objects.detect(frame) if self.objects else []
        return found, self.codes.read(frame, code_side_px, turn) if self.codes else []


@dataclass(frozen=True, slots=True)
class Gaze:
    """How much a look may cost."""

    code_side_px: int
    """Codes are looked for in a picture of at most this long side."""


class Looking:
    """Things and codes of a live picture, as they become known."""

    def __init__(self, senses: Senses) -> None:
        self._senses = senses
        self._things = ObjectTracker(senses.objects.sure_score if senses.objects else 1.0)
        self._codes = CodeTracker()
        self._last: tuple[Pose, float] | None = None
        self._looks = 0
        self._looked_ns = 0

    def look(self, seen: Seen, gaze: Gaze) -> Sights:
        """What is in view. Blocks for tens of ms. Raises InputError where the detector's model fails."""
        camera = None
        if self._last is not None and self._last[1] == seen.factor:
            camera = camera_between(self._last[0], seen.pose, seen.factor)
        if camera is None:
            self._things.restart()
            self._codes.restart()
        self._last = seen.pose, seen.factor
        self._looks += 1
        turn = self._looks if camera is not None and self._is_often(seen.stamp) else None
        found, codes = self._senses.look(Frame(seen.stamp, seen.rgb), gaze.code_side_px, turn)
        self._looked_ns = seen.stamp.captured_ns
        return Sights(
            seen.stamp,
            seen.pose,
            seen.factor,
            tuple(self._things.follow(found, seen.stamp, camera)),
            tuple(self._codes.follow(codes, seen.stamp, camera)),
        )

    def _is_often(self, stamp: Stamp) -> bool:
        """Whether a kind of code that is read every third time still comes before the tracker forgets it."""
        return stamp.captured_ns - self._looked_ns <= _OFTEN_S * 1e9
