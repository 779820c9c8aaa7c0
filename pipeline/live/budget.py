"""How much time is left for an item. Pure numbers: reads no clock, starts nothing."""

import math
from dataclasses import dataclass, replace

from devices.clock import NS_PER_MS


@dataclass(frozen=True, slots=True)
class Budget:
    """A deadline, and the tier to work in. Whatever is derived from it ends when it does, or sooner."""

    deadline_ns: int
    """On the clock that the item's stamp was taken from."""
    tier: str = ""
    """The tier that was chosen for the work; empty: none was, or there is only one."""

    def remaining_ms(self, now_ns: int) -> float:
        """What is left at `now_ns`, ms; below 0 where the deadline has passed."""
        return (self.deadline_ns - now_ns) / NS_PER_MS

    def within(self, now_ns: int, ms: float) -> "Budget":
        """The same, but not more than `ms` from now: a smaller budget or this one, never a larger. ValueError: NaN."""
        if ms >= self.remaining_ms(now_ns):
            return self
        return replace(self, deadline_ns=min(self.deadline_ns, now_ns + math.floor(ms * NS_PER_MS)))

    def at(self, tier: str) -> "Budget":
        """The same deadline, for work in `tier`."""
        return replace(self, tier=tier)
