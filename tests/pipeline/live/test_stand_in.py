"""What the live stages would cost on a device: by the stated formula, and which networks fall off its NPU."""

import pytest

from devices.profile import load_profile, profile_names
from pipeline.live.schedule import TierState, choose
from pipeline.live.session import EFFORTS
from pipeline.live.stand_in import costs, falls_off, flags, loads, place

XR2, AR1, PI = load_profile("xr2-gen2"), load_profile("ar1-gen1"), load_profile("pi5-hailo8l")


def test_reading_by_the_formula() -> None:
    """XR2 Gen 2, tier good: 16 lines at 22 ms, 3.31 ms for 480 x 480."""
    find_ms = 3.31 * 544 * 544 * 1280 / 720 / 230400
    load = loads(XR2)["reading", "good"]
    assert load.cost.p50_ms == pytest.approx(find_ms + 8 * 22)
    assert load.cost.p95_ms == pytest.approx((find_ms + 16 * 22) * 1.25)
    assert load.power_w == pytest.approx(2.84)


def test_glancing_by_the_formula() -> None:
    find_ms = 3.31 * 544 * 544 * 1280 / 720 / 230400
    cost = costs(XR2)["glance", "good"]
    assert cost.p50_ms == pytest.approx(find_ms / 4 + 2 * 22)
    assert cost.p95_ms == pytest.approx((find_ms / 2 + 8 * 22) * 1.25)


def test_translating_by_the_formula() -> None:
    cost = costs(XR2)["translate", ""]
    assert cost.p50_ms == pytest.approx(4.7 + 8 * 4.0)
    assert cost.p95_ms == pytest.approx((4.7 + 24 * 4.0) * 1.25)


def test_power_is_weighted_by_the_time_on_each_unit() -> None:
    """Hailo finds, the processor of the Pi reads."""
    find_ms, read_ms = 104 * 320 * 320 * 1280 / 720 / 522240, 2 * 54
    watts = (find_ms * 1.25 + read_ms * 8.25) / (find_ms + read_ms)
    assert loads(PI)["reading", "least"].power_w == pytest.approx(watts)


@pytest.mark.parametrize("name", profile_names())
def test_every_tier_has_a_cost_and_lower_tiers_cost_less(name: str) -> None:
    table = costs(load_profile(name))
    assert set(table) == {*((stage, tier) for stage in ("reading", "glance") for tier in EFFORTS), ("translate", "")}
    for stage in ("reading", "glance"):
        p95s = [table[stage, tier].p95_ms for tier in EFFORTS]
        assert p95s == sorted(p95s, reverse=True)
    assert all(table["glance", tier].p95_ms < table["reading", tier].p95_ms for tier in EFFORTS)


@pytest.mark.parametrize(
    ("name", "tier"),
    [("snapdragon-8-elite", "full"), ("rk3588", "fair"), ("xr2-gen2", "good"), ("ar1-gen1", "least"),
     ("pi5-hailo8l", "least")],
)  # fmt: skip
def test_which_tier_a_device_would_choose_at_first(name: str, tier: str) -> None:
    table = costs(load_profile(name))
    assert choose(tuple(EFFORTS), "reading", table, 450, TierState()).tier == tier


def test_a_network_goes_to_the_npu_in_the_wanted_precision_or_a_finer_one() -> None:
    assert (place(XR2, "detect").precision, place(XR2, "detect").unit) == ("int8", "npu")
    assert (place(XR2, "detect", "float16").precision, place(XR2, "detect", "float16").ms.value) == ("float16", 13.0)
    assert (place(XR2, "translate").precision, place(XR2, "translate").unit) == ("float16", "npu")
    assert (place(PI, "recognise").precision, place(PI, "recognise").unit) == ("float32", "cpu")
    with pytest.raises(ValueError, match="network for detect in float32 or finer"):
        place(XR2, "detect", "float32")


def test_what_falls_off_the_npu_is_flagged() -> None:
    assert flags(XR2) == flags(AR1) == ()
    assert flags(PI) == (
        "recognise in float16: the NPU of pi5-hailo8l takes it in int8 only; on the CPU it takes 54 ms",
        "translate in int8: the NPU of pi5-hailo8l does not take it; on the CPU it takes 3 ms",
    )
    said = falls_off(XR2, "recognise", "int8")
    assert said == "recognise in int8: the NPU of xr2-gen2 takes it in float16 only; on the CPU it takes 69 ms"
    assert falls_off(XR2, "recognise", "float16") == ""
    assert "nothing is published for another unit" in falls_off(load_profile("rk3588"), "recognise", "int8")
