"""One stage within a lane: chooses its tier before each run, learns from it what it costs, and publishes it.

A lane whose handler does several things (find, recognise) makes each of them a Stage. Comes in: the budget of the item
and the work as a function of it. Goes out: what the work gave, or None where nothing fitted. Starts no thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from devices.clock import NS_PER_MS, Clock
from devices.frame import Stamp
from pipeline.live.budget import Budget
from pipeline.live.costs import CostTable, heal
from pipeline.live.outcome import Observer, Outcome, Work, describe
from pipeline.live.schedule import PROMOTE_AFTER, Decision, TierState, choose

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Tiers:
    """The ways in which a stage can be done."""

    stage: str
    names: tuple[str, ...]
    """Best first."""
    table: CostTable
    """What was measured before the start; pairs of other stages do no harm."""
    promote_after: int = PROMOTE_AFTER


class Stage:
    """Runs the work of one stage in the best tier that fits. For one thread, its lane's."""

    def __init__(self, tiers: Tiers, lane: str, clock: Clock, publish: Observer) -> None:
        if tiers.stage == lane:
            raise ValueError(f"stage {lane!r}: expected a name other than its lane's, which is that of whole items")
        self._tiers = tiers
        self._lane = lane
        self._clock = clock
        self._publish = publish
        self._state = TierState()
        self._table = {key: cost for key, cost in tiers.table.items() if key[0] == tiers.stage}
        self._costs = dict(self._table)
        self.thrift = 1.0
        """Share of the remaining time that may be spent, 0 to 1: power and heat; may be set from another thread."""

    @property
    def costs(self) -> CostTable:
        """What the tiers of this stage cost by what is known now."""
        return self._costs

    def run(self, stamp: Stamp, budget: Budget, work: Callable[[Budget], R]) -> R | None:
        """Give `work` the same budget with a tier in it; returns what it returns, or None where no tier fits.

        Publishes SKIPPED, DONE, DEGRADED (it ended after the deadline) or FAILED. What `work` raises goes on to the
        caller after that. Blocks while `work` does.
        """
        started_ns = self._clock.now_ns()
        decision = self._choose(budget.remaining_ms(started_ns))
        self._state = decision.state
        if decision.tier is None:
            self._say(stamp, budget, started_ns, started_ns, Outcome.SKIPPED, decision.reason)
            return None
        budget = budget.at(decision.tier)
        try:
            result = work(budget)
        except BaseException as error:
            self._state = self._state.spoilt()
            self._say(stamp, budget, started_ns, self._clock.now_ns(), Outcome.FAILED, describe(error))
            raise
        self._ran(stamp, budget, started_ns)
        return result

    def _choose(self, remaining_ms: float) -> Decision:
        tiers = self._tiers
        return choose(
            tiers.names,
            tiers.stage,
            self._costs,
            remaining_ms,
            self._state,
            promote_after=tiers.promote_after,
            thrift=self.thrift,
        )

    def _ran(self, stamp: Stamp, budget: Budget, started_ns: int) -> None:
        ended_ns = self._clock.now_ns()
        took_ms = (ended_ns - started_ns) / NS_PER_MS
        self._costs = heal(self._costs, self._table, self._tiers.stage, budget.tier, took_ms)
        late_ms = -budget.remaining_ms(ended_ns)
        if late_ms > 0:
            self._state = self._state.spoilt()
            self._say(stamp, budget, started_ns, ended_ns, Outcome.DEGRADED, f"{late_ms:.1f} ms late")
        else:
            self._say(stamp, budget, started_ns, ended_ns, Outcome.DONE)

    def _say(
        self, stamp: Stamp, budget: Budget, started_ns: int, ended_ns: int, outcome: Outcome, detail: str = ""
    ) -> None:
        work = Work(
            lane=self._lane,
            stage=self._tiers.stage,
            stamp=stamp,
            tier=budget.tier,
            started_ns=started_ns,
            ended_ns=ended_ns,
            outcome=outcome,
            detail=detail,
            deadline_ns=budget.deadline_ns,
        )
        self._publish(work)
