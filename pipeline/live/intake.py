"""Between the player and the render lane: takes frames in, numbers them, and tells the wearer how the source is.

In: what a player says, in its thread; what the render lane did, as an observer. Out: frames to the render lane, with
numbers that only ever grow, and notices. Knows nothing of what is in the pictures.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from devices import Frame, Rgb, Stamp
from devices.clock import Clock
from pipeline.live.notices import Notices
from pipeline.live.outcome import Work

_KEY, _SILENT_KEY = "source", "silent"
_TAKEN_WITHIN_S = 10.0
_SILENT_NS = 2_000_000_000


class Intake:
    """A Listener of a player, and an Observer."""

    def __init__(
        self, put: Callable[[Frame], object], notices: Notices, *, clock: Clock, one_by_one: str | None = None
    ) -> None:
        """`one_by_one`: the name of the lane that must be done with a frame before `frame` returns; None: none."""
        self._put = put
        self._notices = notices
        self._clock = clock
        self._lane = one_by_one
        self._size: tuple[int, int] | None = None
        self._shift = 0
        self._newest = -1
        self._done = -1
        self._numbering = threading.Lock()
        self._moved = threading.Condition()
        self._closed = False
        self._heard_ns: int | None = None
        self._silent = False
        self.frames = 0
        """Frames that came from the source."""
        self.first_ns: int | None = None
        self.last_ns: int | None = None
        """When the first and the newest of them were captured."""
        self.lost = False
        """True while no pictures come though they should."""
        self.over: str | None = None
        """Why no picture will come any more; None while some may."""

    def frame(self, frame: Frame) -> None:
        """Hand a frame on to the render lane. Blocks only where frames go one by one."""
        height, width = frame.rgb.shape[:2]
        if self._size not in (None, (width, height)):
            self._notices.news("size", f"The picture is {width}x{height} now; it was {self._size[0]}x{self._size[1]}.")
        self._size = (width, height)
        if self.lost:
            self.lost = False
            self._notices.news(_KEY, f"{frame.stamp.source} is back.")
        if self._silent:
            self._silent = False
            self._notices.clear(_SILENT_KEY)
        self.frames += 1
        self._heard_ns = self._clock.now_ns()
        self.last_ns = frame.stamp.captured_ns
        if self.first_ns is None:
            self.first_ns = self.last_ns
        seq = self._hand_on(frame.stamp, frame.rgb)
        if self._lane:
            with self._moved:
                self._moved.wait_for(lambda: self._done >= seq or self._closed, _TAKEN_WITHIN_S)

    def again(self, stamp: Stamp, rgb: Rgb) -> None:
        """Hand a picture on once more, as if it had been captured now: a picture that is kept is drawn anew."""
        self._hand_on(replace(stamp, captured_ns=self._clock.now_ns(), seq=-1), rgb)

    def trouble(self, text: str) -> None:
        """See Listener."""
        self.lost = True
        self._notices.last(_KEY, text)

    def news(self, text: str) -> None:
        """See Listener."""
        self._notices.news("news", text)

    def ended(self, text: str) -> None:
        """See Listener."""
        self._notices.last(_KEY, text)
        self.over = text

    def rest(self) -> None:
        """No frames are expected at the moment; `watch` begins to count from now."""
        self._heard_ns = self._clock.now_ns()

    def watch(self) -> None:
        """Tell the wearer where a source that cannot wait has fallen silent: some devices never say that they died."""
        if self._heard_ns is None or self._silent or self.lost or self.over:
            return
        if self._clock.now_ns() - self._heard_ns > _SILENT_NS:
            self._silent = True
            self._notices.last(_SILENT_KEY, "No picture comes at the moment.")

    @property
    def standing(self) -> bool:
        """True while the last picture is not the present one, though it should be."""
        return self.lost or self._silent

    def close(self) -> None:
        """Let go of a player that waits for its frame to be drawn."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()

    def __call__(self, work: Work) -> None:
        """Observer: notes which frame the render lane is done with, whatever became of it."""
        if work.lane == self._lane == work.stage:
            with self._moved:
                self._done = max(self._done, work.stamp.seq)
                self._moved.notify_all()

    def _hand_on(self, stamp: Stamp, rgb: Rgb) -> int:
        with self._numbering:  # the player's thread, and the main one while a picture is kept
            if stamp.seq + self._shift <= self._newest:
                seq = self._newest + 1
                self._shift += seq - (stamp.seq + self._shift) if stamp.seq >= 0 else 0
            else:
                seq = stamp.seq + self._shift
            self._newest = seq
            self._put(Frame(replace(stamp, seq=seq), rgb))
            return seq
