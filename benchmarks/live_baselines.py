"""What one gets without tracks, on the same models: the two baselines of the live benchmark.

In: frames in real time. Out: what was on the screen for each displayed frame. Both run in the same lanes, fed by the
same player, as the live session; translations are remembered by text, which is kinder than a plain loop would be.

- `NewestWins`: reads the newest frame, draws what it says onto that frame, shows it, takes the newest again.
- `HeldStill`: shows every frame at once, reads every n-th, and leaves the boxes where they were until the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.findings import Drawn, FrameFindings
from benchmarks.geometry import as_quad
from benchmarks.reading import ReadLine
from benchmarks.runs import prepare
from devices.clock import Clock
from devices.frame import Frame, Rgb
from language.translation import Translation, Translator, worth_showing
from overlay.sticker import Sticker, draw_stickers
from pipeline.live.budget import Budget
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Observer, Result
from pipeline.live.session import READ_NICE
from vision.quad import Quad
from vision.text import TextReader

EVERY = 15
"""`HeldStill` reads twice a second at 30 fps: about as often as two cores can."""
_WHENEVER_MS = 1e9


@dataclass(frozen=True, slots=True)
class Boxes:
    """What one reading gave."""

    stickers: Sequence[tuple[Sticker, Quad]] = ()
    labels: tuple[Drawn, ...] = ()


class PlainReader:
    """Reads and translates a whole frame from nothing."""

    def __init__(self, reader: TextReader, translator: Translator, to: str) -> None:
        self._reader = reader
        self._translator = translator
        self._to = to
        self._known: dict[str, Translation] = {}

    def __call__(self, rgb: Rgb) -> Boxes:
        """Blocks for hundreds of ms."""
        lines = [ReadLine(region.text, as_quad(region.quad)) for region in self._reader.read(rgb) if region.text]
        new = list(dict.fromkeys(line.text for line in lines if line.text not in self._known))
        if new:
            told = self._translator.translate(new, source="auto", to=self._to)
            self._known.update(zip(new, map(worth_showing, told), strict=True))
        stickers, labels = prepare(rgb, lines, [self._known[line.text] for line in lines])
        return Boxes(stickers, labels)


class NewestWins:
    """Every displayed frame is read and redrawn."""

    def __init__(self, read: Callable[[Rgb], Boxes], *, clock: Clock, observers: Sequence[Observer] = ()) -> None:
        self.shown: list[FrameFindings] = []
        self._read = read
        mailbox = Mailbox[Frame](Policy.NEWEST)
        self.render = Lane("render", mailbox, self._render, _WHENEVER_MS, clock=clock, observers=observers)

    @property
    def lanes(self) -> tuple[Lane[Frame], ...]:
        """In the direction in which pictures flow."""
        return (self.render,)

    def _render(self, frame: Frame, budget: Budget) -> Result:
        boxes = self._read(frame.rgb)
        _show(frame.rgb, boxes)
        self.shown.append(FrameFindings(frame.stamp.seq, frame.stamp.pts_ms, boxes.labels))
        return Result()


class HeldStill:
    """Every n-th frame is read, and its boxes stand on the screen until the next reading is done."""

    def __init__(
        self, read: Callable[[Rgb], Boxes], *, clock: Clock, observers: Sequence[Observer] = (), every: int = EVERY
    ) -> None:
        self.shown: list[FrameFindings] = []
        self._read = read
        self._every = every
        self._boxes = Boxes()
        mailboxes = Mailbox[Frame](Policy.NEWEST), Mailbox[Frame](Policy.NEWEST)
        self.reading = Lane(
            "read", mailboxes[0], self._reading, _WHENEVER_MS, clock=clock, observers=observers, nice=READ_NICE
        )
        self.render = Lane("render", mailboxes[1], self._render, _WHENEVER_MS, clock=clock, observers=observers)

    @property
    def lanes(self) -> tuple[Lane[Frame], ...]:
        """In the direction in which pictures flow."""
        return self.render, self.reading

    def _render(self, frame: Frame, budget: Budget) -> Result:
        boxes = self._boxes
        _show(frame.rgb, boxes)
        self.shown.append(FrameFindings(frame.stamp.seq, frame.stamp.pts_ms, boxes.labels))
        if frame.stamp.seq % self._every == 0:
            self.reading.put(frame)
        return Result()

    def _reading(self, frame: Frame, budget: Budget) -> Result:
        self._boxes = self._read(frame.rgb)
        return Result()


def _show(rgb: Rgb, boxes: Boxes) -> Rgb:
    if not boxes.stickers:
        return rgb
    picture = np.array(rgb)
    draw_stickers(picture, boxes.stickers)
    return picture
