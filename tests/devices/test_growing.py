"""Video that grows: whatever ends it, what was made can be played."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from devices import OutputError, Rgb
from devices.video_in import VideoSource
from devices.video_out import VideoSink

ROOT = Path(__file__).parents[2]
SUFFIXES = [".mp4", ".mkv"]


def noise(number: int) -> Rgb:
    return np.random.default_rng(number).integers(0, 255, (120, 160, 3), dtype=np.uint8)


def growing(path: Path, crf: int = 20) -> VideoSink:
    return VideoSink(path, width=160, height=120, fps=25.0, copy_sound_from=None, crf=crf, growing=True)


def times_ms(path: Path) -> list[float]:
    """Of every picture that plain PyAV decodes."""
    with av.open(str(path)) as video:
        return [float((frame.time or 0) * 1000) for frame in video.decode(video=0)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_whole_one_has_every_picture_at_its_time(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    times = [0.0, 40.0, 75.0, 160.0, *(200.0 + 33.3 * step for step in range(80))]
    with growing(path) as made:
        for number, at_ms in enumerate(times):
            made.write(noise(number), at_ms)
    assert times_ms(path) == pytest.approx(times, abs=0.6)
    with VideoSource(path) as video:
        assert video.info.duration_ms == pytest.approx(times[-1] + 40, abs=45)
        assert len(list(video.frames())) == len(times)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_what_was_there_stays_until_there_is_something_to_play(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("the film of yesterday")
    with growing(path) as made:
        made.write(noise(0), 0.0)
        assert path.read_text() == "the film of yesterday"
        for number in range(1, 60):
            made.write(noise(number), number * 40.0)
        assert len(times_ms(path)) > 5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_killed_one_can_be_played(tmp_path: Path, suffix: str) -> None:
    """Killed without a warning after 100 pictures, in a process of its own."""
    path = tmp_path / f"film{suffix}"
    program = """
import os, signal, sys
from pathlib import Path
from tests.devices.test_growing import growing, noise
with growing(Path(sys.argv[1])) as made:
    for number in range(100):
        made.write(noise(number), number * 40.0)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ran = subprocess.run([sys.executable, "-c", program, str(path)], check=False, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    shown = times_ms(path)
    assert len(shown) > 50
    assert shown == pytest.approx([number * 40.0 for number in range(len(shown))], abs=0.6)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Small; its content is thrown away."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    return folder


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("room", [0, 10_000, 40_000, 120_000, 196_000])
def test_a_full_disk_keeps_what_fits(disk: Path, suffix: str, room: int) -> None:
    try:
        (disk / "other").write_bytes(bytes(196_608 - room))
        path = disk / f"film{suffix}"
        sink = growing(path, crf=30)
        with pytest.raises(OutputError, match=r"the disk is full, .* MB were left.*make room"), sink as made:
            for number in range(200):
                made.write(noise(number), number * 40.0)
        assert {one.name for one in disk.iterdir()} <= {"other", path.name}
        assert path.exists() == (sink.kept_ms > 0)
        if path.exists():
            shown = times_ms(path)
            assert shown == pytest.approx([number * 40.0 for number in range(len(shown))], abs=0.6)
            assert len(shown) * 40.0 == pytest.approx(sink.kept_ms, abs=1)
            assert path.stat().st_size > 0.5 * room
        else:
            assert room < 60_000
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_the_end_that_finds_no_room_is_said_and_the_rest_kept(disk: Path) -> None:
    """The disk is filled by others just before the film is closed."""
    try:
        path = disk / "film.mp4"
        sink = growing(path, crf=40)
        with pytest.raises(OutputError, match="the disk is full"), sink as made:
            for number in range(30):
                made.write(noise(number // 10), number * 40.0)
            free = shutil.disk_usage(disk).free
            (disk / "other").write_bytes(bytes(free))
        assert len(times_ms(path)) * 40.0 == pytest.approx(sink.kept_ms, abs=1)
        assert sink.kept_ms > 400
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_one_that_is_moved_away_grows_on(tmp_path: Path) -> None:
    path, other = tmp_path / "film.mp4", tmp_path / "other.mp4"
    with pytest.raises(OutputError), growing(path) as made:
        for number in range(50):
            made.write(noise(number), number * 40.0)
        path.rename(other)
        for number in range(50, 100):
            made.write(noise(number), number * 40.0)
    assert len(times_ms(other)) == 100


def test_sound_does_not_grow(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither sound"):
        VideoSink(tmp_path / "a.mp4", width=2, height=2, fps=25, copy_sound_from=tmp_path / "b.mp4", growing=True)
