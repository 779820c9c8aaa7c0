"""Which lines are one sign: odd readings change nothing, a large majority does."""

import numpy as np

from devices import Stamp
from pipeline.live.board import PlacedLine
from pipeline.live.joining import Joining
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.track import TextTrack

UPPER = np.array([[100, 100], [300, 100], [300, 130], [100, 130]], np.float32)
NEAR, FAR = 36, 90


def lines(gap_px: float, second: str = "明日営業") -> list[PlacedLine]:
    below = (UPPER + np.array([0, gap_px])).astype(np.float32)
    return [line(1, UPPER, "本日休業"), line(2, below, second)]


def line(number: int, quad: Quad, text: str) -> PlacedLine:
    track = TextTrack(number, whole=True)
    track.vote(TextRegion(Stamp("film", 0, 0, 0.0), quad, text or None, "han", 0.97), cut=False)
    return PlacedLine(track, quad, text)


def keys(joining: Joining, gap_px: float) -> list[tuple[int, ...]]:
    return [sign.key for sign in joining.arrange(lines(gap_px))]


def test_the_first_reading_decides_at_once() -> None:
    assert keys(Joining(), NEAR) == [(1, 2)]
    assert keys(Joining(), FAR) == [(1,), (2,)]


def test_one_odd_reading_does_not_tear_a_sign_apart_nor_join_two() -> None:
    joining = Joining()
    assert [keys(joining, gap) for gap in (NEAR, NEAR, FAR, NEAR)] == [[(1, 2)]] * 4
    apart = Joining()
    assert [keys(apart, gap) for gap in (FAR, FAR, NEAR, FAR)] == [[(1,), (2,)]] * 4


def test_a_large_majority_changes_it_and_old_readings_do_not_count_for_ever() -> None:
    joining = Joining()
    for _ in range(100):
        keys(joining, NEAR)
    seen = [keys(joining, FAR) for _ in range(20)]
    assert seen[:10] == [[(1, 2)]] * 10
    assert seen[-1] == [(1,), (2,)]


def test_a_pair_that_seems_joined_every_other_time_stays_what_it_was() -> None:
    joining = Joining()
    assert [keys(joining, gap) for gap in (NEAR, FAR) * 30] == [[(1, 2)]] * 60


def texts(joining: Joining, second: str, gap_px: float = NEAR) -> list[str]:
    return [sign.text for sign in joining.arrange(lines(gap_px, second))]


def test_a_sign_says_nothing_while_a_line_of_it_waits_to_be_read() -> None:
    joining = Joining()
    assert texts(joining, "") == ["", ""]
    assert texts(joining, "明日営業") == ["本日休業明日営業"]


def test_nobody_waits_for_a_line_elsewhere_nor_for_ever() -> None:
    assert texts(Joining(), "", FAR) == ["本日休業", ""]
    joining = Joining()
    seen = [texts(joining, "")[0] for _ in range(8)]
    assert seen == [""] * 5 + ["本日休業"] * 3


def test_a_line_that_comes_in_over_the_edge_is_waited_for_a_little() -> None:
    joining = Joining()
    cut = lines(NEAR, "")
    cut[1].track.whole = False
    assert [joining.arrange(cut)[0].text for _ in range(3)] == ["", "", "本日休業"]


def test_what_a_sign_said_it_goes_on_to_say_when_a_line_comes_into_view_beside_it() -> None:
    joining = Joining()
    assert joining.arrange(lines(NEAR)[:1])[0].text == "本日休業"
    assert texts(joining, "") == ["本日休業", ""]
    assert texts(joining, "明日営業") == ["本日休業明日営業"]
