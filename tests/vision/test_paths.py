"""Ways through a recording: smooth, without lag, over gaps, with the camera. Made finds, no pictures."""

import numpy as np

from vision.paths import path, spans
from vision.quad import Matrix, Quad

FRAME_MS = 40.0
SQUARE = np.array([[0, 0], [50, 0], [50, 50], [0, 50]], np.float32)
TIMES_MS = {seq: seq * FRAME_MS for seq in range(101)}
LOOKED = list(range(0, 101, 4))


def still(before: int, now: int) -> Matrix | None:
    return np.eye(3)


def unknown(before: int, now: int) -> Matrix | None:
    return None


def at(x: float, y: float = 0.0) -> Quad:
    return SQUARE + np.array([x, y], np.float32)


def test_it_is_there_from_half_the_way_before_it_is_found_to_half_the_way_after() -> None:
    assert spans([20, 24, 28], LOOKED, TIMES_MS, 500) == [range(18, 31)]


def test_it_is_there_to_the_ends_of_the_shot_where_nobody_looked_any_more() -> None:
    looked = [2, 6, 10]
    assert spans(looked, looked, {seq: seq * FRAME_MS for seq in range(14)}, 500) == [range(14)]


def test_a_short_gap_is_closed_and_a_long_one_is_not() -> None:
    assert spans([20, 24, 36], LOOKED, TIMES_MS, 500) == [range(18, 39)]
    assert spans([20, 24, 40], LOOKED, TIMES_MS, 500) == [range(18, 27), range(38, 43)]


def test_a_steady_motion_is_followed_without_lag() -> None:
    speed = 6.0
    told = path({seq: at(speed * seq) for seq in LOOKED}, range(101), TIMES_MS, still)
    assert list(told) == list(range(101))
    wrong = [float(np.abs(quad - at(speed * seq)).max()) for seq, quad in told.items()]
    assert max(wrong[10:-10]) < 0.01
    assert max(wrong) < 6 * speed * 0.2  # at the ends the line is a little stiff


def test_what_trembles_is_steadied_and_has_no_corners() -> None:
    noise = np.random.default_rng(1).normal(0, 4, (101, 4, 2)).astype(np.float32)
    found = {seq: at(3.0 * seq) + noise[seq] for seq in LOOKED}
    told = path(found, range(101), TIMES_MS, still)
    wrong = np.array([np.abs(told[seq] - at(3.0 * seq)).mean() for seq in LOOKED])
    assert wrong.mean() < 0.7 * np.mean([np.abs(noise[seq]).mean() for seq in LOOKED])
    steps = np.array([told[seq][0, 0] for seq in range(101)])
    assert np.abs(np.diff(steps, 2)).max() < 1.5


def test_no_jump_at_the_ends_of_a_gap() -> None:
    found = {seq: at(100.0 * (seq > 50)) for seq in LOOKED if not 40 < seq < 60}
    told = path(found, range(101), TIMES_MS, still)
    steps = np.diff([told[seq][0, 0] for seq in range(101)])
    assert np.abs(steps).max() < 8
    assert abs(told[50][0, 0] - 50) < 5


def test_the_camera_is_taken_out() -> None:
    def swing(seq: int) -> float:
        return 40 * float(np.sin(seq / 2))

    def camera(before: int, now: int) -> Matrix | None:
        moved = np.eye(3)
        moved[0, 2] = swing(now) - swing(before)
        return moved

    told = path({seq: at(200 + swing(seq)) for seq in LOOKED}, range(101), TIMES_MS, camera)
    assert max(float(np.abs(quad - at(200 + swing(seq))).max()) for seq, quad in told.items()) < 0.01


def test_without_a_known_camera_it_lies_where_it_lay() -> None:
    told = path({seq: at(7.0) for seq in LOOKED}, range(101), TIMES_MS, unknown)
    assert all(np.allclose(quad, at(7.0), atol=1e-3) for quad in told.values())


def test_one_find_is_enough_for_a_place() -> None:
    told = path({12: at(5.0)}, range(8, 17), TIMES_MS, still)
    assert all(np.allclose(quad, at(5.0), atol=1e-3) for quad in told.values())


def test_a_camera_that_leads_behind_the_picture_moves_nothing() -> None:
    def behind(before: int, now: int) -> Matrix | None:
        return np.array([[1.0, 0, 0], [0, 1.0, 0], [0, -1.0, 1.0]])

    assert np.isfinite(path({12: at(5.0)}, [12, 13], TIMES_MS, behind)[13]).all()
