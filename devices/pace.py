"""When a recorded picture is due, and which ones come too late to be worth anything. Pure: is told what time it is.

In: the media time of each picture. Out: the monotonic time at which to show it, or that it is dropped.
"""

from devices.clock import NS_PER_MS

_DROPPED_IN_A_ROW = 5
_FELL_BEHIND_MS = 1000.0
_INTERVAL_MS = (10.0, 100.0)


class Pace:
    """Plays at the media's own speed. A picture whose successor is due already is dropped, never queued.

    Where pictures come too slowly for that all the time, every sixth is shown all the same, and time waits for it.
    """

    def __init__(self, fps: float) -> None:
        least, most = _INTERVAL_MS
        self._spare_ns = round(min(max(1000 / fps if fps > 0 else most, least), most) * NS_PER_MS)
        self._zero_ns: int | None = None
        self._dropped = 0
        self.slipped_ms = 0.0
        """By how much playing has fallen behind in all, so that pictures were shown at all."""

    def restart(self) -> None:
        """The next picture is due at once, and those after it by their distance from it: after a pause."""
        self._zero_ns = None
        self._dropped = 0

    def due(self, media_ms: float, now_ns: int) -> int | None:
        """When to show the picture, ns; may have passed by less than an interval. None: drop it."""
        at_ns = round(media_ms * NS_PER_MS)
        if self._zero_ns is None:
            self._zero_ns = now_ns - at_ns
        late_ns = now_ns - (self._zero_ns + at_ns)
        if late_ns > self._spare_ns:
            if self._dropped < _DROPPED_IN_A_ROW and late_ns < _FELL_BEHIND_MS * NS_PER_MS:
                self._dropped += 1
                return None
            self._zero_ns += late_ns
            self.slipped_ms += late_ns / NS_PER_MS
        self._dropped = 0
        return self._zero_ns + at_ns


class Timeline:
    """One media time from 0, without a step back, over what is opened several times or has a broken clock."""

    def __init__(self, longest_gap_ms: float = float("inf")) -> None:
        self._longest_gap_ms = longest_gap_ms
        self._offset_ms: float | None = None
        self._last_ms = 0.0
        self._raw_ms = 0.0
        self._joined = True

    def join(self) -> None:
        """What comes next was opened anew: its first picture follows the last one by an interval."""
        self._joined = False

    def at(self, pts_ms: float | None, fps: float) -> float:
        """The time of the next picture, ms, from its time by its own clock."""
        interval_ms = 1000 / fps if fps > 0 else 40.0
        raw_ms = self._raw_ms + interval_ms if pts_ms is None else pts_ms
        if self._offset_ms is None:
            self._offset_ms = -raw_ms
        elif not self._joined or not 0 < raw_ms - self._raw_ms <= self._longest_gap_ms:
            self._offset_ms = self._last_ms + interval_ms - raw_ms
        self._joined = True
        self._raw_ms, self._last_ms = raw_ms, raw_ms + self._offset_ms
        return self._last_ms
