"""Plays a source of live pictures in a thread of its own: keeps its time, hands over its frames, finds it again.

In: an Opener. Out: frames with the monotonic time of their capture, and sentences for people, to a Listener. Whatever
happens after the start ends in a sentence and, for a camera or a stream, in another try. Knows nothing of what is in
the pictures or of who takes them.
"""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import av
import cv2
import numpy as np

from devices.av_feed import reason
from devices.clock import NS_PER_MS, Clock
from devices.errors import GlossaError
from devices.feed import Feed, Listener, Opener, Shot
from devices.frame import Frame, Rgb, Stamp
from devices.pace import Pace, Timeline

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""How long is waited before each try to open what is gone; the last one again and again."""

_STEADY_S = 5.0  # having played this long, it starts over with the short pauses
_LONGEST_GAP_MS = 10_000.0  # a stream whose clock jumps farther has begun anew
_SLICE_NS = 100 * NS_PER_MS  # how soon a waiting thread sees that it is to stop
_SLIPPED_MS = 2000.0


@dataclass(frozen=True, slots=True)
class Playing:
    """How to play."""

    realtime: bool = True
    """False gives every picture of a clip as soon as the listener has taken the one before."""
    loop: bool = False
    """A clip begins again when it ends."""
    at_most: tuple[int, int] | None = None
    """Width and height that pictures are made to fit into; smaller ones stay as they are."""


class Player:
    """A Part of the live engine. `open` it, then `start` it: what cannot be opened is said before anything runs."""

    def __init__(self, opener: Opener, listener: Listener, *, clock: Clock, playing: Playing | None = None) -> None:
        self.name = "source"
        self.opener = opener
        self.dropped = 0
        """Pictures that came too late to be shown and were not handed over."""
        self.aside: Callable[[Frame], object] | None = None
        """Is given, in this player's thread, the pictures of a camera or a live stream that pass while it holds."""
        self._listener = listener
        self._clock = clock
        self._playing = playing or Playing()
        self._feed: Feed | None = None
        self._timeline = Timeline(_LONGEST_GAP_MS if opener.live else float("inf"))
        self._began_ns: int | None = None
        self._seq = 0
        self._told_slow = False
        self._held = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self) -> Feed:
        """Open the source for the first time. Blocks for up to a few seconds. Raises InputError or MissingError."""
        self._feed = self.opener.open()
        return self._feed

    def start(self) -> None:
        """Begin to play. Raises RuntimeError the second time."""
        if self._thread is not None:
            raise RuntimeError("this player was started before; expected once, make a new one")
        self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)
        self._thread.start()

    def begin_anew(self) -> None:
        """The time of what comes as it happens counts from the next picture on."""
        self._began_ns = None

    def stop(self, timeout_s: float) -> bool:
        """End; blocks at most `timeout_s`. False where a device does not answer: its thread is left behind."""
        self._ended.set()
        if self._thread is None:
            if self._feed is not None:
                self._feed.close()
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def hold(self, on: bool) -> None:
        """Hand over nothing: what is recorded waits, the pictures of a camera or a live stream pass unseen."""
        if on:
            self._held.set()
        else:
            self._held.clear()

    def run(self) -> None:
        """Play until stopped or until the clip has ended. Blocks; `start` calls it in a thread. Raises nothing."""
        try:
            self._keep_playing()
        except Exception as error:  # a fault of ours: said, not thrown at the wearer
            why = f"{type(error).__name__}: {error}"
            self._listener.ended(f"{self.opener.name}: playing it failed inside Glossa ({why}); please report this.")

    def _keep_playing(self) -> None:
        tries = 0
        while not self._ended.is_set():
            opened_ns = self._clock.now_ns()
            why = self._play_once()
            if self._ended.is_set():
                return
            if not self.opener.live and not self._playing.loop:
                self._listener.ended(why or f"{self.opener.name} has ended.")
                return
            if not self.opener.live and why is None:
                continue
            if self._clock.now_ns() - opened_ns > _STEADY_S * 1e9:
                tries = 0
            pause_s = PAUSES_S[min(tries, len(PAUSES_S) - 1)]
            tries += 1
            said = (why or f"{self.opener.name}: no more pictures come").rstrip(".")
            self._listener.trouble(f"{said}. Trying again in {pause_s:g} s.")
            self._sleep_until(self._clock.now_ns() + round(pause_s * 1e9))

    def _play_once(self) -> str | None:
        """Play from opening to the end; returns why it broke off, None where it came to its end."""
        try:
            feed, self._feed = self._feed or self.opener.open(), None
            with closing(feed):
                self._timeline.join()
                self._play(feed)
                if feed.damage and not self._ended.is_set():
                    self._listener.news(f"{self.opener.name}: {feed.damage}.")
        except GlossaError as error:
            return str(error)
        except (av.FFmpegError, OSError) as error:
            return f"{self.opener.name}: {reason(error)}"
        return None

    def _play(self, feed: Feed) -> None:
        pace = Pace(feed.fps) if feed.paced and self._playing.realtime else None
        for shot in feed.shots():
            if feed.paced and self._wait_while_held() and pace:
                pace.restart()
            if self._ended.is_set():
                return
            self._seq += 1
            if self._held.is_set():
                if self.aside and not feed.paced:
                    self.aside(self._arrived(shot))
                continue
            frame = self._timed(shot, feed, pace) if feed.paced else self._arrived(shot)
            if frame is None:
                self.dropped += 1
            elif not self._ended.is_set():
                self._listener.frame(frame)

    def _wait_while_held(self) -> bool:
        if not self._held.is_set():
            return False
        while self._held.is_set() and not self._ended.is_set():
            self._clock.sleep_until(self._clock.now_ns() + _SLICE_NS // 5)
        return True

    def _timed(self, shot: Shot, feed: Feed, pace: Pace | None) -> Frame | None:
        """A frame of what has a time of its own, when that has come; None where it has passed."""
        media_ms = self._timeline.at(shot.pts_ms, feed.fps)
        if pace is None:
            rgb = fitted(shot.picture(), self._playing.at_most)
            return self._frame(self._clock.now_ns(), media_ms, rgb)
        due_ns = pace.due(media_ms, self._clock.now_ns())
        if pace.slipped_ms > _SLIPPED_MS and not self._told_slow:
            self._told_slow = True
            self._listener.news(f"{self.opener.name} plays slower than its own speed: it takes too long to decode.")
        if due_ns is None:
            return None
        rgb = fitted(shot.picture(), self._playing.at_most)
        self._sleep_until(due_ns)
        return self._frame(due_ns, media_ms, rgb)

    def _arrived(self, shot: Shot) -> Frame:
        """A frame of what comes as it happens; the way from the sensor to here is not known and not counted."""
        now_ns = self._clock.now_ns()
        if self._began_ns is None:
            self._began_ns = now_ns
        rgb = fitted(shot.picture(), self._playing.at_most)
        return self._frame(now_ns, (now_ns - self._began_ns) / NS_PER_MS, rgb)

    def _frame(self, captured_ns: int, media_ms: float, rgb: Rgb) -> Frame:
        return Frame(Stamp(self.opener.name, self._seq - 1, captured_ns, media_ms), rgb)

    def _sleep_until(self, when_ns: int) -> None:
        while not self._ended.is_set() and (now_ns := self._clock.now_ns()) < when_ns:
            self._clock.sleep_until(min(when_ns, now_ns + _SLICE_NS))


def fitted(rgb: Rgb, at_most: tuple[int, int] | None) -> Rgb:
    """The picture made smaller, shape kept, so that it is at most that wide and high; itself where it is already."""
    height, width = rgb.shape[:2]
    size = fitted_size((width, height), at_most)
    if size == (width, height):
        return rgb
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    small.flags.writeable = False
    return small


def fitted_size(size: tuple[int, int], at_most: tuple[int, int] | None) -> tuple[int, int]:
    """Width and height of what `fitted` returns for a picture of that width and height."""
    if at_most is None or (size[0] <= at_most[0] and size[1] <= at_most[1]):
        return size
    scale = min(at_most[0] / size[0], at_most[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
