"""Cameras: what is said where there is none, and the real way through FFmpeg with its test picture as the camera."""

import errno
import os
import sys
from pathlib import Path

import pytest

import devices.camera
import devices.player
from devices import InputError
from devices.camera import Camera, attempts
from devices.clip import Clip
from devices.clock import SystemClock
from devices.player import Player
from devices.sources import source_named
from devices.stream import Stream
from tests.devices.playing import PATIENCE_S, Log

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is simulated here is V4L2 on Linux")


class Sockets:
    """A /dev and a /sys of this test's own. A camera is a link to a device that exists everywhere."""

    def __init__(self, folder: Path) -> None:
        self.dev, self.sys = folder / "dev", folder / "sys"
        self.dev.mkdir()
        self.sys.mkdir()

    def plug_in(self, number: int, model: str) -> None:
        (self.dev / f"video{number}").symlink_to("/dev/null")
        (self.sys / f"video{number}").mkdir()
        (self.sys / f"video{number}" / "name").write_text(model + "\n")

    def pull_out(self, number: int) -> None:
        (self.dev / f"video{number}").unlink()
        (self.sys / f"video{number}" / "name").unlink()
        (self.sys / f"video{number}").rmdir()


@pytest.fixture
def usb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sockets:
    sockets = Sockets(tmp_path)
    monkeypatch.setattr(devices.camera, "_DEVICES", sockets.dev)
    monkeypatch.setattr(devices.camera, "_NAMES", sockets.sys)
    return sockets


@pytest.fixture
def test_picture(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every camera shows FFmpeg's test picture for a quarter of a second; returns the devices that were opened."""
    opened: list[str] = []

    def stand_in(device: str, size: tuple[int, int]) -> list[tuple[str, str, dict[str, str]]]:
        opened.append(device)
        return [(f"testsrc2=size={size[0]}x{size[1]}:rate=20:duration=0.25", "lavfi", {})]

    monkeypatch.setattr(devices.camera, "attempts", stand_in)
    return opened


def complaint(given: str) -> str:
    with pytest.raises(InputError) as caught:
        Camera(given).check()
    return str(caught.value)


def test_no_camera_at_all(usb: Sockets) -> None:
    assert f"no camera {usb.dev}/video0" in complaint("0")
    assert "plug a camera in" in complaint("0")


def test_another_camera_is_named(usb: Sockets) -> None:
    usb.plug_in(10, "Deep Eye")
    usb.plug_in(2, "Wide Eye")
    said = complaint("0")
    assert f"{usb.dev}/video2 (Wide Eye), {usb.dev}/video10 (Deep Eye)" in said
    assert "--source 2" in said


def test_a_device_that_is_no_camera(usb: Sockets) -> None:
    (usb.dev / "video0").write_bytes(b"")
    assert "is not a camera" in complaint("0")


def test_a_camera_that_may_not_be_opened(usb: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    usb.plug_in(0, "Eye")

    def refused(self: Path, *words: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    said = complaint("0")
    assert "may not be opened" in said
    assert f"usermod -aG {Path('/dev/null').group()} $USER" in said


def test_what_v4l2_refuses_is_said_in_one_sentence(usb: Sockets) -> None:
    """Through FFmpeg's real V4L2 input; /dev/null is a device, but no camera."""
    usb.plug_in(0, "Eye")
    with pytest.raises(InputError, match=r"camera 0: .*video0 gives no pictures"):
        Camera("0").open()


def test_a_camera_gives_pictures_as_they_come(usb: Sockets, test_picture: list[str]) -> None:
    usb.plug_in(0, "Eye")
    feed = Camera("0", (64, 48)).open()
    assert (feed.width, feed.height, feed.fps, feed.paced) == (64, 48, 20, False)
    pictures = [shot.picture() for shot in feed.shots()]
    feed.close()
    assert [one.shape for one in pictures] == [(48, 64, 3)] * 5
    assert (pictures[0] != pictures[4]).any()
    assert test_picture == [f"{usb.dev}/video0"]


def test_a_camera_that_is_pulled_out_is_found_under_another_number(usb: Sockets, test_picture: list[str]) -> None:
    usb.plug_in(0, "Eye")
    camera = Camera("0", (64, 48))
    camera.open().close()
    usb.pull_out(0)
    with pytest.raises(InputError, match="no camera"):
        camera.open()
    usb.plug_in(1, "Another Eye")
    with pytest.raises(InputError, match="Another Eye"):
        camera.open()
    usb.plug_in(3, "Eye")
    camera.open().close()
    assert test_picture == [f"{usb.dev}/video0", f"{usb.dev}/video3"]


def test_pulled_out_and_plugged_in_while_it_plays(
    usb: Sockets, test_picture: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices.player, "PAUSES_S", (0.01,))
    usb.plug_in(0, "Eye")
    log = Log()
    player = Player(Camera("0", (64, 48)), log, clock=SystemClock())
    player.open()
    usb.pull_out(0)
    player.start()
    log.wait_until(lambda log: any("no camera" in text for _, text in log.said))
    before = len(log.frames)
    usb.plug_in(1, "Eye")
    log.wait_until(lambda log: len(log.frames) > before)
    assert player.stop(PATIENCE_S)
    assert before == 5
    assert "ended" not in log.kinds()


def test_a_better_way_is_tried_before_a_worse_one() -> None:
    ways = attempts("/dev/video0", (1280, 720))
    assert [way[1] for way in ways] == ["v4l2"] * 3
    assert ways[0][2] == {"input_format": "mjpeg", "video_size": "1280x720", "framerate": "30"}
    assert ways[-1][2] == {}


def test_only_what_the_camera_cannot_do_is_tried_in_another_way(usb: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    usb.plug_in(0, "Eye")
    tried: list[dict[str, str]] = []

    def refuse(number: int) -> None:
        def open_(file: str, kind: str, options: dict[str, str]) -> None:
            tried.append(options)
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(devices.camera, "_open", open_)

    refuse(errno.EINVAL)
    with pytest.raises(InputError, match="gives no pictures"):
        Camera("0").open()
    assert len(tried) == 3
    tried.clear()
    refuse(errno.EBUSY)
    with pytest.raises(InputError, match="in use by another program"):
        Camera("0").open()
    assert len(tried) == 1


def test_what_a_person_may_name() -> None:
    assert isinstance(source_named("0"), Camera)
    assert isinstance(source_named("/dev/video3"), Camera)
    assert isinstance(source_named("clip.mp4"), Clip)
    assert isinstance(source_named("rtsp://cam.local/1"), Stream)
    assert source_named("0", (640, 480)).size == (640, 480)
    assert source_named("0").size == (1280, 720)
