"""What others see of a live session: records that wait a moment, a screen that cannot, and what is done unasked."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import MissingError, OutputError, Rgb, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from devices.video_in import VideoSource
from devices.video_out import VideoSink
from pipeline.live.curtain import Curtain, Privacy, Screen, Waiting, plates_on
from pipeline.live.film import Film, is_film
from pipeline.live.notices import Notices
from pipeline.live.plan import Plan
from pipeline.live.privacy import find_privacy
from pipeline.live.recorder import Recorder, run_line
from pipeline.live.run import Surroundings, run_live
from pipeline.live.showing import View
from tests.pipeline.films import write_clip
from tests.pipeline.live.scenes import KnowingReader, QuickTranslator, texture
from tests.pipeline.live.stand_ins import PATIENCE_S
from tests.pipeline.live.test_recorder import view as a_view
from tests.pipeline.live.test_recorder import work
from tests.vision.faces.stand_in import FACE_PX, features, with_face
from vision.faces import Face, FaceFinder
from vision.faces.hold import AROUND_MS
from vision.quad import Quad
from vision.text import TextRegion

BOX = (300.0, 100.0, 300.0 + FACE_PX, 100.0 + FACE_PX)
PLATE: Quad = np.array([[40, 40], [140, 40], [140, 65], [40, 65]], np.float32)


class Finder:
    """Finds the face on these looks only, counted from 0."""

    name = "finder"

    def __init__(self, *looks: int) -> None:
        self.looks = looks
        self.asked = -1

    def find(self, rgb: Rgb) -> list[Face]:
        self.asked += 1
        return [Face(BOX, 0.9)] if self.asked in self.looks or not self.looks else []


def finder(*looks: int) -> FaceFinder:
    return cast(FaceFinder, Finder(*looks))


def scene() -> Rgb:
    return with_face(texture(), 300, 100)


def view(seq: int, at_ms: float, picture: Rgb, text: str = "出口") -> View:
    """A drawn frame; the line on it reads like this."""
    made = a_view(seq)
    stamp = Stamp("camera", seq, round(at_ms * NS_PER_MS), at_ms)
    line = made.seen.places()[0][0]
    line.track.votes.clear()
    for _ in range(2):
        line.track.vote(TextRegion(stamp, PLATE, text, "latin", 0.97), cut=False)
    seen = replace(made.seen, stamp=stamp, rgb=picture)
    return replace(made, stamp=stamp, picture=picture, seen=seen)


# The curtain


def test_a_face_that_is_found_late_is_hidden_before_and_after() -> None:
    curtain = Curtain()
    shown: list[tuple[float, Rgb]] = []
    for step in range(30):
        shown += curtain.put(Waiting(step * 50.0, scene(), [BOX] if step in (10, 16) else []))
    shown += curtain.rest()
    assert [at_ms for at_ms, _ in shown] == [step * 50.0 for step in range(30)]
    seen = [at_ms for at_ms, picture in shown if features(picture) > 50]
    assert seen == [*range(0, 100, 50), *range(1250, 1500, 50)]


def test_nothing_is_shown_before_it_has_waited() -> None:
    curtain = Curtain()
    for step in range(40):
        for at_ms, _ in curtain.put(Waiting(step * 33.0, scene())):
            assert step * 33.0 - at_ms >= AROUND_MS
    assert curtain.rest()
    assert curtain.rest() == []


def test_a_plate_is_hidden_on_pictures_on_which_it_was_not_read_yet() -> None:
    curtain = Curtain()
    shown = []
    for step in range(12):
        shown += curtain.put(Waiting(step * 50.0, texture(), (), [PLATE] if step == 6 else []))
    shown += curtain.rest()
    inside = [len(np.unique(picture[45:60, 50:130].reshape(-1, 3), axis=0)) for _, picture in shown]
    assert [step for step, colours in enumerate(inside) if colours == 1] == list(range(12))


@given(st.lists(st.floats(-50, 300), min_size=1, max_size=40))
def test_every_picture_comes_out_once_and_in_order(steps: list[float]) -> None:
    curtain, now_ms, given_ms, shown = Curtain(), 1000.0, [], []
    picture = np.zeros((8, 8, 3), np.uint8)
    for step in steps:
        now_ms += step
        given_ms.append(now_ms)
        shown += curtain.put(Waiting(now_ms, picture))
    shown += curtain.rest()
    assert [at_ms for at_ms, _ in shown] == given_ms


# The screen


def test_a_screen_hides_what_it_knows_and_what_it_knew_a_moment_ago() -> None:
    screen = Screen(finder(0, 1, 2))
    shown = [screen(view(seq, seq * 100.0, scene())) for seq in range(16)]
    seen = [one.stamp.seq for one in shown if features(one.picture) > 50]
    assert seen == [13, 14, 15]  # a second after it was last found
    assert all(one.seen.rgb is not one.picture for one in shown[:10])


def test_plates_on_a_screen() -> None:
    assert len(plates_on(view(0, 0, texture(), "AB-123-CD"))) == 1
    assert plates_on(view(0, 0, texture(), "Ausgang")) == ()


# Films


class Set:
    def __init__(self, path: Path, privacy: Privacy, **wanted: Any) -> None:
        self.told: list[str] = []
        self.path = path
        clock = VirtualClock()
        notices = Notices(clock, self.told.append)
        self.film = Film(path, (640, 360), 25.0, privacy, notices, clock=clock, **wanted)

    def shoot_waiting(self, *views: View) -> list[Rgb]:
        """All of them wait before the first is written."""
        for one in views:
            self.film.view(one)
        return self.shoot()

    def shoot(self, *views: View) -> list[Rgb]:
        self.film.start()
        for one in views:
            self.film.view(one)
        assert self.film.stop(PATIENCE_S)
        assert self.film.finish() is None
        with VideoSource(self.path) as video:
            return [frame.rgb() for frame in video.frames()]


def test_a_film_has_every_picture_and_no_face(tmp_path: Path) -> None:
    made = Set(tmp_path / "live.mp4", Privacy(True, False, finder()), wait=True)
    shown = made.shoot(*(view(seq, seq * 40.0, scene()) for seq in range(20)))
    assert len(shown) == 20
    assert [seq for seq, picture in enumerate(shown) if features(picture) > 50] == []
    assert made.told == []


def test_a_film_without_the_wish_shows_what_was_there(tmp_path: Path) -> None:
    made = Set(tmp_path / "live.mkv", Privacy(faces=finder()), wait=True)
    shown = made.shoot(*(view(seq, seq * 40.0, scene()) for seq in range(3)))
    assert min(map(features, shown)) > 500


def test_a_clip_that_begins_again_and_another_size_go_on(tmp_path: Path) -> None:
    made = Set(tmp_path / "live.mp4", Privacy(True, False, finder()), wait=True)
    small = np.ascontiguousarray(scene()[:180, 200:520])
    views = [view(0, 0, scene()), view(1, 40, scene()), view(2, 0, scene()), view(3, 40, small), view(4, 80, scene())]
    shown = made.shoot(*views)
    assert len(shown) == 5
    assert {picture.shape for picture in shown} == {(360, 640, 3)}
    assert max(features(picture) for seq, picture in enumerate(shown) if seq != 3) <= 50


def test_a_machine_that_is_too_slow_says_so_and_goes_on(tmp_path: Path) -> None:
    made = Set(tmp_path / "live.mp4", Privacy())
    for seq in range(20):
        made.film.view(view(seq, seq * 40.0, scene()))
    assert made.film.missing == 8
    assert made.told == ["live.mp4: this machine is too slow to film every picture."]
    assert len(made.shoot()) == 12


def test_where_pictures_wait_faces_are_looked_for_often_enough(tmp_path: Path) -> None:
    seer = Finder()
    made = Set(tmp_path / "live.mp4", Privacy(True, False, cast(FaceFinder, seer)))
    shown = made.shoot_waiting(*(view(seq, seq * 40.0, scene()) for seq in range(12)))
    assert len(shown) == 12
    assert seer.asked + 1 < 9
    assert [seq for seq, picture in enumerate(shown) if features(picture) > 50] == []


def test_a_film_that_cannot_be_written_is_said_at_once_and_one_without_pictures_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        Set(tmp_path / "none" / "live.mp4", Privacy())
    made = Set(tmp_path / "live.mp4", Privacy())
    made.film.start()
    assert made.film.stop(PATIENCE_S)
    assert "no picture was written" in (made.film.finish() or "")
    assert list(tmp_path.iterdir()) == []
    assert is_film(Path("a.MP4"))
    assert not is_film(Path("a.jsonl"))


def test_a_film_that_the_disk_ends_is_not_said_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Set(tmp_path / "live.mp4", Privacy())
    for seq in range(20):
        made.film.view(view(seq, seq * 40.0, scene()))
    assert made.film.missing == 8

    def full(*_: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(VideoSink, "write", full)
    made.film.start()
    assert made.film.stop(PATIENCE_S)
    assert made.told[1:] == ["The film has stopped and nothing of it is left: the disk is full."]
    assert made.film.finish() is None
    assert made.film.missing == 0
    assert made.film.lost == made.told[1]


def test_a_film_that_is_ended_while_pictures_wait_is_there_as_far_as_it_came(tmp_path: Path) -> None:
    made = Set(tmp_path / "live.mp4", Privacy())
    shots = 0

    class Stops:
        """Ends the film, as a second Ctrl-C does, while the fifth of ten pictures is in work."""

        name = "stops"

        def find(self, rgb: Rgb) -> list[Face]:
            nonlocal shots
            shots += 1
            if shots == 5:
                ending.start()
                while not made.film._stopped:
                    pass
            return []

    made.film._privacy = Privacy(True, True, cast(FaceFinder, Stops()))
    ending = Thread(target=made.film.finish)
    for seq in range(10):
        made.film.view(view(seq, seq * 200.0, scene()))
    made.film.start()
    assert made.film.stop(PATIENCE_S)
    ending.join(PATIENCE_S)
    assert made.film.lost == "live.mp4 ends after 0.8 s: stopped while 5 pictures still waited."
    with VideoSource(made.path) as video:
        assert len(list(video.frames())) == 5


# What is done unasked


def test_what_is_hidden_by_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    film, findings = Path("a.mp4"), Path("a.jsonl")
    assert not find_privacy(None, None, None).hide
    assert not find_privacy(False, None, film).hide
    unasked = find_privacy(None, None, film)
    assert (unasked.hide, unasked.on_screen, unasked.model) == (True, False, None)
    assert "Faces cannot be blurred" in unasked.note
    assert "glossa models pull yunet" in unasked.note
    assert unasked.open() == Privacy(True, False, None, unasked.note)
    assert find_privacy(None, None, findings).hide
    assert find_privacy(None, None, findings).note == ""  # they hold no pictures
    with pytest.raises(MissingError, match="glossa models pull yunet"):
        find_privacy(True, None, None)
    asked = find_privacy(True, "faces.onnx", None)
    assert (asked.hide, asked.on_screen, asked.model, asked.note) == (True, True, Path("faces.onnx"), "")


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("plates", [True, False])
@pytest.mark.parametrize("text", ["AB-123-CD", "Ausgang"])
def test_findings_without_the_words_of_plates(tmp_path: Path, plates: bool, text: str) -> None:
    clock, out = VirtualClock(), tmp_path / "out.jsonl"
    run = run_line("camera 0", (64, 48), 30.0, to="en", live=True)
    recorder = Recorder(out, run, Notices(clock), clock=clock, plates=plates)
    recorder.view(view(0, 0, texture(), text))
    recorder(work(0))
    recorder.start()
    assert recorder.stop(PATIENCE_S)
    recorder.finish({})
    (frame,) = [record for record in records(out) if record["type"] == "frame"]
    told = [line["text"] for label in frame["labels"] for line in label["lines"]]
    assert len(told) == (1 if plates or text == "Ausgang" else 0)


def test_a_session_that_is_filmed(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [scene()] * 12)

    def load() -> Any:
        return KnowingReader(), QuickTranslator()

    told: list[str] = []
    around = Surroundings(privacy=lambda: Privacy(True, False, finder(), "as far as it can"), announce=told.append)
    film = tmp_path / "film.mp4"
    summary = run_live(Plan(str(clip), "en", display="none", realtime=False, record=film), load, around)
    with VideoSource(film) as video:
        shown = [frame.rgb() for frame in video.frames()]
    assert len(shown) == summary.frames == 12
    assert "as far as it can" in told
    assert max(map(features, shown)) <= 50
