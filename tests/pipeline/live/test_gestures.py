"""Gestures in a live session: the lane on the virtual clock, what each gesture does, and a whole session with hands."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pipeline.live.gestures
from devices import Frame, InputError, MissingError, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from devices.display import Wish
from devices.store import Store
from language.translation import Translation
from overlay.sticker import Sticker
from pipeline.hands import MODELS, find_hands, hands_line, open_hands
from pipeline.live.board import PlacedSign
from pipeline.live.gestures import Gesturing, HandLane, Meant, nearest
from pipeline.live.notices import Notices
from pipeline.live.outcome import Outcome
from pipeline.live.plan import Plan
from pipeline.live.run import Surroundings, run_live
from pipeline.live.shelf import Shown
from pipeline.live.showing import Placed
from pipeline.saved import SavedTexts
from tests.pipeline.films import write_clip
from tests.pipeline.live.scenes import KnowingReader, QuickTranslator, texture
from tests.pipeline.live.test_recorder import view as a_view
from tests.pipeline.live.test_run import on_screen
from vision.hands import Dwell, Gesture, Hand

STICKER = object.__new__(Sticker)  # only whether there is one matters here


class Seer:
    """Sees what it is told to."""

    name = "seer"

    def __init__(self, gesture: Gesture | None = Gesture.PALM, score: float = 0.9) -> None:
        self.gesture = gesture
        self.score = score
        self.takes_ms = 20.0
        self.clock: VirtualClock | None = None
        self.seen: list[int] = []

    def read(self, frame: Frame) -> list[Hand]:
        self.seen.append(frame.stamp.seq)
        if self.clock:
            self.clock.advance(self.takes_ms)
        points = np.full((21, 2), 100, np.float32)
        points[9] = (100, 40)
        return [Hand(frame.stamp, points, 0.95, self.gesture, self.score)]


def frame(seq: int, at_ms: float) -> Frame:
    return Frame(Stamp("camera", seq, round(at_ms * NS_PER_MS), at_ms), np.zeros((8, 8, 3), np.uint8))


def play(seer: Seer, for_ms: float, step_ms: float = 33.0) -> list[Meant]:
    clock = seer.clock = VirtualClock()
    lane = HandLane(seer, clock=clock)
    meant = []
    for seq in range(int(for_ms / step_ms)):
        clock.sleep_until(round(seq * step_ms * NS_PER_MS))
        lane.offer(frame(seq, seq * step_ms))
        if work := lane.lane.step():
            assert work.outcome in (Outcome.DONE, Outcome.DEGRADED)
        meant += lane.meant()
    return meant


def test_a_gesture_that_is_held_is_meant_once() -> None:
    (one,) = play(Seer(), 3000)
    assert one.gesture is Gesture.PALM
    assert 800 <= one.stamp.captured_ns / NS_PER_MS <= 1000
    assert play(Seer(Gesture.FIST), 700) == []
    assert play(Seer(None), 3000) == []
    assert play(Seer(score=0.3), 3000) == []


def test_the_lane_rests_three_times_as_long_as_it_works() -> None:
    seer = Seer()
    seer.takes_ms = 60
    play(seer, 3000)
    assert 8 <= len(seer.seen) <= 3000 / (60 / 0.25) + 2


def placed(corner: tuple[float, float], source: str, shown: bool = True) -> Placed:
    x, y = corner
    quad = np.array([[x, y], [x + 100, y], [x + 100, y + 20], [x, y + 20]], np.float32)
    sample = a_view(0).placed[0]
    line = replace(sample.sign.lines[0], quad=quad)
    told = Translation(source, f"<{source}>", "ko", "en", "memory", 0.9, source != "unsure")
    return Placed(PlacedSign((line,), quad, source), Shown(source, told, STICKER if shown else None, 1.0), quad)


def test_the_text_at_the_finger() -> None:
    upper, lower = placed((100, 100), "upper"), placed((100, 150), "lower")
    left_alone = placed((300, 100), "own language", shown=False)
    all_of_them = (upper, lower, left_alone)
    assert nearest(all_of_them, (150, 110)) is upper
    assert nearest(all_of_them, (150, 133)) is upper
    assert nearest(all_of_them, (150, 139)) is lower
    assert nearest(all_of_them, (150, 195)) is None
    assert nearest(all_of_them, (350, 110)) is None
    assert nearest((), (0, 0)) is None


class Desk:
    def __init__(self, path: Path, *texts: Placed) -> None:
        self.clock = VirtualClock()
        self.wishes: list[Wish] = []
        self.waiting: list[Meant] = []
        self.notices = Notices(self.clock)
        self.path = path
        self.gesturing = Gesturing(
            self._meant, lambda wish, view: self.wishes.append(wish), SavedTexts(path), self.notices, clock=self.clock
        )
        self.gesturing.view = replace(a_view(0), placed=texts)

    def _meant(self) -> Sequence[Meant]:
        waiting, self.waiting = self.waiting, []
        return waiting

    def do(self, gesture: Gesture, at: tuple[float, float] = (150, 110)) -> tuple[str, ...]:
        self.waiting = [Meant(Stamp("camera", 0, 0, 0.0), gesture, at)]
        self.gesturing.step()
        return self.notices.lines()

    def saved(self) -> list[list[str]]:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [[text["source"] for text in json.loads(line)["texts"]] for line in lines]


def test_palm_and_fist_are_keys(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "saved.jsonl")
    desk.do(Gesture.PALM)
    desk.do(Gesture.FIST)
    desk.gesturing.step()
    assert desk.wishes == [Wish.PAUSE, Wish.ORIGINAL]


def test_a_finger_picks_and_a_thumb_saves_what_was_picked(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "new" / "saved.jsonl", placed((100, 100), "upper"), placed((100, 150), "unsure"))
    assert desk.do(Gesture.POINT) == ("upper: <upper>",)
    assert desk.do(Gesture.POINT, (150, 160)) == ("unsure: <unsure> (?)",)
    assert f"1 text saved in {desk.path}." in desk.do(Gesture.THUMB_UP)
    desk.clock.advance(11_000)
    assert desk.do(Gesture.THUMB_UP) == (f"2 texts saved in {desk.path}.",)
    assert desk.saved() == [["unsure"], ["upper", "unsure"]]
    record = json.loads(desk.path.read_text(encoding="utf-8").splitlines()[0])
    assert record["from"] == "camera"
    assert record["texts"][0] == {
        "source": "unsure", "source_lang": "ko", "target": "<unsure>", "target_lang": "en", "sure": False
    }  # fmt: skip


def test_nothing_there_and_no_room_are_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "saved.jsonl")
    assert desk.do(Gesture.POINT) == ("There is no translated text at the finger.",)
    assert "There is no translated text to save." in desk.do(Gesture.THUMB_UP)
    assert not desk.path.exists()
    (tmp_path / "file").write_text("")
    refused = Desk(tmp_path / "file" / "saved.jsonl", placed((100, 100), "upper"))
    (said,) = refused.do(Gesture.THUMB_UP)
    assert "saved.jsonl" in said


def test_a_session_with_hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fist that is meant at the first look hides the translations."""
    clip = write_clip(tmp_path / "clip.mp4", [texture()] * 12)
    told: list[str] = []
    hidden = "This is the original; o shows the translation."
    on_screen(monkeypatch, lambda screen: [Wish.QUIT] if hidden in told else [])
    states = iter([Dwell(told=Gesture.FIST)])
    monkeypatch.setattr(pipeline.live.gestures, "watch", lambda before, sample: next(states, Dwell()))

    def load() -> Any:
        return KnowingReader(), QuickTranslator()

    around = Surroundings(announce=told.append, hands=lambda: Seer(Gesture.FIST))
    summary = run_live(Plan(str(clip), "en", display="window", realtime=False, loop=True), load, around)
    assert "Gestures are seen by seer: palm pauses, fist hides, finger picks, thumb up saves." in told
    assert hidden in told
    assert summary.left == ()


