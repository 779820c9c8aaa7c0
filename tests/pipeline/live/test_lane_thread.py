"""Lanes in their threads: they live through faults, end when told, and one that hangs harms no other."""

import os
import sys
import threading
from collections.abc import Callable

import pytest

from devices.clock import NS_PER_MS, VirtualClock
from pipeline.live.budget import Budget
from pipeline.live.lane import Lane, be_nice
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Outcome, Result
from pipeline.live.watchdog import Watchdog, hung
from tests.pipeline.live.stand_ins import PATIENCE_S, Item, Log, item


class Gate:
    """A handler that stays inside until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, what: Item, budget: Budget) -> Result:
        self.entered.set()
        assert self.open.wait(PATIENCE_S)
        return Result()


Handle = Callable[[Item, Budget], Result]


def _lane(
    handle: Handle, log: Log, clock: VirtualClock, policy: Policy = Policy.NEWEST, name: str = "read"
) -> Lane[Item]:
    mailbox: Mailbox[Item] = Mailbox(policy, 1 if policy is Policy.NEWEST else 8)
    return Lane(name, mailbox, handle, 100, clock=clock, observers=[log])


def _done(what: Item, budget: Budget) -> Result:
    return Result()


def test_a_lane_works_in_its_own_thread_through_faults() -> None:
    threads: set[str] = set()

    def handle(what: Item, budget: Budget) -> Result:
        threads.add(threading.current_thread().name)
        if what.stamp.seq == 1:
            raise SystemExit
        return Result()

    log = Log()
    lane = _lane(handle, log, VirtualClock(), Policy.IN_ORDER)
    lane.start()
    for seq in range(3):
        lane.put(item(seq))
    log.wait_for(3)
    assert lane.stop(PATIENCE_S)
    assert log.outcomes() == [(0, Outcome.DONE), (1, Outcome.FAILED), (2, Outcome.DONE)]
    assert threads == {"read"}


def test_a_lane_lives_once() -> None:
    lane = _lane(_done, Log(), VirtualClock())
    lane.start()
    with pytest.raises(RuntimeError, match="once"):
        lane.start()
    assert lane.stop(PATIENCE_S)
    assert lane.stop(PATIENCE_S), "stopping twice does no harm"
    with pytest.raises(RuntimeError, match="once"):
        lane.start()


@pytest.mark.parametrize("policy", [Policy.IN_ORDER, Policy.NEWEST, Policy.NEWEST_PER_KEY])
def test_stopping_finishes_the_work_and_only_what_is_in_order_is_worked_off(policy: Policy) -> None:
    gate, log = Gate(), Log()
    lane = _lane(gate, log, VirtualClock(), policy)
    lane.start()
    lane.put(item(1), key=1)
    assert gate.entered.wait(PATIENCE_S)
    lane.put(item(2), key=2)
    assert not lane.stop(timeout_s=0), "still inside"
    gate.open.set()
    assert lane.stop(PATIENCE_S)
    rest = Outcome.DONE if policy is Policy.IN_ORDER else Outcome.SKIPPED
    assert log.outcomes() == [(1, Outcome.DONE), (2, rest)]


def test_a_lane_that_hangs_is_reported_once_while_another_goes_on() -> None:
    clock, gate, log = VirtualClock(), Gate(), Log()
    stuck = _lane(gate, log, clock, name="read")
    render = _lane(_done, log, clock, Policy.IN_ORDER, name="render")
    watchdog = Watchdog([stuck, render], 2000, clock=clock, observers=[log])
    stuck.start()
    render.start()
    stuck.put(item(1))
    assert gate.entered.wait(PATIENCE_S)

    clock.advance(1999)
    assert watchdog.check() == []
    clock.advance(1)
    assert hung([stuck, render], clock.now_ns(), 2000) == [(stuck, stuck.busy)]
    (work,) = watchdog.check()
    assert (work.lane, work.outcome, work.detail) == ("read", Outcome.FAILED, "has not returned for 2000 ms")
    assert (work.stamp.seq, work.started_ns, work.ended_ns) == (1, 0, 2000 * NS_PER_MS)
    clock.advance(500)
    assert watchdog.check() == []
    for seq in range(10, 13):
        render.put(item(seq, captured_ms=2500))
    log.wait_for(4)
    assert log.outcomes() == [(1, Outcome.FAILED), *((seq, Outcome.DONE) for seq in range(10, 13))]

    gate.open.set()
    log.wait_for(5)
    assert (log.works[-1].lane, log.works[-1].detail) == ("read", "2400.0 ms late")
    gate.open.clear()
    gate.entered.clear()
    stuck.put(item(2, captured_ms=2500))
    assert gate.entered.wait(PATIENCE_S)
    clock.advance(2000)
    assert [work.stamp.seq for work in watchdog.check()] == [2], "the next hang is another one"
    gate.open.set()
    assert stuck.stop(PATIENCE_S)
    assert render.stop(PATIENCE_S)


def test_the_watchdog_looks_by_itself() -> None:
    clock, gate, log = VirtualClock(), Gate(), Log()
    stuck = _lane(gate, log, clock)
    watchdog = Watchdog([stuck], 50, clock=clock, observers=[log])
    stuck.start()
    stuck.put(item())
    assert gate.entered.wait(PATIENCE_S)
    clock.advance(50)
    watchdog.start(every_s=0.001)
    log.wait_for(1)
    with pytest.raises(RuntimeError, match="once"):
        watchdog.start()
    assert watchdog.stop(PATIENCE_S)
    gate.open.set()
    assert stuck.stop(PATIENCE_S)
    assert [work.detail for work in log.works] == ["has not returned for 50 ms", ""]


def test_a_watchdog_that_was_never_started_has_ended() -> None:
    assert Watchdog([], 50, clock=VirtualClock()).stop(timeout_s=0)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux only")
def test_a_nice_lane_has_a_lower_priority_than_who_started_it() -> None:
    priorities: list[int] = []

    def handle(what: Item, budget: Budget) -> Result:
        priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return Result()

    clock, log = VirtualClock(), Log()
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    lane = Lane("read", Mailbox[Item](Policy.NEWEST), handle, 100, clock=clock, observers=[log], nice=3)
    lane.start()
    lane.put(item())
    log.wait_for(1)
    assert lane.stop(PATIENCE_S)
    assert priorities == [min(19, before + 3)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_priorities_are_left_alone_elsewhere_and_a_refusal_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refuse(which: int, who: int, priority: int) -> None:
        asked.append(priority)
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    monkeypatch.setattr(os, "getpriority", lambda which, who: 0, raising=False)
    monkeypatch.setattr(os, "PRIO_PROCESS", 0, raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    be_nice(5)
    assert asked == []
    monkeypatch.setattr(sys, "platform", "linux")
    be_nice(-5)
    be_nice(0)
    assert asked == [-5]
