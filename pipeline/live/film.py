"""Films a live session: what the wearer saw, translations included, without the notices, into a video file.

In: views from the render lane, which waits for nothing. Out: a file that grows under its own name: a full disk, a kill
or a power cut ends it, and what was filmed by then can be played. A lane of its own hides faces and number plates,
where that is wanted, and encodes; where it cannot keep up, pictures are left out, and that is said. There is no sound:
nobody recorded it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from devices import GlossaError, Rgb, Stamp
from devices.clock import Clock
from devices.video_out import VideoSink
from pipeline.live.budget import Budget
from pipeline.live.curtain import Curtain, Privacy, Waiting, plates_on
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.notices import Notices
from pipeline.live.outcome import Observer, Outcome, Result
from pipeline.live.showing import View
from vision.objects.detection import Box
from vision.quad import Quad

SUFFIXES = (".mp4", ".mkv", ".mov", ".m4v")
"""A record with one of these endings is a film."""

_MOST_WAITING = 12  # pictures; each is some megabytes
_BEHIND = 3
_LOOK_AGAIN_MS = 130.0  # a third of what the curtain hides around a face that was found
_WHENEVER_MS = 1e9
_NICE = 10
_PATIENT_S = 10.0
_LET_GO_S = 2.0
_PRESET = "superfast"


@dataclass(frozen=True, slots=True)
class _Shot:
    """One drawn frame."""

    stamp: Stamp
    picture: Rgb
    original: Rgb
    """As it came, without translations: faces are looked for in it."""
    plates: tuple[Quad, ...]


class Film:
    """A Part. Nothing that happens to the file ends or slows the live picture."""

    name = "film"

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        fps: float,
        privacy: Privacy,
        notices: Notices,
        *,
        clock: Clock,
        observers: Sequence[Observer] = (),
        wait: bool = False,
    ) -> None:
        """`size`: width and height of the film; `wait`: lose nothing, `view` may block until there is room.

        Raises OutputError where it cannot be written.
        """
        self._size = size
        self._privacy = privacy
        self._notices = notices
        self._frame_ms = 1000 / fps if fps > 0 else 40.0
        self._curtain = Curtain()
        self._sink = VideoSink(
            path, width=size[0], height=size[1], fps=fps, copy_sound_from=None, preset=_PRESET, growing=True
        )
        self._sink.__enter__()
        self._room = threading.Semaphore(_MOST_WAITING) if wait else None
        self._looked_ms = 0.0
        self._looked_at: tuple[int, ...] = ()
        self._stopped = False
        self._writing = threading.Lock()
        self._told = False
        self._last: tuple[float, float] | None = None
        self._path = path
        self.missing = 0
        """Pictures that are not in the film."""
        self.lost: str | None = None
        """One sentence where the film ended before the session did: how much of it is kept, and why."""
        self._lane = Lane(
            self.name,
            Mailbox[_Shot](Policy.IN_ORDER, _MOST_WAITING),
            self._take,
            _WHENEVER_MS,
            clock=clock,
            observers=observers,
            nice=_NICE,
        )

    def view(self, view: View) -> None:
        """Take a drawn frame, in the render lane's thread. Blocks only where `wait` was asked for."""
        if self._stopped:
            return
        if self._room:
            self._room.acquire(timeout=_PATIENT_S)
        if len(self._lane.mailbox) >= _MOST_WAITING:
            self.missing += 1
            if not self._told:
                self._told = True
                self._notices.news("film", f"{self._path.name}: this machine is too slow to film every picture.")
            return
        plates = plates_on(view) if self._privacy.hide else ()
        self._lane.put(_Shot(view.stamp, view.picture, view.seen.rgb, plates))

    def start(self) -> None:
        """See Part."""
        self._lane.start()

    def stop(self, timeout_s: float) -> bool:
        """See Part: films what still waits."""
        return self._lane.stop(timeout_s)

    def finish(self) -> str | None:
        """Complete the file; one sentence where that failed now. Blocks for a moment. Harmless the second time."""
        if self._stopped:
            return None
        waiting = len(self._lane.mailbox)
        self._stopped = True
        try:
            if not self._writing.acquire(timeout=_LET_GO_S):
                self._sink.abandon()
                return self._lose("its lane is still at work")
            try:
                for at_ms, picture in self._curtain.rest():
                    self._sink.write(picture, at_ms)
                self._sink.__exit__(None, None, None)
            finally:
                self._writing.release()
        except GlossaError as why:
            return self._lose(str(why))
        except KeyboardInterrupt:
            self._sink.abandon()
            return self._lose("stopped while its end was written")
        if waiting and self._last:
            at_s = self._last[1] / 1000
            self.lost = f"{self._path.name} ends after {at_s:.1f} s: stopped while {waiting} pictures still waited."
        return self.lost

    def _lose(self, why: str) -> str:
        kept_s = self._sink.kept_ms / 1000
        if kept_s:
            self.lost = f"The film has stopped, its first {kept_s:.1f} s are kept: {why}."
        else:
            self.missing = 0  # there is no film for them to be missing in
            self.lost = f"The film has stopped and nothing of it is left: {why}." if self._last else f"{why}."
        return self.lost

    def _take(self, shot: _Shot, budget: Budget) -> Result:
        try:
            with self._writing:
                return self._write(shot)
        finally:
            if self._room:
                self._room.release()

    def _write(self, shot: _Shot) -> Result:
        if self._stopped:
            return Result(Outcome.SKIPPED, "the film has stopped")
        at_ms = self._at_ms(shot.stamp)
        faces = self._faces(shot, at_ms)
        try:
            if shot.picture.shape[1::-1] == self._size:
                waiting = Waiting(at_ms, shot.picture, faces, shot.plates)
                ready = self._curtain.put(waiting) if self._privacy.hide else [(at_ms, shot.picture)]
            else:  # the source has another size now: what was found is hidden before the picture is fitted
                small = Waiting(0.0, shot.picture, faces, shot.plates)
                ready = [*self._curtain.rest(), (at_ms, _fitted(_hidden(small), self._size))]
            for at_ms, picture in ready:
                self._sink.write(picture, at_ms)
        except GlossaError as why:
            self._stopped = True
            self._notices.last("film", self._lose(str(why)))
        return Result()

    def _faces(self, shot: _Shot, at_ms: float) -> list[Box]:
        """Looks at every picture while there is time; where pictures wait, as often as the curtain needs it."""
        if not (self._privacy.hide and self._privacy.faces):
            return []
        behind = len(self._lane.mailbox) > _BEHIND and shot.original.shape == self._looked_at
        if behind and 0 <= at_ms - self._looked_ms < _LOOK_AGAIN_MS:
            return []
        self._looked_ms, self._looked_at = at_ms, shot.original.shape
        return [face.box for face in self._privacy.faces.find(shot.original)]

    def _at_ms(self, stamp: Stamp) -> float:
        """Time in the film: that of the media, also where a clip begins again."""
        if self._last is None:
            self._last = stamp.pts_ms, 0.0
            return 0.0
        passed_ms = stamp.pts_ms - self._last[0]
        at_ms = self._last[1] + (passed_ms if passed_ms > 0 else self._frame_ms)
        self._last = stamp.pts_ms, at_ms
        return at_ms


def is_film(record: Path) -> bool:
    """True for a record that is to be a film."""
    return record.suffix.lower() in SUFFIXES


def _hidden(one: Waiting) -> Rgb:
    curtain = Curtain()
    curtain.put(one)
    return curtain.rest()[0][1]


def _fitted(rgb: Rgb, size: tuple[int, int]) -> Rgb:
    height, width = rgb.shape[:2]
    scale = min(size[0] / width, size[1] / height)
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    left, top = (size[0] - wide) // 2, (size[1] - high) // 2
    canvas[top : top + high, left : left + wide] = cv2.resize(rgb, (wide, high), interpolation=cv2.INTER_AREA)
    return canvas
