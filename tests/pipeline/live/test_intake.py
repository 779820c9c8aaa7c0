"""Frames on their way to the render lane: their numbers, their sizes, and what is said of the source."""

import threading

import numpy as np

from devices import Frame, Stamp
from devices.clock import VirtualClock
from pipeline.live.intake import Intake
from pipeline.live.notices import Notices
from pipeline.live.outcome import Outcome, Work
from tests.pipeline.live.stand_ins import PATIENCE_S


class Door:
    """An intake, what went through it, and what was announced."""

    def __init__(self, one_by_one: str | None = None) -> None:
        self.clock = VirtualClock()
        self.frames: list[Frame] = []
        self.told: list[str] = []
        self.notices = Notices(self.clock, self.told.append)
        self.intake = Intake(self.frames.append, self.notices, clock=self.clock, one_by_one=one_by_one)

    def frame(self, seq: int, size: tuple[int, int] = (64, 48)) -> None:
        stamp = Stamp("clip.mp4", seq, self.clock.now_ns(), seq * 40.0)
        self.intake.frame(Frame(stamp, np.zeros((size[1], size[0], 3), np.uint8)))

    def numbers(self) -> list[int]:
        return [one.stamp.seq for one in self.frames]


def work(seq: int, lane: str = "render", stage: str = "render") -> Work:
    return Work(lane, stage, Stamp("clip.mp4", seq, 0, 0.0), "", 0, 0, Outcome.STALE)


def test_frames_keep_their_numbers_gaps_included() -> None:
    door = Door()
    for seq in (0, 1, 4):
        door.frame(seq)
    assert door.numbers() == [0, 1, 4]
    assert [one.stamp.pts_ms for one in door.frames] == [0, 40, 160]
    assert door.intake.frames == 3


def test_a_kept_picture_takes_new_numbers_and_moves_those_after_it() -> None:
    door = Door()
    door.frame(0)
    door.clock.advance(500)
    kept = door.frames[0]
    for _ in range(3):
        door.intake.again(kept.stamp, kept.rgb)
    door.frame(1)
    door.frame(3)
    assert door.numbers() == [0, 1, 2, 3, 4, 6]
    assert [one.stamp.pts_ms for one in door.frames] == [0, 0, 0, 0, 40, 120]
    assert door.frames[1].stamp.captured_ns == door.clock.now_ns()
    assert door.intake.frames == 3


def test_another_size_is_news() -> None:
    door = Door()
    door.frame(0)
    door.frame(1, (32, 24))
    door.frame(2, (32, 24))
    assert door.told == ["The picture is 32x24 now; it was 64x48."]


def test_a_trouble_stands_until_the_next_picture() -> None:
    door = Door()
    door.frame(0)
    door.intake.trouble("camera 0 is gone. Trying again in 2 s.")
    assert door.intake.standing
    assert door.notices.lines() == ("camera 0 is gone. Trying again in 2 s.",)
    door.frame(1)
    assert not door.intake.standing
    assert door.notices.lines() == ("clip.mp4 is back.",)


def test_the_end_is_remembered() -> None:
    door = Door()
    door.frame(0)
    door.intake.ended("clip.mp4 has ended.")
    assert door.intake.over == "clip.mp4 has ended."
    assert door.notices.lines() == ("clip.mp4 has ended.",)
    assert not door.intake.standing


def test_a_source_that_says_nothing_is_noticed_and_forgiven() -> None:
    door = Door()
    door.intake.watch()
    door.clock.advance(1e5)
    door.intake.watch()  # nothing has come yet: nothing is missing
    door.frame(0)
    door.clock.advance(2000)
    door.intake.watch()
    assert not door.intake.standing
    door.clock.advance(1)
    door.intake.watch()
    door.intake.watch()
    assert door.intake.standing
    assert door.told == ["No picture comes at the moment."]
    door.frame(1)
    assert not door.intake.standing
    assert door.notices.lines() == ()


def test_while_it_rests_nothing_is_missed() -> None:
    door = Door()
    door.frame(0)
    for _ in range(10):
        door.clock.advance(1900)
        door.intake.rest()
    door.clock.advance(1900)
    door.intake.watch()
    assert not door.intake.standing


def test_one_by_one_waits_for_the_lane_whatever_became_of_the_frame() -> None:
    door = Door(one_by_one="render")
    given = threading.Event()

    def give() -> None:
        door.frame(0)
        given.set()

    thread = threading.Thread(target=give, daemon=True)
    thread.start()
    door.intake(work(0, lane="read", stage="read"))
    door.intake(work(0, lane="render", stage="compose"))
    assert not given.is_set()
    door.intake(work(0))
    assert given.wait(PATIENCE_S)
    thread.join(PATIENCE_S)


def test_closing_lets_go_of_who_waits() -> None:
    door = Door(one_by_one="render")
    thread = threading.Thread(target=door.frame, args=(0,), daemon=True)
    thread.start()
    door.intake.close()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
