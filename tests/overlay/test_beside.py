"""What is not sure stands beside its original, which stays readable, and lies on nothing else."""

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.frame import Rgb
from overlay.scene import Label, Quad
from overlay.sticker import Sticker, draw_stickers, footprint, make_sticker
from tests.overlay.signs import Sign, box_quad, bricks, make_sign

WALL = np.asarray(cv2.resize(bricks(), (640, 360)), np.uint8)
SIGN = make_sign(["出口案内"], WALL, (250, 250, 250), target="Way out", sure=False)


def placed(sign: Sign, label: Label, others: Sequence[Quad] = (), taken: Sequence[Quad] = ()) -> tuple[Sticker, Quad]:
    sticker = make_sticker(sign.picture, label, others=others, taken=taken)
    covered = footprint(sticker, label.quad)
    assert covered is not None
    return sticker, covered


def changed(picture: Rgb, sticker: Sticker, quad: Quad) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    canvas = picture.copy()
    draw_stickers(canvas, [(sticker, quad)])
    return np.asarray((canvas != picture).any(axis=2))


def inside(quad: Quad, width: int, height: int) -> bool:
    # A tag has a clear rim of a pixel or two, and the map of what is free is a little coarse.
    return bool((quad >= -4).all() and (quad <= (width + 4, height + 4)).all())


def neighbours(quad: Quad) -> list[Quad]:
    steps = np.array([(0, -1), (0, 1), (-1, 0), (1, 0)], np.float32)
    return [quad + step * np.ptp(quad, axis=0) for step in steps]


def shared(a: Quad, b: Quad) -> float:
    return float(cv2.intersectConvexConvex(a, b)[0])


def test_the_original_stays_and_a_tag_stands_beside_it() -> None:
    sticker, covered = placed(SIGN, SIGN.label)
    touched = changed(SIGN.picture, sticker, SIGN.label.quad)
    assert touched.any() and not touched[SIGN.ink > 0].any()
    assert shared(covered, SIGN.label.quad) == 0 and inside(covered, 640, 360)
    assert not sticker.abbreviated and sticker.stiff


def test_the_tag_has_letters_and_the_mark() -> None:
    sticker, _ = placed(SIGN, SIGN.label)
    red, green, blue = (sticker.rgba[..., n].astype(int) for n in range(3))
    assert (red - blue > 120).sum() > 20  # amber
    assert (np.minimum(np.minimum(red, green), blue) > 200).sum() > 100  # white


def test_a_gloss_is_a_second_line_and_the_only_one_where_nothing_else_is_known() -> None:
    told = make_sticker(SIGN.picture, SIGN.label)
    glossed = make_sticker(SIGN.picture, replace(SIGN.label, gloss="exit · guide"))
    assert glossed.rgba.shape[0] > 1.3 * told.rgba.shape[0]
    alone = make_sticker(SIGN.picture, replace(SIGN.label, target=SIGN.label.source, gloss="exit · guide"))
    same = make_sticker(SIGN.picture, replace(SIGN.label, gloss="way out"))
    assert not alone.blank and alone.stiff
    assert np.array_equal(same.rgba, told.rgba)  # it says nothing new


@pytest.mark.parametrize("free", ["below", "above", "right", "left"])
def test_the_tag_takes_the_side_that_is_free(free: str) -> None:
    quad = SIGN.label.quad
    (x0, y0), (x1, y1) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
    walls = {
        "above": box_quad(-900, -900, 2400, 900 + y0 - 2),
        "below": box_quad(-900, y1 + 2, 2400, 900),
        "left": box_quad(-900, -900, 900 + x0 - 2, 2400),
        "right": box_quad(x1 + 2, -900, 900, 2400),
    }
    # The sign stands near the upper left corner of the picture: moved away from it, there is room on each side.
    shift = np.array([180, 90], np.float32)
    rgb = np.asarray(np.roll(SIGN.picture, (90, 180), axis=(0, 1)), np.uint8)
    label = replace(SIGN.label, quad=quad + shift, line_quads=(quad + shift,))
    taken = [wall + shift for side, wall in walls.items() if side != free]
    covered = footprint(make_sticker(rgb, label, taken=taken), label.quad)
    assert covered is not None
    assert all(shared(covered, wall) < 1 for wall in taken)
    assert shared(covered, walls[free] + shift) > 0.9 * cv2.contourArea(covered)


def test_no_tag_stands_behind_another_text() -> None:
    quad = SIGN.label.quad
    beyond = [quad + np.array([0, 1.1 * np.ptp(quad[:, 1])], np.float32)]
    covered = placed(SIGN, SIGN.label, others=beyond)[1]
    assert shared(covered, beyond[0]) == 0
    assert covered[:, 1].min() < beyond[0][:, 1].min()


