"""Learning a cost from what happens: quantiles of seeded streams, outliers, a table that is wrong by far."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.live.costs import Cost, heal, learn

DURATIONS_MS = st.floats(0, 1e7)
FULL, HALF, OTHER = ("read", "full"), ("read", "half"), ("look", "full")
TABLE = {FULL: Cost(40, 60), HALF: Cost(10, 15), OTHER: Cost(5, 6)}


def _learned(cost: Cost, runs_ms: list[float]) -> list[Cost]:
    costs = []
    for ms in runs_ms:
        cost = learn(cost, ms)
        costs.append(cost)
    return costs


@pytest.mark.parametrize("start", [Cost(1, 2), Cost(20, 30), Cost(300, 900)])
@pytest.mark.parametrize("spread", [0.05, 0.3])
def test_learning_converges_to_the_quantiles(start: Cost, spread: float) -> None:
    runs_ms = np.random.default_rng(4).lognormal(math.log(20), spread, 3000).tolist()
    last = _learned(start, runs_ms)[-1000:]
    p50_ms, p95_ms = np.quantile(runs_ms, [0.5, 0.95])
    assert np.mean([cost.p50_ms for cost in last]) == pytest.approx(p50_ms, rel=0.05)
    assert np.mean([cost.p95_ms for cost in last]) == pytest.approx(p95_ms, rel=0.15)
    assert all(cost.p95_ms == pytest.approx(p95_ms, rel=0.35) for cost in last)


def test_a_machine_that_slows_down_is_noticed_soon_and_one_that_recovers_in_time() -> None:
    slower = _learned(Cost(20, 24), [48.0] * 8)
    assert slower[-1].p95_ms > 47
    faster = _learned(Cost(40, 48), [24.0] * 140)
    assert faster[-1].p95_ms < 25


def test_one_outlier_counts_as_one_run() -> None:
    cost = learn(Cost(20, 24), 1e6)
    assert [cost.p50_ms, cost.p95_ms] == pytest.approx([21.0, 26.28])


@settings(deadline=None)
@given(st.lists(DURATIONS_MS, max_size=80), st.floats(0, 1e4), st.floats(1, 10))
def test_a_learned_cost_is_a_cost(runs_ms: list[float], p50_ms: float, ratio: float) -> None:
    for cost in _learned(Cost(p50_ms, p50_ms * ratio), runs_ms):
        assert 0 < cost.p50_ms <= cost.p95_ms < math.inf


def test_a_figure_of_nothing_can_grow() -> None:
    assert _learned(Cost(0, 0), [30.0] * 400)[-1].p95_ms >= 30


@pytest.mark.parametrize("ms", [-1.0, math.nan, math.inf])
def test_a_duration_that_cannot_be(ms: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        learn(Cost(1, 2), ms)


@pytest.mark.parametrize(("p50_ms", "p95_ms"), [(2, 1), (-1, 1), (math.nan, 1), (1, math.nan), (1, math.inf)])
def test_a_cost_that_cannot_be(p50_ms: float, p95_ms: float) -> None:
    with pytest.raises(ValueError, match="cost"):
        Cost(p50_ms, p95_ms)


def test_healing_is_learning_for_the_tier_that_ran_and_leaves_other_stages_alone() -> None:
    healed = heal(TABLE, TABLE, "read", "half", 12.0)
    assert healed[HALF] == learn(TABLE[HALF], 12.0)
    assert healed[OTHER] == TABLE[OTHER]
    assert TABLE[FULL] == Cost(40, 60)


def test_a_tier_that_was_given_up_becomes_worth_a_try_again() -> None:
    costs = {FULL: Cost(400, 600), HALF: TABLE[HALF]}
    for _ in range(1500):
        costs = heal(costs, TABLE, "read", "half", 10.0)
    assert costs[FULL].p95_ms == pytest.approx(60, rel=0.1)


def test_a_slow_machine_is_slow_in_the_tiers_that_do_not_run() -> None:
    costs = dict(TABLE)
    for _ in range(1500):
        costs = heal(costs, TABLE, "read", "half", 30.0)
    assert costs[FULL].p95_ms == pytest.approx(180, rel=0.1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([FULL, HALF, OTHER]), DURATIONS_MS), max_size=60))
def test_a_healed_table_keeps_its_rows(runs: list[tuple[tuple[str, str], float]]) -> None:
    costs = dict(TABLE)
    for (stage, tier), ms in runs:
        costs = heal(costs, TABLE, stage, tier, ms)
    assert costs.keys() == TABLE.keys()
