"""Clips and pictures that the tests make themselves: signs on a textured wall, seen by a camera whose path is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from devices import Rgb
from devices.video_in import VideoSource
from vision.quad import Matrix, Quad, move

WIDTH, HEIGHT, FPS = 640, 360, 16
_FACE = cv2.FontFace("sans")


@dataclass(frozen=True, slots=True)
class Board:
    """A sign: its text and its panel on the wall (left, top, width, height), in wall pixels."""

    text: str
    panel: tuple[int, int, int, int]
    ink: tuple[int, int, int] = (250, 250, 250)
    ground: tuple[int, int, int] = (20, 90, 60)


def ink_quad(board: Board) -> Quad:
    """The box of the strokes, in wall pixels."""
    high, wide = _letters(board).shape
    left, top = _ink_corner(board)
    return np.array([[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]], np.float32)


def wall(width: int, height: int, boards: Iterable[Board] = (), seed: int = 3) -> Rgb:
    """A wall with enough texture to be followed, `(height, width, 3)`."""
    noise = np.random.default_rng(seed)
    blotches = noise.normal(0, 1, (height // 14 + 1, width // 14 + 1)).astype(np.float32)
    shade = 150 + 22 * cv2.resize(blotches, (width, height), interpolation=cv2.INTER_CUBIC)
    picture = np.repeat(np.clip(shade, 60, 235).astype(np.uint8)[:, :, None], 3, axis=2)
    for board in boards:
        left, top, wide, high = board.panel
        cv2.rectangle(picture, (left, top), (left + wide, top + high), board.ground, -1)
        letters = _letters(board)
        x, y = _ink_corner(board)
        under = picture[y : y + letters.shape[0], x : x + letters.shape[1]]
        share = letters[:, :, None].astype(np.float32) / 255
        under[:] = np.round(under * (1 - share) + np.array(board.ink, np.float32) * share)
    return picture


SIGN = Board("出口", (60, 60, 240, 120))


def picture_of_a_sign(width: int = 360, height: int = 240) -> Rgb:
    """The wall with `SIGN`."""
    return wall(width, height, [SIGN])


def names(folder: Path) -> set[str]:
    """Of all that lies there."""
    return {path.name for path in folder.iterdir()}


def times_ms(path: Path) -> list[float]:
    """The media times of a film's pictures."""
    with VideoSource(path) as video:
        return [frame.stamp.pts_ms for frame in video.frames()]


def _letters(board: Board) -> NDArray[np.uint8]:
    """The strokes alone, cut to their box, 0 to 255."""
    high = board.panel[3]
    sheet = np.zeros((3 * high, board.panel[2] + 2 * high, 3), np.uint8)
    cv2.putText(sheet, board.text, (high, 2 * high), (255, 255, 255), _FACE, round(high * 0.58), 500)
    x, y, wide, tall = cv2.boundingRect((sheet[:, :, 0] > 60).astype(np.uint8))
    return np.asarray(sheet[y : y + tall, x : x + wide, 0], np.uint8)


def _ink_corner(board: Board) -> tuple[int, int]:
    left, top, wide, high = board.panel
    ink_high, ink_wide = _letters(board).shape
    return left + (wide - ink_wide) // 2, top + (high - ink_high) // 2


def pan(left: float, top: float, zoom: float = 1.0, roll_deg: float = 0.0) -> Matrix:
    """Wall pixels to picture pixels: the wall point (left, top) comes to the picture's corner, then zoom and roll."""
    turn = np.eye(3)
    turn[:2] = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), roll_deg, zoom)
    shift = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], np.float64)
    result: Matrix = turn @ shift
    return result


def shoot(scene: Rgb, camera: Matrix, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Rgb:
    """What the camera sees, `(height, width, 3)`."""
    seen = cv2.warpPerspective(scene, camera, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(seen, np.uint8)


def true_quad(board: Board, camera: Matrix) -> Quad:
    """Where the strokes of a board are in the picture."""
    return move(camera, ink_quad(board))


def write_clip(
    path: Path,
    pictures: Sequence[Rgb],
    *,
    times_ms: Sequence[float] | None = None,
    sound: bool = False,
    turn_deg: float | None = None,
) -> Path:
    """A clip by plain PyAV. `turn_deg` is stored as the display rotation, counter-clockwise."""
    times_ms = times_ms or [index * 1000 / FPS for index in range(len(pictures))]
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=FPS, options={"crf": "16", "preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90_000)
        stream.codec_context.gop_size = 8
        if turn_deg is not None:
            stream.set_display_rotation(turn_deg)
        tone: Any = out.add_stream("aac", rate=48_000) if sound else None
        for picture, at_ms in zip(pictures, times_ms, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = round(at_ms * 90), Fraction(1, 90_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if tone is not None:
            _sing(out, tone, times_ms[-1] / 1000 + 0.1)
    return path


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    """A file with sound only."""
    with av.open(str(path), "w") as out:
        _sing(out, out.add_stream("aac", rate=48_000), seconds)
    return path


def _sing(out: Any, tone: Any, seconds: float) -> None:
    wave = np.sin(np.arange(round(seconds * 48_000)) * 2 * np.pi * 440 / 48_000).astype(np.float32) * 0.3
    for start in range(0, len(wave) - 1024, 1024):
        frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        out.mux(tone.encode(frame))
    out.mux(tone.encode(None))


def packets(path: Path, kind: str) -> list[bytes]:
    """The bytes of every packet of the first stream of a kind."""
    with av.open(str(path)) as media:
        stream = getattr(media.streams, kind)[0]
        return [bytes(packet) for packet in media.demux(stream) if packet.size]
