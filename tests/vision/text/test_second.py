"""A second reader: which lines it is asked about, and which of its readings are taken."""

from pathlib import Path

import numpy as np
import pytest

from devices import InputError, Rgb
from vision.text import ReaderOptions, TextReader
from vision.text.models import DETECTOR, RECOGNISER, model_path
from vision.text.recognise import Reading, Recogniser
from vision.text.second import SecondNetwork, improved

LINE = np.zeros((48, 200, 3), np.uint8)


class Told:
    """Reads what it is told to, line by line."""

    script = "hangul"

    def __init__(self, *readings: Reading) -> None:
        self._readings = list(readings)
        self.asked: list[int] = []

    def read(self, strip: Rgb) -> Reading:
        self.asked.append(int(strip[0, 0, 0]))
        return self._readings[int(strip[0, 0, 0])]


def lines(count: int) -> list[Rgb]:
    """Each bears its number."""
    return [np.full((48, 200, 3), n, np.uint8) for n in range(count)]


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        (Reading("l%oT", 0.5), Reading("출구", 0.95), True),
        (Reading("l%oT", 0.5), Reading("출구", 0.7), False),  # it is not sure itself
        (Reading("l%oT", 0.5), Reading("EXIT", 0.99), False),  # nothing in its script
        (Reading("EXIT", 0.99), Reading("출구", 0.99), False),  # the first reader is sure
        (Reading("l", 0.5), Reading("출", 0.95), False),  # one letter alone is often a window
    ],
)
def test_what_is_taken(first: Reading, second: Reading, taken: bool) -> None:
    assert improved(Told(second), lines(1), [first]) == [second if taken else first]


def test_among_lines_of_its_script_doubt_may_be_larger() -> None:
    told = Told(Reading("출구", 0.95), Reading("서울", 0.65), Reading("역", 0.8), Reading("부산", 0.95))
    first = [Reading("a", 0.5), Reading("b", 0.5), Reading("c", 0.5), Reading("de", 0.95)]
    assert [one.text for one in improved(told, lines(4), first)] == ["출구", "서울", "역", "부산"]


def test_sure_lines_are_not_asked_about_for_nothing() -> None:
    told = Told(Reading("x", 0.2), Reading("y", 0.2))
    improved(told, lines(2), [Reading("a", 0.5), Reading("EXIT", 0.95)])
    assert told.asked == [0]


def test_a_network_of_another_alphabet() -> None:
    steps = np.zeros((1, 4, 3), np.float32)
    steps[0, [0, 1, 2, 3], [1, 0, 2, 0]] = 0.9
    second = SecondNetwork(Recogniser(lambda tensor: steps, ["", "출", "구"]), "hangul")
    assert second.read(LINE).text == "출구"
    assert second.read(LINE).score == pytest.approx(0.9)
    assert improved(second, [LINE], [Reading("l%", 0.4)])[0].text == "출구"


def test_a_network_whose_alphabet_is_too_short() -> None:
    with pytest.raises(InputError, match="its alphabet has 2 letters"):
        Recogniser(lambda tensor: np.zeros((1, 4, 9), np.float32), ["", "a"]).read([LINE])


@pytest.mark.models
def test_a_file_without_an_alphabet() -> None:
    with pytest.raises(InputError, match="bears no alphabet"):
        SecondNetwork.load(model_path(DETECTOR), "hangul", "onnxruntime", 1)


@pytest.mark.models
def test_the_reader_takes_the_file_it_is_given(tmp_path: Path) -> None:
    """PP-OCRv6's own recogniser stands in for the Korean one: the same form of file."""
    reader = TextReader(ReaderOptions(engine="onnxruntime", threads=1, korean=model_path(RECOGNISER)))
    assert isinstance(reader._second, SecondNetwork)
    assert reader._second.script == "hangul"
