"""Texts that left: back under their number when they return at about their size, few of them for ever."""

import numpy as np

from devices import Stamp
from pipeline.live.board import PlacedLine
from pipeline.live.gone import Gone
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.track import TextTrack


def quad(high: float) -> Quad:
    return np.array([[0, 0], [100, 0], [100, high], [0, high]], np.float32)


def placed(number: int, text: str) -> PlacedLine:
    return PlacedLine(TextTrack(number), quad(20), text)


def region(text: str, high: float = 20.0) -> TextRegion:
    return TextRegion(Stamp("film", 0, 0, 0.0), quad(high), text, "latin", 0.9)


def test_a_text_that_returns_is_the_same_once() -> None:
    gone = Gone()
    gone.remember(placed(7, "Ausgang"))
    back = gone.back(region("AUSGANG "))
    assert back is not None
    assert back.id == 7
    assert gone.back(region("Ausgang")) is None


def test_another_text_or_one_of_another_size_is_another() -> None:
    gone = Gone()
    gone.remember(placed(7, "Ausgang"))
    assert gone.back(region("Eingang")) is None
    assert gone.back(region("Ausgang", 50)) is None
    assert gone.back(region("Ausgang", 30)) is not None


def test_what_identifies_nothing_is_not_remembered() -> None:
    gone = Gone()
    for text in ("", "A", "!"):
        gone.remember(placed(1, text))
        assert gone.back(region(text)) is None


def test_no_more_than_two_hundred_are_remembered_the_oldest_goes() -> None:
    gone = Gone()
    for number in range(201):
        gone.remember(placed(number, f"Haus {number}"))
    assert gone.back(region("Haus 0")) is None
    assert gone.back(region("Haus 1")) is not None
