"""Where the detector looks: at what came into view, what changed, what came near; at nothing twice."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from devices import Stamp
from pipeline.live.attention import GATHER_MS, LOOK_AGAIN_MS, Attention
from pipeline.live.board import Seen
from tests.pipeline.live.scenes import texture
from vision.carry import Pose
from vision.quad import Matrix, Quad

WIDTH, HEIGHT = 640, 360
STAY: Matrix = np.eye(3)
WORLD = np.asarray(cv2.GaussianBlur(texture(2 * WIDTH, 2 * HEIGHT)[:, :, 0], (0, 0), 4), np.uint8)


def shift(x: float, y: float = 0.0) -> Matrix:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def seen(ms: float, camera: Matrix = STAY) -> Seen:
    """The middle of the world as a camera sees it that moved by this matrix."""
    gray = cv2.warpPerspective(WORLD, camera @ shift(-WIDTH / 2, -HEIGHT / 2), (WIDTH, HEIGHT))
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pose = Pose(0, 0, 1, camera, (), (), False)
    return Seen(Stamp("film", 0, 0, ms), rgb, np.asarray(gray, np.uint8), 1.0, pose, None)


def attentive() -> Attention:
    """Everything has been looked at, at 0 ms."""
    attention = Attention()
    attention.looked(seen(0), None, None, 1.0, severed=False)
    return attention


def test_what_has_been_looked_at_is_not_looked_at_again() -> None:
    attention = attentive()
    assert attention.reason(seen(GATHER_MS), STAY) == ""
    assert attention.where(seen(GATHER_MS), STAY) == ()


@pytest.mark.parametrize("pan", [shift(-60), shift(60), shift(0, -60), shift(0, 60)])
def test_what_comes_into_view_is_looked_at_once_and_not_at_once(pan: Matrix) -> None:
    attention = attentive()
    assert attention.reason(seen(GATHER_MS - 1, pan), pan) == ""
    assert attention.where(seen(GATHER_MS - 1, pan), pan) == ()
    later = seen(GATHER_MS, pan)
    assert attention.reason(later, pan) == "new in view"
    windows = attention.where(later, pan)
    assert windows is not None
    assert len(windows) == 1
    x, y = pan[0, 2], pan[1, 2]
    new = [WIDTH - 30 if x < 0 else 30 if x > 0 else WIDTH // 2, HEIGHT - 30 if y < 0 else 30 if y > 0 else HEIGHT // 2]
    assert windows[0].left <= new[0] < windows[0].right
    assert windows[0].top <= new[1] < windows[0].bottom
    attention.looked(later, pan, windows, 1.0, severed=False)
    assert attention.reason(seen(2 * GATHER_MS, pan), STAY) == ""


def test_what_was_not_looked_at_is_remembered_through_the_next_readings() -> None:
    attention = attentive()
    pan = shift(-60)
    attention.looked(seen(100, pan), pan, (), 1.0, severed=False)
    attention.looked(seen(200, pan), STAY, (), 1.0, severed=False)
    assert attention.reason(seen(GATHER_MS, pan), STAY) == "new in view"


def test_a_change_is_looked_at_where_it_is() -> None:
    attention = attentive()
    gray = seen(0).gray.copy()
    gray[200:240, 100:180] = 255
    changed = replace(seen(GATHER_MS), gray=gray)
    assert attention.reason(changed, STAY) == "new in view"
    (window,) = attention.where(changed, STAY) or ()
    assert window.left <= 100 < 180 <= window.right
    assert window.top <= 200 < 240 <= window.bottom


def test_what_comes_much_nearer_is_looked_at_again_all_of_it() -> None:
    attention = attentive()
    for zoom, again in ((1.3, False), (1.7, True)):
        near = shift(WIDTH / 2, HEIGHT / 2) @ np.diag([zoom, zoom, 1.0]) @ shift(-WIDTH / 2, -HEIGHT / 2)
        assert (attention.where(seen(GATHER_MS, near), near) is None) == again


def test_a_part_that_was_seen_finer_makes_the_rest_no_worse() -> None:
    attention = attentive()
    pan = shift(-60)
    windows = attention.where(seen(GATHER_MS, pan), pan)
    attention.looked(seen(GATHER_MS, pan), pan, windows, 3.0, severed=False)
    assert attention.reason(seen(2 * GATHER_MS, pan), STAY) == ""


def test_a_doubtful_line_is_looked_for_where_it_was() -> None:
    line: Quad = np.array([[500, 100], [600, 100], [600, 130], [500, 130]], np.float32)
    (window,) = attentive().where(seen(GATHER_MS), STAY, [line]) or ()
    assert not window.cuts_off(line, WIDTH, HEIGHT)


def test_the_whole_is_looked_at_now_and_then_and_after_a_line_that_was_severed() -> None:
    attention = attentive()
    assert attention.reason(seen(LOOK_AGAIN_MS), STAY) == "time"
    assert attention.where(seen(LOOK_AGAIN_MS), STAY) is None
    attention.looked(seen(100), STAY, (), 1.0, severed=True)
    assert attention.reason(seen(101), STAY) == "a line that was seen in part"
    assert attention.where(seen(101), STAY) is None


def test_a_picture_of_another_size_was_never_looked_at() -> None:
    attention = attentive()
    small = replace(seen(GATHER_MS), gray=seen(0).gray[: HEIGHT // 2].copy())
    assert attention.where(small, STAY) is None
