"""Choosing a tier: exact steps, and what may never happen under any costs, budgets and states."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.live.schedule import Cost, CostTable, Decision, TierState, choose

TIERS = ("full", "half", "tiny")
COSTS: CostTable = {("read", "full"): Cost(60, 80), ("read", "half"): Cost(30, 40), ("read", "tiny"): Cost(8, 10)}
PLENTY_MS = 100.0


def _choose(remaining_ms: float, state: TierState, costs: CostTable = COSTS, thrift: float = 1.0) -> Decision:
    return choose(TIERS, "read", costs, remaining_ms, state, promote_after=3, thrift=thrift)


def _walk(budgets_ms: list[float], state: TierState, costs: CostTable = COSTS) -> list[str | None]:
    taken = []
    for remaining_ms in budgets_ms:
        decision = _choose(remaining_ms, state, costs)
        state = decision.state
        taken.append(decision.tier)
    return taken


@pytest.mark.parametrize(
    ("remaining_ms", "tier"), [(500, "full"), (80, "full"), (79.9, "half"), (40, "half"), (10, "tiny"), (9.9, None)]
)
def test_the_best_that_fits(remaining_ms: float, tier: str | None) -> None:
    assert _choose(remaining_ms, TierState()).tier == tier


def test_demotes_at_once_even_over_several_ranks() -> None:
    assert _choose(12, TierState()) == Decision("tiny", TierState(2, 0))


def test_promotes_rank_by_rank_after_the_good_runs() -> None:
    taken = _walk([PLENTY_MS] * 9, TierState(2))
    assert taken == ["tiny"] * 3 + ["half"] * 4 + ["full"] * 2


def test_a_run_at_which_the_better_tier_would_not_fit_starts_the_count_again() -> None:
    taken = _walk([PLENTY_MS, PLENTY_MS, 39, PLENTY_MS, PLENTY_MS, PLENTY_MS, PLENTY_MS], TierState(2))
    assert taken == ["tiny"] * 6 + ["half"]


def test_a_skip_keeps_the_rank_and_says_why() -> None:
    decision = _choose(5, TierState(1, 2))
    assert decision.tier is None
    assert decision.state == TierState(1, 0)
    assert decision.reason == "5.0 ms to spend, read takes 10.0 ms in its last tier, tiny"


def test_a_late_run_starts_the_count_again() -> None:
    assert TierState(2, 7).spoilt() == TierState(2, 0)


def test_thrift_shrinks_what_may_be_spent() -> None:
    assert _choose(80, TierState(), thrift=0.5).tier == "half"
    assert _choose(80, TierState(), thrift=0).tier is None


def test_thrift_gives_back_no_time_that_has_passed() -> None:
    assert choose(("free",), "read", {("read", "free"): Cost(0, 0)}, -5, TierState(), thrift=0).tier is None


def test_a_tier_without_a_cost_is_stepped_over_both_ways() -> None:
    costs = {key: cost for key, cost in COSTS.items() if key != ("read", "half")}
    assert _choose(50, TierState(), costs).tier == "tiny"
    assert _walk([PLENTY_MS] * 4, TierState(2), costs) == ["tiny"] * 3 + ["full"]


def test_nothing_measured_names_the_command() -> None:
    decision = _choose(PLENTY_MS, TierState(), {("look", "full"): Cost(1, 2)})
    assert decision.tier is None
    assert "glossa tune" in decision.reason


def test_a_better_tier_that_has_become_cheaper_is_found_from_a_skip() -> None:
    costs = {("read", "full"): Cost(5, 6), ("read", "half"): Cost(30, 40), ("read", "tiny"): Cost(30, 40)}
    assert _walk([20.0] * 5, TierState(1), costs) == [None] * 3 + ["full"] * 2


def test_a_state_of_a_longer_ladder_is_the_last_tier() -> None:
    assert _choose(PLENTY_MS, TierState(9)).tier == "tiny"


def test_refused() -> None:
    with pytest.raises(ValueError, match="tier"):
        choose((), "read", COSTS, 10, TierState())
    for thrift in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="thrift"):
            _choose(10, TierState(), thrift=thrift)


P95S = st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=5)
STEPS = st.lists(st.tuples(st.floats(-20, 120), st.floats(0, 1)), max_size=40)


def _ladder(p95s_ms: list[float | None]) -> tuple[list[str], CostTable]:
    tiers = [f"tier {rank}" for rank in range(len(p95s_ms))]
    return tiers, {("read", tier): Cost(0, ms) for tier, ms in zip(tiers, p95s_ms, strict=True) if ms is not None}


@settings(deadline=None)
@given(P95S, STEPS, st.integers(0, 4), st.integers(0, 6))
def test_whatever_happens(
    p95s_ms: list[float | None], steps: list[tuple[float, float]], rank: int, promote_after: int
) -> None:
    tiers, costs = _ladder(p95s_ms)
    state = TierState(min(rank, len(tiers) - 1))
    since_change = 0
    for remaining_ms, thrift in steps:
        decision = choose(tiers, "read", costs, remaining_ms, state, promote_after=promote_after, thrift=thrift)
        fits = [
            rank
            for rank, tier in enumerate(tiers)
            if ("read", tier) in costs and costs["read", tier].p95_ms <= min(remaining_ms, remaining_ms * thrift)
        ]
        if decision.tier is not None:
            chosen = tiers.index(decision.tier)
            assert chosen in fits, "never more than what remains"
            assert chosen == decision.state.rank
        if decision.state.rank < state.rank:
            assert since_change >= promote_after, "promotes only after the good runs"
            assert not [between for between in fits if decision.state.rank < between < state.rank], "rank by rank"
        elif [worse for worse in fits if worse >= state.rank]:
            assert decision.tier == tiers[min(worse for worse in fits if worse >= state.rank)], "demotes at once"
        else:
            assert decision.tier is None
            assert decision.reason
            assert decision.state.rank == state.rank
        since_change = since_change + 1 if decision.state.rank == state.rank else 0
        state = decision.state


@settings(deadline=None)
@given(P95S, st.floats(0, 120))
def test_the_same_again_changes_nothing_but_the_count(p95s_ms: list[float | None], remaining_ms: float) -> None:
    tiers, costs = _ladder(p95s_ms)
    first = choose(tiers, "read", costs, remaining_ms, TierState())
    second = choose(tiers, "read", costs, remaining_ms, first.state)
    assert second.tier == first.tier
