"""What does not belong to a line stays as it was, even where the line's generous quad reaches it."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.glyphs import draw_line
from overlay.rectify import plan_of
from overlay.scene import Label, Quad
from overlay.sticker import draw_stickers, make_sticker
from tests.overlay.signs import box_quad, plain

_WHITE, _BLACK, _RED, _YELLOW = (248, 248, 248), (14, 14, 14), (196, 30, 36), (248, 210, 40)


def written(
    picture: Rgb, text: str, x: int, base: int, size_px: int, colour: tuple[int, int, int], weight: int = 600
) -> NDArray[np.bool_]:
    """Draw a line, and return where its ink is."""
    ink = np.zeros(picture.shape[:2], np.uint8)
    draw_line(ink, text, x, base, size_px, weight)
    share = ink[..., None] / 255
    picture[...] = np.rint(picture * (1 - share) + np.array(colour) * share)
    return np.asarray(ink > 40, bool)


def around(ink: NDArray[np.bool_], up: float, right: float, down: float, left: float) -> Quad:
    ys, xs = np.nonzero(ink)
    x0, y0 = float(xs.min()) - left, float(ys.min()) - up
    return box_quad(x0, y0, float(xs.max()) + 1 + right - x0, float(ys.max()) + 1 + down - y0)


def soft(picture: Rgb) -> Rgb:
    """The picture as a lens sees it: edges are mixtures."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.uint8)


def change(picture: Rgb, label: Label, others: Sequence[Quad] = ()) -> NDArray[np.int16]:
    """By how much each pixel changes when the sticker is put on its own photo."""
    canvas = picture.copy()
    draw_stickers(canvas, [(make_sticker(picture, label, others=others), label.quad)])
    return np.asarray(np.abs(canvas.astype(np.int16) - picture).max(axis=2), np.int16)


def label_of(quad: Quad, source: str = "出口案内", target: str = "i") -> Label:
    return Label(1, quad, (quad,), source, target, True)


@pytest.mark.parametrize("touching", [False, True])
@pytest.mark.parametrize("reach", [-6, -3, 0, 3])
@pytest.mark.parametrize(("board", "ink"), [(_RED, _WHITE), (_YELLOW, _BLACK), ((70, 42, 35), (255, 232, 200))])
def test_a_frame_close_to_the_letters_stays_whole(
    board: tuple[int, int, int], ink: tuple[int, int, int], reach: int, touching: bool
) -> None:
    """`reach` is how far the quad goes over the inner edge of a frame that is 6 px wide."""
    picture = plain((150, 142, 135), 480, 220)
    cv2.rectangle(picture, (60, 50), (420, 170), board, -1)
    frame = np.zeros(picture.shape[:2], np.uint8)
    cv2.rectangle(frame, (69, 59), (411, 161), 255, 6)
    picture[frame > 0] = ink
    letters = written(picture, "出口案内", 82, 138, 78 if touching else 74, ink)
    picture = soft(picture)
    quad = box_quad(73 - reach, 63 - reach, 335 + 2 * reach, 95 + 2 * reach)
    moved = change(picture, label_of(quad))
    assert moved[frame > 0].max() <= 24
    outside = np.ones_like(letters)
    outside[50:171, 60:421] = False
    assert moved[outside].max() <= 8  # nothing is painted on the wall
    assert (moved[letters] > 60).mean() > 0.7  # the writing did go


def test_nothing_is_painted_beyond_the_edge_of_the_board() -> None:
    picture = plain((150, 142, 135), 480, 220)
    cv2.rectangle(picture, (60, 60), (420, 150), _YELLOW, -1)
    letters = written(picture, "小心地滑", 90, 134, 72, _BLACK)
    picture = soft(picture)
    moved = change(picture, label_of(box_quad(80, 52, 310, 108), "小心地滑"))
    wall = np.ones_like(letters)
    wall[58:153, 58:423] = False
    assert moved[wall].max() <= 8
    assert (moved[letters] > 60).mean() > 0.7


