"""Recorded video: a file comes in, upright pictures with exact media times go out, as often as asked for.

Decodes what can be decoded: damage is counted and said in one sentence, never raised once a picture has come out.
Refuses to know: what is in the pictures. Reads local files only: a playlist that points elsewhere is not followed.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from inspect import GEN_CLOSED, getgeneratorstate
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from devices.decoded import BT709, Colour, DecodedFrame, Scaler, colour_of
from devices.errors import InputError
from devices.files import check_input
from devices.frame import Stamp
from devices.orientation import Orientation, from_display_matrix

__all__ = ["Colour", "DecodedFrame", "VideoInfo", "VideoSource", "open_media"]

# Demuxers that answer to single pictures, and to almost any text file (tty).
_PICTURES = ("image2", "image2pipe", "ico")
_NOT_MEDIA = ("tty", "bin", "xbin", "adf", "idf")
_FAILURES_IN_A_ROW = 64


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What is known of a clip before its second frame is decoded."""

    path: Path
    width: int
    """Columns of the upright picture."""
    height: int
    """Rows of the upright picture."""
    fps: float
    """Average; the frames of the clip may come at any distance."""
    duration_ms: float | None
    frames: int | None
    """Estimate from the container."""
    rotation_deg: int
    """Clockwise turn from the stored picture to the upright one: 0, 90, 180, 270. Already applied to every frame."""
    has_audio: bool
    codec: str
    start_ms: float = 0.0
    """Time of the first frame in the container: where `pts_ms` 0 lies on the file's own clock."""
    pixel_aspect: Fraction = Fraction(1)
    """Width of an upright pixel divided by its height, for display; the arrays are not stretched."""
    colour: Colour = BT709
    """What the YUV numbers mean; hand it to VideoSink to keep every untouched picture bit-exact in YUV."""


@dataclass(slots=True)
class _Count:
    """What went wrong in one pass."""

    decoded: int = 0
    failed: int = 0
    broken_off: bool = False
    seen_ms: float = 0.0


