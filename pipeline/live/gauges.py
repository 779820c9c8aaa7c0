"""How the live picture is doing: for the statistics on it, and for the sentence at the end.

In: every view and every Work. Out: figures, and lines that say them. Knows nothing of how they are shown.
"""

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

from devices.clock import NS_PER_MS, Clock
from devices.power import PowerSource, PowerState
from language.translation import NONE, SAME, left_alone
from pipeline.live.outcome import Outcome, Work
from pipeline.live.showing import View

_RENDER, _READ = "render", "read"
_RECENT = 300  # frames, ten seconds
_RATE_OVER_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What has happened since the start."""

    frames: int
    """Drawn."""
    late: int
    """Drawn after their deadline."""
    dropped: int
    """Came in, but were displaced by a newer one or past their deadline before they were begun."""
    unseen: int
    """Drawn, but the display had no time for them."""
    failed: int
    """Not drawn because drawing failed."""
    texts: int
    """Different texts that were not left alone."""
    unsure: int
    """Of those, the ones marked as unsure."""
    first_translation_ns: int | None
    """When the first of them was shown in translation."""


class Gauges:
    """Counts; an Observer. `lines` says it for people."""

    def __init__(self, clock: Clock, power: PowerSource = PowerState) -> None:
        self._clock = clock
        self._power = power
        self._counting = threading.Lock()
        self._shown_ns: deque[int] = deque(maxlen=_RECENT)
        self._render_ms: deque[float] = deque(maxlen=_RECENT)
        self._outcomes = dict.fromkeys(Outcome, 0)
        self._unseen = 0
        self._told: dict[str, bool] = {}
        self._first_ns: int | None = None
        self._reading = ""

    def view(self, view: View) -> None:
        """Note a drawn frame, in the render lane's thread."""
        now_ns = self._clock.now_ns()
        with self._counting:
            self._shown_ns.append(now_ns)
            for one in view.placed:
                told = one.shown.translation
                if not left_alone(told):
                    self._told[one.shown.text] = told.sure
                if told.engine not in (SAME, NONE) and self._first_ns is None:
                    self._first_ns = now_ns

    def unseen(self) -> None:
        """Note a drawn frame that was not shown."""
        with self._counting:
            self._unseen += 1

    def __call__(self, work: Work) -> None:
        """Observer."""
        took_ms = (work.ended_ns - work.started_ns) / NS_PER_MS
        with self._counting:
            if work.lane == _RENDER and work.stage == _RENDER:
                self._outcomes[work.outcome] += 1
                if took_ms > 0:
                    self._render_ms.append(took_ms)
            elif work.lane == _READ and work.stage != _READ and took_ms > 0:
                self._reading = f"{work.stage}: {work.tier}, {took_ms:.0f} ms"

    def figures(self) -> Figures:
        """A copy of what was counted."""
        with self._counting:
            counted = self._outcomes
            return Figures(
                frames=counted[Outcome.DONE] + counted[Outcome.DEGRADED],
                late=counted[Outcome.DEGRADED],
                dropped=counted[Outcome.SKIPPED] + counted[Outcome.STALE],
                unseen=self._unseen,
                failed=counted[Outcome.FAILED],
                texts=len(self._told),
                unsure=sum(not sure for sure in self._told.values()),
                first_translation_ns=self._first_ns,
            )

    def rate_hz(self) -> float:
        """Frames drawn a second, over the last two seconds."""
        since_ns = self._clock.now_ns() - _RATE_OVER_NS
        with self._counting:
            recent = [at_ns for at_ns in self._shown_ns if at_ns >= since_ns]
        return (len(recent) - 1) * 1e9 / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else 0.0

    def render_ms(self, percent: float) -> float | None:
        """A percentile of what drawing took lately, ms; None before the first frame."""
        with self._counting:
            spent = list(self._render_ms)
        return float(np.percentile(spent, percent)) if spent else None

    def lines(self) -> tuple[str, ...]:
        """The statistics for the picture. Blocks for about a millisecond."""
        told, p50, p99 = self.figures(), self.render_ms(50), self.render_ms(99)
        counts = f"{self.rate_hz():.1f} fps, {told.late} late, {told.dropped} dropped"
        lines = [counts + (f", {told.unseen} not shown" if told.unseen else "")]
        if p50 is not None and p99 is not None:
            lines.append(f"drawing: p50 {p50:.1f}, p99 {p99:.1f} ms")
        lines += [self._reading] if self._reading else []
        lines.append(f"texts: {told.texts}, {told.unsure} of them unsure")
        return (*lines, *_state(self._power()))


def _state(power: PowerState) -> tuple[str, ...]:
    warmth = [] if power.temperature_c is None else [f"{power.temperature_c:.0f} °C"]
    charge = [] if power.charge is None else [f"battery {power.charge:.0%}"]
    return (", ".join(warmth + charge),) if warmth or charge else ()
