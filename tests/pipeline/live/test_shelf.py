"""The shelf: what is made is handed out at once, and what was made for parts stands until the whole is made."""

import numpy as np

from pipeline.live.board import Board
from pipeline.live.reading import Effort
from pipeline.live.shelf import Shelf, Stock, ready
from tests.pipeline.live.test_live_reading import EXIT, EchoTranslator, Film

BELOW = EXIT + np.array([0, 60], np.float32)


def joined() -> tuple[Film, Board]:
    film = Film()
    film.reader.signs = [(EXIT, "本日休業", 0.97), (BELOW, "明日営業", 0.97)]
    return film, film.read(film.frame((0, 0)))


def test_each_sticker_is_handed_out_when_it_is_made_and_old_ones_stay_meanwhile() -> None:
    film = Film()
    view = film.frame((0, 0))
    board = film.reading.read(view.seen, Effort())
    stock, handed = Stock(EchoTranslator(), source="auto", to="en"), list[Shelf]()
    shelf = stock.fill(board, view.seen.rgb, handed.append)
    assert [len(one) for one in handed] == [1, 2]
    assert handed[-1] == shelf
    assert handed[0] is not handed[1]


def test_parts_stand_until_the_whole_is_made() -> None:
    film, board = joined()
    (sign,) = board.signs
    first, second = sign.key
    whole = film.stock.shelf[sign.key]
    assert [quad.tolist() for _, quad in ready(sign, {sign.key: whole, (first,): whole})] == [sign.quad.tolist()]
    parts = ready(sign, {(first,): whole, (second,): whole, (99,): whole, (first, 99): whole})
    assert [quad.tolist() for _, quad in parts] == [EXIT.tolist(), BELOW.tolist()]
    assert ready(sign, {}) == []
