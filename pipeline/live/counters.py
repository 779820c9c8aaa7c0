"""An observer that counts: how often each outcome came, by lane and stage. Keeps numbers only, never a Work."""

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping

from pipeline.live.outcome import Outcome, Work


class Counters:
    """Counts every Work it is called with, from any thread. Never grows beyond the lanes and stages there are."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], Counter[Outcome]] = defaultdict(Counter)
        self._last: dict[tuple[str, str], str] = {}
        self._counting = threading.Lock()

    def __call__(self, work: Work) -> None:
        """Count one."""
        with self._counting:
            self._counts[work.lane, work.stage][work.outcome] += 1
            if work.outcome is Outcome.FAILED:
                self._last[work.lane, work.stage] = work.detail

    def counts(self) -> Mapping[tuple[str, str], Mapping[Outcome, int]]:
        """A copy of all counts by (lane, stage); an outcome that never came is 0."""
        with self._counting:
            return {key: {outcome: counter[outcome] for outcome in Outcome} for key, counter in self._counts.items()}

    def count(self, lane: str, outcome: Outcome, stage: str | None = None) -> int:
        """How often an outcome came in a stage of a lane; None: in the lane's own work, whole items."""
        with self._counting:
            return self._counts[lane, stage or lane][outcome] if (lane, stage or lane) in self._counts else 0

    def last_failures(self) -> Mapping[tuple[str, str], str]:
        """A copy of the newest FAILED detail by (lane, stage), where there was one."""
        with self._counting:
            return dict(self._last)
