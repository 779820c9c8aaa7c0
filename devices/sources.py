"""What a person may name as a source of live pictures: a camera's number, a file, or an address."""

from pathlib import Path

from devices.camera import Camera
from devices.clip import Clip
from devices.errors import InputError
from devices.feed import Opener
from devices.stream import Stream


def source_named(given: str, size: tuple[int, int] | None = None) -> Opener:
    """The opener for `0`, `/dev/video2`, `clip.mp4` or `rtsp://...`; `size` is what a camera is asked for.

    Opens nothing. Raises InputError for an address of an unknown kind, or for nothing at all.
    """
    if not given.strip():
        raise InputError("a source was expected, got nothing; give a camera's number, a file or an address: --source 0")
    if given.isdecimal() or given.startswith("/dev/"):
        return Camera(given, size)
    if "://" in given:
        return Stream(given)
    return Clip(Path(given))
