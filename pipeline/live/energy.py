"""The energy ledger: what a session would have drawn on the device of a profile.

In: every Work, as an Observer. Out: joules, by stage and in all, for each frame and for each translation. Estimated:

    E = sum over runs ( t * P_unit )  +  ( P_base + P_display + P_camera ) * T

`t` is how long the run took, at most the p95 of its entry in the profile: what took longer did so because this machine
is slower than the chip. `P_unit` is what the unit draws beside the rest while it works; where a tier uses several,
their mean weighted by time. `T` is the time from the first run to the end of the last. Drawing has no entry; it counts
with its time here on the CPU. The powers, their sources and the rules by which some were derived stand in the profile.

The form, time at work times power of the component plus a constant floor, is the utilisation model of Carroll and
Heiser, "An Analysis of Power Consumption in a Smartphone", USENIX ATC 2010, and of Android's power profiles
(source.android.com/docs/core/power/component).
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devices.clock import NS_PER_MS
from devices.profile import Profile
from pipeline.live.outcome import Outcome, Work
from pipeline.live.stand_in import Key, Load, loads

_RENDER = "render"
_J_PER_WH = 3600.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What was drawn from the first run to the end of the last."""

    seconds: float
    constant_j: float
    """Display, camera and whatever is always on."""
    stages_j: Mapping[str, float]
    frames: int
    """Shown."""
    translations: int

    @property
    def joules(self) -> float:
        """All of it."""
        return self.constant_j + sum(self.stages_j.values())

    @property
    def power_w(self) -> float:
        """On the average."""
        return self.joules / self.seconds if self.seconds > 0 else 0.0

    @property
    def frame_j(self) -> float | None:
        """All of it, shared among the frames; None without a frame."""
        return self.joules / self.frames if self.frames else None

    @property
    def translation_j(self) -> float | None:
        """What all stages but drawing drew, shared among the translations; None without one."""
        found_j = sum(joules for stage, joules in self.stages_j.items() if stage != _RENDER)
        return found_j / self.translations if self.translations else None


class Ledger:
    """Adds up. An Observer; `spend` hears of the joules of each run, for a simulation of heat."""

    def __init__(self, profile: Profile, spend: Callable[[float], None] = lambda joules: None) -> None:
        self._constant_w = profile.body.constant_w
        self._cpu_w = profile.units["cpu"].power_w.value
        self._loads: Mapping[Key, Load] = loads(profile)
        self._spend = spend
        self._counting = threading.Lock()
        self._stages_j: dict[str, float] = {}
        self._frames = 0
        self._first_ns: int | None = None
        self._last_ns = 0

    def __call__(self, work: Work) -> None:
        """Count one."""
        joules = self._joules(work)
        with self._counting:
            self._first_ns = work.started_ns if self._first_ns is None else min(self._first_ns, work.started_ns)
            self._last_ns = max(self._last_ns, work.ended_ns)
            if work.stage == _RENDER and work.outcome in (Outcome.DONE, Outcome.DEGRADED):
                self._frames += 1
            if joules:
                self._stages_j[work.stage] = self._stages_j.get(work.stage, 0.0) + joules
        if joules:
            self._spend(joules)

    def spent(self, translations: int = 0) -> Spent:
        """What was drawn until now; how many texts were translated is known to others."""
        with self._counting:
            seconds = (self._last_ns - (self._first_ns or 0)) / NS_PER_MS / 1000 if self._first_ns is not None else 0.0
            return Spent(seconds, self._constant_w * seconds, dict(self._stages_j), self._frames, translations)

    def _joules(self, work: Work) -> float:
        took_ms = (work.ended_ns - work.started_ns) / NS_PER_MS
        if work.stage == _RENDER:
            return took_ms / 1000 * self._cpu_w
        load = self._loads.get((work.stage, work.tier))
        # Whole items of a lane whose stages are counted by themselves have no entry.
        return 0.0 if load is None else min(took_ms, load.cost.p95_ms) / 1000 * load.power_w


def describe_energy(spent: Spent, profile: Profile) -> str:
    """The ledger in a few lines for people."""
    if not spent.frames:
        return f"energy on {profile.name}: nothing was shown"
    parts = {"display, camera, base": spent.constant_j} | dict(sorted(spent.stages_j.items()))
    shares = ", ".join(f"{name} {joules / spent.joules:.0%}" for name, joules in parts.items())
    lines = [
        f"energy on {profile.name}, estimated: {spent.power_w:.2f} W on the average over {spent.seconds:.0f} s"
        f" ({profile.body.sustained_w.value:.1f} W can be sustained)",
        f"  a frame: {1000 * (spent.frame_j or 0):.1f} mJ ({shares})",
    ]
    if spent.translation_j is not None:
        lines.append(f"  a translation, without drawing: {1000 * spent.translation_j:.0f} mJ")
    if profile.body.battery_wh is not None and spent.power_w > 0:
        hours = profile.body.battery_wh.value / spent.power_w
        lines.append(f"  its battery of {profile.body.battery_wh.value:.1f} Wh would last {hours:.1f} h")
    return "\n".join(lines)
