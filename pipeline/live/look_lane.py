"""The look lane: one frame now and then, at a lower rate and less eagerly than everything else.

In: frames that were drawn. Out: the newest sights, for whoever draws the next one. Rests between two looks, so that it
takes a small share of the time whatever a look costs on this machine.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from devices.clock import NS_PER_MS, Clock
from pipeline.live.board import Seen
from pipeline.live.budget import Budget
from pipeline.live.costs import Cost, CostTable
from pipeline.live.lane import Lane
from pipeline.live.looking import Gaze, Looking, Senses
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Observer, Outcome, Publisher, Result
from pipeline.live.sights import Sights
from pipeline.live.stage import Stage, Tiers
from pipeline.live.thrift import rest_ms

LOOKING_STAGE = "looking"
"""Name of the stage in a cost table."""

GAZES: Mapping[str, Gaze] = MappingProxyType({"full": Gaze(1280), "half": Gaze(640)})
"""Tiers of looking, best first."""

LOOKING_UNMEASURED: CostTable = MappingProxyType(
    {(LOOKING_STAGE, "full"): Cost(90, 180), (LOOKING_STAGE, "half"): Cost(60, 120)}
)
"""What looking is taken to cost before anything was measured. Running corrects it."""

LOOK_NICE = 12
"""By how much less eager than the render lane: less than reading too."""

_SHARE = 0.3  # of the time, at most
_LEAST_REST_MS = 60.0


class LookLane:
    """The lane, and what it saw last. `lane` goes into an engine, frames go to `offer`."""

    def __init__(
        self,
        senses: Senses,
        costs: CostTable,
        allowance_ms: float,
        *,
        clock: Clock,
        observers: Sequence[Observer] = (),
    ) -> None:
        self._clock = clock
        self._looking = Looking(senses)
        self._thrift = 1.0
        self._rest_until_ns = clock.now_ns()
        self.sights: Sights | None = None
        """The newest; set by one thread, read by another."""
        self._known: dict[str, set[int | None]] = {name: set() for name in senses.active}
        tiers = Tiers(LOOKING_STAGE, tuple(GAZES), {**LOOKING_UNMEASURED, **costs})
        self.stage = Stage(tiers, "look", clock, Publisher(observers))
        self.lane = Lane(
            "look",
            Mailbox[Seen](Policy.NEWEST),
            self._look,
            allowance_ms,
            clock=clock,
            observers=observers,
            nice=LOOK_NICE,
        )

    def offer(self, seen: Seen) -> None:
        """A frame that may be looked at, if it is time. Never blocks."""
        if self.lane.busy is None and self._thrift > 0 and self._clock.now_ns() >= self._rest_until_ns:
            self.lane.put(seen)

    @property
    def seen(self) -> dict[str, int]:
        """How many different ones there were of what is looked for, `objects` and `codes`."""
        return {name: len(tracks) for name, tracks in self._known.items()}

    def be_thrifty(self, share: float) -> None:
        """Look less often: `share` (0 to 1) of what is usual; at 0 not at all. From any thread."""
        self.stage.thrift = self._thrift = share

    def _look(self, seen: Seen, budget: Budget) -> Result:
        if seen.pose.lost:
            return Result(Outcome.SKIPPED, "the camera moves too fast to know where")
        started_ns = self._clock.now_ns()
        sights = self.stage.run(seen.stamp, budget, lambda granted: self._looking.look(seen, GAZES[granted.tier]))
        if sights is None:
            return Result(Outcome.SKIPPED, "no tier fits")
        self.sights = sights
        tracks = {
            "objects": [one.detection.track for one in sights.things],
            "codes": [one.track for one in sights.codes],
        }
        for name, known in self._known.items():
            known.update(tracks[name])
        now_ns = self._clock.now_ns()
        rest = max(_LEAST_REST_MS, rest_ms((now_ns - started_ns) / NS_PER_MS, _SHARE * max(self._thrift, 0.01)))
        self._rest_until_ns = now_ns + round(rest * NS_PER_MS)
        return Result(Outcome.DONE)
