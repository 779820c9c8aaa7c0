"""A budget only ever shrinks."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.live.budget import Budget

TIMES_NS = st.integers(0, 2**62)
LENGTHS_MS = st.floats(allow_nan=False, min_value=-1e9)


def test_remaining() -> None:
    budget = Budget(deadline_ns=10_000_000)
    assert budget.remaining_ms(7_500_000) == 2.5
    assert budget.remaining_ms(12_000_000) == -2.0


def test_within_is_the_sooner_of_both() -> None:
    budget = Budget(deadline_ns=10_000_000, tier="half")
    assert budget.within(4_000_000, 2) == Budget(6_000_000, "half")
    assert budget.within(4_000_000, 50) == budget
    assert budget.within(4_000_000, math.inf) == budget
    assert budget.within(12_000_000, 5) == budget  # the deadline has passed: no time is given back


def test_within_rounds_down() -> None:
    assert Budget(10_000_000).within(0, 0.000_001_9).deadline_ns == 1


def test_no_time_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="NaN"):
        Budget(10).within(0, math.nan)


def test_another_tier_has_the_same_deadline() -> None:
    assert Budget(10, "full").at("half") == Budget(10, "half")


@settings(deadline=None)
@given(TIMES_NS, st.lists(st.tuples(TIMES_NS, LENGTHS_MS)))
def test_no_chain_of_budgets_extends(deadline_ns: int, steps: list[tuple[int, float]]) -> None:
    budget = Budget(deadline_ns)
    for now_ns, ms in steps:
        smaller = budget.within(now_ns, ms).at("tier")
        assert smaller.deadline_ns <= budget.deadline_ns
        if budget.remaining_ms(now_ns) > 0:
            assert smaller.remaining_ms(now_ns) <= max(ms, 0) + 1e-6 * budget.remaining_ms(now_ns)
        budget = smaller
