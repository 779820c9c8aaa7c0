"""Lets work take as long as it would take elsewhere: it waits out what is left of a published time.

In: work, what it costs elsewhere, a clock. Out: the same work, later. What this machine does more slowly than that
cannot be hurried: it is counted, so that nobody takes what he sees for the device.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from devices.clock import NS_PER_MS, Clock
from pipeline.live.budget import Budget
from pipeline.live.costs import Cost, CostTable

R = TypeVar("R")

_P95_SIGMAS = 1.6449
_MOST_SIGMAS = 3.0


def sample_ms(cost: Cost, chance: Random) -> float:
    """A duration that is log-normal with the cost's p50 and p95, at most 3 standard deviations away; draws once."""
    sigmas = max(-_MOST_SIGMAS, min(chance.gauss(0.0, 1.0), _MOST_SIGMAS))
    if cost.p50_ms <= 0:
        return cost.p50_ms
    return cost.p50_ms * math.exp(sigmas / _P95_SIGMAS * math.log(cost.p95_ms / cost.p50_ms))


def paced(
    work: Callable[[Budget], R],
    cost: Cost,
    clock: Clock,
    chance: Random,
    spare: Callable[[float], None] = lambda ms: None,
) -> Callable[[Budget], R]:
    """The work, which then waits until a time sampled from `cost` has passed since its start.

    `spare` is told how long it waits, ms; below 0 where the work itself took longer. What the work raises, it raises
    at once.
    """

    def slowed(budget: Budget) -> R:
        due_ns = clock.now_ns() + round(sample_ms(cost, chance) * NS_PER_MS)
        result = work(budget)
        spare((due_ns - clock.now_ns()) / NS_PER_MS)
        clock.sleep_until(due_ns)
        return result

    return slowed


@dataclass(frozen=True, slots=True)
class Kept:
    """How well the times of one stage were kept."""

    runs: int = 0
    overrun: int = 0
    """Runs that took longer here than they were to take."""
    worst_ms: float = 0.0
    """By how much, at most."""

    def after(self, spare_ms: float) -> "Kept":
        """With one more run."""
        return Kept(self.runs + 1, self.overrun + (spare_ms < 0), max(self.worst_ms, -spare_ms))


class Pacing:
    """Paces the stages of a session by a table. The same seed gives each stage the same times, whatever else runs.

    Each stage is one thread's, its lane's.
    """

    def __init__(self, table: CostTable, clock: Clock, seed: int = 0) -> None:
        self._table = table
        self._clock = clock
        self._seed = seed
        self._chances: dict[str, Random] = {}
        self._kept: dict[str, Kept] = {}

    def __call__(self, stage: str, work: Callable[[Budget], R]) -> Callable[[Budget], R]:
        """The work of a stage, paced by what its budget's tier takes; what is not in the table is left as it is."""

        def slowed(budget: Budget) -> R:
            cost = self._table.get((stage, budget.tier))
            if cost is None:
                return work(budget)
            chance = self._chances.setdefault(stage, Random(f"{self._seed} {stage}"))
            return paced(work, cost, self._clock, chance, lambda ms: self._note(stage, ms))(budget)

        return slowed

    @property
    def kept(self) -> Mapping[str, Kept]:
        """How well the times were kept until now, by stage."""
        return dict(self._kept)

    def _note(self, stage: str, spare_ms: float) -> None:
        self._kept[stage] = self._kept.get(stage, Kept()).after(spare_ms)


def unpaced(stage: str, work: Callable[[Budget], R]) -> Callable[[Budget], R]:
    """In place of a Pacing: the work as it is."""
    return work
