import hashlib
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overlay.scene import Label, Quad
from overlay.sticker import draw_stickers, make_sticker
from tests.overlay.signs import box_quad, bricks, gradient, make_sign, plain

SIGN = make_sign(["出口案内"], plain((10, 40, 120)), (245, 245, 245), target="Way out")
STICKER = make_sticker(SIGN.picture, SIGN.label)


@settings(max_examples=150, deadline=None)
@given(values=st.lists(st.floats(-2000, 2000) | st.sampled_from([np.nan, np.inf, 0.0, 1e300]), min_size=8, max_size=8))
def test_any_quad_can_be_drawn(values: list[float]) -> None:
    canvas = np.full((90, 160, 3), 77, np.uint8)
    with np.errstate(over="ignore"):
        quad = np.array(values, np.float64).reshape(4, 2)
    draw_stickers(canvas, [(STICKER, quad.astype(np.float64))])
    assert canvas.shape == (90, 160, 3)


@settings(max_examples=40, deadline=None)
@given(
    x=st.floats(-150, 300), y=st.floats(-60, 200), width=st.floats(3, 400), height=st.floats(3, 150),
    bend=st.floats(-0.15, 0.15),
)  # fmt: skip
def test_nothing_changes_outside_of_the_quad_and_its_margin(
    x: float, y: float, width: float, height: float, bend: float
) -> None:
    canvas = np.full((200, 320, 3), 128, np.uint8)
    quad = box_quad(x, y, width, height)
    quad[1, 1] += bend * height
    draw_stickers(canvas, [(STICKER, quad)])
    allowed = np.zeros((200, 320), np.uint8)
    # This sign has room for its translation, so only the margin (0.3 of a line) may be touched.
    middle = quad.mean(axis=0)
    sides = np.array(STICKER.rgba.shape[1::-1]) / np.ptp(STICKER.corners, axis=0)
    grown = (quad - middle) * (2 * sides - 1) + middle
    cv2.fillConvexPoly(allowed, np.rint(grown).astype(np.int32), 255)
    allowed = np.asarray(cv2.dilate(allowed, np.ones((9, 9), np.uint8)), np.uint8)
    assert not (canvas != 128).any(axis=2)[allowed == 0].any()


@pytest.mark.parametrize(
    "quad",
    [
        [[10, 10], [10, 10], [10, 10], [10, 10]],
        [[10, 10], [50, 10], [90, 10], [130, 10]],
        [[10, 60], [90, 60], [90, 20], [10, 20]],
        [[10, 10], [90, 50], [90, 10], [10, 50]],
    ],
)
def test_flat_mirrored_and_crossed_quads_are_skipped(quad: list[list[float]]) -> None:
    canvas = np.full((90, 160, 3), 77, np.uint8)
    draw_stickers(canvas, [(STICKER, np.array(quad, np.float32))])
    assert (canvas == 77).all()


def test_on_its_own_photo_the_sign_stays_and_only_the_writing_changes() -> None:
    for ground in (plain((10, 40, 120)), gradient(), bricks()):
        sign = make_sign(["出口案内"], ground, (250, 250, 250), target="Way out")
        canvas = sign.picture.copy()
        draw_stickers(canvas, [(make_sticker(sign.picture, sign.label), sign.label.quad)])
        changed = np.abs(canvas.astype(int) - sign.picture).max(axis=2)
        ring = cv2.dilate(sign.ink, np.ones((41, 41), np.uint8)) > 0
        x0, y0 = sign.label.quad.min(axis=0).astype(int)
        x1, y1 = sign.label.quad.max(axis=0).astype(int) + 1
        ring[y0:y1, x0:x1] = True
        assert changed[~ring].max() <= 8  # no visible rectangle
        assert (changed[y0:y1, x0:x1] > 60).mean() > 0.05


def test_old_strokes_are_gone_from_the_picture() -> None:
    sign = make_sign(["出口案内"], plain((230, 230, 225)), (150, 10, 10), target="i")
    canvas = sign.picture.copy()
    draw_stickers(canvas, [(make_sticker(sign.picture, sign.label), sign.label.quad)])
    middle = sign.label.quad[:, 0].mean()
    ink = sign.ink > 100
    ink[:, int(middle) - 30 : int(middle) + 30] = False  # where the new letter stands
    assert np.abs(canvas.astype(int) - (230, 230, 225)).max(axis=2)[ink].max() < 25


def test_an_unknown_text_is_marked_but_not_erased() -> None:
    label = replace(SIGN.label, target=SIGN.label.source, sure=False)
    canvas = SIGN.picture.copy()
    draw_stickers(canvas, [(make_sticker(SIGN.picture, label), label.quad)])
    changed = (canvas != SIGN.picture).any(axis=2)
    assert changed.any()
    assert not changed[SIGN.ink > 100].any()
    assert make_sticker(SIGN.picture, replace(label, sure=True)).blank


