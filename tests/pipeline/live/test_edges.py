"""Signs at the edge of the picture: half of one is not another one."""

import numpy as np

from pipeline.live.board import Board
from tests.pipeline.live.test_live_reading import EXIT, Film

BELOW = EXIT + np.array([0, 60], np.float32)
BOTH = [(EXIT, "本日休業", 0.97), (BELOW, "明日営業", 0.97)]
UPPER_ENDS, LOWER_ENDS = 150.0, 210.0


def rise(film: Film, from_px: float, to_px: float, board: Board) -> Board:
    """The picture moves up, and is read now and then: what is out of view is not found."""
    for up_px in np.arange(from_px, to_px, 5.0):
        film.showing.take(board)
        view = film.frame((0, -up_px))
        if up_px % 25 == 0:
            film.reader.signs = [sign for sign in BOTH if sign[0].max(axis=0)[1] - up_px > 15]
            board = film.read(view)
    return board


def test_a_sign_that_is_half_out_of_view_still_says_what_it_said() -> None:
    film = Film()
    film.reader.signs = BOTH
    start = film.read(film.frame((0, 0)))
    (before,) = start.signs
    board = rise(film, 5, UPPER_ENDS + 30, start)
    assert [(sign.key, sign.text) for sign in board.signs] == [(before.key, before.text)]
    assert board.signs[0].lines[0].quad.max(axis=0)[1] < 0
    assert rise(film, UPPER_ENDS + 30, LOWER_ENDS + 30, board).signs == ()
