"""Decoding of the recogniser's output, without the recogniser."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.text.recognise import BATCH, HIGH_PX, WIDTHS_PX, Recogniser, decode

ALPHABET = ["", "a", "b", "出", " "]


def steps(path: list[int], likely: float = 0.8) -> NDArray[np.float32]:
    output = np.full((len(path), len(ALPHABET)), (1 - likely) / (len(ALPHABET) - 1), np.float32)
    output[np.arange(len(path)), path] = likely
    return output


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ([1, 1, 2], "ab"),
        ([1, 0, 1], "aa"),
        ([0, 0, 0], ""),
        ([0, 3, 3, 0, 0, 2], "出b"),
        ([4, 1, 4, 2, 4], "a b"),
        ([1], "a"),
    ],
)
def test_repeats_and_blanks_are_removed(path: list[int], text: str) -> None:
    assert decode(steps(path), ALPHABET).text == text


def test_score_is_the_mean_over_the_characters() -> None:
    output = np.concatenate([steps([1], 0.9), steps([0], 0.3), steps([2], 0.5)])
    assert decode(output, ALPHABET).score == pytest.approx(0.7)
    assert decode(steps([0, 0]), ALPHABET).score == 0


def test_strips_of_any_shape_come_in_few_widths_with_nothing_cut_off() -> None:
    seen: list[tuple[int, ...]] = []

    def network(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(tensor.shape)
        return np.stack([steps([1 + (row.max() > 0.9)]) for row in tensor])

    shapes = [(48, 10), (48, 320), (24, 161), (96, 900), (48, 5000), (3, 200), (48, 90), (24, 20), (48, 300)]
    strips = [np.full((high, wide, 3), 255 if wide % 3 else 10, np.uint8) for high, wide in shapes]
    readings = Recogniser(network, ALPHABET).read(strips)
    assert [reading.text for reading in readings] == ["b" if wide % 3 else "a" for _, wide in shapes]
    many, one = BATCH, 1
    widths = [(many, 320), (one, 320), (one, 416), (one, 544), (one, WIDTHS_PX[-1]), (one, WIDTHS_PX[-1])]
    assert sorted(seen) == sorted((count, 3, HIGH_PX, wide) for count, wide in widths)
