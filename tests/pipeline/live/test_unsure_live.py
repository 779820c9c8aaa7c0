"""Live, what is not sure stands on a tag beside its text, and makes way for what is found later."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from language.translation import Translation
from overlay.sticker import footprint
from pipeline.live.shelf import Stock
from tests.pipeline.live.test_live_reading import EchoTranslator, Film
from vision.quad import area, common_area


class UnsureTranslator(EchoTranslator):
    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        told = super().translate(texts, source=source, to=to, neighbours=neighbours)
        return [replace(one, confidence=0.5, sure=False, gloss="word for word") for one in told]


def test_a_tag_makes_way_once_for_a_text_that_is_found_under_it() -> None:
    film = Film()
    film.stock = Stock(UnsureTranslator(), source="auto", to="en")
    film.reader.signs.pop()
    board = film.read(film.frame((0, 0)))
    (sign,) = board.signs
    before = film.stock.shelf[sign.key].sticker
    assert before is not None and before.stiff
    tag = footprint(before, sign.quad)
    assert tag is not None and common_area(tag, sign.quad) == 0
    assert film.stock.wanted(board) == []
    film.showing.take(board)
    under = tag + np.array([[0, 0], [0, 0], [0, 60], [0, 60]], np.float32)  # too large to be joined with the first
    film.reader.signs.append((under, "饮水处", 0.97))
    board = film.read(film.frame((0, 0)))
    after = film.stock.shelf[sign.key].sticker
    assert after is not None and after is not before
    moved = footprint(after, sign.quad)
    assert moved is not None and common_area(moved, under) < 0.05 * area(under)
    assert film.stock.wanted(board) == []
