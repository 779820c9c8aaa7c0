"""Whatever the lanes do in whatever order: no label from the future, none from another scene, nothing grows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import Frame, Rgb, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from language.translation import Translation
from pipeline.live.session import Allowances, Session, Settings
from pipeline.live.showing import View
from tests.pipeline.live.scenes import seen_through, texture
from tests.pipeline.live.stand_ins import Log
from vision.quad import Matrix, Quad, move
from vision.text import TextRegion
from vision.text.windows import Window

WIDTH, HEIGHT = 320, 184
WORLDS = [texture(WIDTH, HEIGHT, seed) for seed in (4, 5, 6)]
PLACE = np.array([[60, 50], [220, 50], [220, 90], [60, 90]], np.float32)


@dataclass(frozen=True)
class Shot:
    """What a frame shows: which world, from where."""

    world: int
    x: float
    y: float

    @property
    def camera(self) -> Matrix:
        return np.array([[1, 0, self.x], [0, 1, self.y], [0, 0, 1]], np.float64)

    def picture(self) -> Rgb:
        moved = cv2.warpPerspective(WORLDS[self.world], self.camera, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        return np.asarray(moved, np.uint8)

    def text(self) -> str:
        return f"Text {self.world}"


@dataclass
class Live:
    """A session whose slow lanes let the others run while they work."""

    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NS_PER_MS))
    log: Log = field(default_factory=Log)
    shots: dict[int, Shot] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    meanwhile: list[Shot] = field(default_factory=list)
    seq: int = 0

    def __post_init__(self) -> None:
        self.session = Session(
            self,  # type: ignore[arg-type]
            self,
            Settings("ko", allowances=Allowances(read_ms=1e6, translate_ms=1e6)),
            clock=self.clock,
            on_view=self.views.append,
            observers=[self.log],
        )
        self._pictures: dict[int, Shot] = {}

    # The reader and the translator

    name = "echo"

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        shot = self._pictures[id(rgb)]
        self.others()
        return seen_through(part, [move(shot.camera, PLACE)])

    def read_lines(self, rgb: Rgb, quads: Sequence[Quad], stamp: Stamp) -> list[TextRegion]:
        self.others()
        return [TextRegion(stamp, quad, self.shots[stamp.seq].text(), "latin", 0.97) for quad in quads]

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        self.others()
        return [Translation(text, f"<{text}>", "en", to, "echo", 0.9, True) for text in texts]

    # What happens

    def others(self) -> None:
        """While one lane works, another may."""
        shots, self.meanwhile = self.meanwhile, []
        for shot in shots:
            self.do(shot)

    def do(self, step: "Step") -> None:
        self.clock.advance(20)
        match step:
            case Shot():
                rgb = step.picture()
                self._pictures[id(rgb)] = self.shots[self.seq] = step
                now_ns = self.clock.now_ns()
                self.session.render.put(Frame(Stamp("camera", self.seq, now_ns, now_ns / NS_PER_MS), rgb))
                self.seq += 1
                self.session.render.step()
            case ("skip",):
                self.seq += 7  # frames that were lost on their way
            case (str(name), steps):
                lane = self.session.reading if name == "read" else self.session.translating
                if lane.busy is None:
                    self.meanwhile = list(steps)
                    lane.step()
                    self.meanwhile = []
        self.check()

    def check(self) -> None:
        """What must be true at every moment."""
        for lane in self.session.lanes:
            assert len(lane.mailbox) <= lane.mailbox.capacity == 1
        assert len(self.session._boards) <= 1 + len(self.log.works)
        if not self.views:
            return
        view = self.views[-1]
        board = view.seen.board
        if board is not None:
            assert board.stamp.seq <= view.stamp.seq
            assert board.stamp.captured_ns <= view.stamp.captured_ns
        for one in view.placed:
            assert one.shown.text == self.shots[view.stamp.seq].text()
            assert one.shown.translation.target == f"<{one.shown.text}>"
            true = move(self.shots[view.stamp.seq].camera, PLACE)
            assert np.abs(one.quad - true).max() < 6


Step = Shot | tuple[str, list[Shot]] | tuple[str]

# Small steps are motion, another world is a cut.
shots = st.builds(Shot, st.sampled_from([0, 0, 0, 1, 2]), st.integers(-6, 6), st.integers(-4, 4))
works = st.tuples(st.sampled_from(["read", "translate"]), st.lists(shots, max_size=4))
steps = st.lists(st.one_of(shots, works, works, st.just(("skip",))), min_size=4, max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(steps)
def test_no_frame_shows_what_a_later_one_said_or_what_another_scene_says(script: list[Step]) -> None:
    live = Live()
    for step in [Shot(0, 0, 0), ("read", []), ("translate", []), *script]:
        live.do(step)
    seqs = [view.stamp.seq for view in live.views]
    assert seqs == sorted(set(seqs))
    for work in live.log.works:
        lane = next(lane for lane in live.session.lanes if lane.name == work.lane)
        if work.deadline_ns is not None:
            end_ns = work.stamp.captured_ns + round(lane.allowance_ms * NS_PER_MS)
            assert work.deadline_ns <= end_ns  # nobody gives himself more time


def test_the_script_can_show_something() -> None:
    """Or else the test above would be true of nothing."""
    live = Live()
    for step in (
        Shot(0, 0, 0),
        ("read", [Shot(0, 1, 0)]),
        ("translate", []),
        Shot(0, 2, 0),
        ("read", []),
        Shot(0, 3, 1),
    ):
        live.do(step)
    assert [one.shown.text for one in live.views[-1].placed] == ["Text 0"]
    live.do(Shot(1, 0, 0))
    assert live.views[-1].placed == ()
