"""The energy ledger: the formula, what counts and what does not."""

import pytest

from devices.clock import NS_PER_MS
from devices.profile import load_profile
from pipeline.live.energy import Ledger, describe_energy
from pipeline.live.outcome import Outcome, Work
from tests.pipeline.live.stand_ins import item

XR2 = load_profile("xr2-gen2")
CONSTANT_W, NPU_W, CPU_W = 4.24, 2.84, 2.84


def work(stage: str, start_ms: float, ms: float, tier: str = "", outcome: Outcome = Outcome.DONE) -> Work:
    lane = {"reading": "read"}.get(stage, stage)
    started_ns = round(start_ms * NS_PER_MS)
    return Work(lane, stage, item().stamp, tier, started_ns, started_ns + round(ms * NS_PER_MS), outcome)


def test_the_formula() -> None:
    heard: list[float] = []
    ledger = Ledger(XR2, heard.append)
    ledger(work("render", 0, 5))
    ledger(work("reading", 5, 100, "good"))
    ledger(work("translate", 105, 40))
    ledger(work("render", 995, 5))
    spent = ledger.spent(translations=2)
    assert spent.seconds == pytest.approx(1.0)
    assert spent.constant_j == pytest.approx(CONSTANT_W)
    assert spent.stages_j == pytest.approx({"render": 0.01 * CPU_W, "reading": 0.1 * NPU_W, "translate": 0.04 * NPU_W})
    assert spent.joules == pytest.approx(CONSTANT_W + 0.15 * 2.84)
    assert spent.power_w == pytest.approx(spent.joules)
    assert spent.frame_j == pytest.approx(spent.joules / 2)
    assert spent.translation_j == pytest.approx(0.14 * NPU_W / 2)
    assert sum(heard) == pytest.approx(0.15 * 2.84)


def test_a_run_that_was_slow_only_here_counts_as_its_p95() -> None:
    ledger = Ledger(XR2)
    ledger(work("translate", 0, 5000))
    assert ledger.spent().stages_j["translate"] == pytest.approx((4.7 + 24 * 4.0) * 1.25 / 1000 * NPU_W)


def test_an_item_counts_once_and_what_was_not_begun_draws_nothing() -> None:
    ledger = Ledger(XR2)
    ledger(work("reading", 0, 100, "good"))
    ledger(work("read", 0, 101))  # the whole item of the lane, with the stage above inside of it
    ledger(work("reading", 101, 0, "", Outcome.SKIPPED))
    ledger(work("render", 101, 0, "", Outcome.STALE))
    ledger(work("watchdog", 102, 50))
    spent = ledger.spent()
    assert spent.stages_j == pytest.approx({"reading": 0.1 * NPU_W})
    assert (spent.frames, spent.frame_j, spent.translation_j) == (0, None, None)


def test_a_late_frame_was_shown_and_a_failed_one_drew_too() -> None:
    ledger = Ledger(XR2)
    ledger(work("render", 0, 40, "", Outcome.DEGRADED))
    ledger(work("render", 40, 10, "", Outcome.FAILED))
    assert ledger.spent().frames == 1
    assert ledger.spent().stages_j["render"] == pytest.approx(0.05 * CPU_W)


def test_nothing_happened() -> None:
    spent = Ledger(XR2).spent()
    assert (spent.seconds, spent.joules, spent.power_w) == (0.0, 0.0, 0.0)
    assert describe_energy(spent, XR2) == "energy on xr2-gen2: nothing was shown"


def test_in_words() -> None:
    ledger = Ledger(XR2)
    ledger(work("render", 0, 10))
    ledger(work("reading", 10, 100, "good"))
    ledger(work("render", 990, 10))
    assert describe_energy(ledger.spent(4), XR2).split("\n") == [
        "energy on xr2-gen2, estimated: 4.58 W on the average over 1 s (8.6 W can be sustained)",
        "  a frame: 2290.4 mJ (display, camera, base 93%, reading 6%, render 1%)",
        "  a translation, without drawing: 71 mJ",
        "  its battery of 18.9 Wh would last 4.1 h",
    ]
