"""Another device in place of this one: everything that a session needs to behave as it would there.

In: a profile and a clock. Out: costs and pacing for the session's settings, a ledger for its observers, a power source
for its governor, and what to tell people before and after.
"""

from devices.clock import Clock
from devices.profile import Profile
from pipeline.live.costs import CostTable
from pipeline.live.energy import Ledger, describe_energy
from pipeline.live.heat import Simulated
from pipeline.live.pacing import Pacing
from pipeline.live.schedule import TierState, choose
from pipeline.live.session import EFFORTS, READING_STAGE, Allowances
from pipeline.live.stand_in import costs, flags


class Device:
    """A simulated device with a full battery, as warm as the room."""

    def __init__(self, profile: Profile, clock: Clock, *, seed: int = 0) -> None:
        self.profile = profile
        self.costs: CostTable = costs(profile)
        self.pacing = Pacing(self.costs, clock, seed)
        self.power = Simulated(profile.body, clock)
        self.ledger = Ledger(profile, self.power.spend)

    def notes(self, allowances: Allowances | None = None) -> tuple[str, ...]:
        """What to know before: sentences on what it is, which tier of reading fits at first, what falls off its NPU."""
        allowed_ms = (allowances or Allowances()).read_ms
        first = choose(tuple(EFFORTS), READING_STAGE, self.costs, allowed_ms, TierState())
        fits = "no tier of reading fits" if first.tier is None else f"reading begins in tier {first.tier}"
        title = f"as {self.profile.title}, estimated from published figures; drawing runs at this machine's own speed"
        return (title, f"of {allowed_ms:.0f} ms: {fits}", *flags(self.profile))

    def report(self, translations: int) -> str:
        """What to say after: how well the times were kept, and the energy ledger."""
        lines = [
            f"{stage}: {kept.overrun} of {kept.runs} runs took longer here than on {self.profile.name}"
            f" (by {kept.worst_ms:.0f} ms at most)"
            for stage, kept in sorted(self.pacing.kept.items())
            if kept.overrun
        ]
        return "\n".join([*lines, describe_energy(self.ledger.spent(translations), self.profile)])
