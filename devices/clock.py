"""Where time comes from: a monotonic clock of the machine, and one for tests and simulations that moves when told.

All times are integer nanoseconds from an unknown beginning: only differences mean something. Knows nothing of frames,
budgets or the time of day.
"""

import threading
import time
from typing import Protocol

NS_PER_MS = 1_000_000


class Clock(Protocol):
    """What everything that needs the time is given. Calls from several threads at once are allowed."""

    def now_ns(self) -> int:
        """Monotonic time, ns; never less than what an earlier call returned. Does not block."""
        ...

    def sleep_until(self, when_ns: int) -> None:
        """Return at `when_ns` or a little later; at once where that has passed. Blocks its thread meanwhile."""
        ...


class SystemClock:
    """The monotonic clock of this machine, the same in every thread; changes of the time of day do not move it."""

    def now_ns(self) -> int:
        """See Clock."""
        return time.monotonic_ns()

    def sleep_until(self, when_ns: int) -> None:
        """See Clock."""
        while (left_ns := when_ns - time.monotonic_ns()) > 0:
            time.sleep(left_ns / 1e9)


class VirtualClock:
    """A clock that stands still until it is moved: sleeping on it returns at once and moves it. Never blocks."""

    def __init__(self, start_ns: int = 0) -> None:
        self._now_ns = start_ns
        self._moving = threading.Lock()

    def now_ns(self) -> int:
        """See Clock."""
        return self._now_ns

    def sleep_until(self, when_ns: int) -> None:
        """Make it `when_ns`, unless it is later already."""
        with self._moving:
            self._now_ns = max(self._now_ns, when_ns)

    def advance(self, ms: float) -> None:
        """Let `ms` pass, to the nearest ns. Raises ValueError for a negative or non-finite time."""
        if not 0 <= ms < float("inf"):
            raise ValueError(f"a clock only moves forward: expected 0 ms or more, got {ms}")
        with self._moving:
            self._now_ns += round(ms * NS_PER_MS)
