"""A video file that is worth something at every moment: it has its name early, and can be played as far as it goes.

In: how far each packet reached. Out: a file under its name with whole pieces only, and how long it is. Refuses to know:
what is in it.
"""

import os
from contextlib import suppress
from pathlib import Path

from devices.files import discard

_PIECE_MS = 250
_CLOCK_KHZ = 90

OPTIONS = {
    "mp4": {
        "movflags": "frag_keyframe+empty_moov+default_base_moof",
        "frag_duration": str(1000 * _PIECE_MS),
        "flush_packets": "1",
    },
    "matroska": {"cluster_time_limit": str(_PIECE_MS), "flush_packets": "1"},
}
"""What each format is told so that it writes piece after piece, each of them for good."""


class Growing:
    """What is on the disk of a file in the making. A piece is complete when the next begins."""

    def __init__(self, part: Path, path: Path) -> None:
        """`part` is written; it gets the name `path`, instead of what was there, as soon as it can be played."""
        self.path = part
        """Where it lies now."""
        self.kept_ms = 0.0
        """How long what can be played of it is."""
        self._wanted = path
        self._size = self._whole = 0
        self._first: int | None = None

    def reached(self, ticks: int) -> None:
        """The packet that is shown from `ticks` (1/90000 s) on was written: where the file grew, all before it."""
        if self._first is None:
            self._first = ticks
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:  # moved by somebody: it grows where it is now
            return
        if size == self._size:
            return
        self._size = size
        if ticks > self._first:
            self._whole, self.kept_ms = size, (ticks - self._first) / _CLOCK_KHZ
            self._name()

    def complete(self) -> None:
        """All was written. Raises OSError."""
        self.path.replace(self._wanted)
        self.path = self._wanted

    def leave(self) -> None:
        """Somebody else may still write: leave it under its name, or nothing where nothing can be played."""
        if self.kept_ms:
            self._name()
        else:
            discard(self.path)
        if not self.path.exists():
            self.kept_ms = 0.0

    def cut(self) -> None:
        """The file is closed and not complete: as `leave`, without what is no whole piece. Raises nothing."""
        if self.kept_ms:
            with suppress(OSError):
                os.truncate(self.path, self._whole)
        self.leave()

    def _name(self) -> None:
        if self.path != self._wanted:
            with suppress(OSError):  # some systems give an open file no other name: it gets it at the end
                self.complete()
