"""Windows hold what is needed, come in few sizes, and know what their sides cut off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vision.quad import Quad
from vision.text.windows import COLUMNS, ROWS, Cells, Window, cells_in, cells_of, cover, window_sizes

SIZES = st.tuples(st.integers(64, 2000), st.integers(64, 2000))


def nothing() -> Cells:
    return np.zeros((ROWS, COLUMNS), bool)


def box(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


@given(arrays(bool, (ROWS, COLUMNS), elements=st.booleans(), fill=st.just(False)), SIZES)
def test_windows_hold_every_cell_that_is_needed_in_one_of_three_sizes(needed: Cells, size: tuple[int, int]) -> None:
    windows = cover(needed, *size)
    if windows is None:
        return
    assert bool(windows) == bool(needed.any())
    left_over = needed.copy()
    for window in windows:
        assert (window.right - window.left, window.bottom - window.top) in window_sizes(*size)
        assert 0 <= window.left < window.right <= size[0]
        assert 0 <= window.top < window.bottom <= size[1]
        x = (np.arange(COLUMNS) + 0.5) * size[0] / COLUMNS
        y = (np.arange(ROWS) + 0.5) * size[1] / ROWS
        across = (x > window.left) & (x < window.right)
        left_over &= ~(((y > window.top) & (y < window.bottom))[:, None] & across)
    assert not left_over.any()


def test_a_strip_at_the_side_takes_one_column_a_corner_two_strips_and_all_around_the_whole() -> None:
    right = nothing()
    right[:, -2:] = True
    assert cover(right, 1280, 720) == (Window(960, 0, 1280, 720),)
    corner = right.copy()
    corner[-1:] = True
    assert len(cover(corner, 1280, 720) or ()) == 2
    around = nothing()
    around[[0, -1]] = around[:, [0, -1]] = True
    assert cover(around, 1280, 720) is None


def test_one_cell_has_something_around_it() -> None:
    needed = nothing()
    needed[12, 20] = True
    (window,) = cover(needed, 1280, 720) or ()
    assert window.left < 600 < 680 < window.right
    assert window.top < 340 < 400 < window.bottom


def test_only_sides_inside_the_picture_cut_off() -> None:
    column = Window(960, 0, 1280, 720)
    assert column.cuts_off(box(961, 100, 1100, 140), 1280, 720)
    assert column.cuts_off(box(900, 100, 1100, 140), 1280, 720)
    assert not column.cuts_off(box(1000, 0, 1280, 40), 1280, 720)
    quarter = Window(0, 0, 640, 360)
    assert not quarter.cuts_off(box(0, 0, 300, 40), 1280, 720)
    assert quarter.cuts_off(box(300, 330, 500, 359), 1280, 720)
    assert quarter.cuts_off(box(500, 100, 639, 140), 1280, 720)


def test_the_cells_of_a_line_and_of_a_window() -> None:
    rows, columns = cells_of(box(33, 31, 95, 59), 1280, 720)
    assert (rows, columns) == (slice(1, 2), slice(1, 3))
    assert cells_of(box(33, 31, 95, 59), 1280, 720, 0.5) == (slice(0, 3), slice(0, 4))
    assert cells_in(Window(960, 0, 1280, 720), 1280, 720) == (slice(0, ROWS), slice(30, COLUMNS))


@pytest.mark.parametrize("quad", [box(-500, -500, -400, -450), box(3000, 100, 3100, 140)])
def test_a_line_outside_of_the_picture_has_no_cells(quad: Quad) -> None:
    assert not nothing()[cells_of(quad, 1280, 720)].size
