"""What a stage takes in each of its tiers, and how a table of that heals when it is wrong. Pure numbers.

A table comes from a measurement on this machine or from a device profile. What really happens corrects it while
running, or else one wrong figure would choose the wrong tier for ever. Knows nothing of budgets, clocks or files.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

LEARN_STEP = 0.1
"""One run moves p50 by 5 % up or down, p95 by 9.5 % up or 0.5 % down: quick to be careful, slow to be bold."""
FORGET_STEP = 0.005
"""A tier that is not run comes half way back to what the table says in about 140 runs of its neighbours."""
_FINEST_MS = 0.001  # a figure of 0 could never grow again by multiplication


@dataclass(frozen=True, slots=True)
class Cost:
    """How long a stage takes in a tier, ms: half of the runs, and 95 of 100, are not slower."""

    p50_ms: float
    p95_ms: float

    def __post_init__(self) -> None:
        if not 0 <= self.p50_ms <= self.p95_ms < math.inf:
            raise ValueError(f"cost of a stage: expected 0 <= p50_ms <= p95_ms, got {self.p50_ms} and {self.p95_ms}")

    def times(self, factor: float) -> "Cost":
        """The same on a machine that is `factor` times slower."""
        return Cost(self.p50_ms * factor, self.p95_ms * factor)


CostTable = Mapping[tuple[str, str], Cost]
"""Cost by (stage, tier); a pair that is missing has not been measured."""


def learn(cost: Cost, measured_ms: float) -> Cost:
    """The cost after one more run that took `measured_ms`. Raises ValueError where that is negative or not finite.

    Both quantiles are tracked by the deterministic multiplicative estimator of Yazidi and Hammer (IEEE Transactions on
    Cybernetics 49(3), 2019): needs no memory of earlier runs, forgets old ones, and one outlier, however large, counts
    as one run. A stage that has become twice as slow is known to be after about 8 runs, one that has become twice as
    fast after about 140.
    """
    if not 0 <= measured_ms < math.inf:
        raise ValueError(f"duration of a run: expected 0 ms or more, got {measured_ms}")
    p50_ms = _step(cost.p50_ms, 0.50, measured_ms)
    return Cost(p50_ms, max(p50_ms, _step(cost.p95_ms, 0.95, measured_ms)))


def _step(estimate_ms: float, share: float, measured_ms: float) -> float:
    estimate_ms = max(estimate_ms, _FINEST_MS)
    if measured_ms > estimate_ms:
        return estimate_ms * (1 + LEARN_STEP * share)
    return max(estimate_ms * (1 - LEARN_STEP * (1 - share)), _FINEST_MS)


def heal(costs: CostTable, table: CostTable, stage: str, tier: str, measured_ms: float) -> dict[tuple[str, str], Cost]:
    """All costs after one more run of a stage: the tier that ran has learned, its other tiers drift to `table`.

    `table` is what was measured before the start. A tier that was given up because it had become too slow is never
    run, so it cannot learn that the machine has cooled down; therefore the others come slowly back to the table's
    figure, scaled by what the tier that ran takes now against its own figure there, and are tried again. Raises
    ValueError like `learn`, KeyError where (stage, tier) has no cost.
    """
    ran = learn(costs[stage, tier], measured_ms)
    load = ran.p50_ms / max(table[stage, tier].p50_ms, _FINEST_MS)
    healed = {
        key: _towards(cost, table[key].times(load)) if key[0] == stage and key in table else cost
        for key, cost in costs.items()
    }
    return healed | {(stage, tier): ran}


def _towards(cost: Cost, goal: Cost) -> Cost:
    p50_ms = _blend(cost.p50_ms, goal.p50_ms)
    return Cost(p50_ms, max(p50_ms, _blend(cost.p95_ms, goal.p95_ms)))


def _blend(value_ms: float, goal_ms: float) -> float:
    # Geometric, so that ten times too slow comes back as quickly as ten times too fast.
    value_ms, goal_ms = max(value_ms, _FINEST_MS), max(goal_ms, _FINEST_MS)
    return float(value_ms ** (1 - FORGET_STEP) * goal_ms**FORGET_STEP)
