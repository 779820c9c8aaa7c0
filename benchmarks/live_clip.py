"""Clips that cost next to nothing to play: what is timed must not share its cores with a decoder.

In: a photograph and a seed. Out: a file of bare I420 pictures (12 bits a pixel, as cameras deliver them), filmed
beforehand by the virtual camera; an Opener that plays such files; and the truth of what is seen. Playing takes one
read from the page cache and one colour conversion a frame, the same that a camera would cost, in one buffer: no
codec, no growth. The colours are rounded and halved in each direction, as those of every camera.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from benchmarks.truth import ClipTruth, Photograph, TruthLine, moved_photograph
from benchmarks.virtual_camera import VirtualCamera
from devices.errors import InputError
from devices.feed import Shot
from devices.frame import Rgb
from devices.photo import read_photo


@dataclass(frozen=True, slots=True)
class Clip:
    """A filmed photograph."""

    path: Path
    photo: Photograph
    camera: VirtualCamera
    seconds: float
    to: str
    """Language to translate to."""

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return self.camera.frame_count(self.seconds)

    def truth(self, *, lags_s: Sequence[float] | None = None, lines: Sequence[TruthLine] | None = None) -> ClipTruth:
        """What is to be seen on each frame; with `lags_s`, one a frame, what is to be seen so long after it.

        `lines` in place of the labels: pixels of the photograph.
        """
        lags = lags_s or [0.0] * self.frames
        times_s = [seq / self.camera.fps + lag for seq, lag in zip(range(self.frames), lags, strict=True)]
        moves = [self.camera.homography(t, self.photo.width, self.photo.height) for t in times_s]
        photo = self.photo if lines is None else replace(self.photo, lines=tuple(lines))
        return moved_photograph(photo, moves, self.camera.width, self.camera.height)


def film(photo: Photograph, folder: Path, seconds: float, seed: int) -> Clip:
    """Film a photograph, unless the folder has the clip from before. Blocks for about as long as a slow codec would."""
    camera = VirtualCamera(seed)
    to = "en" if photo.lang.startswith("ko") else "ko"
    clip = Clip(folder / f"{photo.path.stem}-{seconds:g}s-{seed}.i420", photo, camera, seconds, to)
    if not clip.path.exists():
        part = clip.path.with_suffix(".partial")
        with part.open("wb") as file:
            for rgb, _ in camera.film(read_photo(photo.path).rgb, seconds):
                file.write(np.ascontiguousarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420)).data)
        part.rename(clip.path)
    return clip


class BareClips:
    """Plays files of I420 pictures one after the other, `seconds` long, where they end from the first; see Opener."""

    live = False

    def __init__(self, paths: Sequence[Path], *, size: tuple[int, int], fps: float, seconds: float) -> None:
        self.name = paths[0].stem
        self.size: tuple[int, int] | None = size
        self._paths = tuple(paths)
        self._shape = size
        self._fps = fps
        self._frames = round(seconds * fps)

    def check(self) -> None:
        """See Opener. Raises InputError for a file that is not whole pictures."""
        width, height = self._shape
        for path in self._paths:
            if not path.is_file() or not path.stat().st_size or path.stat().st_size % (width * height * 3 // 2):
                raise InputError(
                    f"{path}: expected whole I420 pictures of {width}x{height}; delete it to film it again"
                )

    def open(self) -> "BareFeed":
        """See Opener."""
        self.check()
        return BareFeed(self._paths, self._shape, self._fps, self._frames)


class BareFeed:
    """See Feed."""

    paced = True
    damage = ""

    def __init__(self, paths: Sequence[Path], size: tuple[int, int], fps: float, frames: int) -> None:
        self.width, self.height = size
        self.fps = fps
        self._paths = tuple(paths)
        self._frames = frames
        self._buffer = np.empty((self.height * 3 // 2, self.width), np.uint8)

    def shots(self) -> Iterator[Shot]:
        """See Feed."""
        seq = 0
        while True:
            for path in self._paths:
                with path.open("rb", buffering=0) as file:
                    while file.readinto(self._buffer.data) == self._buffer.nbytes:
                        if seq == self._frames:
                            return
                        yield Shot(seq * 1000 / self.fps, self._picture)
                        seq += 1

    def close(self) -> None:
        """See Feed."""

    def _picture(self) -> Rgb:
        rgb = np.asarray(cv2.cvtColor(self._buffer, cv2.COLOR_YUV2RGB_I420), np.uint8)
        rgb.flags.writeable = False
        return rgb
