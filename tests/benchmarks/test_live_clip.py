"""Bare clips: every picture comes at its time, in its colours, again and again; broken files are refused."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.live_clip import BareClips, Clip
from benchmarks.truth import Photograph, TruthLine
from benchmarks.virtual_camera import VirtualCamera
from devices.errors import InputError

SIZE = (64, 48)


def clip(path: Path, levels: list[int]) -> Path:
    pictures = [np.full((SIZE[1], SIZE[0], 3), level, np.uint8) for level in levels]
    path.write_bytes(b"".join(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).tobytes() for rgb in pictures))
    return path


def test_clips_are_played_one_after_the_other_and_from_the_first_again(tmp_path: Path) -> None:
    paths = [clip(tmp_path / "a.i420", [40, 80]), clip(tmp_path / "b.i420", [120])]
    feed = BareClips(paths, size=SIZE, fps=25.0, seconds=0.2).open()
    shots = [(shot.pts_ms, shot.picture()) for shot in feed.shots()]
    assert [round(float(rgb.mean()) / 40) for _, rgb in shots] == [1, 2, 3, 1, 2]
    assert [ms for ms, _ in shots] == [0.0, 40.0, 80.0, 120.0, 160.0]
    assert not shots[0][1].flags.writeable
    assert shots[0][1].shape == (48, 64, 3)


def test_a_file_of_broken_pictures_is_refused(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.i420", [40])
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="whole I420 pictures of 64x48"):
        BareClips([path], size=SIZE, fps=25.0, seconds=1.0).open()


def test_the_truth_can_be_asked_for_a_later_moment_and_for_other_lines(tmp_path: Path) -> None:
    quad = np.array([[100, 100], [400, 100], [400, 160], [100, 160]], np.float64)
    photo = Photograph(tmp_path / "p.jpg", 1280, 720, "ja", True, (TruthLine("出口", quad),))
    made = Clip(tmp_path / "p.i420", photo, VirtualCamera(3), 0.1, "ko")
    at_once, later = made.truth(), made.truth(lags_s=[1 / 30] * 3)
    assert np.allclose(later.quads[:2], at_once.quads[1:])
    other = made.truth(lines=[TruthLine("入口", quad + 50), TruthLine("x", quad, ignore=True)])
    assert [line.text for line in other.lines] == ["入口", "x"]
    assert other.quads.shape == (3, 2, 4, 2)
