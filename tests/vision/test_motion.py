"""Motion: textures moved by known homographies are registered to a fraction of a pixel; the rest is said to be lost."""

import cv2
import numpy as np
import pytest

from devices import Gray
from vision import motion
from vision.quad import Matrix, Quad, move

WIDTH, HEIGHT = 640, 360
SIGN = np.array([[220, 130], [420, 130], [420, 210], [220, 210]], np.float32)


def texture(seed: int = 1, grain_px: int = 12) -> Gray:
    noise = np.random.default_rng(seed).normal(0, 1, (HEIGHT // grain_px + 2, WIDTH // grain_px + 2))
    big = cv2.resize(noise.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 45 * big, 0, 255).astype(np.uint8)


def camera(shift: tuple[float, float] = (0, 0), turn_deg: float = 0, zoom: float = 1, tilt: float = 0) -> Matrix:
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turn_deg, zoom)
    matrix[:2, 2] += shift
    matrix[2, 0] = tilt
    return matrix


def seen(gray: Gray, matrix: Matrix) -> Gray:
    return np.asarray(
        cv2.warpPerspective(gray, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT),
        np.uint8,
    )


def error_px(got: Matrix, true: Matrix, quad: Quad) -> float:
    return float(np.linalg.norm(move(got, quad) - move(true, quad), axis=1).max())


@pytest.mark.parametrize(
    "true",
    [
        camera(),
        camera((4.3, -2.7)),
        camera(turn_deg=1.5),
        camera(zoom=1.03),
        camera((-3, 2), 1, 0.98, 4e-5),
    ],
    ids=["still", "shift", "turn", "zoom", "all"],
)
def test_registration_to_a_fraction_of_a_pixel(true: Matrix) -> None:
    key = texture()
    view = motion.key_view(key, [SIGN])
    got = motion.register(view, seen(key, true), np.eye(3))
    assert got is not None
    assert error_px(got.camera, true, SIGN) < 0.3
    assert error_px(got.signs[0], true, SIGN) < 0.3
    assert got.likeness[0] > 0.95


def test_errors_do_not_add_up_over_a_long_pan() -> None:
    key = texture()
    view = motion.key_view(key, [SIGN])
    guess: Matrix = np.eye(3)
    for index in range(1, 40):
        true = camera((-3.3 * index, 1.1 * index), 0.2 * index, 1 + 0.002 * index)
        got = motion.register(view, seen(key, true), guess)
        assert got is not None
        guess = got.camera
        assert error_px(got.signs[0], true, SIGN) < 0.4


def test_noise_costs_little() -> None:
    key, true = texture(), camera((2.2, -1.4), 0.7)
    noisy = seen(key, true) + np.random.default_rng(5).normal(0, 4, key.shape)
    got = motion.register(motion.key_view(key, [SIGN]), np.clip(noisy, 0, 255).astype(np.uint8), np.eye(3))
    assert got is not None
    assert error_px(got.signs[0], true, SIGN) < 0.3


def test_a_sign_nearer_than_the_wall_moves_on_its_own() -> None:
    wall, board = texture(1), texture(2, 7)
    x0, y0, x1, y1 = 220, 130, 420, 210
    before, after = wall.copy(), seen(wall, camera((2, 0)))
    before[y0:y1, x0:x1] = board[y0:y1, x0:x1]
    after[y0 + 1 : y1 + 1, x0 + 5 : x1 + 5] = board[y0:y1, x0:x1]
    got = motion.register(motion.key_view(before, [SIGN]), after, np.eye(3))
    assert got is not None
    assert error_px(got.signs[0], camera((5, 1)), SIGN) < 1.5


def test_what_is_hidden_is_unlike() -> None:
    key, true = texture(), camera((3, 1))
    hidden = seen(key, true)
    x0, y0, x1, y1 = 215, 125, 430, 216
    hidden[y0:y1, x0:x1] = texture(9)[y0:y1, x0:x1]
    view = motion.key_view(key, [SIGN])
    covered, bare = motion.register(view, hidden, np.eye(3)), motion.register(view, seen(key, true), np.eye(3))
    assert covered is not None
    assert bare is not None
    assert covered.likeness[0] < 0.3
    assert bare.likeness[0] > 0.95


def test_the_half_that_is_in_view_is_enough_to_recognise_a_sign() -> None:
    gray = texture()
    view = motion.key_view(gray, [SIGN])
    half_out = motion.register(view, seen(gray, camera((-320, 0))), camera((-318, 1)))
    nearly_out = motion.register(view, seen(gray, camera((-400, 0))), camera((-398, 1)))
    assert half_out is not None and nearly_out is not None
    assert half_out.likeness[0] > 0.9
    assert nearly_out.likeness[0] == -1


def test_another_scene_is_not_registered() -> None:
    view = motion.key_view(texture(1), [SIGN])
    assert motion.register(view, texture(2), np.eye(3)) is None
    assert motion.step(texture(1), texture(2)) is None


def test_nothing_to_hold_on_to_is_not_registered() -> None:
    blank = np.full((HEIGHT, WIDTH), 90, np.uint8)
    view = motion.key_view(blank, [SIGN])
    assert view.points.shape == (0, 2)
    assert motion.register(view, blank, np.eye(3)) is None
    assert motion.step(blank, blank) is None


def test_a_step_bridges_what_registration_cannot() -> None:
    true = camera((22, -9))
    got = motion.step(texture(grain_px=20), seen(texture(grain_px=20), true))
    assert got is not None
    assert error_px(got, true, SIGN) < 0.5


def test_quads_outside_of_the_picture_have_no_likeness_and_do_no_harm() -> None:
    key = texture()
    away = SIGN + np.float32(5000)
    got = motion.register(motion.key_view(key, [away, SIGN]), seen(key, camera((1, 1))), np.eye(3))
    assert got is not None
    assert got.likeness[0] == -1
    assert got.likeness[1] > 0.9


# Cuts


def test_a_cut_is_seen() -> None:
    assert motion.is_cut(texture(1, 60), texture(2, 60))
    assert motion.is_cut(texture(1, 60), 255 - texture(1, 60))


def test_scenes_of_like_layout_are_cut_where_no_camera_leads_from_one_to_the_other() -> None:
    shape = np.zeros((HEIGHT, WIDTH), np.float32)
    shape[100:260, 160:480] = 32  # the same bright board in the middle of both
    first = np.clip(0.5 * texture(1, 14) + shape, 0, 255).astype(np.uint8)
    second = np.clip(0.5 * texture(2, 14) + shape + 50, 0, 255).astype(np.uint8)
    assert motion.is_cut(first, second)


@pytest.mark.parametrize("moved", [camera(), camera((25, 10)), camera(zoom=1.1), camera(turn_deg=4)])
def test_camera_motion_is_no_cut(moved: Matrix) -> None:
    assert not motion.is_cut(texture(3, 40), seen(texture(3, 40), moved))


def test_a_change_of_light_is_no_cut() -> None:
    gray = texture(3, 40)
    assert not motion.is_cut(gray, (gray * 0.5).astype(np.uint8))
    assert not motion.is_cut(np.zeros_like(gray), np.full_like(gray, 200))


# Small things


def test_shrink_leads_back() -> None:
    small, factor = motion.shrink(np.zeros((1080, 1920), np.uint8))
    assert small.shape == (360, 640)
    assert factor == 3
    portrait, factor = motion.shrink(np.zeros((1280, 720), np.uint8))
    assert portrait.shape == (640, 360)
    assert factor == 2
    assert motion.shrink(np.zeros((7, 1), np.uint8))[0].shape == (7, 1)


def test_blur_is_less_sharp() -> None:
    gray = texture(grain_px=4)
    blurred = np.asarray(cv2.GaussianBlur(gray, (0, 0), 2), np.uint8)
    assert motion.sharpness(blurred) < 0.3 * motion.sharpness(gray)