def test_the_corners_of_a_quad_around_an_oval_stay() -> None:
    picture = plain(_BLACK, 620, 220)
    cv2.ellipse(picture, (310, 110), (262, 60), 0, 0, 360, _WHITE, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (310, 110), (256, 54), 0, 0, 360, _RED, -1, cv2.LINE_AA)
    letters = written(picture, "PELIGRO", 136, 136, 76, _WHITE, weight=800)
    picture = soft(picture)
    quad = around(letters, 14, 14, 14, 14)
    inner = np.zeros(picture.shape[:2], np.uint8)
    cv2.ellipse(inner, (310, 110), (253, 51), 0, 0, 360, 255, -1)
    corners = np.zeros_like(inner)
    cv2.fillConvexPoly(corners, quad.astype(np.int32), 255)
    assert ((corners > 0) & (inner == 0)).sum() > 200  # the quad does reach over the outline
    moved = change(picture, label_of(quad, "PELIGRO", "위험"))
    assert moved[inner == 0].max() <= 24
    assert (moved[letters] > 60).mean() > 0.5


@pytest.mark.parametrize("overlap", [1, 3, 6])
@pytest.mark.parametrize("gap", [1, 4])
@pytest.mark.parametrize("above", [True, False])
def test_a_neighbouring_line_loses_nothing(overlap: int, gap: int, above: bool) -> None:
    picture = plain((214, 214, 220), 420, 200)
    first = written(picture, "最高洗滌温度", 40, 80, 40, _BLACK, weight=400)
    second = written(np.zeros_like(picture), "常規程序", 40, 120, 40, _WHITE, weight=400)
    shift = int(np.nonzero(first)[0].max()) + 1 + gap - int(np.nonzero(second)[0].min())
    second = written(picture, "常規程序", 40, 120 + shift, 40, _BLACK, weight=400)
    picture = soft(picture)
    more = (overlap + gap) / 2
    one, two = around(first, 4, 4, more, 4), around(second, more, 4, 4, 4)
    own, other = (first, second) if above else (second, first)
    label = label_of(one if above else two)
    moved = change(picture, label, [two if above else one])
    assert moved[other].max() <= 24
    own_core = own & (picture.max(axis=2) < 60)
    assert (moved[own_core] > 60).mean() > 0.7


def test_the_same_text_found_twice_is_no_neighbour() -> None:
    picture = plain((214, 214, 220), 420, 160)
    letters = written(picture, "出口案内", 60, 100, 60, _BLACK)
    quad = around(letters, 5, 5, 5, 5)
    plan, alone = (
        plan_of(picture, label_of(quad), [quad + 2, quad * np.float32(1.01)]),
        plan_of(picture, label_of(quad)),
    )
    assert plan is not None and alone is not None
    assert np.array_equal(plan.lines, alone.lines)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30, -3e4, 0.0])
def test_odd_quads_of_others_do_not_break_a_sticker(value: float) -> None:
    picture = plain((214, 214, 220), 420, 160)
    letters = written(picture, "出口案内", 60, 100, 60, _BLACK)
    quad = around(letters, 5, 5, 5, 5)
    odd = quad.copy()
    odd[2, 0] = value
    assert not make_sticker(picture, label_of(quad), others=[odd, np.full((4, 2), value, np.float32)]).blank


def test_letters_cut_by_the_edge_of_the_photo_go_wholly() -> None:
    picture = plain(_YELLOW, 420, 160)
    letters = written(picture, "小心地滑", 60, 150, 80, _BLACK)
    picture, letters = soft(picture)[:128], letters[:128]
    quad = around(letters, 8, 8, 3, 8)
    moved = change(picture, label_of(quad, "小心地滑"))
    bottom = letters[120:] & (picture[120:].max(axis=2) < 90)
    assert (moved[120:][bottom] > 60).mean() > 0.9


def test_letters_keep_away_from_a_frame_just_outside_of_the_quad() -> None:
    picture = plain((10, 120, 70), 480, 220)
    cv2.rectangle(picture, (60, 50), (420, 170), _WHITE, 5)
    letters = written(picture, "非常口", 120, 143, 80, _WHITE)
    picture = soft(picture)
    quad = box_quad(110, 54, 260, 112)
    moved = change(picture, label_of(quad, "非常口", "Emergency exit"))
    # A strip of ground stays between the frame (to 52 and from 168) and the new letters.
    assert moved[54:57, 64:416].max() <= 16 and moved[164:167, 64:416].max() <= 16
    assert moved[letters].mean() > 60
