"""The panel of notices and statistics: what is covered, what is left alone, what cannot be drawn."""

import numpy as np
import pytest

from devices import Rgb
from overlay.panel import draw_panel


def canvas(width: int = 640, height: int = 360) -> Rgb:
    return np.full((height, width, 3), 120, np.uint8)


def touched(picture: Rgb) -> tuple[int, int]:
    """Rows and columns that were changed, from the upper left corner."""
    rows, columns = np.nonzero((picture != 120).any(axis=2))
    return (int(rows.max()) + 1, int(columns.max()) + 1) if len(rows) else (0, 0)


def test_light_letters_on_a_dark_ground_in_the_upper_left_corner() -> None:
    picture = canvas()
    draw_panel(picture, ["Paused"])
    rows, columns = touched(picture)
    assert 10 < rows < 60
    assert 40 < columns < 200
    panel = picture[:rows, :columns]
    assert (panel[0] < 60).all()
    assert panel.max() > 200
    assert (picture[rows:] == 120).all()


def test_more_lines_are_higher_and_longer_ones_wider() -> None:
    sizes = []
    for lines in (["a"], ["a", "b"], ["a much longer line"]):
        picture = canvas()
        draw_panel(picture, lines)
        sizes.append(touched(picture))
    assert sizes[1][0] > sizes[0][0]
    assert sizes[2][1] > sizes[0][1]


def test_a_long_line_is_wrapped_within_the_picture() -> None:
    picture, short = canvas(), canvas()
    draw_panel(short, ["camera"])
    draw_panel(picture, ["the camera is gone and will be tried again soon " * 3])
    assert touched(picture)[1] <= 640
    assert touched(picture)[0] > 1.4 * touched(short)[0]


@pytest.mark.parametrize("lines", [[], [""], ["\ue123"]])
def test_nothing_to_say_changes_nothing(lines: list[str]) -> None:
    picture = canvas()
    draw_panel(picture, lines)
    assert touched(picture) == (0, 0)


@pytest.mark.parametrize("size", [(1, 1), (40, 8), (8, 40)])
def test_a_tiny_picture_is_no_reason_to_fail(size: tuple[int, int]) -> None:
    draw_panel(canvas(*size), ["the camera is gone", "again in 2 s"])


def test_every_script_and_odd_text_is_drawn() -> None:
    picture = canvas()
    draw_panel(picture, ["非常口 비상구 Ausgang\n\t (?)"])
    assert touched(picture)[1] > 150
