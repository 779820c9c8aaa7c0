"""Reading a moving picture by parts: nothing that is in view is lost, and the detector sees far less."""

import numpy as np

from devices import Rgb
from pipeline.live.attention import GATHER_MS, LOOK_AGAIN_MS
from tests.pipeline.live.test_live_reading import EXIT, HEIGHT, WATER, WIDTH, WORLD, Film
from vision.quad import bounds

FRAME_MS = 33.3
GATHERED = round(GATHER_MS / FRAME_MS) + 1


def test_a_second_vote_takes_no_second_look() -> None:
    film = Film()
    board = film.read(film.frame((0, 0)))
    film.showing.take(board)
    view = film.frame((3, 2))
    assert film.reading.reason(view.seen) == "open votes"
    board = film.read(view, glance=True)
    assert film.reader.parts == [None]
    assert film.reader.reads == [2, 2]
    assert all(line.track.settled() for sign in board.signs for line in sign.lines)


def test_a_sign_that_comes_into_view_is_found_through_a_window() -> None:
    film = Film()
    late = (np.array([[660, 100], [760, 100], [760, 140], [660, 140]], np.float32), "入口", 0.97)
    film.reader.signs.append(late)
    for step in range(30):
        view = film.frame((-6.0 * step, 0))
        if film.reading.reason(view.seen):
            film.showing.take(film.read(view, glance=True))
    assert {one.sign.text for one in view.placed} == {"出口", "饮水处", "入口"}
    looks = film.reader.parts
    assert looks[0] is None
    seen = sum(1.0 if part is None else 0.25 for part in looks)
    assert seen < 3.1  # pictures, of 30
    assert film.translator.asked == ["出口", "饮水处", "入口"]


def test_a_view_that_only_moves_is_anchored_anew_without_looking() -> None:
    film = Film()
    film.reader.signs = film.reader.signs[:1]
    film.showing.take(film.read(film.frame((0, 0))))
    film.showing.take(film.read(film.frame((0, 0)), glance=True))
    turn = np.eye(3)
    for step in range(4, 14):
        angle = np.radians(step)
        middle = np.array([[1, 0, WIDTH / 2], [0, 1, HEIGHT / 2], [0, 0, 1]], np.float64)
        spin = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
        turn = middle @ spin @ np.linalg.inv(middle)
        view = film.seen_from(turn)
    film.reader.parts.clear()
    assert film.reading.reason(view.seen) == "moved"
    board = film.read(view, glance=True)
    assert film.reader.parts == []
    assert [sign.text for sign in board.signs] == ["出口"]
    assert film.showing.take(board)


def repainted(world: Rgb) -> Rgb:
    """Where the second sign was, there is something else."""
    painted = world.copy()
    left, top, right, bottom = map(round, bounds(WATER))
    painted[top - 6 : bottom + 6, left - 6 : right + 6] = np.random.default_rng(9).integers(0, 255, (52, 172, 1))
    return painted


def test_a_sign_that_is_painted_over_is_missed_and_goes() -> None:
    film = Film()
    film.showing.take(film.read(film.frame((0, 0))))
    film.showing.take(film.read(film.frame((0, 0)), glance=True))
    film.reader.signs = film.reader.signs[:1]
    film.reader.parts.clear()
    board, texts, painted = None, {"饮水处"}, repainted(WORLD)
    for _ in range(6 * GATHERED):
        view = film.frame((0, 0), world=painted)
        if film.reading.reason(view.seen):
            board = film.read(view, glance=True)
            film.showing.take(board)
            texts = {sign.text for sign in board.signs}
    assert texts == {"出口"}
    assert None not in film.reader.parts


def test_a_sign_that_the_detector_lost_is_looked_for_until_it_is_found_or_given_up() -> None:
    film = Film()
    film.showing.take(film.read(film.frame((0, 0))))
    film.showing.take(film.read(film.frame((0, 0)), glance=True))
    both, film.reader.signs = film.reader.signs, film.reader.signs[1:]
    film.seq = round(LOOK_AGAIN_MS / FRAME_MS) + 2
    view = film.frame((0, 0))
    assert film.reading.reason(view.seen) == "changed view" or film.reading.where(view.seen) is None
    board = film.read(view, glance=True)
    film.showing.take(board)
    assert len(board.signs) == 2
    film.reader.signs = both
    film.seq += GATHERED
    view = film.frame((0, 0))
    windows = film.reading.where(view.seen)
    assert windows
    assert not any(window.cuts_off(EXIT, WIDTH, HEIGHT) for window in windows)


def test_a_line_that_a_window_shows_in_part_is_found_in_the_whole_picture() -> None:
    film = Film()
    film.showing.take(film.read(film.frame((0, 0))))
    long = (np.array([[330, 20], [700, 20], [700, 50], [330, 50]], np.float32), "请勿吸烟请勿拍照", 0.97)
    film.reader.signs.append(long)
    for step in range(40):
        view = film.frame((-4.0 * step, 0))
        if film.reading.reason(view.seen):
            film.showing.take(film.read(view, glance=True))
    assert "请勿吸烟请勿拍照" in {one.sign.text for one in view.placed}
