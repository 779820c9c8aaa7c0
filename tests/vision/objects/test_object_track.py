"""Who is who: made detections, media time, no detector."""

import numpy as np
import pytest

from devices import Stamp
from vision.objects.detection import Box, Detection
from vision.objects.track import ObjectTracker, Thing, carried

STEP_MS = 150.0
STILL = np.eye(3)


def at(step: int, ms: float = STEP_MS) -> Stamp:
    return Stamp("clip", step, round(step * ms * 1e6), step * ms)


def seen(step: int, *what: tuple[str, float, float, float], size: float = 60.0) -> list[Detection]:
    """Label, score, centre."""
    half = size / 2
    return [Detection(at(step), name, score, (x - half, y - half, x + half, y + half)) for name, score, x, y in what]


def ids(things: list[Thing]) -> list[int | None]:
    return [thing.detection.track for thing in things]


def centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def shift(dx: float, dy: float) -> np.ndarray:
    matrix = np.eye(3)
    matrix[:2, 2] = dx, dy
    return matrix


def test_a_thing_is_shown_when_seen_twice_and_keeps_its_number() -> None:
    tracker = ObjectTracker(0.35)
    assert tracker.follow(seen(0, ("dog", 0.8, 100, 100)), at(0), None) == []
    for step in range(1, 6):
        (thing,) = tracker.follow(seen(step, ("dog", 0.8, 100 + 3 * step, 100)), at(step), STILL)
        assert (thing.detection.track, thing.detection.label) == (1, "dog")


def test_one_sighting_alone_is_never_shown() -> None:
    tracker = ObjectTracker(0.35)
    tracker.follow(seen(0, ("dog", 0.8, 100, 100)), at(0), None)
    assert tracker.follow([], at(1), STILL) == []
    assert tracker.follow(seen(2, ("dog", 0.8, 100, 100)), at(2), STILL) == []


def test_doubtful_detections_keep_a_thing_but_begin_none() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(2):
        tracker.follow(seen(step, ("dog", 0.8, 100, 100)), at(step), STILL)
    for step in range(2, 12):
        weak = seen(step, ("dog", 0.2, 100, 100), ("cat", 0.2, 400, 100))
        assert [one.detection.label for one in tracker.follow(weak, at(step), STILL)] == ["dog"]


def test_the_camera_is_taken_out() -> None:
    """Two things, and a pan that puts the second where the first was: nobody changes places."""
    tracker = ObjectTracker(0.35)
    for step in range(3):
        tracker.follow(seen(step, ("person", 0.8, 100, 100), ("person", 0.8, 180, 100)), at(step), STILL)
    pan = seen(3, ("person", 0.8, 20, 100), ("person", 0.8, 100, 100))
    first, second = tracker.follow(pan, at(3), shift(-80, 0))
    assert (first.detection.track, second.detection.track) == (1, 2)
    assert centre(first.detection.box)[0] == pytest.approx(20, abs=2)
    assert first.speed_px_s == pytest.approx((0, 0), abs=1.0)


def test_two_that_cross_keep_their_numbers() -> None:
    tracker = ObjectTracker(0.35)
    things: list[Thing] = []
    for step in range(16):
        left, right = 100 + 20 * step, 400 - 20 * step
        found = seen(step, ("person", 0.8, left, 100), ("person", 0.8, right, 118))
        things = tracker.follow(found, at(step), STILL)
    assert len(things) == 2
    where = {thing.detection.track: centre(thing.detection.box)[0] for thing in things}
    assert where[1] > where[2]


def test_a_thing_that_is_hidden_for_a_second_comes_back_as_itself() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(3):
        tracker.follow(seen(step, ("car", 0.8, 200, 100)), at(step), STILL)
    shown = [len(tracker.follow([], at(step), STILL)) for step in range(3, 9)]
    assert shown[0] == 1
    assert shown[-1] == 0
    assert ids(tracker.follow(seen(9, ("car", 0.8, 205, 100)), at(9), STILL)) == [1]


def test_after_a_long_time_it_is_another() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(2):
        tracker.follow(seen(step, ("car", 0.8, 200, 100)), at(step), STILL)
    for step in (20, 21):
        things = tracker.follow(seen(step, ("car", 0.8, 200, 100)), at(step), STILL)
    assert ids(things) == [2]


def test_a_label_flickers_in_the_detector_only() -> None:
    tracker = ObjectTracker(0.35)
    names = ["cell phone", "cell phone", "remote", "cell phone", "remote", "cell phone"]
    told = [tracker.follow(seen(i, (name, 0.7, 90, 90)), at(i), STILL) for i, name in enumerate(names)]
    assert {thing.detection.label for things in told for thing in things} == {"cell phone"}
    assert {thing.detection.track for things in told for thing in things} == {1}


def test_two_names_for_one_place_are_one_thing() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(4):
        found = seen(step, ("cell phone", 0.7, 90, 90), ("remote", 0.6, 92, 90))
        things = tracker.follow(found, at(step), STILL)
    assert [thing.detection.label for thing in things] == ["cell phone"]


def test_boxes_tremble_less_than_the_detector() -> None:
    chance = np.random.default_rng(5)
    tracker, raw, told = ObjectTracker(0.35), [], []
    for step in range(40):
        x, y = chance.normal((200, 150), 4)
        raw.append((x, y))
        things = tracker.follow(seen(step, ("cup", 0.8, x, y)), at(step), STILL)
        told += [centre(thing.detection.box) for thing in things]
    assert np.diff(told, axis=0).std() < 0.6 * np.diff(raw, axis=0).std()


def test_what_moves_on_is_carried_on_a_little() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(8):
        things = tracker.follow(seen(step, ("car", 0.8, 100 + 15 * step, 100)), at(step), STILL)
    (car,) = things
    (later,) = carried([car], shift(5, 0), 0.1)
    x, y = centre(car.detection.box)
    assert x + 5 + 4 < centre(later.box)[0] < x + 5 + 11
    assert centre(later.box)[1] == pytest.approx(y, abs=0.5)
    assert later.track == car.detection.track


def test_another_scene_begins_with_new_numbers() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(2):
        tracker.follow(seen(step, ("car", 0.8, 200, 100)), at(step), STILL)
    tracker.restart()
    assert tracker.follow(seen(2, ("car", 0.8, 200, 100)), at(2), None) == []
    assert ids(tracker.follow(seen(3, ("car", 0.8, 200, 100)), at(3), STILL)) == [2]


def test_what_was_matched_is_told_as_it_was_found() -> None:
    tracker = ObjectTracker(0.35)
    for step in range(3):
        found = seen(step, ("dog", 0.8, 100 + 9 * step, 100), ("cat", 0.2, 400, 100))
        tracker.follow(found, at(step), STILL)
        assert tracker.matched == [(1, found[0])]
    tracker.follow([], at(3), STILL)
    assert tracker.matched == []
