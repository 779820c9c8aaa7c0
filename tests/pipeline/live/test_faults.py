"""Every stage throws, returns garbage, comes late or hangs: each frame is drawn, and afterwards all is well again."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from devices import Frame, Rgb, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from language.translation import Translation
from pipeline.live.attention import LOOK_AGAIN_MS
from pipeline.live.looking import Senses
from pipeline.live.outcome import Outcome, Work
from pipeline.live.session import Session, Settings
from pipeline.live.showing import View
from pipeline.live.watchdog import Watchdog
from tests.pipeline.live.scenes import SIGN, KnowingReader, QuickTranslator, texture
from tests.pipeline.live.stand_ins import PATIENCE_S, Log
from vision.codes import Code, CodeReader
from vision.objects import Detection
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.windows import Window

FRAME_MS = 33
WORLD = texture(320, 184)
LATE_MS = 5000.0
WELL_AFTER = 60  # frames
STAGES = ("find", "recognise", "translate", "objects", "codes")
LANE_OF = {"find": "read", "recognise": "read", "translate": "translate", "objects": "look", "codes": "look"}

Trouble = Callable[[], Any]
"""What a stage does instead of its work: raises, waits, or returns something."""


@dataclass
class Troubles:
    """Which stage is ill, and how."""

    by_stage: dict[str, Trouble] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def work(self, stage: str, healthy: Callable[[], Any]) -> Any:
        self.asked[stage] = self.asked.get(stage, 0) + 1
        trouble = self.by_stage.get(stage)
        return healthy() if trouble is None else trouble()


class Reader(KnowingReader):
    def __init__(self, troubles: Troubles) -> None:
        super().__init__()
        self.troubles = troubles

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        return self.troubles.work("find", lambda: super(Reader, self).find(rgb, short_side_px, part))  # type: ignore[no-any-return]

    def read_lines(self, rgb: Rgb, quads: Sequence[Quad], stamp: Stamp, *, thorough: bool = True) -> list[TextRegion]:
        return self.troubles.work("recognise", lambda: super(Reader, self).read_lines(rgb, quads, stamp))  # type: ignore[no-any-return]


class Interpreter(QuickTranslator):
    def __init__(self, troubles: Troubles) -> None:
        self.troubles = troubles

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        healthy = super().translate
        return self.troubles.work("translate", lambda: healthy(texts, source=source, to=to))  # type: ignore[no-any-return]


class Eye:
    name = "eye"
    labels = ("dog",)
    least_score = 0.1
    sure_score = 0.4

    def __init__(self, troubles: Troubles) -> None:
        self.troubles = troubles

    def detect(self, frame: Frame) -> list[Detection]:
        found = [Detection(frame.stamp, "dog", 0.9, (20.0, 20.0, 90.0, 90.0))]
        return self.troubles.work("objects", lambda: found)  # type: ignore[no-any-return]


class Scanner(CodeReader):
    def __init__(self, troubles: Troubles) -> None:
        super().__init__()
        self.troubles = troubles

    def read(self, frame: Frame, long_side_px: int = 1280, turn: int | None = None) -> list[Code]:
        return self.troubles.work("codes", list)  # type: ignore[no-any-return]


class Live:
    """A session stepped by hand, before a camera that stands still."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NS_PER_MS)
        self.log = Log()
        self.troubles = Troubles()
        self.views: list[View] = []
        self.session = Session(
            Reader(self.troubles),  # type: ignore[arg-type]
            Interpreter(self.troubles),
            Settings("en"),
            clock=self.clock,
            on_view=self.views.append,
            observers=[self.log],
            senses=Senses(Eye(self.troubles), Scanner(self.troubles)),
        )
        self.seq = 0

    def render(self) -> Work | None:
        now_ns = self.clock.now_ns()
        self.session.render.put(Frame(Stamp("camera", self.seq, now_ns, now_ns / NS_PER_MS), WORLD))
        self.seq += 1
        work = self.session.render.step()
        self.clock.advance(FRAME_MS)
        return work

    def frames(self, count: int) -> None:
        """Frames through all lanes; each is drawn."""
        for _ in range(count):
            work = self.render()
            assert work is not None
            assert work.outcome is Outcome.DONE
            assert self.views[-1].stamp == work.stamp
            for lane in self.session.lanes[1:]:
                lane.step()

    def outcomes(self, lane: str) -> set[Outcome]:
        return {work.outcome for work in self.log.works if work.lane == lane}

    def is_well(self) -> bool:
        """Whether the sign is read and translated after the whole picture was looked at a few times."""
        for _ in range(WELL_AFTER):
            self.clock.advance(LOOK_AGAIN_MS / 10)
            self.frames(1)
            if any(one.shown.translation.target == "<出口>" for one in self.views[-1].placed):
                return True
        return False


def raises(error: BaseException) -> Trouble:
    def trouble() -> Any:
        raise error

    return trouble


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "error", [RuntimeError("mad"), ValueError(), MemoryError(), SystemExit(3), RecursionError("deep")], ids=repr
)
def test_a_stage_that_throws(stage: str, error: BaseException) -> None:
    live = Live()
    live.troubles.by_stage[stage] = raises(error)
    live.frames(8)
    assert live.troubles.asked[stage] > 0
    assert Outcome.FAILED in live.outcomes(LANE_OF[stage])
    live.troubles.by_stage.clear()
    assert live.is_well()


def region(text: Any, score: float = 0.97, quad: Quad = SIGN) -> TextRegion:
    return TextRegion(Stamp("nowhere", 10**9, 0, 0.0), quad, text, "han", score)


