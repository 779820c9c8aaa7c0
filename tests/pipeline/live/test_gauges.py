"""Figures of a session, from works and views made by hand on the virtual clock."""

from dataclasses import replace

import numpy as np
import pytest

from devices import Stamp
from devices.clock import NS_PER_MS, VirtualClock
from devices.power import PowerState
from language.translation import NONE, SAME, Translation
from pipeline.live.board import PlacedSign
from pipeline.live.gauges import Gauges
from pipeline.live.outcome import Outcome, Work
from pipeline.live.shelf import Shown
from pipeline.live.showing import Placed, View

TOLD = Translation("出口", "Exit", "zh-Hans", "en", "memory", 1.0, True)
QUAD = np.zeros((4, 2), np.float32)


def work(ms: float, outcome: Outcome = Outcome.DONE, lane: str = "render", stage: str = "", tier: str = "") -> Work:
    return Work(lane, stage or lane, Stamp("camera", 0, 0, 0.0), tier, 0, round(ms * NS_PER_MS), outcome)


def view(*told: Translation) -> View:
    placed = tuple(Placed(PlacedSign((), QUAD, one.source), Shown(one.source, one, None, 1.0), QUAD) for one in told)
    return View(Stamp("camera", 0, 0, 0.0), np.zeros((4, 4, 3), np.uint8), placed, None)  # type: ignore[arg-type]


def test_what_became_of_the_frames() -> None:
    gauges = Gauges(VirtualClock())
    for outcome in (*[Outcome.DONE] * 5, Outcome.DEGRADED, Outcome.SKIPPED, Outcome.STALE, Outcome.FAILED):
        gauges(work(3, outcome))
    gauges(work(300, Outcome.SKIPPED, lane="read"))
    gauges.unseen()
    told = gauges.figures()
    assert (told.frames, told.late, told.dropped, told.unseen, told.failed) == (6, 1, 2, 1, 1)


def test_first_translation_is_the_first_that_is_one() -> None:
    clock = VirtualClock()
    gauges = Gauges(clock)
    clock.advance(100)
    gauges.view(view(replace(TOLD, engine=SAME)))
    gauges.view(view(replace(TOLD, source="Xyz", engine=NONE, sure=False)))
    assert gauges.figures().first_translation_ns is None
    clock.advance(150)
    gauges.view(view(TOLD))
    clock.advance(150)
    gauges.view(view(TOLD))
    told = gauges.figures()
    assert told.first_translation_ns == 250 * NS_PER_MS
    assert (told.texts, told.unsure) == (2, 1)


def test_the_rate_is_that_of_the_last_two_seconds() -> None:
    clock = VirtualClock()
    gauges = Gauges(clock)
    assert gauges.rate_hz() == 0
    for _ in range(30):
        clock.advance(200)
        gauges.view(view())
    for _ in range(60):
        clock.advance(40)
        gauges.view(view())
    assert gauges.rate_hz() == pytest.approx(25)
    clock.advance(5000)
    assert gauges.rate_hz() == 0


def test_the_lines_for_the_picture() -> None:
    gauges = Gauges(VirtualClock(), lambda: PowerState(charge=0.62, temperature_c=51.7))
    for ms in range(1, 101):
        gauges(work(ms))
    gauges(work(0, Outcome.STALE))
    gauges(work(212, lane="read", stage="reading", tier="good"))
    gauges.view(view(TOLD, replace(TOLD, source="?", sure=False)))
    assert gauges.lines() == (
        "0.0 fps, 0 late, 1 dropped",
        "drawing: p50 50.5, p99 99.0 ms",
        "reading: good, 212 ms",
        "texts: 2, 1 of them unsure",
        "52 °C, battery 62%",
    )
    gauges.unseen()
    assert gauges.lines()[0].endswith("1 not shown")


def test_before_anything_has_happened() -> None:
    assert Gauges(VirtualClock()).lines() == ("0.0 fps, 0 late, 0 dropped", "texts: 0, 0 of them unsure")