def test_without_room_both_texts_stand_in_the_originals_place() -> None:
    sign = make_sign(["出口案内"], WALL, (250, 250, 250), size_px=64, target="Way out", sure=False)
    quad = sign.label.quad
    around = neighbours(quad)
    sticker, covered = placed(sign, sign.label, taken=around)
    assert shared(covered, quad) > 0.7 * cv2.contourArea(quad)
    assert sum(shared(covered, one) for one in around) < 0.02 * cv2.contourArea(quad)
    told = sticker.rgba.astype(int)
    amber = np.nonzero((told[..., 0] - told[..., 2] > 120).any(axis=1))[0]
    written = (told[..., :3].min(axis=2) > 120).any(axis=1)
    assert written[: amber.min()].any() and written[amber.max() + 1 :].any()


def test_where_both_would_be_too_small_only_the_mark_is_drawn_and_the_caption_tells() -> None:
    sign = make_sign(["出口案内"], WALL, (250, 250, 250), size_px=14, target="The way out is here", sure=False)
    quad = sign.label.quad
    around = neighbours(quad)
    sticker, covered = placed(sign, sign.label, taken=around)
    assert sticker.abbreviated and not sticker.stiff
    assert not changed(sign.picture, sticker, quad)[sign.ink > 100].any()
    assert not make_sticker(sign.picture, replace(sign.label, target=sign.label.source), taken=around).abbreviated
    assert np.ptp(covered[:, 1]) < 0.5 * np.ptp(quad[:, 1])


def test_the_tag_moves_turns_and_grows_with_the_sign_but_is_never_slanted() -> None:
    sticker, _ = placed(SIGN, SIGN.label)
    quad = SIGN.label.quad.astype(np.float64)
    turn = np.array([[math.cos(0.3), -math.sin(0.3)], [math.sin(0.3), math.cos(0.3)]]) * 1.5
    before, after = footprint(sticker, SIGN.label.quad), footprint(sticker, (quad @ turn.T + 40).astype(np.float32))
    assert before is not None and after is not None
    assert np.abs(before @ turn.T + 40 - after).max() < 0.1
    slanted = quad.copy()
    slanted[1:3, 1] += (8, -6)
    seen = footprint(sticker, slanted.astype(np.float32))
    assert seen is not None
    sides = np.roll(seen, -1, axis=0) - seen
    assert abs(sides[0] @ sides[1]) < 1e-2 * np.linalg.norm(sides[0]) * np.linalg.norm(sides[1])


def test_a_tag_is_level_with_slightly_turned_text_and_upright_beside_steep_text() -> None:
    for degrees, expected in ((20.0, 20.0), (80.0, 0.0)):
        angle = math.radians(degrees)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        quad = (np.array([[-60, -12], [60, -12], [60, 12], [-60, 12]]) @ turn.T + (320, 180)).astype(np.float32)
        covered = footprint(make_sticker(WALL, Label(1, quad, (quad,), "出口案内", "Way out", False)), quad)
        assert covered is not None
        along = covered[1] - covered[0]
        assert abs(math.degrees(math.atan2(along[1], along[0])) - expected) < 0.5


@settings(max_examples=25, deadline=None)
@given(
    x=st.floats(0, 560), y=st.floats(0, 330), width=st.floats(20, 300), height=st.floats(10, 90),
    text=st.sampled_from(["Way out", "Please do not lean against the doors of this lift at any time", "出口", "ㅋ"]),
)  # fmt: skip
def test_a_tag_never_leaves_the_picture_nor_lies_on_the_others(
    x: float, y: float, width: float, height: float, text: str
) -> None:
    quad = box_quad(x, y, min(width, 638 - x), min(height, 358 - y))
    other = box_quad(x, y + height + 5, width, height)
    sticker = make_sticker(WALL, Label(1, quad, (quad,), "テスト", text, False), others=[other])
    covered = footprint(sticker, quad)
    if sticker.stiff:
        assert covered is not None and inside(covered, 640, 360) and shared(covered, other) < 0.01 * width * height


def test_a_footprint_is_what_is_drawn() -> None:
    sticker, covered = placed(SIGN, SIGN.label)
    touched = np.zeros(SIGN.picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(touched, np.rint(covered).astype(np.int32), 255)
    drawn = changed(SIGN.picture, sticker, SIGN.label.quad)
    assert not drawn[cv2.dilate(touched, np.ones((5, 5), np.uint8)) == 0].any()
    assert drawn.sum() > 0.8 * (touched > 0).sum()
    assert footprint(sticker, np.full((4, 2), np.nan, np.float32)) is None
    assert footprint(make_sticker(SIGN.picture, replace(SIGN.label, target="出口案内", sure=True)), covered) is None
