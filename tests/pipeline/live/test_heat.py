"""A device that is only simulated: it warms up, cools down and empties its battery, on the virtual clock."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from devices.clock import VirtualClock
from devices.profile import load_profile
from pipeline.live.heat import Simulated, warmed
from pipeline.live.thrift import Thrift, be_thrifty

AR1, BOARD = load_profile("ar1-gen1").body, load_profile("rk3588").body
SECOND_MS = 1000.0


def test_a_body_that_draws_what_it_can_sustain_ends_at_its_limit() -> None:
    assert warmed(25, 1.0, 1e6, AR1) == pytest.approx(43)
    assert warmed(43, 1.0, 500, AR1) == pytest.approx(43)
    assert warmed(43, 0.0, 1e6, AR1) == pytest.approx(25)


def test_the_time_constant_is_resistance_times_capacity() -> None:
    assert warmed(25, 1.0, 18 * 62, AR1) == pytest.approx(43 - 18 / math.e)


def test_steps_do_not_matter() -> None:
    temperature_c = 25.0
    for _ in range(100):
        temperature_c = warmed(temperature_c, 0.8, 6, AR1)
    assert temperature_c == pytest.approx(warmed(25, 0.8, 600, AR1))


def test_energy_warms_and_empties() -> None:
    clock = VirtualClock()
    device = Simulated(AR1, clock, charge=0.5)
    assert device().temperature_c == 25
    clock.advance(60 * SECOND_MS)
    device.spend(30.0)
    device.spend(6.0)
    state = device()
    power_w = AR1.constant_w + 36 / 60
    assert state.temperature_c == pytest.approx(warmed(25, power_w, 60, AR1))
    assert state.charge == pytest.approx(0.5 - power_w * 60 / (0.96 * 3600))
    assert (state.charging, state.limit_c) == (False, 43)
    assert device() == state
    clock.advance(1e9)
    assert device().charge == 0.0


def test_a_board_on_a_cable_has_no_battery() -> None:
    clock = VirtualClock()
    device = Simulated(BOARD, clock)
    clock.advance(SECOND_MS)
    state = device()
    assert (state.charge, state.charging) == (None, True)


def test_thrift_keeps_a_device_below_its_limit() -> None:
    """Reading without end draws 1.23 W on glasses that sustain 1 W: with thrift it settles below the limit."""
    clock = VirtualClock()
    device = Simulated(AR1, clock)
    thrift, warmest, shares = Thrift(), 0.0, []
    for _ in range(2 * 3600):
        clock.advance(SECOND_MS)
        device.spend(0.89 * thrift.share)
        state = device()
        assert state.temperature_c is not None
        warmest = max(warmest, state.temperature_c)
        thrift = be_thrifty(replace(state, charge=None), thrift)
        shares.append(thrift.share)
    assert AR1.constant_w + 0.89 > AR1.sustained_w.value
    assert warmest < 43
    assert shares[0] == 1.0
    settled = shares[3600:]
    assert 0.4 < sum(settled) / len(settled) < 0.75
    changes = sum(a != b for a, b in pairwise(settled))
    assert changes < 40
