"""Video files: pictures with their times come in, one whole file goes out, or none; or one that grows as it is made.

H.264 (yuv420p, limited range) in MP4, MOV or Matroska, times kept to 1/90000 s, the sound of another file copied,
a soft subtitle track. Refuses to know: what is in the pictures, and when they should be shown: it writes the times
it is given. x264 gives the same bytes for the same pictures on the same machine; another number of cores may change
them, so compare pictures, not files, between machines.
"""

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream

from devices.decoded import BT709, Colour, DecodedFrame, Scaler, rgb_to_yuv420
from devices.errors import InputError, OutputError
from devices.files import check_output, discard, part_path, write_error
from devices.frame import Rgb
from devices.growing import OPTIONS, Growing
from devices.sound_copy import SoundCopy
from devices.subtitle_track import SubtitleTrack
from devices.subtitles import Cue
from devices.video_in import VideoSource

__all__ = ["VideoSink", "check_output"]

_CLOCK = Fraction(1, 90_000)
_FORMATS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
_LIMITED = 1
_AHEAD_MS = 500.0
_LONGEST_LAST_TICKS = 5 * 90_000


class VideoSink:
    """A video file in the making: a context manager, used by one thread.

    On clean exit the file is complete under its name; on any exception nothing is left. One that is `growing` has its
    name after a fraction of a second, and whatever ends it (a full disk, a kill), what was made by then can be played.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        width: int,
        height: int,
        fps: float,
        copy_sound_from: Path | None,
        subtitles: Sequence[Cue] = (),
        subtitle_language: str = "und",
        crf: int = 20,
        preset: str = "veryfast",
        colour: Colour | None = None,
        pixel_aspect: Fraction = Fraction(1),
        growing: bool = False,
    ) -> None:
        """Check that `path` can be written. Nothing is created before `with`.

        `width`, `height`: of the pictures; an odd size gets one more column or row, a copy of the last.
        `fps`: nominal, for players that ask; the times come with `write`.
        `colour`: how YUV is coded; None takes that of the first picture (BT.709 for RGB). Pass `VideoInfo.colour` so
        that pictures which nobody touched go through without a colour conversion.
        `growing`: for what cannot be made again; takes neither sound nor subtitles.
        Raises OutputError: see `check_output`; or the suffix is none of .mp4 .m4v .mov .mkv.
        """
        if growing and (copy_sound_from or subtitles):
            raise ValueError("a growing video takes neither sound nor subtitles")
        self._path = check_output(path, [] if copy_sound_from is None else [copy_sound_from])
        suffix = self._path.suffix.lower()
        if suffix not in _FORMATS:
            known = " ".join(_FORMATS)
            raise OutputError(f"{path}: video is written as {known}, not {suffix or 'without a suffix'}; rename it")
        if width < 1 or height < 1 or max(width, height) > 16_384:
            raise OutputError(f"{path}: a video of {width}x{height} cannot be written; 1 to 16384 was expected")
        self.notes: tuple[str, ...] = ()
        self._format = _FORMATS[suffix]
        self._size = (width, height)
        self._even = (width + width % 2, height + height % 2)
        self._fps = Fraction(fps if fps > 0 else 25).limit_denominator(100_000)
        self._sound_path = copy_sound_from
        self._cues = tuple(subtitles)
        self._language = subtitle_language
        # Without B pictures decoding order is display order, so that the end of an irregular clip is exact in MP4;
        # measured at "veryfast": 5-35 % faster, files 7 % smaller to 22 % larger.
        self._options = {"crf": str(crf), "preset": preset, "bf": "0"}
        if growing:  # players find their way by key pictures; there is no index
            self._options["g"] = str(max(1, round(2 * self._fps)))
        self._grows = growing
        self._growing: Growing | None = None
        self._colour = colour
        self._aspect = pixel_aspect
        self._scaler = Scaler()
        self._part: Path | None = None
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._sound: SoundCopy | None = None
        self._track: SubtitleTrack | None = None
        self._written = 0
        self._last_ticks = -1
        self._held: Packet[VideoStream] | None = None
        self._shift_ms = 0.0
        self._expected_ms: float | None = None

    def __enter__(self) -> Self:
        self._part = part_path(self._path)
        if self._grows:
            self._growing = Growing(self._part, self._path)
        try:
            self._open(self._part)
        except BaseException:
            self._abort()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._abort()
            return
        try:
            self._finish()
        except BaseException:
            self._abort()
            raise

    @property
    def kept_ms(self) -> float:
        """How much of a `growing` file is there to be played, whatever happens now; 0 of others."""
        return self._growing.kept_ms if self._growing else 0.0

    def abandon(self) -> None:
        """Leave nothing unfinished, where the thread that writes does not come back: nothing else may be called after.

        What has grown is kept.
        """
        if self._growing is not None:
            self._growing.leave()
        elif self._part is not None:
            discard(self._part)

    def write(self, picture: Rgb | DecodedFrame, pts_ms: float) -> None:
        """Write one picture, `(H, W, 3)` uint8 or as decoded, shown from `pts_ms` on; times must increase.

        A DecodedFrame goes to the encoder without a trip over RGB. Two pictures in the same 1/90000 s are set one
        tick apart. Raises OutputError when the file cannot be written, ValueError for a picture of another size.
        """
        if self._container is None:
            raise RuntimeError("VideoSink.write is called outside of `with`")
        shape = (picture.width, picture.height) if isinstance(picture, DecodedFrame) else picture.shape[1::-1]
        if shape != self._size:
            raise ValueError(f"expected a picture of {self._size} (width, height), got {shape}")
        stream = self._stream or self._open_stream(picture)
        frame = self._yuv(picture)
        ticks = max(round((pts_ms + self._shift_ms) * 90), self._last_ticks + 1)
        self._last_ticks = ticks
        now_ms = ticks / 90
        kept = frame.pts, frame.time_base, frame.pict_type
        # The source's I and B pictures would otherwise force the encoder's choice.
        frame.pts, frame.time_base, frame.pict_type = ticks, _CLOCK, PictureType.NONE
        try:
            if self._track is not None:
                self._track.until(now_ms + _AHEAD_MS)
            self._mux(stream.encode(frame))
            if self._sound is not None:
                self._sound.until(now_ms)
        except (OSError, av.FFmpegError) as why:
            raise self._failed(why) from why
        finally:
            frame.pts, frame.pict_type = kept[0], kept[2]
            if kept[1] is not None:
                frame.time_base = kept[1]
        self._written += 1

    def _open(self, part: Path) -> None:
        options = {"movflags": "faststart"} if self._format != "matroska" else {}
        if self._growing:
            options = OPTIONS[self._format]
        try:
            self._container = av.open(str(part), "w", format=self._format, container_options=options)
        except OSError as why:
            raise write_error(self._path, why) from why

    def _open_stream(self, picture: Rgb | DecodedFrame) -> VideoStream:
        assert self._container is not None
        if self._colour is None:
            self._colour = picture.colour if isinstance(picture, DecodedFrame) else BT709
        stream = self._container.add_stream("libx264", rate=self._fps, options=self._options)
        self._stream = stream
        stream.width, stream.height = self._even
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = _CLOCK
        context.sample_aspect_ratio = self._aspect
        context.color_range = _LIMITED
        context.colorspace = self._colour.matrix
        context.color_primaries = self._colour.primaries
        context.color_trc = self._colour.transfer
        if self._sound_path is not None:
            start_ms = 0.0
            with suppress(InputError), VideoSource(self._sound_path) as source:
                start_ms, self._expected_ms = source.info.start_ms, source.info.duration_ms
            self._sound = SoundCopy(self._sound_path, self._container, start_ms=start_ms)
            self._shift_ms = self._sound.lead_ms
        if self._cues:
            self._track = SubtitleTrack(self._cues, self._container, language=self._language, shift_ms=self._shift_ms)
        return stream

    def _yuv(self, picture: Rgb | DecodedFrame) -> av.VideoFrame:
        assert self._colour is not None
        even = self._even == self._size
        if isinstance(picture, DecodedFrame):
            if even:
                return picture.yuv420(self._colour)
            picture = picture.rgb()
        if not even:
            (width, height), (full_width, full_height) = self._size, self._even
            picture = np.pad(picture, ((0, full_height - height), (0, full_width - width), (0, 0)), mode="edge")
        return rgb_to_yuv420(picture, self._colour, self._scaler)

    def _mux(self, packets: "list[Packet[VideoStream]]") -> None:
        assert self._container is not None
        for packet in packets:
            if self._held is not None:
                ticks = self._held.pts
                self._container.mux(self._held)
                if self._growing is not None and ticks is not None:
                    self._growing.reached(ticks)
            self._held = packet

    def _mux_last(self) -> None:
        """Give the last packet the length that its picture is shown; the others last until the next."""
        if self._held is not None and self._container is not None:
            left = round((self._expected_ms or 0) * 90) - self._last_ticks
            shown = left if 0 < left < _LONGEST_LAST_TICKS else round(90_000 / self._fps)
            self._held.duration = max(1, shown)
            self._container.mux(self._held)

    def _finish(self) -> None:
        if self._container is None or self._part is None or self._stream is None:
            raise OutputError(f"{self._path}: no picture was written, so there is no video; nothing was left behind")
        try:
            if self._track is not None:
                self._track.until(None)
            self._mux(self._stream.encode(None))
            self._mux_last()
            if self._sound is not None:
                self._sound.until(None)
                self._sound.close()
                self.notes = tuple(self._sound.notes)
            self._container.close()
            if self._growing is not None:
                self._growing.complete()
            else:
                self._check_whole(self._part)
                self._part.replace(self._path)
        except (OSError, av.FFmpegError) as why:
            raise self._failed(why) from why
        self._container = None

    def _check_whole(self, part: Path) -> None:
        """The last bytes are written on closing, where an error can go unseen: read the index back."""
        with av.open(str(part), "r", format="mov" if self._format != "matroska" else "matroska") as whole:
            frames = whole.streams.video[0].frames
        if self._format != "matroska" and frames != self._written:
            raise OSError(f"{frames} of {self._written} pictures arrived")

    def _failed(self, why: OSError | av.FFmpegError) -> OutputError:
        size = 0
        if self._part is not None:
            with suppress(OSError):
                size = (self._growing.path if self._growing else self._part).stat().st_size
        share = self._last_ticks / 90 / self._expected_ms if self._expected_ms else None
        self._abort()
        return write_error(self._path, why, written=size, share_done=share)

    def _abort(self) -> None:
        if self._sound is not None:
            self._sound.close()
        if self._container is not None:
            with suppress(Exception):  # it may try to write its end on a full disk; the file goes anyway
                self._container.close()
            self._container = None
        if self._growing is not None:
            self._growing.cut()
        elif self._part is not None:
            discard(self._part)
