"""The meter: what was drawn, when, how busy lanes were, and by how much memory grew."""

import pytest

from benchmarks.live_meter import Meter, growth_mb
from devices import Stamp
from pipeline.live.outcome import Outcome, Work

S, MS = 1_000_000_000, 1_000_000


def work(
    lane: str,
    seq: int,
    start_ns: int,
    took_ms: float,
    outcome: Outcome = Outcome.DONE,
    *,
    stage: str = "",
    tier: str = "",
) -> Work:
    stamp = Stamp("film", seq, start_ns - 2 * MS, 0.0)
    return Work(lane, stage or lane, stamp, tier, start_ns, start_ns + round(took_ms * MS), outcome)


def test_only_what_was_drawn_counts_as_shown() -> None:
    meter = Meter()
    meter(work("render", 0, 10 * S, 5))
    meter(work("render", 1, 10 * S + 33 * MS, 40, Outcome.DEGRADED))
    meter(work("render", 2, 10 * S + 66 * MS, 0, Outcome.SKIPPED))
    meter(work("render", 3, 10 * S + 99 * MS, 3, Outcome.FAILED))
    assert meter.shown_ms() == pytest.approx({0: 7.0, 1: 42.0})
    assert meter.first_ns == 10 * S - 2 * MS
    told = meter.summary()
    assert told["outcomes"] == {"render": {"degraded": 1, "done": 1, "failed": 1, "skipped": 1}}
    assert told["took_ms"] == {"render/render/": [5.0, 40.0]}
    assert told["failures"] == {"render/render": ""}


def test_a_lane_is_as_busy_in_each_second_as_it_worked_in_it() -> None:
    meter = Meter()
    meter(work("read", 0, 20 * S + 700 * MS, 1500))
    meter(work("read", 0, 20 * S + 700 * MS, 1400, stage="reading", tier="good"))
    meter(work("render", 1, 22 * S, 250))
    told = meter.summary()
    assert told["occupancy"]["read"] == pytest.approx([1.0, 0.5], abs=5e-3)
    assert told["occupancy"]["render"] == pytest.approx([0.0, 0.25], abs=5e-3)
    assert told["took_ms"]["read/reading/good"] == [1400.0]


def test_growth_is_of_means_and_after_things_have_settled() -> None:
    loading = [(s / 2, 100.0 + s) for s in range(20)]
    after = [(10 + s / 2, 300.0 + (s % 2) + s / 10) for s in range(100)]
    assert growth_mb(loading + after, 10.0) == pytest.approx(9.0, abs=0.2)
    assert growth_mb(after, 56.0) is None
