"""One decoded picture of a video, kept as the decoder left it until someone asks for luma, RGB or YUV.

Comes in: an `av.VideoFrame`. Goes out: upright arrays, or the frame itself for an encoder.
Refuses to know: files, time beyond its Stamp, and what is in the picture.
"""

from dataclasses import dataclass
from threading import Lock
from typing import cast

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, VideoReformatter
from numpy.typing import NDArray

from devices.frame import Gray, Rgb, Stamp
from devices.orientation import Orientation

# Rec. ITU-T H.273 table 4 (matrix coefficients) -> the code that swscale uses for the same thing.
_SWSCALE_MATRIX = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9, 10: 9}
_LUMA_FIRST = ("yuv4", "yuvj4", "nv12", "nv21", "nv16", "nv24", "gray")
_EIGHT_BIT_ENDS = ("p", "nv12", "nv21", "nv16", "nv24", "gray")


@dataclass(frozen=True, slots=True)
class Colour:
    """What YUV numbers mean: code points of Rec. ITU-T H.273; the range is always limited (16-235)."""

    matrix: int = 1
    primaries: int = 1
    transfer: int = 1

    @property
    def swscale_matrix(self) -> int:
        """The matrix as swscale numbers it."""
        return _SWSCALE_MATRIX[self.matrix]


BT709 = Colour()


class Scaler:
    """swscale contexts that the pictures of one clip share; each is set up once, and used by one thread at a time."""

    def __init__(self) -> None:
        self._contexts: dict[str, VideoReformatter] = {}
        self._lock = Lock()

    def convert(
        self,
        frame: av.VideoFrame,
        layout: str,
        *,
        source: Colour,
        to: Colour,
        size: tuple[int, int] | None = None,
    ) -> av.VideoFrame:
        """Return `frame` as pixel format `layout`, limited range, with `to`'s matrix; `size` is (width, height)."""
        width, height = size or (frame.width, frame.height)
        with self._lock:
            context = self._contexts.setdefault(layout, VideoReformatter())
            return context.reformat(
                frame,
                width,
                height,
                layout,
                src_colorspace=None if is_rgb(frame) else source.swscale_matrix,
                dst_colorspace=to.swscale_matrix,
                dst_color_range=ColorRange.MPEG if layout.startswith("yuv") else None,
            )