def translation(target: Any) -> Translation:
    return Translation("出口", target, "zh-Hans", "en", "mad", 0.9, True)


NAN, INF = float("nan"), float("inf")
GARBAGE: dict[str, list[Any]] = {
    "find": [
        None,
        7,
        ["no quad"],
        [np.zeros((4, 2), np.float32)],
        [np.full((4, 2), NAN, np.float32)],
        [SIGN * INF],
        [SIGN[:3]],
        [SIGN[[0, 2, 1, 3]]],
        [SIGN + 10_000],
        [SIGN * 1e9],
        [SIGN] * 40,
    ],
    "recognise": [
        None,
        7,
        [region("出口")],
        [region(None)],
        [region("出口", NAN)],
        [region("出口" * 5000)],
        [region("\x00\ud800")],
    ],
    "translate": [None, 7, [], [None], [translation("<出口>")] * 9, [translation(None)]],
    "objects": [
        None,
        7,
        [None],
        [Detection(Stamp("nowhere", 0, 0, 0.0), "dog", 0.9, (NAN, NAN, NAN, NAN))],
        [Detection(Stamp("nowhere", 0, 0, 0.0), "dog", NAN, (500.0, 300.0, 400.0, 200.0))],
        [Detection(Stamp("nowhere", 0, 0, 0.0), "", 9.0, (-1e9, -1e9, 1e9, 1e9))],
    ],
    "codes": [None, 7, [None]],
}


@pytest.mark.parametrize(("stage", "number"), [(stage, i) for stage in STAGES for i in range(len(GARBAGE[stage]))])
def test_a_stage_that_returns_garbage(stage: str, number: int) -> None:
    live = Live()
    live.troubles.by_stage[stage] = lambda: GARBAGE[stage][number]
    live.frames(12)
    assert live.troubles.asked[stage] > 0
    for view in live.views:
        assert view.picture.shape == WORLD.shape
        assert all(np.isfinite(one.quad).all() for one in view.placed)
    live.troubles.by_stage.clear()
    assert live.is_well()


@pytest.mark.parametrize("told", ["", "x" * 5000, "\x00\x07\ud800", "\n" * 50, "e\u0301" * 300])
def test_a_translation_of_an_odd_form_is_drawn_or_not_but_stops_nothing(told: str) -> None:
    live = Live()
    live.troubles.by_stage["translate"] = lambda: [translation(told)]
    live.frames(12)
    assert live.troubles.asked["translate"] == 1
    live.troubles.by_stage.clear()
    live.session._reading._reader.text = "入口"  # type: ignore[attr-defined]
    for _ in range(12):
        live.clock.advance(LOOK_AGAIN_MS / 2)
        live.frames(1)
    assert {one.shown.translation.target for one in live.views[-1].placed} <= {told, "<入口>"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_starts_well_and_goes_mad_later(stage: str) -> None:
    live = Live()
    assert live.is_well()
    for trouble in GARBAGE[stage]:
        live.troubles.by_stage[stage] = lambda trouble=trouble: trouble  # type: ignore[misc]
        live.clock.advance(LOOK_AGAIN_MS)
        live.frames(4)
    live.troubles.by_stage.clear()
    assert live.is_well()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_comes_late(stage: str) -> None:
    """What it found is used, if it is true still; it is published as late, and the next tries are cheaper or none."""
    live = Live()
    slow: Trouble = {
        "find": lambda: [SIGN.copy()],
        "recognise": lambda: None,
        "translate": lambda: [translation("<出口>")],
        "objects": list,
        "codes": list,
    }[stage]

    def late() -> Any:
        live.clock.advance(LATE_MS)
        return slow()

    live.troubles.by_stage[stage] = late
    live.frames(3)
    works = [work for work in live.log.works if work.lane == LANE_OF[stage]]
    assert any(work.late_ms > 0 for work in works)
    assert Outcome.DONE not in {work.outcome for work in works if work.late_ms > 0}
    live.troubles.by_stage.clear()
    assert live.is_well()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_hangs_is_reported_once_and_drawing_never_notices(stage: str) -> None:
    live = Live()
    go_on, stuck = threading.Event(), threading.Event()

    def hang() -> Any:
        stuck.set()
        go_on.wait(PATIENCE_S)
        raise RuntimeError("back at last")

    live.troubles.by_stage[stage] = hang
    live.render()
    lane = next(lane for lane in live.session.lanes if lane.name == LANE_OF[stage])
    watchdog = Watchdog(live.session.lanes, 2000, clock=live.clock, observers=[live.log])
    try:
        if stage == "translate":
            live.session.reading.step()  # finds what there is to translate
        lane.start()
        assert stuck.wait(PATIENCE_S)
        for _ in range(100):
            work = live.render()
            assert work is not None
            assert work.outcome is Outcome.DONE
            watchdog.check()
            assert len(lane.mailbox) <= 1
        told = [work.detail for work in live.log.works if "has not returned" in work.detail]
        assert len(told) == 1
        assert len({view.stamp.seq for view in live.views}) == live.seq
    finally:
        go_on.set()
        assert lane.stop(PATIENCE_S)
    assert any("back at last" in work.detail for work in live.log.works)


def test_a_listener_of_views_that_throws_costs_its_frame_only() -> None:
    live = Live()
    live.frames(1)
    live.session._on_view = lambda view: raises(RuntimeError("no room on the disk"))()
    work = live.render()
    assert work is not None
    assert work.outcome is Outcome.FAILED
    live.session._on_view = live.views.append
    assert live.is_well()
