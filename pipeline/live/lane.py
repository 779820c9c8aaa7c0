"""One lane: a mailbox, a handler, a thread. Whatever the handler does, the lane takes the next item.

Comes in: items that bear a Stamp. Goes out: one Work for each of them, to the observers. The deadline of an item is
its capture time plus the lane's allowance: waiting in the mailbox is spent budget. Knows nothing of what is handled.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from devices.clock import NS_PER_MS, Clock
from devices.frame import Stamp
from pipeline.live.budget import Budget
from pipeline.live.mailbox import Mailbox, MailboxFull, Policy
from pipeline.live.outcome import Observer, Outcome, Publisher, Result, Work, describe

_STOPPED = "the lane was stopped"


class Stamped(Protocol):
    """Anything that knows when it was captured, on the clock of the lane."""

    @property
    def stamp(self) -> Stamp:
        """Where and when it was captured."""
        ...


T = TypeVar("T", bound=Stamped)


@dataclass(frozen=True, slots=True)
class Busy:
    """What a lane is doing now."""

    stamp: Stamp
    since_ns: int
    deadline_ns: int


class Lane(Generic[T]):
    """Works through a mailbox: by itself in one daemon thread after `start`, or by hand with `step`, never both.

    `handle` gets the item and its budget, and returns a Result; it may raise what it likes. It runs in the lane's
    thread alone. `nice` (0 to 19) is by how much less eager that thread is than the one which starts it; the thread
    pools that native libraries start inside of `handle` inherit it, those of models loaded elsewhere do not.
    """

    def __init__(
        self,
        name: str,
        mailbox: Mailbox[T],
        handle: Callable[[T, Budget], Result],
        allowance_ms: float,
        *,
        clock: Clock,
        observers: Sequence[Observer] = (),
        nice: int = 0,
    ) -> None:
        self.name = name
        self.mailbox = mailbox
        self.allowance_ms = allowance_ms
        """May be changed while running; counts from the next item."""
        self._handle = handle
        self._clock = clock
        self._publish = Publisher(observers)
        self._nice = nice
        self._busy: Busy | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> Busy | None:
        """What is being worked on at this moment, None while waiting. May be asked from any thread."""
        return self._busy

    @property
    def busy_since_ns(self) -> int | None:
        """When the item in work was begun."""
        busy = self._busy
        return busy.since_ns if busy else None

    def put(self, item: T, key: Hashable = None) -> bool:
        """Leave an item from any thread, and publish what that displaces as SKIPPED. Never blocks or raises.

        Returns False, and publishes it, where the item itself has no place: SKIPPED after the end of the lane, FAILED
        for a full mailbox that keeps everything (an overflow) or a missing key.
        """
        try:
            displaced = self.mailbox.put(item, key)
        except (MailboxFull, ValueError) as error:
            self._not_begun(item, Outcome.FAILED, str(error))
            return False
        for other in displaced:
            self._not_begun(other, Outcome.SKIPPED, _STOPPED if other is item else "a newer item took its place")
        return not any(other is item for other in displaced)

    def step(self) -> Work | None:
        """Do one piece of work, if one waits, and return what was published of it. Blocks while handling only."""
        item = self.mailbox.take()
        return None if item is None else self._work(item)

    def start(self) -> None:
        """Begin to work in a thread of its own. Raises RuntimeError the second time: a lane lives once."""
        if self._thread is not None:
            raise RuntimeError(f"lane {self.name} was started before; expected once, make a new lane")
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Take no more items, finish the one in work, and end; blocks at most `timeout_s`.

        What waits in order is still worked off, other items are published as SKIPPED. Returns whether the thread has
        ended; one that has not is left behind: it ends with the process or when its handler returns. A lane that was
        never started has nothing to end.
        """
        self.mailbox.close()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        be_nice(self._nice)
        while (item := self.mailbox.wait()) is not None:
            if self.mailbox.closed and self.mailbox.policy is not Policy.IN_ORDER:
                self._not_begun(item, Outcome.SKIPPED, _STOPPED)
            else:
                self._work(item)

    def _work(self, item: T) -> Work:
        started_ns = self._clock.now_ns()
        budget = Budget(item.stamp.captured_ns + round(self.allowance_ms * NS_PER_MS))
        late_ms = -budget.remaining_ms(started_ns)
        if late_ms >= 0:
            stale = Result(Outcome.STALE, f"its deadline had passed {late_ms:.1f} ms before it was begun")
            return self._say(item.stamp, stale, started_ns, started_ns, budget.deadline_ns)
        self._busy = Busy(item.stamp, started_ns, budget.deadline_ns)
        try:
            result = self._result(item, budget)
        finally:
            self._busy = None
        ended_ns = self._clock.now_ns()
        return self._say(item.stamp, _in_time(result, budget, ended_ns), started_ns, ended_ns, budget.deadline_ns)

    def _result(self, item: T, budget: Budget) -> Result:
        try:
            result = self._handle(item, budget)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # also SystemExit and the panics of native extensions: the lane lives on
            return Result(Outcome.FAILED, describe(error))
        if not isinstance(result, Result):
            got = type(result).__name__
            return Result(Outcome.FAILED, f"the handler of lane {self.name}: expected a Result, got {got}")
        return result

    def _not_begun(self, item: T, outcome: Outcome, detail: str) -> None:
        now_ns = self._clock.now_ns()
        self._say(item.stamp, Result(outcome, detail), now_ns, now_ns, None)

    def _say(self, stamp: Stamp, result: Result, started_ns: int, ended_ns: int, deadline_ns: int | None) -> Work:
        work = Work(
            lane=self.name,
            stage=self.name,
            stamp=stamp,
            tier=result.tier,
            started_ns=started_ns,
            ended_ns=ended_ns,
            outcome=result.outcome,
            detail=result.detail,
            deadline_ns=deadline_ns,
            waiting=len(self.mailbox),
        )
        self._publish(work)
        return work


def _in_time(result: Result, budget: Budget, ended_ns: int) -> Result:
    late_ms = -budget.remaining_ms(ended_ns)
    if late_ms <= 0 or result.outcome is not Outcome.DONE:
        return result
    return Result(Outcome.DEGRADED, f"{late_ms:.1f} ms late", result.tier)


def be_nice(nice: int) -> None:
    """Make the calling thread `nice` steps less eager than it is (Linux); elsewhere, or not allowed: nothing."""
    if nice and sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + nice)