class VideoSource:
    """A video file. Every call of `frames()` decodes it from the start, in constant memory, with the same result."""

    def __init__(self, path: Path | str) -> None:
        """Open `path` and decode its first frame.

        Raises InputError: missing, a folder, empty, not media, a single picture, no video stream, no frame in it.
        """
        self.path = Path(path)
        self.damage: str | None = None
        self._passes: list[Generator[DecodedFrame, None, None]] = []
        self._file = check_input(path)
        with open_media(self._file, self.path) as container:
            stream = _video_stream(container, self.path)
            first = next(_decode(container, stream, _Count()), None)
            if first is None:
                raise InputError(
                    f"{self.path}: no picture in it can be decoded ({stream.codec_context.name}); it is damaged, "
                    "empty or encrypted; get the original again"
                )
            self._orientation = _orientation(first)
            self._size = (first.width, first.height)
            # Only MP4 and MOV count exactly what they hold; AVI counts repeats too.
            self._indexed = stream.frames if "mov" in container.format.name else 0
            self._expected_ms = _milliseconds(container.duration, Fraction(1, av.time_base))
            self.info = _describe(self.path, container, stream, first, self._orientation)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file in every pass that has not reached the end."""
        for unfinished in self._passes:
            unfinished.close()
        self._passes.clear()

    def frames(self) -> Iterator[DecodedFrame]:
        """Yield the frames from the start, upright, in display order, with strictly increasing `pts_ms` from 0.

        Frames whose size differs from the first are scaled to it. `damage` is set when the last frame has come.
        """
        self.damage = None
        self._passes = [one for one in self._passes if getgeneratorstate(one) != GEN_CLOSED]
        self._passes.append(self._pass())
        return self._passes[-1]

    def _pass(self) -> Generator[DecodedFrame, None, None]:
        count = _Count()
        scaler = Scaler()
        with open_media(self._file, self.path) as container:
            stream = _video_stream(container, self.path)
            first: Fraction | None = None
            last_ms = -1.0
            for frame in _decode(container, stream, count):
                pts_ms: float | None = None
                time_base = frame.time_base or stream.time_base
                if frame.pts is not None and time_base:
                    at = frame.pts * time_base
                    first = at if first is None else first
                    pts_ms = float((at - first) * 1000)
                if pts_ms is None:  # no time stored: a nominal frame after the one before
                    pts_ms = 0.0 if last_ms < 0 else last_ms + 1000 / self.info.fps
                elif pts_ms <= last_ms:  # broken clocks run backwards; one ms keeps order and hides nothing
                    pts_ms = last_ms + 1
                last_ms = pts_ms
                if (frame.width, frame.height) != self._size:
                    colour = colour_of(frame)
                    frame = Scaler().convert(frame, frame.format.name, source=colour, to=colour, size=self._size)
                stamp = Stamp(self.path.name, count.decoded, round(pts_ms * 1_000_000), pts_ms)
                count.decoded += 1
                yield DecodedFrame(stamp, frame, self._orientation, scaler)
        self.damage = self._damage(count)

    def _damage(self, count: _Count) -> str | None:
        expected, spare_ms = self.info.frames, max(1000.0, 0.05 * (self._expected_ms or 0))
        missing = self._indexed - count.decoded > max(2, self._indexed // 20)
        short = self._expected_ms is not None and self._expected_ms - count.seen_ms > spare_ms
        about = f" of about {expected}" if expected and expected > count.decoded else ""
        if count.broken_off or (short and not count.failed):
            return f"decoded {count.decoded}{about} frames, then the file ended too early or was unreadable"
        if count.failed:
            times = "once" if count.failed == 1 else f"{count.failed} times"
            return f"decoded {count.decoded}{about} frames; damaged data was met {times} and skipped"
        if missing:
            return f"decoded {count.decoded}{about} frames; the others are missing from the file"
        return None


def open_media(file: Path, shown: Path) -> InputContainer:
    """Open a local media file for reading; `shown` is the name for messages. Raises InputError."""
    try:
        # A file is never allowed to send us to another file or to the network (playlists, concat lists).
        return av.open(str(file), "r", options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as why:
        with file.open("rb") as stream:
            head = stream.read(12)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
            hint = "it looks like an MP4 whose index is missing, as when a recording was cut off; repair it first"
        else:
            hint = "expected a video such as MP4, MOV, MKV, WebM, AVI or GIF"
        raise InputError(f"{shown}: is not a media file that can be read; {hint}") from why


def _video_stream(container: InputContainer, shown: Path) -> VideoStream:
    name = container.format.name
    if name in _NOT_MEDIA:
        raise InputError(f"{shown}: is text, not media; expected a video such as MP4, MOV, MKV, WebM, AVI or GIF")
    if name in _PICTURES or name.endswith("_pipe"):
        raise InputError(f"{shown}: is a single picture, not a video; use `glossa photo` for it")
    streams = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not streams:
        raise InputError(f"{shown}: has no video stream ({name}); expected a file with moving pictures")
    if getattr(streams[0], "codec_context", None) is None:
        raise InputError(f"{shown}: its video codec is not known here; convert it to H.264 first")
    stream = streams[0]
    stream.thread_type = "AUTO"
    return stream


def _decode(container: InputContainer, stream: VideoStream, count: _Count) -> Iterator[av.VideoFrame]:
    """Yield every frame that can be decoded; keep count of what cannot."""
    watched = [stream, *container.streams.audio]  # sound tells how far a cut-off file really goes
    in_a_row = 0
    ended = False
    while not ended and in_a_row < _FAILURES_IN_A_ROW:
        try:
            for packet in container.demux(watched):
                if packet.dts is None and packet.size == 0:
                    ended = True  # the flush packets come last
                if packet.pts is not None and packet.size:
                    end_ms = _milliseconds(packet.pts + (packet.duration or 0), packet.time_base)
                    count.seen_ms = max(count.seen_ms, end_ms or 0.0)
                if packet.stream.index != stream.index or (packet.size == 0 and not ended):
                    continue  # an empty packet in the middle repeats a picture; to the decoder it would be the end
                in_a_row = 0
                count.failed += bool(packet.is_corrupt and packet.size)
                try:
                    frames = stream.decode(packet)
                except (av.FFmpegError, ValueError):
                    count.failed += 1
                    continue
                yield from frames
            ended = True
        except (av.FFmpegError, OSError):  # from the demuxer; it may find its way again further on
            count.failed += 1
            in_a_row += 1
    if not ended:
        count.failed -= in_a_row
        count.broken_off = True
        try:
            yield from stream.decode(None)
        except (av.FFmpegError, ValueError):
            count.failed += 1


def _orientation(frame: av.VideoFrame) -> Orientation:
    try:
        matrix = cast(Mapping[str, bytes], frame.side_data)["DISPLAYMATRIX"]
    except KeyError:
        return Orientation()
    return from_display_matrix(np.frombuffer(bytes(matrix), np.int32))


def _describe(
    path: Path, container: InputContainer, stream: VideoStream, first: av.VideoFrame, turn: Orientation
) -> VideoInfo:
    width, height = first.width, first.height
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if turn.transpose:
        width, height, aspect = height, width, 1 / aspect if aspect else Fraction(1)
    fps = float(stream.average_rate or stream.guessed_rate or 0) or 25.0
    duration_ms = _milliseconds(stream.duration, stream.time_base)
    if duration_ms is None:
        duration_ms = _milliseconds(container.duration, Fraction(1, av.time_base))
    frames = stream.frames or (round(duration_ms * fps / 1000) if duration_ms else None)
    start_ms = _milliseconds(first.pts, first.time_base) or 0.0
    return VideoInfo(
        path=path,
        width=width,
        height=height,
        fps=fps,
        duration_ms=duration_ms,
        frames=frames,
        rotation_deg=turn.rotation_deg,
        has_audio=bool(container.streams.audio),
        codec=stream.codec_context.name,
        start_ms=start_ms,
        pixel_aspect=aspect or Fraction(1),
        colour=colour_of(first),
    )


def _milliseconds(ticks: int | None, time_base: Fraction | None) -> float | None:
    return None if ticks is None or time_base is None else float(ticks * time_base * 1000)
