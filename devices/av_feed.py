"""Pictures from an open FFmpeg input that is no ordinary file: a capture device or a network stream.

In: a container. Out: shots, decoded without a picture of delay where the codec allows that. Damaged data is skipped;
only what ends the input is raised. Knows nothing of how it was opened or what to do when it ends.
"""

import errno
import time
from collections.abc import Iterator
from functools import partial

import av
from av.codec.context import Flags
from av.container import InputContainer
from av.video.stream import VideoStream

from devices.decoded import DecodedFrame, Scaler
from devices.errors import InputError
from devices.feed import Shot
from devices.frame import Stamp
from devices.orientation import Orientation

_UNSTAMPED = Stamp("", 0, 0, 0.0)
_FAILURES_IN_A_ROW = 300  # ten seconds of nothing but damage
_AGAIN_S = 0.005  # some capture drivers say "not yet" instead of waiting
_USUAL_FPS = 30.0


class AvFeed:
    """See Feed. Closes the container."""

    def __init__(self, container: InputContainer, name: str, *, paced: bool) -> None:
        """Raises InputError where the container has no pictures that can be decoded, and closes it."""
        self._container = container
        self._name = name
        self.paced = paced
        try:
            self._stream = _pictures_of(container, name)
            context = self._stream.codec_context
            context.thread_type = "SLICE"  # frame threads hold back as many pictures as there are threads
            context.flags |= Flags.low_delay
            self.width, self.height = context.width, context.height
            self.fps = float(self._stream.average_rate or self._stream.guessed_rate or 0) or _USUAL_FPS
        except BaseException:
            container.close()
            raise
        self._skipped = 0

    @property
    def damage(self) -> str:
        """See Feed."""
        return f"damaged data was met {self._skipped} times and skipped" if self._skipped else ""

    def close(self) -> None:
        """See Feed."""
        self._container.close()

    def shots(self) -> Iterator[Shot]:
        """See Feed. Raises InputError after much damage in a row, and what FFmpeg raises when the input breaks."""
        scaler = Scaler()
        failed = 0
        while True:
            try:
                for packet in self._container.demux(self._stream):
                    try:
                        frames = packet.decode()
                    except (av.FFmpegError, ValueError):
                        failed += 1
                        self._skipped += 1
                        if failed >= _FAILURES_IN_A_ROW:
                            raise InputError(f"{self._name}: nothing in it can be decoded") from None
                        continue
                    for frame in frames:
                        failed = 0
                        decoded = DecodedFrame(_UNSTAMPED, frame, Orientation(), scaler)
                        yield Shot(_time_ms(frame), partial(decoded.rgb))
                return
            except av.error.BlockingIOError:
                time.sleep(_AGAIN_S)


def _pictures_of(container: InputContainer, name: str) -> VideoStream:
    for stream in container.streams.video:
        if getattr(stream, "codec_context", None) is not None:
            return stream
    raise InputError(f"{name}: has no pictures that can be decoded; expected a video stream such as H.264")


def _time_ms(frame: av.VideoFrame) -> float | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return float(frame.pts * frame.time_base * 1000)


def reason(error: BaseException) -> str:
    """What the operating system or FFmpeg says of an error, without its name and number."""
    if isinstance(error, (av.error.ExitError, TimeoutError)):
        return "it does not answer"
    if isinstance(error, av.error.EOFError):
        return "it ended"
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return "the connection is broken"  # FFmpeg also says so of a host that it cannot find
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
