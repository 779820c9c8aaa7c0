"""Work that takes as long as elsewhere: sampled times, waiting, overruns, on the virtual clock."""

from random import Random

import pytest

from devices.clock import NS_PER_MS, VirtualClock
from pipeline.live.budget import Budget
from pipeline.live.costs import Cost
from pipeline.live.pacing import Kept, Pacing, paced, sample_ms, unpaced

COST = Cost(100, 150)
TABLE = {("reading", "full"): COST, ("translate", ""): Cost(20, 30)}
FULL = Budget(0, "full")


def test_samples_have_the_quantiles_of_the_cost() -> None:
    chance = Random(1)
    samples = sorted(sample_ms(COST, chance) for _ in range(4000))
    assert samples[2000] == pytest.approx(100, rel=0.02)
    assert samples[3800] == pytest.approx(150, rel=0.02)
    assert samples[-1] <= 100 * 1.5 ** (3 / 1.6449) * 1.001
    assert samples[0] >= 100 / 1.5 ** (3 / 1.6449) * 0.999


def test_a_cost_without_spread_or_time_is_exact() -> None:
    assert sample_ms(Cost(40, 40), Random(1)) == 40
    assert sample_ms(Cost(0, 5), Random(1)) == 0


def test_work_waits_out_what_is_left() -> None:
    clock = VirtualClock()
    spare: list[float] = []

    def work(budget: Budget) -> str:
        clock.advance(30)
        return budget.tier

    assert paced(work, Cost(50, 50), clock, Random(1), spare.append)(FULL) == "full"
    assert clock.now_ns() == 50 * NS_PER_MS
    assert spare == [20.0]


def test_slow_work_is_not_slowed_further_and_is_counted() -> None:
    clock = VirtualClock()
    pacing = Pacing({("reading", "full"): Cost(50, 50)}, clock)
    for took_ms in (80, 10, 65):
        pacing("reading", lambda budget, ms=took_ms: clock.advance(ms))(FULL)  # type: ignore[misc]
    assert clock.now_ns() == (80 + 50 + 65) * NS_PER_MS
    assert pacing.kept == {"reading": Kept(3, 2, 30.0)}


def test_what_work_raises_is_not_waited_for() -> None:
    clock = VirtualClock()

    def broken(budget: Budget) -> None:
        raise ValueError("no picture")

    with pytest.raises(ValueError, match="no picture"):
        Pacing(TABLE, clock)("reading", broken)(FULL)
    assert clock.now_ns() == 0


def durations(seed: int, order: str) -> dict[str, list[int]]:
    clock = VirtualClock()
    pacing = Pacing(TABLE, clock, seed)
    took: dict[str, list[int]] = {"reading": [], "translate": []}
    for letter in order:
        stage, budget = ("reading", FULL) if letter == "r" else ("translate", Budget(0))
        before = clock.now_ns()
        pacing(stage, lambda given: None)(budget)
        took[stage].append(clock.now_ns() - before)
    return took


def test_the_seed_decides_and_stages_do_not_disturb_each_other() -> None:
    assert durations(3, "rrrttt") == durations(3, "rtrtrt") == durations(3, "tttrrr")
    assert durations(3, "rrr") != durations(4, "rrr")
    assert len(set(durations(3, "rrrrr")["reading"])) == 5


def test_what_is_not_in_the_table_is_left_as_it_is() -> None:
    clock = VirtualClock()
    pacing = Pacing(TABLE, clock)
    assert pacing("look", lambda budget: 7)(FULL) == 7
    assert pacing("reading", lambda budget: 8)(Budget(0, "unheard of")) == 8
    assert unpaced("reading", lambda budget: 9)(FULL) == 9
    assert (clock.now_ns(), pacing.kept) == (0, {})
