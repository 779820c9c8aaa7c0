"""When a gesture is meant: a pure function of what was seen and when. Reads no clock.

A hand that passes, a single wrong answer of a network, or fingers on the way from one gesture to another do nothing.
Meant is what the surest hand keeps doing, nearly still, for its dwell; then it is told once, and not again before the
hand has let go of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from vision.hands.hand import Gesture


@dataclass(frozen=True, slots=True)
class Habits:
    """How patient to be."""

    dwell_ms: Mapping[Gesture, float] = field(
        default_factory=lambda: MappingProxyType(
            {Gesture.PALM: 800.0, Gesture.FIST: 800.0, Gesture.POINT: 600.0, Gesture.THUMB_UP: 800.0}
        )
    )
    least_seen: int = 3
    """Times that it must have been seen meanwhile: a slow machine may look three times a second."""
    begin_score: float = 0.65
    keep_score: float = 0.45
    """Hysteresis: what has begun may be seen less clearly."""
    blink_ms: float = 350.0
    """For so long it may not be seen at all, or as something else."""
    release_ms: float = 700.0
    """After it was told: so long without it before anything is told again."""
    farthest: float = 1.0
    """How far a hand may wander meanwhile, in sizes of the hand."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the surest hand did at one moment; `gesture` None also where there was no hand."""

    at_ms: float
    gesture: Gesture | None = None
    score: float = 0.0
    place: tuple[float, float] = (0.0, 0.0)
    """Of what points or is held up, capture pixels."""
    size_px: float = 1.0


@dataclass(frozen=True, slots=True)
class Dwell:
    """What is known after a sample. `told` is what is meant, at the very sample at which that became clear."""

    told: Gesture | None = None
    gesture: Gesture | None = None
    """The one that is being watched, if any."""
    since_ms: float = 0.0
    last_ms: float = 0.0
    """When it was last seen."""
    seen: int = 0
    start: tuple[float, float] = (0.0, 0.0)
    spent: bool = False
    """It was told already; the hand has not let go of it yet."""
    now_ms: float = float("-inf")


def watch(before: Dwell, sample: Sample, habits: Habits | None = None) -> Dwell:
    """The state after one more sample. One that is not later than the last changes nothing."""
    habits = habits or Habits()
    if not sample.at_ms > before.now_ms:
        return replace(before, told=None)
    patience_ms = habits.release_ms if before.spent else habits.blink_ms
    if before.gesture is not None and sample.at_ms - before.last_ms > patience_ms:
        before = Dwell(now_ms=before.now_ms)  # let go
    if before.gesture is None:
        return _begun(sample, habits)
    if sample.gesture is not before.gesture or sample.score < habits.keep_score:
        return replace(before, told=None, now_ms=sample.at_ms)
    if before.spent:
        return replace(before, told=None, last_ms=sample.at_ms, now_ms=sample.at_ms)
    if _far(before.start, sample, habits):
        return _begun(sample, habits)
    seen = before.seen + 1
    meant = sample.at_ms - before.since_ms >= habits.dwell_ms[before.gesture] and seen >= habits.least_seen
    told = before.gesture if meant else None
    return Dwell(told, before.gesture, before.since_ms, sample.at_ms, seen, before.start, meant, sample.at_ms)


def _begun(sample: Sample, habits: Habits) -> Dwell:
    if sample.gesture is None or sample.score < habits.begin_score:
        return Dwell(now_ms=sample.at_ms)
    return Dwell(None, sample.gesture, sample.at_ms, sample.at_ms, 1, sample.place, False, sample.at_ms)


def _far(start: tuple[float, float], sample: Sample, habits: Habits) -> bool:
    return math.dist(start, sample.place) > habits.farthest * max(sample.size_px, 1.0)