# What is found


def test_without_a_model_gestures_are_off_and_the_doctor_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    assert find_hands("auto") is None
    assert find_hands("off") is None
    assert open_hands(None) is None
    good, said = hands_line()
    assert not good
    assert f"glossa models pull {MODELS[0]}" in said


def test_a_damaged_model_turns_gestures_off_and_the_doctor_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(store: Store, name: str) -> Path:
        raise InputError(f"{name} is damaged")

    monkeypatch.setattr(Store, "has", lambda store, name: True)
    monkeypatch.setattr(Store, "path", damaged)
    monkeypatch.setattr("pipeline.hands.installed", lambda: True)
    assert find_hands("auto") is None
    with pytest.raises(InputError, match="is damaged"):
        hands_line()


def test_what_was_named_and_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    with pytest.raises(MissingError, match=r"expected gesture_recognizer.task or hand_landmarker.task in it"):
        find_hands(str(tmp_path))
    with pytest.raises(MissingError, match="glossa models pull gesture-recognizer"):
        find_hands("gesture-recognizer")
    monkeypatch.setattr("pipeline.hands.installed", lambda: False)
    (tmp_path / "gesture_recognizer.task").write_bytes(b"")
    with pytest.raises(MissingError, match=r"glossa\[mediapipe\]"):
        find_hands(str(tmp_path))
    monkeypatch.setattr("pipeline.hands.installed", lambda: True)
    assert find_hands(str(tmp_path)) == tmp_path / "gesture_recognizer.task"
    assert find_hands(str(tmp_path / "other.task")) == tmp_path / "other.task"


def test_a_view_is_needed_for_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "saved.jsonl")
    desk.gesturing.view = None
    assert desk.do(Gesture.POINT) == ("There is no translated text at the finger.",)
