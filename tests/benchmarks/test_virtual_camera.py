"""The virtual camera tells the truth about where it put every pixel."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.geometry import project
from benchmarks.virtual_camera import ROLL_DEG, SHAKE_DEG, VirtualCamera, loop_clip, render_clip
from devices.frame import Rgb

SPOTS = np.array([[60.0, 50.0], [240.0, 60.0], [150.0, 150.0]])


@pytest.fixture(scope="module")
def dotted() -> Rgb:
    """White, with three black discs at known places."""
    y, x = np.mgrid[:200, :300]
    far = np.min([np.hypot(x - sx, y - sy) for sx, sy in SPOTS], axis=0)
    grey = np.where(far < 9, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _dark_centre(rgb: Rgb, near: NDArray[np.float64]) -> NDArray[np.float64]:
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    weight = np.clip(160.0 - rgb.mean(2), 0, None) * (np.hypot(x - near[0], y - near[1]) < 14)
    return np.array([np.average(x, weights=weight), np.average(y, weights=weight)])


def test_homography_is_where_the_picture_is(dotted: Rgb) -> None:
    camera = VirtualCamera(seed=5, width=320, height=240)
    measured = 0
    for rgb, homography in camera.film(dotted, 0.4):
        for spot in project(homography, SPOTS):
            if (spot > 16).all() and (spot < [304, 224]).all():
                assert np.hypot(*(_dark_centre(rgb, spot) - spot)) < 0.35
                measured += 1
    assert measured > 12


def test_same_seed_same_pixels_other_seed_other_path(dotted: Rgb) -> None:
    first, again = (next(VirtualCamera(seed=5, width=160, height=90).film(dotted, 0.1)) for _ in range(2))
    other = next(VirtualCamera(seed=6, width=160, height=90).film(dotted, 0.1))
    assert np.array_equal(first[0], again[0])
    assert not np.allclose(first[1], other[1])


@pytest.mark.parametrize("seed", range(5))
def test_movement_stays_within_its_promise(seed: int) -> None:
    camera = VirtualCamera(seed=seed)
    moves = [camera.homography(i / 30, 1280, 720) for i in range(0, 900, 3)]
    across = project_each(moves, [[600.0, 360.0], [680.0, 360.0]])
    roll_deg = np.degrees(np.arctan2(*(across[:, 1] - across[:, 0]).T[::-1]))
    assert np.abs(roll_deg).max() < ROLL_DEG + 4 * SHAKE_DEG + 2  # perspective turns a line a little more
    zoom = np.hypot(*(across[:, 1] - across[:, 0]).T) / 80 / 0.85
    assert 0.6 < zoom.min() < 1.0 < zoom.max() < 1.75


def project_each(moves: list[NDArray[np.float64]], points: list[list[float]]) -> NDArray[np.float64]:
    return np.array([project(h, points) for h in moves])


def test_clip_is_whole_and_can_be_looped(dotted: Rgb, tmp_path: Path) -> None:
    clip, long = tmp_path / "clip.mp4", tmp_path / "long.mp4"
    homographies = render_clip(dotted, clip, 0.2, seed=1)
    loop_clip(clip, long, 3)
    with av.open(str(clip)) as container:
        assert sum(1 for _ in container.decode(video=0)) == len(homographies) == 6
    with av.open(str(long)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert len(times) == 18
    assert np.allclose(np.diff(np.array(times, dtype=np.float64)), 1 / 30, atol=1e-3)
