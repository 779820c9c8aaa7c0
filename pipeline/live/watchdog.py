"""Says which lanes have not come back from their work. Ends nothing: a thread in native code cannot be stopped.

Comes in: lanes and a limit. Goes out: one FAILED work for each hang, when it is noticed; when the handler does return,
the lane publishes its own. Knows nothing of why it takes so long.
"""

import threading
from collections.abc import Sequence
from typing import Any

from devices.clock import NS_PER_MS, Clock
from pipeline.live.lane import Busy, Lane
from pipeline.live.outcome import Observer, Outcome, Publisher, Work


def hung(lanes: Sequence[Lane[Any]], now_ns: int, limit_ms: float) -> list[tuple[Lane[Any], Busy]]:
    """The lanes that have worked on one item for `limit_ms` or longer, and on which. Does not block."""
    busy = [(lane, lane.busy) for lane in lanes]
    return [(lane, what) for lane, what in busy if what and now_ns - what.since_ns >= limit_ms * NS_PER_MS]


class Watchdog:
    """Looks at lanes now and then: by `check`, or in a daemon thread of its own after `start`."""

    name = "watchdog"

    def __init__(
        self, lanes: Sequence[Lane[Any]], limit_ms: float, *, clock: Clock, observers: Sequence[Observer] = ()
    ) -> None:
        self._lanes = tuple(lanes)
        self._limit_ms = limit_ms
        self._clock = clock
        self._publish = Publisher(observers)
        self._told: dict[str, Busy] = {}
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def check(self) -> list[Work]:
        """Publish each hang that was not published before, and return those. Does not block."""
        now_ns = self._clock.now_ns()
        fresh = [(lane, what) for lane, what in hung(self._lanes, now_ns, self._limit_ms) if self._is_fresh(lane, what)]
        works = [_hang(lane, what, now_ns) for lane, what in fresh]
        for work in works:
            self._publish(work)
        return works

    def start(self, every_s: float = 0.25) -> None:
        """Check again and again, every so many seconds of the machine's time. Raises RuntimeError the second time."""
        if self._thread is not None:
            raise RuntimeError("the watchdog was started before; expected once, make a new one")
        self._thread = threading.Thread(target=self._run, args=(every_s,), name=self.name, daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Check no more; blocks at most `timeout_s`. Returns whether its thread has ended."""
        self._ended.set()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self, every_s: float) -> None:
        while not self._ended.wait(every_s):
            self.check()

    def _is_fresh(self, lane: Lane[Any], what: Busy) -> bool:
        # By identity: each item that a lane begins makes a new Busy.
        fresh = self._told.get(lane.name) is not what
        self._told[lane.name] = what
        return fresh


def _hang(lane: Lane[Any], what: Busy, now_ns: int) -> Work:
    return Work(
        lane=lane.name,
        stage=lane.name,
        stamp=what.stamp,
        tier="",
        started_ns=what.since_ns,
        ended_ns=now_ns,
        outcome=Outcome.FAILED,
        detail=f"has not returned for {(now_ns - what.since_ns) / NS_PER_MS:.0f} ms",
        deadline_ns=what.deadline_ns,
        waiting=len(lane.mailbox),
    )
