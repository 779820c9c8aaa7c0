"""Lanes by hand on the virtual clock: deadlines, faults, what is displaced; nothing is lost and nothing runs late."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.clock import NS_PER_MS, VirtualClock
from pipeline.live.budget import Budget
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Outcome, Result, Work
from tests.pipeline.live.stand_ins import Handler, Item, Log, item


class Bench:
    """A lane with an allowance of 100 ms on a virtual clock, and everything that it published."""

    def __init__(self, policy: Policy = Policy.NEWEST, capacity: int = 1) -> None:
        self.clock = VirtualClock()
        self.handler = Handler(self.clock)
        self.log = Log()
        mailbox: Mailbox[Item] = Mailbox(policy, capacity)
        self.lane = Lane("read", mailbox, self.handler, 100, clock=self.clock, observers=[self.log])


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_nothing_waits_nothing_happens(bench: Bench) -> None:
    assert bench.lane.step() is None
    assert bench.log.works == []


def test_an_item_is_worked_on_once_and_published(bench: Bench) -> None:
    bench.handler.ms = 7
    bench.handler.result = lambda: Result(tier="full")
    bench.clock.advance(20)
    assert bench.lane.put(item(4, captured_ms=10))
    work = bench.lane.step()
    assert work == Work(
        lane="read",
        stage="read",
        stamp=item(4, captured_ms=10).stamp,
        tier="full",
        started_ns=20 * NS_PER_MS,
        ended_ns=27 * NS_PER_MS,
        outcome=Outcome.DONE,
        deadline_ns=110 * NS_PER_MS,
    )
    assert bench.log.works == [work]
    assert bench.handler.given == [(4, Budget(110 * NS_PER_MS))]
    assert bench.lane.step() is None


@pytest.mark.parametrize("waited_ms", [100, 100.5, 4000])
def test_an_item_whose_deadline_has_passed_is_not_begun(bench: Bench, waited_ms: float) -> None:
    bench.lane.put(item())
    bench.clock.advance(waited_ms)
    work = bench.lane.step()
    assert work is not None
    assert work.outcome is Outcome.STALE
    assert f"{waited_ms - 100:.1f} ms before" in work.detail
    assert bench.handler.given == []


def test_a_result_that_comes_late_is_degraded(bench: Bench) -> None:
    bench.lane.put(item())
    bench.clock.advance(60)
    bench.handler.ms = 42.5
    work = bench.lane.step()
    assert work is not None
    assert (work.outcome, work.detail, work.late_ms) == (Outcome.DEGRADED, "2.5 ms late", 2.5)


def test_a_result_on_the_last_moment_is_in_time(bench: Bench) -> None:
    bench.handler.ms = 100
    bench.lane.put(item())
    work = bench.lane.step()
    assert work is not None
    assert work.outcome is Outcome.DONE


@pytest.mark.parametrize("outcome", [Outcome.DEGRADED, Outcome.SKIPPED, Outcome.STALE, Outcome.FAILED])
def test_what_the_handler_says_of_itself_is_kept(bench: Bench, outcome: Outcome) -> None:
    bench.handler.ms = 500
    bench.handler.result = lambda: Result(outcome, "blurred")
    bench.lane.put(item())
    work = bench.lane.step()
    assert work is not None
    assert (work.outcome, work.detail) == (outcome, "blurred")


def test_the_allowance_can_shrink_while_running(bench: Bench) -> None:
    bench.lane.allowance_ms = 40
    bench.lane.put(item())
    bench.clock.advance(50)
    assert bench.lane.step()
    assert bench.log.outcomes() == [(0, Outcome.STALE)]


class PanicError(BaseException):
    """As native extensions raise it: no Exception."""


def _raise(error: BaseException) -> Callable[[], Any]:
    def act() -> Any:
        raise error

    return act


FAULTS: dict[str, tuple[Callable[[], Any], str]] = {
    "throws": (_raise(ValueError("no such strip")), "ValueError: no such strip"),
    "runs out of memory": (_raise(MemoryError()), "MemoryError"),
    "exits": (_raise(SystemExit(3)), "SystemExit: 3"),
    "panics": (_raise(PanicError("index out of bounds")), "PanicError: index out of bounds"),
    "returns nothing": (lambda: None, "expected a Result, got NoneType"),
    "returns a bare outcome": (lambda: Outcome.DONE, "expected a Result, got Outcome"),
    "returns a type": (lambda: Result, "expected a Result, got type"),
}


@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_counted_and_the_lane_lives_on(bench: Bench, fault: Callable[[], Any], said: str) -> None:
    bench.handler.result = fault
    bench.lane.put(item(1))
    work = bench.lane.step()
    assert work is not None
    assert said in work.detail
    assert bench.lane.busy is None
    bench.handler.result = Result
    bench.lane.put(item(2))
    bench.lane.step()
    assert bench.log.outcomes() == [(1, Outcome.FAILED), (2, Outcome.DONE)]


def test_the_keyboard_still_ends_the_program(bench: Bench) -> None:
    bench.handler.result = _raise(KeyboardInterrupt())
    bench.lane.put(item())
    with pytest.raises(KeyboardInterrupt):
        bench.lane.step()
    assert bench.lane.busy is None


def test_a_broken_observer_does_not_stop_the_lane() -> None:
    def broken(work: Work) -> None:
        raise OSError(work.lane)

    clock, log = VirtualClock(), Log()
    lane = Lane("read", Mailbox[Item](Policy.NEWEST), Handler(clock), 100, clock=clock, observers=[broken, log])
    for seq in range(2):
        lane.put(item(seq))
        lane.step()
    assert [(work.lane, work.stamp.seq) for work in log.works] == [("observers", 0), ("read", 0), ("read", 1)]


def test_busy_while_and_only_while_handling(bench: Bench) -> None:
    seen: list[int | None] = []

    def look() -> Result:
        seen.append(bench.lane.busy_since_ns)
        return Result()

    bench.handler.result = look
    bench.handler.ms = 5
    bench.clock.advance(3)
    bench.lane.put(item())
    assert bench.lane.busy_since_ns is None
    bench.lane.step()
    assert seen == [3 * NS_PER_MS]
    assert bench.lane.busy_since_ns is None


def test_what_is_displaced_is_published_as_skipped(bench: Bench) -> None:
    assert bench.lane.put(item(1))
    assert bench.lane.put(item(2))
    bench.lane.step()
    assert bench.log.outcomes() == [(1, Outcome.SKIPPED), (2, Outcome.DONE)]
    assert bench.handler.given[0][0] == 2


def test_an_overflow_is_published_as_failed() -> None:
    bench = Bench(Policy.IN_ORDER, capacity=2)
    assert [bench.lane.put(item(seq)) for seq in range(3)] == [True, True, False]
    assert bench.log.outcomes() == [(2, Outcome.FAILED)]
    assert "full" in bench.log.works[0].detail
    assert bench.log.works[0].waiting == 2
    while bench.lane.step():
        pass
    assert [seq for seq, _ in bench.handler.given] == [0, 1]


def test_a_missing_key_is_published_as_failed() -> None:
    bench = Bench(Policy.NEWEST_PER_KEY)
    assert not bench.lane.put(item(1))
    assert bench.lane.put(item(2), key=7)
    assert bench.log.outcomes() == [(1, Outcome.FAILED)]


def test_after_the_end_nothing_is_taken(bench: Bench) -> None:
    assert bench.lane.stop(timeout_s=0)
    assert not bench.lane.put(item(1))
    assert bench.log.outcomes() == [(1, Outcome.SKIPPED)]
    assert "stopped" in bench.log.works[0].detail


def test_waiting_items_are_told(bench: Bench) -> None:
    bench.handler.result = lambda: Result() if bench.lane.put(item(2)) else Result(Outcome.FAILED)
    bench.lane.put(item(1))
    work = bench.lane.step()
    assert work is not None
    assert work.waiting == 1


STEP = None
Moves = list[float | tuple[float, str] | None]
MOVES: st.SearchStrategy[Moves] = st.lists(
    st.one_of(
        st.just(STEP),
        st.floats(0, 150),  # let time pass
        st.tuples(st.floats(0, 150), st.sampled_from(["done", *FAULTS])),  # put an item that takes so long
    ),
    max_size=40,
)


@settings(deadline=None)
@given(MOVES, st.sampled_from(Policy), st.integers(1, 3))
def test_each_item_is_published_once_and_none_is_begun_late(moves: Moves, policy: Policy, capacity: int) -> None:
    bench = Bench(policy, 1 if policy is Policy.NEWEST else capacity)
    plans: list[tuple[float, str]] = []

    def handle(what: Item, budget: Budget) -> Any:
        assert budget.deadline_ns == what.stamp.captured_ns + 100 * NS_PER_MS
        begun.append(budget.remaining_ms(bench.clock.now_ns()))
        ms, how = plans[what.stamp.seq]
        bench.clock.advance(ms)
        return Result() if how == "done" else FAULTS[how][0]()

    begun: list[float] = []
    bench.lane = Lane("read", bench.lane.mailbox, handle, 100, clock=bench.clock, observers=[bench.log])
    for move in moves:
        if move is STEP:
            bench.lane.step()
        elif isinstance(move, tuple):
            plans.append(move)
            seq = len(plans) - 1
            bench.lane.put(item(seq, bench.clock.now_ns() / NS_PER_MS), key=seq % 4)
        else:
            bench.clock.advance(move)
    while bench.lane.step():
        pass
    assert sorted(work.stamp.seq for work in bench.log.works) == list(range(len(plans)))
    assert all(left_ms > 0 for left_ms in begun)
    assert not [work for work in bench.log.works if work.outcome is Outcome.DONE and work.late_ms]
