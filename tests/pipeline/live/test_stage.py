"""A stage in a lane: its tier, what it learns, what it publishes, and a machine that slows down and recovers."""

import pytest

from devices.clock import NS_PER_MS, VirtualClock
from pipeline.live.budget import Budget
from pipeline.live.costs import Cost, learn
from pipeline.live.outcome import Outcome
from pipeline.live.stage import Stage, Tiers
from tests.pipeline.live.stand_ins import Log, item

TABLE = {("detect", "full"): Cost(60, 80), ("detect", "half"): Cost(30, 40), ("look", "full"): Cost(1, 1)}
STAMP = item(3).stamp


class Bench:
    """A stage on a virtual clock, whose runs take `ms[tier]`."""

    def __init__(self, promote_after: int = 3) -> None:
        self.clock = VirtualClock()
        self.log = Log()
        self.ms = {"full": 60.0, "half": 30.0}
        tiers = Tiers("detect", ("full", "half"), TABLE, promote_after)
        self.stage = Stage(tiers, "read", self.clock, self.log)

    def run(self, allowance_ms: float) -> str | None:
        return self.stage.run(STAMP, Budget(self.clock.now_ns() + round(allowance_ms * NS_PER_MS)), self.work)

    def work(self, budget: Budget) -> str:
        self.clock.advance(self.ms[budget.tier])
        return budget.tier


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_run_is_published_with_its_tier_and_learned(bench: Bench) -> None:
    assert bench.run(100) == "full"
    (work,) = bench.log.works
    assert (work.lane, work.stage, work.tier, work.outcome) == ("read", "detect", "full", Outcome.DONE)
    assert (work.started_ns, work.ended_ns, work.deadline_ns) == (0, 60 * NS_PER_MS, 100 * NS_PER_MS)
    assert bench.stage.costs["detect", "full"] == learn(Cost(60, 80), 60)
    assert ("look", "full") not in bench.stage.costs


def test_nothing_fits(bench: Bench) -> None:
    assert bench.run(20) is None
    (work,) = bench.log.works
    assert (work.tier, work.outcome, work.started_ns, work.ended_ns) == ("", Outcome.SKIPPED, 0, 0)
    assert "half" in work.detail


def test_a_late_run_is_degraded_and_spoils_the_promotion(bench: Bench) -> None:
    assert bench.run(50) == "half"
    for _ in range(2):
        assert bench.run(120) == "half"
    bench.ms["half"] = 121
    assert bench.run(120) == "half"
    assert (bench.log.works[-1].outcome, bench.log.works[-1].detail) == (Outcome.DEGRADED, "1.0 ms late")
    bench.ms["half"] = 30
    for _ in range(3):
        assert bench.run(120) == "half"
    assert bench.run(120) == "full"


def test_what_the_work_raises_is_published_and_goes_on(bench: Bench) -> None:
    def broken(budget: Budget) -> str:
        raise ValueError("no picture")

    with pytest.raises(ValueError, match="no picture"):
        bench.stage.run(STAMP, Budget(100 * NS_PER_MS), broken)
    (work,) = bench.log.works
    assert (work.tier, work.outcome) == ("full", Outcome.FAILED)
    assert "no picture" in work.detail
    assert bench.stage.costs["detect", "full"] == TABLE["detect", "full"]


def test_thrift_saves(bench: Bench) -> None:
    bench.stage.thrift = 0.5
    assert bench.run(100) == "half"


def test_heat_demotes_and_cooling_promotes_again(bench: Bench) -> None:
    assert bench.run(100) == "full"
    bench.ms = {"full": 120.0, "half": 60.0}
    hot = [bench.run(100) for _ in range(40)]
    assert hot.index("half") < 6
    assert bench.log.works[-1].outcome is Outcome.DONE
    bench.ms = {"full": 60.0, "half": 30.0}
    cool = [bench.run(100) for _ in range(400)]
    assert cool[-1] == "full"


def test_a_stage_is_not_its_lane() -> None:
    with pytest.raises(ValueError, match="other than its lane's"):
        Stage(Tiers("read", ("full",), {}), "read", VirtualClock(), Log())
