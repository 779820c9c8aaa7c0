"""The display's side: the newest view wins, notices are drawn, keys are obeyed; exact, on the virtual clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from devices import Frame, Rgb, Stamp
from devices.clock import VirtualClock
from devices.display import Wish
from pipeline.live.board import Seen
from pipeline.live.controls import Controls, Mode
from pipeline.live.gauges import Gauges
from pipeline.live.intake import Intake
from pipeline.live.notices import Notices
from pipeline.live.showing import View
from pipeline.live.viewer import Hand, Viewer
from tests.pipeline.live.scenes import Screen

GREY = np.full((90, 160, 3), 120, np.uint8)
GREY.flags.writeable = False


@dataclass
class Said:
    """Stands for the session and the player: keeps what it was told."""

    draw: bool = True
    held: list[bool] = field(default_factory=list)
    still: list[bool] = field(default_factory=list)
    live: bool = True

    @property
    def opener(self) -> "Said":
        return self

    def hold(self, on: bool) -> None:
        self.held.append(on)

    def stand_still(self, on: bool) -> None:
        self.still.append(on)


class Desk:
    """A viewer with everything around it; `wishes` are asked for in the next turn."""

    def __init__(self, *, visible: bool = True) -> None:
        self.clock = VirtualClock()
        self.wishes: list[Wish] = []
        self.screen = Screen(self._asked)
        self.screen.visible = visible
        self.notices = Notices(self.clock)
        self.gauges = Gauges(self.clock)
        self.frames: list[Frame] = []
        self.intake = Intake(self.frames.append, self.notices, clock=self.clock)
        self.said = Said()
        self.controls = Controls(
            self.said,  # type: ignore[arg-type]
            self.said,  # type: ignore[arg-type]
            self.intake,
            self.notices,
            clock=self.clock,
        )
        self.hand = Hand(self.gauges, visible=visible)
        self.viewer = Viewer(
            self.screen,
            self.hand,
            self.controls,
            self.notices,
            self.gauges,
            self.intake,
            blank=np.zeros_like(GREY),
            clock=self.clock,
        )

    def _asked(self, screen: Screen) -> Sequence[Wish]:
        asked, self.wishes = self.wishes, []
        return asked

    def view(self, seq: int = 0, picture: Rgb = GREY) -> View:
        stamp = Stamp("camera 0", seq, self.clock.now_ns(), seq * 40.0)
        return View(stamp, picture, (), Seen(stamp, picture, picture[..., 0], 1.0, None, None))  # type: ignore[arg-type]

    def turn(self, *wishes: Wish) -> bool:
        self.wishes += wishes
        return self.viewer.step(0)

    def shown(self) -> Rgb:
        assert self.screen.picture is not None
        return self.screen.picture


def test_the_newest_view_is_shown_and_the_others_are_counted() -> None:
    desk = Desk()
    for seq in range(4):
        desk.hand(desk.view(seq, np.full_like(GREY, seq)))
    assert desk.turn()
    assert (desk.shown() == 3).all()
    assert desk.screen.pictures == 1
    assert desk.gauges.figures().unseen == 3


def test_nothing_new_is_not_shown_again_until_the_window_wants_it() -> None:
    desk = Desk()
    desk.hand(desk.view())
    desk.turn()
    desk.turn()
    assert desk.screen.pictures == 1
    desk.turn(Wish.REDRAW)
    assert desk.screen.pictures == 2
    assert desk.shown() is GREY


def test_before_the_first_picture_the_window_is_dark() -> None:
    desk = Desk()
    desk.turn()
    assert not desk.shown().any()


def test_a_notice_is_drawn_on_the_last_picture_and_goes_away() -> None:
    desk = Desk()
    desk.hand(desk.view())
    desk.turn()
    desk.notices.news("news", "the clip is damaged")
    desk.turn()
    assert (desk.shown() != GREY).any()
    assert (GREY == 120).all()
    desk.clock.advance(60_000)
    desk.turn()
    assert (desk.shown() == GREY).all()


def test_a_picture_that_stands_though_it_should_not_is_dimmed() -> None:
    desk = Desk()
    desk.hand(desk.view())
    desk.turn()
    desk.intake.trouble("camera 0 is gone")
    desk.turn()
    assert desk.shown()[-1, -1].tolist() == [54, 54, 54]
    desk.intake.frame(Frame(Stamp("camera 0", 1, 0, 0.0), GREY))
    desk.hand(desk.view(1))
    desk.turn()
    assert desk.shown()[-1, -1].tolist() == [120, 120, 120]


def test_quitting() -> None:
    desk = Desk()
    assert not desk.turn(Wish.QUIT)


def test_pausing_and_going_on() -> None:
    desk = Desk()
    desk.hand(desk.view())
    desk.turn(Wish.PAUSE)
    assert desk.said.held == [True]
    assert desk.notices.lines() == ("Paused; the space bar goes on.",)
    desk.clock.advance(10_000)
    desk.turn()
    assert desk.frames == []
    desk.turn(Wish.PAUSE)
    assert desk.said.held == [True, False]
    assert desk.notices.lines() == ()


def test_freezing_draws_the_same_picture_again_and_again() -> None:
    desk = Desk()
    desk.hand(desk.view(7))
    desk.turn(Wish.FREEZE)
    assert desk.said.still == [True]
    for _ in range(10):
        desk.clock.advance(50)
        desk.turn()
    assert len(desk.frames) == 6
    assert all(one.rgb is GREY and one.stamp.pts_ms == 280 for one in desk.frames)
    desk.turn(Wish.FREEZE)
    assert desk.controls.mode is Mode.RUNNING
    assert desk.said.held == [True, False]
    assert desk.said.still == [True, False]
    count = len(desk.frames)
    desk.clock.advance(1000)
    desk.turn()
    assert len(desk.frames) == count


def test_space_ends_freezing_and_f_freezes_what_is_paused() -> None:
    desk = Desk()
    desk.turn(Wish.PAUSE, Wish.FREEZE)
    assert desk.said.still[-1]
    desk.turn(Wish.PAUSE)
    assert desk.controls.mode is Mode.RUNNING
    assert not desk.said.still[-1]


def test_freezing_before_there_is_a_picture() -> None:
    desk = Desk()
    assert desk.turn(Wish.FREEZE)
    assert desk.frames == []


def test_the_original_and_back_also_while_the_picture_stands() -> None:
    desk = Desk()
    desk.hand(desk.view())
    desk.turn(Wish.ORIGINAL)
    assert not desk.said.draw
    assert desk.notices.lines() == ("This is the original; o shows the translation.",)
    assert desk.frames == []
    desk.turn(Wish.PAUSE)
    desk.turn(Wish.ORIGINAL)
    assert desk.said.draw
    assert len(desk.frames) == 1
    assert desk.notices.lines() == ("Paused; the space bar goes on.",)


def test_statistics_appear_are_renewed_and_go() -> None:
    desk = Desk()
    desk.hand(desk.view())
    desk.turn()
    desk.turn(Wish.STATISTICS)
    first = desk.shown()
    assert (first != GREY).any()
    desk.gauges.unseen()
    desk.clock.advance(100)
    desk.turn()
    assert desk.shown() is first
    desk.clock.advance(500)
    desk.turn()
    assert (desk.shown() != first).any()
    desk.turn(Wish.STATISTICS)
    assert (desk.shown() == GREY).all()


def test_a_camera_that_falls_silent_is_noticed_but_not_while_paused() -> None:
    desk = Desk()
    desk.intake.frame(Frame(Stamp("camera 0", 0, 0, 0.0), GREY))
    desk.turn(Wish.PAUSE)
    desk.clock.advance(10_000)
    desk.turn()
    desk.turn(Wish.PAUSE)
    assert not desk.intake.standing
    desk.clock.advance(2001)
    desk.turn()
    assert desk.intake.standing


def test_without_a_display_nothing_is_drawn_or_counted_and_the_end_of_the_clip_is_the_end() -> None:
    desk = Desk(visible=False)
    for seq in range(3):
        desk.hand(desk.view(seq))
    desk.intake.ended("clip.mp4 has ended.")
    desk.viewer.run(None)
    assert desk.screen.pictures == 0
    assert desk.gauges.figures().unseen == 0


def test_the_end_comes_when_its_time_has_come() -> None:
    desk = Desk()
    desk.screen.script = lambda screen: desk.clock.advance(100) or ()  # type: ignore[func-returns-value]
    desk.viewer.run(1_000_000_000)
    assert desk.screen.turns == 10
