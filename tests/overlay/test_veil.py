"""What is hidden is gone: of a face a few rounded colours are left, of a plate one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import Rgb
from overlay.veil import TILES, hide_face, veil

FACE = (60.0, 50.0, 120.0, 130.0)
PLATE = np.array([[150, 150], [230, 160], [228, 180], [148, 170]], np.float32)


def picture(seed: int = 0) -> Rgb:
    return np.random.default_rng(seed).integers(0, 256, (240, 320, 3), np.uint8)


def test_the_face_and_its_margin_are_changed_and_nothing_else() -> None:
    before = picture()
    after = veil(before, [FACE], [])
    changed = (before != after).any(axis=2)
    assert changed[50:130, 60:120].mean() > 0.99
    ys, xs = np.nonzero(changed)
    assert xs.min() < 50 < 130 < xs.max()  # ears
    assert ys.min() < 30 < 140 < ys.max()  # hair and chin
    assert (xs.min(), xs.max()) >= (40, 135)
    assert not changed[:, 150:].any()
    assert np.array_equal(before, picture())  # the given picture stays as it is


def test_nothing_to_hide_costs_no_copy() -> None:
    before = picture()
    assert veil(before, [], []) is before


def test_a_face_keeps_a_few_rounded_colours_only() -> None:
    after = veil(picture(), [FACE], [])
    inner = after[40:140, 50:130].astype(float)
    assert np.abs(np.diff(inner, axis=0)).max() <= 256 / 20  # nothing sharp is left
    corners = np.unique((veil(picture(), [(0, 0, 320, 240)], [])[::59, ::79] // 8).reshape(-1, 3), axis=0)
    assert len(corners) <= TILES * TILES


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_what_happens_below_the_mosaic_cannot_be_seen(seed: int) -> None:
    """Two faces of the same coarse colours are the same afterwards: no search can tell which it was."""
    tiles = np.random.default_rng(seed).integers(0, 8, (TILES, TILES, 3)) * 32 + 16
    coarse = np.repeat(np.repeat(tiles, 20, 0), 20, 1)
    checks = (np.indices((100, 100)).sum(axis=0) % 2 * 2 - 1)[:, :, None] * 12
    stripes = (np.indices((100, 100))[0] % 4 // 2 * 2 - 1)[:, :, None] * 15
    results = []
    for detail in (checks, stripes):
        rgb = (coarse + detail).astype(np.uint8)
        hide_face(rgb, (0, 0, 100, 100))
        results.append(rgb)
    assert np.array_equal(*results)


def test_a_plate_is_one_colour() -> None:
    after = veil(picture(), [], [PLATE])
    inside = after[160:172, 160:220].reshape(-1, 3)
    assert len(np.unique(inside, axis=0)) == 1
    assert all(
        (after[y, x] == inside[0]).all() for y, x in ((148, 160), (178, 200), (158, 147), (172, 231))
    )  # the margin
    assert np.array_equal(after[:130], picture()[:130])


def test_parts_that_hang_over_the_border() -> None:
    rgb = picture()
    for face in ((-50, -50, 20, 20), (300, 220, 400, 300), (-10, -10, -5, -5), (500, 500, 600, 600), (10, 10, 11, 11)):
        hide_face(rgb, face)
    assert veil(rgb, [], [PLATE + 1000]).shape == rgb.shape
    assert veil(rgb, [], [PLATE - 160]).shape == rgb.shape
    assert veil(rgb, [], [np.zeros((4, 2), np.float32)]).shape == rgb.shape
