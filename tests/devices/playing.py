"""What the tests of players and sources share: a listener that keeps everything, feeds that follow a script."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from devices import Frame, InputError, Rgb
from devices.clock import NS_PER_MS, VirtualClock
from devices.feed import Shot

PATIENCE_S = 60.0
"""Ends a test that hangs; no test waits for it to pass."""


class Log:
    """A Listener that can be waited on."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.said: list[tuple[str, str]] = []
        self.then: Callable[[], object] = lambda: None
        self._heard = threading.Condition()

    def frame(self, frame: Frame) -> None:
        with self._heard:
            self.frames.append(frame)
            self._heard.notify_all()
        self.then()

    def trouble(self, text: str) -> None:
        self._say("trouble", text)

    def news(self, text: str) -> None:
        self._say("news", text)

    def ended(self, text: str) -> None:
        self._say("ended", text)

    def _say(self, kind: str, text: str) -> None:
        with self._heard:
            self.said.append((kind, text))
            self._heard.notify_all()
        self.then()

    def wait_until(self, done: Callable[["Log"], bool]) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: done(self), PATIENCE_S), (len(self.frames), self.said)

    def times(self) -> list[tuple[int, float, float]]:
        """Number, capture and media time in ms of every frame."""
        return [(one.stamp.seq, one.stamp.captured_ns / NS_PER_MS, one.stamp.pts_ms) for one in self.frames]

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.said]


def picture(number: int, size: tuple[int, int] = (32, 24)) -> Rgb:
    rgb = np.full((size[1], size[0], 3), number % 256, np.uint8)
    rgb.flags.writeable = False
    return rgb


@dataclass
class Reel:
    """A feed: each picture has a media time, and decoding it takes a time."""

    clock: VirtualClock
    times_ms: Sequence[float | None]
    decode_ms: Sequence[float] = ()
    paced: bool = True
    damage: str = ""
    breaks: Exception | None = None
    size: tuple[int, int] = (32, 24)
    fps: float = 25.0
    closed: int = 0
    width: int = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        self.width, self.height = self.size

    def shots(self) -> Iterator[Shot]:
        for number, pts_ms in enumerate(self.times_ms):
            self.clock.advance(self.decode_ms[number] if number < len(self.decode_ms) else 0)
            yield Shot(pts_ms, lambda number=number: picture(number, self.size))  # type: ignore[misc]
        if self.breaks:
            raise self.breaks

    def close(self) -> None:
        self.closed += 1


class Script:
    """An opener that gives one reel or error after the other; at its end it calls `over` and fails."""

    name = "script"

    def __init__(self, *acts: Reel | Exception, live: bool = True) -> None:
        self.size: tuple[int, int] | None = None
        self.live = live
        self.acts = list(acts)
        self.over: Callable[[], object] = lambda: None

    def check(self) -> None:
        pass

    def open(self) -> Reel:
        if not self.acts:
            self.over()
            raise InputError("script: there is nothing left")
        act = self.acts.pop(0)
        if isinstance(act, Exception):
            raise act
        return act
