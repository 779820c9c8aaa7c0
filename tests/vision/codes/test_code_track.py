"""Codes from picture to picture: several at a time, the same code twice, and what nobody was told of yet."""

import numpy as np

from devices import Stamp
from vision.codes import Code, Content, Kind
from vision.codes.track import CodeTracker

STILL = np.eye(3)


def at(step: int) -> Stamp:
    return Stamp("clip", step, step * 150_000_000, step * 150.0)


def code(step: int, text: str, x: float, y: float, *, certain: bool = True) -> Code:
    quad = np.array([[x, y], [x + 80, y], [x + 80, y + 80], [x, y + 80]], np.float32)
    return Code(at(step), quad, "QR Code", Content(Kind.TEXT, text), text, certain)


def test_several_codes_in_one_picture_keep_their_numbers() -> None:
    tracker = CodeTracker()
    for step in range(4):
        read = [code(step, name, 100 * index, 40.0 * step) for index, name in enumerate("abc")]
        told = tracker.follow(read[step % 3 :] + read[: step % 3], at(step), STILL)
        assert [(one.track, one.text) for one in told] == [(1, "a"), (2, "b"), (3, "c")]


def test_the_same_code_at_two_places_is_two() -> None:
    tracker = CodeTracker()
    for step in range(3):
        told = tracker.follow([code(step, "a", 0, 0), code(step, "a", 400, 0)], at(step), STILL)
        assert [one.track for one in told] == [1, 2]
        assert told[0].quad[0, 0] < 10
        assert told[1].quad[0, 0] > 390


def test_what_was_matched_is_told_as_it_was_read() -> None:
    tracker = CodeTracker()
    assert tracker.follow([code(0, "a", 0, 0, certain=False)], at(0), None) == []
    assert [(track, one.text) for track, one in tracker.matched] == [(1, "a")]
    tracker.follow([code(1, "a", 10, 0, certain=False)], at(1), STILL)
    ((track, one),) = tracker.matched
    assert track == 1
    assert one.quad[0].tolist() == [10, 0]
    tracker.follow([], at(2), STILL)
    assert tracker.matched == []
