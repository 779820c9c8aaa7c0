"""The virtual clock exactly; of the machine's clock only what is promised."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.clock import Clock, SystemClock, VirtualClock


def test_virtual_time_stands_until_it_is_moved() -> None:
    clock = VirtualClock(5)
    assert [clock.now_ns(), clock.now_ns()] == [5, 5]
    clock.advance(1.5)
    assert clock.now_ns() == 1_500_005
    clock.advance(0)
    assert clock.now_ns() == 1_500_005


def test_sleeping_on_a_virtual_clock_moves_it_forward_only() -> None:
    clock = VirtualClock(100)
    clock.sleep_until(40)
    assert clock.now_ns() == 100
    clock.sleep_until(250)
    assert clock.now_ns() == 250


@pytest.mark.parametrize("ms", [-0.1, float("nan"), float("inf"), float("-inf")])
def test_a_virtual_clock_refuses_to_go_back(ms: float) -> None:
    clock = VirtualClock(7)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(ms)
    assert clock.now_ns() == 7


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(-(10**12), 10**12), st.floats(0, 1e6))))
def test_virtual_time_never_goes_back(moves: list[float]) -> None:
    clock = VirtualClock()
    before = clock.now_ns()
    for move in moves:
        if isinstance(move, int):
            clock.sleep_until(move)
            assert clock.now_ns() >= move
        else:
            clock.advance(move)
        assert clock.now_ns() >= before
        before = clock.now_ns()


class Machine:
    """Stands in for the machine's time and wakes every sleeper too early the first time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ns = 1_000
        self.slept_s: list[float] = []
        monkeypatch.setattr(time, "monotonic_ns", lambda: self.now_ns)
        monkeypatch.setattr(time, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_ns += round(seconds * 1e9) // (2 if len(self.slept_s) == 1 else 1)


def test_the_machines_clock_sleeps_until_the_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    clock: Clock = SystemClock()
    clock.sleep_until(2_001_000)
    assert machine.slept_s == [0.002, 0.001]
    assert clock.now_ns() == 2_001_000


def test_the_machines_clock_does_not_sleep_for_the_past(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    SystemClock().sleep_until(1_000)
    SystemClock().sleep_until(-5)
    assert machine.slept_s == []