class DecodedFrame:
    """A picture of a clip. Upright arrays are made on demand; what is made once is kept."""

    __slots__ = ("_frame", "_gray", "_orientation", "_rgb", "_scaler", "colour", "stamp")

    def __init__(self, stamp: Stamp, frame: av.VideoFrame, orientation: Orientation, scaler: Scaler) -> None:
        self.stamp = stamp
        self.colour = colour_of(frame)
        self._frame = frame
        self._orientation = orientation
        self._scaler = scaler
        self._rgb: Rgb | None = None
        self._gray: Gray | None = None

    @property
    def width(self) -> int:
        """Columns of the upright picture."""
        return self._frame.height if self._orientation.transpose else self._frame.width

    @property
    def height(self) -> int:
        """Rows of the upright picture."""
        return self._frame.width if self._orientation.transpose else self._frame.height

    def luma(self) -> Gray:
        """Return the upright luma picture, `(H, W)` uint8, read-only.

        For 8-bit YUV it is the decoder's own memory (rows may be padded: check strides before flattening), in the
        clip's own range: 16-235 or 0-255. Anything else is converted. The picture stays in memory while the array does.
        """
        if self._gray is None:
            name = self._frame.format.name
            if has_alpha(self._frame):
                gray = np.asarray(cv2.cvtColor(self.rgb(), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
            elif name.startswith(_LUMA_FIRST) and name.endswith(_EIGHT_BIT_ENDS):
                gray = self._orientation.upright(plane_view(self._frame, 0))
            else:
                gray = self._frame_as("gray")
            gray.flags.writeable = False
            self._gray = gray
        return self._gray

    def rgb(self) -> Rgb:
        """Return the upright picture, `(H, W, 3)` uint8, read-only, contiguous, made once; alpha over white."""
        if self._rgb is None:
            rgb = over_white(self._frame_as("rgba")) if has_alpha(self._frame) else self._frame_as("rgb24")
            rgb = np.ascontiguousarray(rgb)
            rgb.flags.writeable = False
            self._rgb = rgb
        return self._rgb

    def yuv420(self, to: Colour) -> av.VideoFrame:
        """Return the upright picture for an encoder: yuv420p, limited range, `to`'s matrix; even sizes only.

        It may be the decoded frame itself: its picture must not be changed.
        """
        frame = self._frame
        if has_alpha(frame):
            return rgb_to_yuv420(self.rgb(), to, self._scaler)
        limited = frame.color_range != ColorRange.JPEG and not frame.format.name.startswith("yuvj")
        if frame.format.name != "yuv420p" or not limited or self.colour.matrix != to.matrix:
            frame = self._scaler.convert(frame, "yuv420p", source=self.colour, to=to)
        if self._orientation.identity:
            return frame
        turned = av.VideoFrame(self.width, self.height, "yuv420p")
        for index in range(3):
            plane_view(turned, index)[:] = self._orientation.upright(plane_view(frame, index))
        return turned

    def _frame_as(self, layout: str) -> NDArray[np.uint8]:
        converted = self._scaler.convert(self._frame, layout, source=self.colour, to=self.colour)
        return self._orientation.upright(plane_view(converted, 0))


def colour_of(frame: av.VideoFrame) -> Colour:
    """Return what a frame's numbers mean; where it does not say, HD is BT.709 and SD is BT.601, as players assume."""
    if is_rgb(frame):
        return BT709
    matrix = frame.colorspace
    if matrix not in _SWSCALE_MATRIX:
        matrix = 1 if frame.width >= 1280 or frame.height > 576 else 6
    return Colour(matrix, frame.color_primaries or 2, frame.color_trc or 2)


def is_rgb(frame: av.VideoFrame) -> bool:
    """True for RGB in any order, palettes included."""
    return frame.format.is_rgb or frame.format.has_palette


def has_alpha(frame: av.VideoFrame) -> bool:
    """True when the picture may be transparent somewhere."""
    return frame.format.has_palette or any(part.is_alpha for part in frame.format.components)


def plane_view(frame: av.VideoFrame, index: int) -> NDArray[np.uint8]:
    """Return plane `index` of an 8-bit frame without a copy: `(h, w)`, or `(h, w, n)` for packed RGB and RGBA."""
    plane = frame.planes[index]
    channels = {"rgb24": 3, "rgba": 4}.get(frame.format.name, 1)
    stride = abs(plane.line_size)
    rows = np.frombuffer(cast(bytes, plane), np.uint8).reshape(plane.height, stride)
    if plane.line_size < 0:  # stored bottom row first
        rows = rows[::-1]
    rows = rows[:, : plane.width * channels]
    if channels == 1:
        return rows
    shape = (plane.height, plane.width, channels)
    return np.lib.stride_tricks.as_strided(rows, shape, (rows.strides[0], channels, 1))


def over_white(rgba: NDArray[np.uint8]) -> Rgb:
    """Return `(H, W, 4)` with straight alpha laid over white: `(H, W, 3)`."""
    if (rgba[..., 3] == 255).all():
        return np.ascontiguousarray(rgba[..., :3])
    alpha = rgba[..., 3:].astype(np.uint16)
    mixed = rgba[..., :3] * alpha + (255 - alpha) * 255
    return ((mixed + 127) // 255).astype(np.uint8)


def rgb_to_yuv420(rgb: Rgb, to: Colour, scaler: Scaler) -> av.VideoFrame:
    """Return `(H, W, 3)` as a yuv420p frame in `to`, limited range."""
    frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(rgb), format="rgb24")
    return scaler.convert(frame, "yuv420p", source=BT709, to=to)
