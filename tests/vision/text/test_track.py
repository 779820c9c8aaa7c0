"""Tracks: votes, the committed text, readings cut off by the edge, and the shape that is settled at the end."""

import numpy as np
import pytest

from devices import Stamp
from vision.quad import Quad
from vision.text import TextRegion, script_of
from vision.text.track import TextTrack, vote_key

BOX = np.array([[100, 50], [300, 50], [300, 90], [100, 90]], np.float32)


def region(text: str | None, score: float = 0.95, seq: int = 0) -> TextRegion:
    return TextRegion(Stamp("test", seq, 0, 0.0), BOX, text, script_of(text or ""), score)


def track(*readings: tuple[str | None, float] | tuple[str | None, float, bool], whole: bool = True) -> TextTrack:
    made = TextTrack(1, whole=whole)
    for seq, (text, score, *cut) in enumerate(readings):
        made.vote(region(text, score, seq), bool(cut and cut[0]))
    return made


def test_the_reading_with_most_weight_wins() -> None:
    assert track(("EXIT", 0.9), ("EX1T", 0.7), ("EXIT", 0.95)).text() == "EXIT"


def test_a_late_misreading_changes_nothing() -> None:
    """A committed text is only replaced by a clearly better one."""
    agreed = [("出口", 0.98), ("出口", 0.97), ("出口", 0.99)]
    assert track(*agreed).settled()
    assert track(*agreed, ("山口", 0.99)).text() == "出口"


def test_not_settled_before_enough_agree() -> None:
    assert not track(("EXIT", 0.99)).settled()
    assert not track(("EXIT", 0.99), ("TAXI", 0.99)).settled()
    assert track(("EXIT", 0.99), ("EXIT", 0.99), ("EXIT", 0.99)).settled()
    assert not track(*[("EXIT", 0.9), ("TAXI", 0.9)] * 3).settled()
    assert not track(*[("EXIT", 0.99)] * 5, whole=False).settled()


def test_spellings_of_one_text_vote_together() -> None:
    made = track(("Exit!", 0.6), ("EXIT", 0.7), ("TAXI", 0.95), ("exit", 0.6))
    assert made.text() == "EXIT"
    assert vote_key("ＥＸＩＴ !") == vote_key("exit")
    assert vote_key("出口") != vote_key("入口")
    assert vote_key("--") != vote_key("++")


def test_one_weak_reading_is_not_enough() -> None:
    assert track(("EXIT", 0.79)).text() is None
    assert track(("EXIT", 0.81)).text() == "EXIT"
    assert track(("EXIT", 0.6), ("EXIT", 0.6)).text() == "EXIT"


def test_no_agreement_is_no_text() -> None:
    assert track(("ABC", 0.9), ("DEF", 0.9), ("GHI", 0.9)).text() is None


def test_readings_cut_off_by_the_edge_count_little() -> None:
    made = track(("AUSG", 0.99, True), ("AUSGA", 0.99, True), ("AUSGA", 0.99, True), ("AUSGANG", 0.97))
    assert made.text() == "AUSGANG"


def test_what_was_never_seen_whole_is_nothing() -> None:
    assert track(("AUSG", 0.99, True), ("AUSG", 0.99, True), whole=False).text() is None


def test_score_is_of_the_whole_readings_that_agree() -> None:
    made = track(("EXIT", 0.9), ("exit", 0.7), ("TAXI", 0.2), ("EXIT", 0.1, True))
    assert made.score() == pytest.approx(0.8)
    assert track().score() == 0
    assert track((None, 0.9)).votes == []


def test_a_tie_is_broken_the_same_way_every_time() -> None:
    assert track(("AB", 0.9), ("CD", 0.9)).text() == track(("CD", 0.9), ("AB", 0.9)).text()


# Shape


def test_settled_shape_is_the_median_of_what_was_seen() -> None:
    made = TextTrack(1, whole=True)
    made.path = {seq: BOX + np.float32(10 * seq) for seq in range(5)}
    wider = BOX + np.array([[-6, -4], [6, -4], [6, 4], [-6, 4]], np.float32)
    outlier = BOX + np.float32(3)
    made.seen = [(0, wider), (2, wider + np.float32(20)), (4, wider + np.float32(40)), (3, outlier + np.float32(30))]
    made.settle_shape()
    for seq in range(5):
        assert np.allclose(made.path[seq], wider + 10 * seq, atol=0.1)


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_corners_that_begin_elsewhere_do_not_turn_the_shape(shift: int) -> None:
    made = TextTrack(1, whole=True)
    made.path = {0: BOX, 1: BOX + np.float32(4)}
    made.seen = [(0, np.roll(BOX, shift, axis=0)), (1, np.roll(BOX + np.float32(4), shift, axis=0))]
    made.settle_shape()
    assert np.allclose(made.path[0], BOX, atol=0.05)


def test_a_line_that_grew_into_view_takes_the_larger_shapes() -> None:
    made = TextTrack(1, whole=True)
    made.path = dict.fromkeys(range(4), BOX)
    part: Quad = BOX.copy()
    part[1:3, 0] = 220
    made.seen = [(0, part), (1, part), (2, BOX), (3, BOX)]
    made.settle_shape()
    assert np.allclose(made.path[0], BOX, atol=0.05)


def test_grow_corrects_the_frames_before() -> None:
    made = TextTrack(1)
    part: Quad = BOX.copy()
    part[1:3, 0] = 220
    made.path = {0: part - np.float32(30), 1: part}
    made.grow(part, BOX)
    assert np.allclose(made.path[0], BOX - 30, atol=0.05)
    assert np.allclose(made.path[1], BOX, atol=0.05)


def test_without_detections_the_path_stays() -> None:
    made = TextTrack(1, path={0: BOX})
    made.settle_shape()
    assert np.array_equal(made.path[0], BOX)
