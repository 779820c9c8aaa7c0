"""Which tier a stage may work in with the time that is left. A pure function: no clock, no thread, no memory.

Comes in: the tiers, best first, what each costs, the time left and the state after the last decision. Goes out: a
tier, or none, and the next state. Knows nothing of what the tiers mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.live.costs import Cost, CostTable, learn

__all__ = ["PROMOTE_AFTER", "Cost", "CostTable", "Decision", "TierState", "choose", "learn"]

PROMOTE_AFTER = 10
"""Good runs before a better tier is tried: some seconds of reading, a third of a second of drawing."""


@dataclass(frozen=True, slots=True)
class TierState:
    """Where a stage stands on its ladder of tiers."""

    rank: int = 0
    """The best tier that it may take now; 0 is the best of all."""
    good_runs: int = 0
    """Decisions in a row at which the next better tier would have fitted too."""

    def spoilt(self) -> "TierState":
        """The state after a run that ended late or failed: the good runs before it count no more."""
        return TierState(self.rank)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now, and the state to decide with the next time."""

    tier: str | None
    """None: skip."""
    state: TierState
    reason: str = ""
    """Why it is skipped, a sentence to publish; empty otherwise."""


def choose(
    tiers: Sequence[str],
    stage: str,
    costs: CostTable,
    remaining_ms: float,
    state: TierState,
    *,
    promote_after: int = PROMOTE_AFTER,
    thrift: float = 1.0,
) -> Decision:
    """Pick the best tier whose p95 is not more than `thrift` (0 to 1: power, heat) of what remains.

    A tier that fits no more is left at once for the best that does. A better one is taken again only after
    `promote_after` good runs in a row, and then the next better one, not the best. A skip forgets nothing but the good
    runs. A tier without a cost is never taken. Raises ValueError for no tiers or a `thrift` out of range.
    """
    if not tiers:
        raise ValueError(f"stage {stage!r}: expected at least one tier, got none")
    if not 0 <= thrift <= 1:
        raise ValueError(f"thrift: expected a share between 0 and 1, got {thrift}")
    spare_ms = min(remaining_ms, remaining_ms * thrift)
    measured = {rank: costs[stage, tier] for rank, tier in enumerate(tiers) if (stage, tier) in costs}
    fits = [rank for rank, cost in measured.items() if cost.p95_ms <= spare_ms]
    rank = min(state.rank, len(tiers) - 1)
    better = max((other for other in measured if other < rank), default=rank)
    good = better < rank and better in fits
    if good and state.good_runs >= promote_after:
        return Decision(tiers[better], TierState(better))
    best = min((other for other in fits if other >= rank), default=None)
    if best is None:
        after = TierState(rank, state.good_runs + 1 if good else 0)
        return Decision(None, after, _why_skipped(stage, tiers, measured, spare_ms))
    if best > rank:
        return Decision(tiers[best], TierState(best))
    return Decision(tiers[rank], TierState(rank, state.good_runs + 1 if good else 0))


def _why_skipped(stage: str, tiers: Sequence[str], measured: dict[int, Cost], spare_ms: float) -> str:
    if not measured:
        return f"no tier of {stage} ({', '.join(tiers)}) has a measured cost; run: glossa tune"
    last = max(measured)
    return f"{spare_ms:.1f} ms to spend, {stage} takes {measured[last].p95_ms:.1f} ms in its last tier, {tiers[last]}"
