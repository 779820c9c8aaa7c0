"""The pictures that a tune is made on: drawn ones, and a folder of one's own."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from devices import InputError
from pipeline.live.tuning.pictures import HEIGHT, WIDTH, draw_pictures, read_pictures


def test_drawn_pictures_are_the_same_again_and_differ_by_seed() -> None:
    first, second = draw_pictures(2), draw_pictures(2)
    assert [one.rgb.shape for one in first] == [(HEIGHT, WIDTH, 3)] * 2
    assert all(np.array_equal(a.rgb, b.rgb) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0].rgb, draw_pictures(1, seed=11)[0].rgb)
    assert all(one.rgb.std() > 20 for one in first)


def test_photographs_are_chosen_evenly_and_made_small(tmp_path: Path) -> None:
    for number in range(6):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((90, 1600 if number else 80, 3), number * 40, np.uint8))
    (tmp_path / "1.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    pictures = read_pictures(tmp_path, 3)
    assert [one.name for one in pictures] == ["0.png", "2.png", "4.png"]
    assert [one.rgb.shape for one in pictures] == [(90, 80, 3), (72, 1280, 3), (72, 1280, 3)]
    assert [one.name for one in read_pictures(tmp_path, 100)] == ["0.png", "2.png", "3.png", "4.png", "5.png"]


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found none"):
        read_pictures(tmp_path, 3)
    with pytest.raises(InputError, match="expected a folder"):
        read_pictures(tmp_path / "absent", 3)