def test_an_unsure_translation_carries_the_mark() -> None:
    sure, unsure = SIGN.picture.copy(), SIGN.picture.copy()
    draw_stickers(sure, [(STICKER, SIGN.label.quad)])
    draw_stickers(unsure, [(make_sticker(SIGN.picture, replace(SIGN.label, sure=False)), SIGN.label.quad)])
    added = unsure[(sure != unsure).any(axis=2)].astype(int)
    assert len(added) > 20 and (added[:, 0] - added[:, 2]).max() > 120  # amber


def test_letters_that_cannot_be_drawn_leave_the_original() -> None:
    found = make_sticker(SIGN.picture, replace(SIGN.label, target="\U00020bb7\U00020bb7"))
    assert found.blank and found.missing == ("\U00020bb7",) and found.abbreviated


def test_low_contrast_writing_is_made_readable() -> None:
    sign = make_sign(["出口案内"], plain((120, 120, 120)), (140, 140, 140), target="Way out")
    canvas = sign.picture.copy()
    draw_stickers(canvas, [(make_sticker(sign.picture, sign.label), sign.label.quad)])
    assert int(canvas.max()) - 120 > 50 or 120 - int(canvas.min()) > 50


def test_a_vertical_column_becomes_readable_writing() -> None:
    ground = plain((250, 220, 30), 200, 400)
    picture = ground.copy()
    for n, char in enumerate("全雞一隻"):
        one = make_sign([char], plain((250, 220, 30), 200, 200), (180, 30, 20), size_px=60)
        x0, y0 = one.label.quad.min(axis=0).astype(int)
        picture[40 + n * 80 : 110 + n * 80, 60:130] = one.picture[y0 - 3 : y0 + 67, x0 - 3 : x0 + 67]
    quad = box_quad(58, 38, 74, 325)
    for target in ("Whole chicken", "통닭 한 마리"):
        found = make_sticker(picture, Label(1, quad, (quad,), "全雞一隻", target, True))
        assert not found.abbreviated and not found.blank


def test_much_smaller_signs_are_drawn_from_a_smaller_copy() -> None:
    small, single = plain((10, 40, 120), 200, 120), plain((10, 40, 120), 200, 120)
    quad = box_quad(20.3, 20.3, 30, 9)
    draw_stickers(small, [(STICKER, quad)])
    draw_stickers(single, [(replace(STICKER, smaller=()), quad)])
    # The truth: drawn large, then averaged. Single samples of thin strokes would sparkle.
    large = plain((10, 40, 120), 1600, 960)
    draw_stickers(large, [(STICKER, quad * 8)])
    truth = cv2.resize(large, (200, 120), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(small - truth).mean() < 0.75 * np.abs(single - truth).mean()


def test_gain_darkens() -> None:
    bright, dark = plain((0, 0, 0)), plain((0, 0, 0))
    draw_stickers(bright, [(STICKER, SIGN.label.quad)])
    draw_stickers(dark, [(STICKER, SIGN.label.quad)], gain=0.5)
    assert 0.4 * bright.sum() < dark.sum() < 0.6 * bright.sum()


def test_the_same_label_gives_the_same_sticker() -> None:
    def digest(label: Label) -> str:
        return hashlib.sha256(make_sticker(SIGN.picture, label).rgba.tobytes()).hexdigest()

    assert digest(SIGN.label) == digest(replace(SIGN.label))


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.floats(-500, 900) | st.just(np.nan), min_size=8, max_size=8))
@example(values=[18.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0])
def test_a_sticker_can_be_made_of_any_quad(values: list[float]) -> None:
    quad: Quad = np.array(values, np.float32).reshape(4, 2)
    made = make_sticker(SIGN.picture, Label(1, quad, (quad,), "出口", "Exit", False))
    assert made.rgba.dtype == np.uint8 and not made.rgba.flags.writeable


def test_a_poster_that_fills_a_huge_photo_makes_a_sticker_of_bounded_size() -> None:
    photo = np.asarray(cv2.resize(SIGN.picture, (8400, 4000), interpolation=cv2.INTER_NEAREST), np.uint8)
    label = replace(
        SIGN.label, quad=SIGN.label.quad * 20, line_quads=tuple(quad * 20 for quad in SIGN.label.line_quads)
    )
    made = make_sticker(photo, label)
    assert not made.blank and made.rgba.shape[0] * made.rgba.shape[1] <= 710_000


def test_a_label_wholly_outside_of_the_photo_is_blank() -> None:
    quad = box_quad(5000, 5000, 100, 40)
    assert make_sticker(SIGN.picture, Label(1, quad, (quad,), "出口", "Exit", True)).blank
