"""A seeded hand-held camera that looks at one photograph, so that the true place of every pixel is known.

In: a picture and a seed. Out: frames of 1280x720 at 30 fps, each with the homography from photograph pixels
to frame pixels at the middle of its exposure. Hand shake of 1-8 Hz, pans, zoom 0.7-1.6, roll up to 10
degrees, mild perspective, motion blur by averaging over the exposure, sensor noise. Same seed, same pixels.
Knows nothing of text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.geometry import Homography
from devices.frame import Rgb

ZOOM = (0.7, 1.6)
ROLL_DEG = 10.0
TILT_DEG = 14.0
PAN = 0.12
"""Pans reach this share of the frame's size to either side."""
SHAKE_HZ = (1.0, 8.0)
SHAKE_PX = 3.0
"""RMS of the shake in each direction, at a width of 1280."""
SHAKE_DEG = 0.15
EXPOSURE = 0.5
"""Share of the frame interval during which the shutter is open: 1/60 s at 30 fps."""
EXPOSURES = 5
NOISE = 2.5
"""Standard deviation of the sensor noise, 8-bit grey levels."""
FILLS = 0.85
"""Share of the frame that the photograph fills at zoom 1."""
MARGIN = 0.75
"""Background on each side, as a share of the photograph's larger side."""

Waves = NDArray[np.float64]
"""`(N, 3)`: amplitude, frequency in Hz, phase in radians."""


@dataclass(frozen=True, slots=True)
class VirtualCamera:
    """Where the camera is at every moment; a pure function of its seed."""

    seed: int
    width: int = 1280
    height: int = 720
    fps: float = 30.0

    def frame_count(self, seconds: float) -> int:
        """Return how many frames a clip of this length has."""
        return max(1, round(seconds * self.fps))

    def homography(self, time_s: float, photo_width: int, photo_height: int) -> Homography:
        """Return the map photograph -> frame pixels at a moment: a pinhole camera before a plane."""
        sway = _Sway.seeded(self.seed)
        scale = self.width / 1280
        low, high = np.log(ZOOM)
        zoom = np.exp((low + high) / 2 + (high - low) / 2 * _sum(sway.zoom, time_s))
        roll = np.radians(ROLL_DEG * _sum(sway.roll, time_s) + SHAKE_DEG * _sum(sway.twist, time_s))
        yaw, pitch = (np.radians(TILT_DEG * _sum(waves, time_s)) for waves in sway.tilt)
        pan_x, pan_y = (PAN * _sum(waves, time_s) for waves in sway.pan)
        shake_x, shake_y = (SHAKE_PX * scale * _sum(waves, time_s) for waves in sway.shake)
        focal_px = 0.9 * self.width  # 58 degrees across, an ordinary phone
        fit = FILLS * min(self.width / photo_width, self.height / photo_height)
        turn = _rotation_x(pitch) @ _rotation_y(yaw) @ _rotation_z(roll)
        plane = np.column_stack([turn[:, 0], turn[:, 1], [0.0, 0.0, focal_px / (fit * zoom)]])
        lens = np.array(
            [
                [focal_px, 0, self.width * (0.5 + pan_x) + shake_x],
                [0, focal_px, self.height * (0.5 + pan_y) + shake_y],
                [0, 0, 1],
            ]
        )
        centred = np.array([[1, 0, -photo_width / 2], [0, 1, -photo_height / 2], [0, 0, 1]])
        h = lens @ plane @ centred
        return np.asarray(h / h[2, 2])

    def still(self, photo: Rgb) -> tuple[Rgb, Homography]:
        """One sharp frame without noise, seen straight on at zoom 1: (picture, homography photograph -> frame)."""
        height, width = photo.shape[:2]
        board, to_board = _board(photo, self.width, self.height)
        fit = FILLS * min(self.width / width, self.height / height)
        h = np.array([[fit, 0, (self.width - fit * width) / 2], [0, fit, (self.height - fit * height) / 2], [0, 0, 1]])
        seen = cv2.warpPerspective(
            board, h @ np.linalg.inv(to_board), (self.width, self.height), borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(seen, np.uint8), h

    def film(self, photo: Rgb, seconds: float) -> Iterator[tuple[Rgb, Homography]]:
        """Yield every frame as ((H, W, 3) uint8, homography photograph -> frame at mid exposure)."""
        photo_height, photo_width = photo.shape[:2]
        board, to_board = _board(photo, self.width, self.height)
        from_board = np.linalg.inv(to_board)
        grain = _grain(self.seed, self.height, self.width)
        offsets = np.random.default_rng(self.seed + 1)
        opens = (np.arange(EXPOSURES) - (EXPOSURES - 1) / 2) / EXPOSURES * EXPOSURE
        for seq in range(self.frame_count(seconds)):
            total = np.zeros((self.height, self.width, 3), np.uint16)
            for part in opens:
                h = self.homography((seq + part) / self.fps, photo_width, photo_height)
                moved = cv2.warpPerspective(
                    board, h @ from_board, (self.width, self.height), borderMode=cv2.BORDER_REPLICATE
                )
                total += np.asarray(moved, dtype=np.uint16)
            dx, dy = (int(v) for v in offsets.integers(0, 64, 2))
            clean = (total + EXPOSURES // 2) // EXPOSURES
            noisy = clean.astype(np.int16) + grain[dy : dy + self.height, dx : dx + self.width]
            rgb = np.clip(noisy, 0, 255).astype(np.uint8)
            yield rgb, self.homography(seq / self.fps, photo_width, photo_height)


def render_clip(photo: Rgb, path: Path, seconds: float, seed: int) -> list[Homography]:
    """Film a photograph into an H.264 MP4 of high quality and return the homography of each frame. Blocks."""
    camera = VirtualCamera(seed)
    homographies: list[Homography] = []
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(camera.fps).limit_denominator(1001))
        stream.width, stream.height, stream.pix_fmt = camera.width, camera.height, "yuv420p"
        stream.options = {"crf": "16", "preset": "veryfast"}
        for rgb, homography in camera.film(photo, seconds):
            homographies.append(homography)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    return homographies


def loop_clip(source: Path, path: Path, times: int) -> None:
    """Write a clip `times` over without encoding it again: a long film for the price of a short one."""
    with av.open(str(path), "w") as out:
        stream = None
        shift = 0
        for _ in range(times):
            with av.open(str(source)) as container:
                video = container.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                end = shift
                for packet in container.demux(video):
                    if packet.pts is None or packet.dts is None:
                        continue
                    end = max(end, shift + packet.pts + (packet.duration or 0))
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = stream
                    out.mux(packet)
                shift = end


@dataclass(frozen=True, slots=True)
class _Sway:
    """The random numbers of one camera: slow waves in [-1, 1], shake with an RMS of 1."""

    zoom: Waves
    roll: Waves
    twist: Waves
    tilt: tuple[Waves, Waves]
    pan: tuple[Waves, Waves]
    shake: tuple[Waves, Waves]

    @classmethod
    def seeded(cls, seed: int) -> "_Sway":
        rng = np.random.default_rng(seed)

        def slow() -> Waves:
            periods_s = rng.uniform(4.0, 9.0, 2)
            return np.column_stack([[0.7, 0.3], 1 / periods_s, rng.uniform(0, 2 * np.pi, 2)])

        def shake() -> Waves:
            hz = rng.uniform(*SHAKE_HZ, 7)
            amplitude = 1 / hz  # slow tremor is wide, fast tremor is small
            amplitude *= np.sqrt(2 / np.sum(amplitude**2))
            return np.column_stack([amplitude, hz, rng.uniform(0, 2 * np.pi, 7)])

        return cls(slow(), slow(), shake(), (slow(), slow()), (slow(), slow()), (shake(), shake()))


def _sum(waves: Waves, time_s: float) -> float:
    return float(np.sum(waves[:, 0] * np.sin(2 * np.pi * waves[:, 1] * time_s + waves[:, 2])))


def _rotation_x(angle: float) -> NDArray[np.float64]:
    return np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])


