"""The pieces of the world that enter Glossa: a picture or a stretch of sound, and when it was true."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
"""A picture: `(H, W, 3)` uint8, red first, row 0 on top."""

Gray = NDArray[np.uint8]
"""A luma picture: `(H, W)` uint8, row 0 on top."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where and when something was captured; copied unchanged onto everything derived from it."""

    source: str
    """Name of the camera, file or stream."""
    seq: int
    """Number of the frame within its source, from 0, in display order."""
    captured_ns: int
    """Monotonic time of capture; for recorded media the media time itself."""
    pts_ms: float
    """Media time of the frame, from 0 at the first frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture and its stamp. The array is read-only."""

    stamp: Stamp
    rgb: Rgb


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A stretch of mono sound: `(N,)` float32 in [-1, 1] at `rate_hz`. The array is read-only."""

    stamp: Stamp
    pcm: NDArray[np.float32]
    rate_hz: int
