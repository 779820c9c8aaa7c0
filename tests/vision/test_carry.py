"""Carrying: a key view made on an old frame is right on the newest one, and nothing is claimed after a loss."""

import cv2
import numpy as np

from tests.vision.test_motion import HEIGHT, SIGN, WIDTH, camera, error_px, seen, texture
from vision import motion
from vision.carry import Carrier
from vision.quad import Matrix, move

FRAMES = 40


def path(seq: int) -> Matrix:
    """A hand-held pan with some turn and zoom."""
    return camera((1.8 * seq, 3 * np.sin(seq / 3)), 0.06 * seq, 1 + 0.002 * seq)


def test_a_result_for_an_old_frame_sticks_to_the_newest_one() -> None:
    world = texture()
    carrier = Carrier()
    grays = [seen(world, path(seq)) for seq in range(FRAMES)]
    for seq in range(25):
        carrier.see(seq, grays[seq])
    quad = move(path(10), SIGN)
    assert carrier.anchor(10, motion.key_view(grays[10], [quad]))
    for seq in range(25, FRAMES):
        pose = carrier.see(seq, grays[seq])
        truth = path(seq) @ np.linalg.inv(path(10))
        assert not pose.lost
        assert pose.key_seq == 10
        assert error_px(pose.signs[0], truth, quad) < 0.6
        assert pose.likeness[0] > 0.8


def test_without_any_key_view_motion_is_still_known_over_a_long_pan() -> None:
    wide = np.asarray(cv2.resize(texture(3), (3 * WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    carrier = Carrier()
    grays = [np.ascontiguousarray(wide[:, 12 * seq : 12 * seq + WIDTH]) for seq in range(60)]
    for seq, gray in enumerate(grays):
        carrier.see(seq, gray)
    assert carrier.anchor(20, motion.key_view(grays[20], [SIGN]))
    last = grays[59]
    pose = carrier.see(60, last)
    aside, gone = np.array([300, 0], np.float32), np.array([12 * 39, 0], np.float32)
    assert np.abs(pose.place(0, SIGN + aside) - (SIGN + aside - gone)).max() < 2.0


def test_a_cut_begins_a_scene_and_old_results_are_refused() -> None:
    first, second = texture(1), texture(2)
    carrier = Carrier()
    for seq in range(4):
        before = carrier.see(seq, seen(first, path(seq)))
    for seq in range(4, 8):
        after = carrier.see(seq, seen(second, path(seq)))
    assert after.scene > before.scene
    assert not carrier.anchor(2, motion.key_view(seen(first, path(2)), [SIGN]))
    assert carrier.anchor(6, motion.key_view(seen(second, path(6)), [SIGN]))


def test_blur_is_survived_and_said() -> None:
    world = texture()
    carrier = Carrier()
    key = seen(world, path(0))
    carrier.see(0, key)
    assert carrier.anchor(0, motion.key_view(key, [SIGN]))
    for seq in range(1, 20):
        gray = seen(world, path(seq))
        if 8 <= seq < 11:
            gray = np.asarray(cv2.GaussianBlur(gray, (0, 0), 25), np.uint8)
        pose = carrier.see(seq, gray)
        if 8 <= seq < 11:
            assert pose.lost or pose.likeness[0] < 0.95
        elif seq > 11:
            assert not pose.lost
            assert error_px(pose.signs[0], path(seq), SIGN) < 0.6


def test_after_a_long_loss_nothing_old_is_carried_on() -> None:
    world = texture()
    carrier = Carrier()
    scene = carrier.see(0, seen(world, path(0))).scene
    poses = [carrier.see(seq, np.full((HEIGHT, WIDTH), 120, np.uint8)) for seq in range(1, 40)]
    assert any(pose.lost or pose.scene > scene for pose in poses)
    assert carrier.see(40, seen(texture(2), path(3))).scene > scene