def _rotation_y(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])


def _rotation_z(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])


def _board(photo: Rgb, width: int, height: int) -> tuple[Rgb, Homography]:
    """Return the photograph on a blurred mirror of itself, and the map photograph -> board pixels."""
    photo_height, photo_width = photo.shape[:2]
    fit = FILLS * min(width / photo_width, height / photo_height)
    shrink = min(1.0, fit * ZOOM[1])  # large photographs are shrunk once, so that no frame shows aliasing
    size = max(1, round(photo_width * shrink)), max(1, round(photo_height * shrink))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    margin = round(MARGIN * max(size))
    board = cv2.copyMakeBorder(small, margin, margin, margin, margin, cv2.BORDER_REFLECT_101)
    # Mirrored text must not be readable: blur by a good part of the photograph.
    coarse = max(2, max(size) // 24)
    tiny = cv2.resize(board, None, fx=1 / coarse, fy=1 / coarse, interpolation=cv2.INTER_AREA)
    board = cv2.resize(cv2.GaussianBlur(tiny, (0, 0), 1.5), (board.shape[1], board.shape[0]))
    board[margin : margin + size[1], margin : margin + size[0]] = small
    # Pixel centres are at whole numbers: resizing maps x to (x + 0.5) * s - 0.5.
    sx, sy = size[0] / photo_width, size[1] / photo_height
    to_board = np.array([[sx, 0, sx / 2 - 0.5 + margin], [0, sy, sy / 2 - 0.5 + margin], [0, 0, 1]])
    return np.asarray(board, dtype=np.uint8), to_board


def _grain(seed: int, height: int, width: int) -> NDArray[np.int16]:
    """One field of noise, larger than a frame: a random window of it per frame is as good as fresh noise."""
    noise = np.random.default_rng(seed).normal(0.0, NOISE, (height + 64, width + 64, 3))
    return np.rint(noise).astype(np.int16)
