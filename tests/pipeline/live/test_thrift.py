"""How thrifty to be: levels, hysteresis, rests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.power import PowerState
from pipeline.live.thrift import SHARES, Thrift, be_thrifty, rest_ms


def warm(margin_k: float) -> PowerState:
    return PowerState(temperature_c=43 - margin_k, limit_c=43)


def on_battery(charge: float, charging: bool | None = False) -> PowerState:
    return PowerState(charge, charging)


@pytest.mark.parametrize(
    ("margin_k", "share"), [(20, 1.0), (8, 1.0), (7.9, 0.75), (5, 0.75), (4, 0.5), (2, 0.25), (0, 0.25), (-0.1, 0.0)]
)
def test_heat(margin_k: float, share: float) -> None:
    assert be_thrifty(warm(margin_k)).share == share


@pytest.mark.parametrize(
    ("charge", "share"), [(1.0, 1.0), (0.3, 1.0), (0.29, 0.75), (0.1, 0.5), (0.05, 0.25), (0, 0.25)]
)
def test_battery(charge: float, share: float) -> None:
    assert be_thrifty(on_battery(charge)).share == share
    assert be_thrifty(on_battery(charge, None)).share == share
    assert be_thrifty(on_battery(charge, True)).share == 1.0


def test_the_worse_of_both_decides() -> None:
    both = PowerState(0.1, False, 40, 43)
    assert be_thrifty(both) == Thrift(heat=2, charge=2)
    assert be_thrifty(PowerState(0.2, False, 42, 43)).share == 0.25


def test_what_is_unknown_limits_nothing_even_after_less() -> None:
    assert be_thrifty(PowerState(), Thrift(3, 2)) == Thrift()
    assert be_thrifty(PowerState(temperature_c=90)) == Thrift()


def test_less_at_once_and_more_only_when_clearly_better() -> None:
    last, shares = Thrift(), []
    for margin_k in (9, 7.9, 8.1, 9.4, 9.5, 4, 5.5, 6.4, 6.5, 30):
        last = be_thrifty(warm(margin_k), last)
        shares.append(last.share)
    assert shares == [1, 0.75, 0.75, 0.75, 1, 0.5, 0.5, 0.5, 0.75, 1]


@given(st.floats(-5, 20), st.integers(0, 4), st.floats(0, 1.49))
def test_a_trembling_sensor_does_not_swing_the_share(margin_k: float, level: int, tremble_k: float) -> None:
    first = be_thrifty(warm(margin_k), Thrift(level))
    lower = be_thrifty(warm(margin_k - tremble_k), first)
    back = be_thrifty(warm(margin_k), lower)
    assert be_thrifty(warm(margin_k - tremble_k), back) == lower


@given(st.floats(-50, 50), st.floats(0, 50), st.integers(0, 4))
def test_never_more_share_where_it_is_warmer(margin_k: float, warmer_k: float, level: int) -> None:
    cool, hot = be_thrifty(warm(margin_k), Thrift(level)), be_thrifty(warm(margin_k - warmer_k), Thrift(level))
    assert hot.share <= cool.share
    assert hot.share in SHARES


def test_reasons() -> None:
    assert Thrift().reason(warm(20)) == ""
    state = PowerState(0.12, False, 41, 43)
    assert be_thrifty(state).reason(state) == "41 of 43 °C and battery 12%: reading at 25%"
    assert Thrift(heat=1).reason(PowerState()) == "power: reading at 75%"


@pytest.mark.parametrize(
    ("share", "rest"), [(1.0, 0.0), (0.75, 40.0), (0.5, 120.0), (0.25, 360.0), (0.0, float("inf"))]
)
def test_rests_make_the_share_of_time(share: float, rest: float) -> None:
    assert rest_ms(120, share) == pytest.approx(rest)
