"""Quads: corner order, areas, and transforms that come back to where they began."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.quad import (
    Matrix,
    Quad,
    affine,
    area,
    bounds,
    containment,
    crop,
    is_convex,
    move,
    order_corners,
    overlap,
    perspective,
    same_order,
    share_inside,
    size_px,
)


def box(x: float, y: float, wide: float, high: float) -> Quad:
    return np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]], np.float32)


def turned(quad: Quad, angle_deg: float) -> Quad:
    angle = np.radians(angle_deg)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = quad.mean(axis=0)
    return np.asarray((quad - centre) @ matrix.T + centre, np.float32)


@given(angle_deg=st.floats(-44, 44), order=st.permutations(range(4)), wide=st.floats(5, 400), high=st.floats(5, 400))
def test_corners_are_ordered_whatever_their_order(angle_deg: float, order: list[int], wide: float, high: float) -> None:
    quad = turned(box(30, 40, wide, high), angle_deg)
    assert np.allclose(order_corners(quad[order]), quad, atol=1e-3)


@given(shift=st.integers(0, 3), angle_deg=st.floats(-180, 180))
def test_same_order_numbers_the_corners_as_in_the_other_view(shift: int, angle_deg: float) -> None:
    quad = turned(box(10, 20, 80, 30), angle_deg)
    other = np.roll(quad + np.float32(3), shift, axis=0)
    assert np.allclose(same_order(other, quad), quad + 3, atol=1e-3)


def test_size_area_and_bounds() -> None:
    quad = turned(box(10, 20, 80, 30), 90)
    assert size_px(quad) == pytest.approx((80, 30), abs=1e-3)
    assert area(quad) == pytest.approx(2400, rel=1e-4)
    assert bounds(quad) == pytest.approx((35, -5, 65, 75), abs=1e-3)


def test_overlap_and_containment() -> None:
    a = box(0, 0, 100, 40)
    assert overlap(a, a) == pytest.approx(1)
    assert overlap(a, box(50, 0, 100, 40)) == pytest.approx(1 / 3, rel=1e-3)
    assert overlap(a, box(100, 0, 10, 40)) == 0
    part = box(10, 10, 20, 20)
    assert containment(a, part) == pytest.approx(1, rel=1e-3)
    assert containment(part, a) == pytest.approx(1, rel=1e-3)
    assert overlap(a, part) == pytest.approx(0.1, rel=1e-3)
    flat = box(0, 0, 0, 0)
    assert overlap(flat, flat) == 0
    assert containment(flat, a) == 0


def test_share_inside_a_picture() -> None:
    assert share_inside(box(10, 10, 20, 20), 100, 100) == pytest.approx(1)
    assert share_inside(box(-10, 10, 20, 20), 100, 100) == pytest.approx(0.5)
    assert share_inside(box(200, 10, 20, 20), 100, 100) == 0
    assert share_inside(box(0, 0, 0, 0), 100, 100) == 0
    assert share_inside(np.full((4, 2), np.nan, np.float32), 100, 100) == 0


def test_folded_and_broken_corners_are_not_convex() -> None:
    quad = box(0, 0, 50, 20)
    assert is_convex(quad)
    assert not is_convex(quad[[0, 2, 1, 3]])
    assert not is_convex(np.full((4, 2), np.inf, np.float32))
    assert not is_convex(box(0, 0, 50, 0))


@given(values=st.lists(st.floats(-15, 15), min_size=8, max_size=8))
@settings(max_examples=50)
def test_perspective_takes_corners_to_corners(values: list[float]) -> None:
    source = box(10, 20, 100, 60)
    target = source + np.array(values, np.float32).reshape(4, 2)
    assert np.allclose(move(perspective(source, target), source), target, atol=1e-2)


def test_affine_stays_calm_far_outside_of_a_trapezoid() -> None:
    source = box(0, 0, 60, 20)
    target = source + np.array([[0, 0], [0, 1], [0, -1], [0, 0]], np.float32)  # a pixel of detector noise
    far = np.array([[1200, 10]], np.float32)
    assert np.linalg.norm(move(affine(source, target), far) - far) < 12
    shifted = source * 2 + np.float32(7)
    assert np.allclose(move(affine(source, shifted), source), shifted, atol=1e-3)


def test_crop_rectifies_a_turned_patch() -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:20, :40] = 250  # bright in the text's own top left
    matrix: Matrix = perspective(box(0, 0, 80, 40), turned(box(60, 80, 80, 40), 30))
    for y in range(200):
        for x in range(200):
            u, v = move(np.linalg.inv(matrix).astype(np.float64), np.array([[x, y]], np.float32))[0]
            if 0 <= u < 80 and 0 <= v < 40:
                picture[y, x] = upright[int(v), int(u)]
    got = crop(picture, turned(box(60, 80, 80, 40), 30), 80, 40)
    assert got.shape == (40, 80, 3)
    assert got[3:16, 3:36].mean() > 240
    assert got[24:, 44:].mean() < 5
    assert got[3:16, 44:].mean() < 5
