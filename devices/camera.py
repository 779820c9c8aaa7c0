"""A camera as a source of live pictures, through FFmpeg's capture devices: V4L2, AVFoundation or DirectShow.

In: a number or a device, and the wished size. Out: a feed, or one sentence that says what is there instead and what to
do. A camera that was pulled out is found again under another number by its name.
"""

import errno
import sys
from pathlib import Path

import av
from av.container import InputContainer

from devices.av_feed import AvFeed, reason
from devices.errors import InputError

USUAL_SIZE = (1280, 720)
_USUAL_FPS = 30
_DEVICES = Path("/dev")
_NAMES = Path("/sys/class/video4linux")
_WITHIN_S = 10.0


class Camera:
    """Opens a camera; see Opener."""

    live = True

    def __init__(self, given: str, size: tuple[int, int] | None = None) -> None:
        """`given`: a number, or on Linux a device such as /dev/video0."""
        self._given = given
        self.size: tuple[int, int] | None = size or USUAL_SIZE
        self.name = f"camera {given}"
        self._model = ""

    def check(self) -> None:
        """See Opener. Raises InputError: no such camera, or it may not be read."""
        if sys.platform == "linux":
            _check_device(self._device())

    def open(self) -> AvFeed:
        """See Opener. Blocks for about a second. Raises InputError."""
        failed: Exception | None = None
        self.check()
        device = self._device()
        for file, kind, options in attempts(device, self.size or USUAL_SIZE):
            try:
                container = _open(file, kind, options)
            except (av.FFmpegError, OSError, ValueError) as why:
                failed = why
                if getattr(why, "errno", None) not in (errno.EINVAL, errno.EIO):
                    break  # only "not in this way" is worth another try
                continue
            self._model = self._model or model_of(Path(device))
            return AvFeed(container, self.name, paced=False)
        raise InputError(_refused(self.name, device, failed)) from failed

    def _device(self) -> str:
        """The device now: the same camera may have come back under another number."""
        if sys.platform != "linux":
            return self._given
        named = Path(self._given) if self._given.startswith("/") else _DEVICES / f"video{self._given}"
        if self._model and not named.exists():
            named = next((other for other in devices() if model_of(other) == self._model), named)
        return str(named)


def devices() -> list[Path]:
    """The video devices that the system shows, by number; not each of them is a camera."""
    found = [path for path in _DEVICES.glob("video*") if path.name[5:].isdecimal()]
    return sorted(found, key=lambda path: int(path.name[5:]))


def model_of(device: Path) -> str:
    """What the camera calls itself, empty where that is not known."""
    try:
        return (_NAMES / device.name / "name").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def attempts(device: str, size: tuple[int, int]) -> list[tuple[str, str, dict[str, str]]]:
    """Ways to open a camera, best first: file, format and options for FFmpeg."""
    wished = {"video_size": f"{size[0]}x{size[1]}", "framerate": str(_USUAL_FPS)}
    if sys.platform == "darwin":
        return [(device, "avfoundation", wished), (device, "avfoundation", {"framerate": str(_USUAL_FPS)})]
    if sys.platform == "win32":
        return [(_directshow(device), "dshow", wished), (_directshow(device), "dshow", {})]
    # Over USB, most cameras reach 30 large pictures a second only where they send them as JPEG.
    return [(device, "v4l2", {"input_format": "mjpeg"} | wished), (device, "v4l2", wished), (device, "v4l2", {})]


def _open(file: str, kind: str, options: dict[str, str]) -> InputContainer:
    return av.open(file, format=kind, options=options, timeout=(_WITHIN_S, _WITHIN_S))


def _directshow(number: str) -> str:
    """Windows names its cameras; they have no numbers of their own."""
    try:
        found = [one for one in av.enumerate_input_devices("dshow") if "video" in one.media_types]
        return f"video={found[int(number)].name}"
    except (av.FFmpegError, OSError, ValueError, IndexError, AttributeError) as why:
        raise InputError(f"camera {number}: Windows shows no such camera; plug it in, or give another number") from why


def _check_device(device: str) -> None:
    path = Path(device)
    if not path.exists():
        raise InputError(f"there is no camera {device}; {_instead()}")
    if not path.is_char_device():
        raise InputError(f"{device}: is not a camera; {_instead()}")
    try:
        with path.open("rb", buffering=0):
            pass
    except PermissionError as why:
        who = f"of the group {_group(path)}" if _group(path) else "who own it"
        raise InputError(
            f"{device}: may not be opened; it is for users {who}: sudo usermod -aG {_group(path) or 'video'} $USER, "
            "then log in again"
        ) from why
    except OSError as why:
        if why.errno not in (errno.EBUSY, errno.EINVAL):  # those FFmpeg says better
            raise InputError(f"{device}: cannot be opened ({reason(why)}); plug the camera in again") from why


def _instead() -> str:
    found = [f"{path} ({model_of(path) or 'unnamed'})" for path in devices()]
    if found:
        return f"there are: {', '.join(found)}; give its number: --source {devices()[0].name[5:]}"
    return (
        "no /dev/video* is there at all; plug a camera in (in a container or a virtual machine: pass the device on), "
        "or give a file or a stream: --source clip.mp4"
    )


def _group(path: Path) -> str:
    try:
        return path.group()
    except (OSError, KeyError):
        return ""


def _refused(name: str, device: str, why: Exception | None) -> str:
    number = getattr(why, "errno", None)
    if number == errno.EBUSY:
        return f"{name}: {device} is in use by another program; close that first"
    if number in (errno.ENODEV, errno.ENXIO):
        return f"{name}: {device} is gone; plug the camera in again"
    said = reason(why) if why else "no way to open it is known"
    return f"{name}: {device} gives no pictures ({said}); {_instead()}"
