"""What the tests of the live engine share: an item with a stamp, a log of what was published, a handler on order."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from devices import Stamp
from devices.clock import NS_PER_MS, VirtualClock
from pipeline.live.budget import Budget
from pipeline.live.outcome import Outcome, Result, Work

PATIENCE_S = 60.0
"""Ends a test that hangs; no test waits for it to pass."""


@dataclass(frozen=True, slots=True)
class Item:
    """Stands for a frame."""

    stamp: Stamp


def item(seq: int = 0, captured_ms: float = 0.0) -> Item:
    return Item(Stamp("camera", seq, round(captured_ms * NS_PER_MS), captured_ms))


class Log:
    """An observer that keeps everything and can be waited on."""

    def __init__(self) -> None:
        self.works: list[Work] = []
        self._heard = threading.Condition()

    def __call__(self, work: Work) -> None:
        with self._heard:
            self.works.append(work)
            self._heard.notify_all()

    def outcomes(self) -> list[tuple[int, Outcome]]:
        return [(work.stamp.seq, work.outcome) for work in self.works]

    def wait_for(self, count: int) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.works) >= count, PATIENCE_S)


class Handler:
    """Takes `ms` of virtual time for an item and gives back what it was told to; keeps what it was given."""

    def __init__(self, clock: VirtualClock, ms: float = 0.0) -> None:
        self.clock = clock
        self.ms = ms
        self.given: list[tuple[int, Budget]] = []
        self.result: Callable[[], Result] = Result

    def __call__(self, what: Item, budget: Budget) -> Result:
        self.given.append((what.stamp.seq, budget))
        self.clock.advance(self.ms)
        return self.result()
