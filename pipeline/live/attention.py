"""Where the detector has to look: at what it has not seen yet, or not as it is now.

In: small grey pictures of frames, and the motion between them. Out: windows of the picture to look through: what came
into view, what changed, what came so near that smaller text can be found. What has been looked at moves with the
camera from frame to frame. Finds nothing itself, reads no clock.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import Gray
from pipeline.live.board import Seen
from vision.quad import Matrix, Quad
from vision.text.windows import COLUMNS, ROWS, Cells, Window, cells_in, cells_of, cover

LOOK_AGAIN_MS = 3000.0
"""The whole picture is looked at this often, whatever happens in it."""
GATHER_MS = 400.0
"""What comes into view is gathered this long: one strip after the other would cost more than the whole."""

_DIFFERENT = 18.0  # grey levels, mean of a cell
_NEARER = 1.5
_AROUND = 0.5  # of a line's height

Sight = NDArray[np.float32]
"""`(ROWS, COLUMNS)`: how many pixels the detector had for one pixel of the picture; 0: it never saw the cell."""


class Attention:
    """What has been looked at, as it lies in the frame that was read last. Owned by one lane."""

    def __init__(self) -> None:
        self._gray: Gray = np.zeros((1, 1), np.uint8)
        self._sight: Sight = np.zeros((ROWS, COLUMNS), np.float32)
        self._fineness = 0.0  # of the last look at the whole picture: parts may be seen finer
        self._looked_ms = self._whole_ms = -LOOK_AGAIN_MS
        self._severed = False

    def reason(self, seen: Seen, camera: Matrix, doubtful: Sequence[Quad] = ()) -> str:
        """Why there is something to look at; empty where there is nothing, or too little yet.

        `camera` leads from the frame of the last `looked` to this one, in small pixels. `doubtful` are lines whose
        places are worth another look, capture pixels.
        """
        if self._is_time(seen):
            return "time"
        if self._severed:
            return "a line that was seen in part"
        if seen.stamp.pts_ms - self._looked_ms < GATHER_MS:
            return ""
        if self._needed(seen, camera).any():
            return "new in view"
        return "a line in doubt" if doubtful else ""

    def where(self, seen: Seen, camera: Matrix, doubtful: Sequence[Quad] = ()) -> tuple[Window, ...] | None:
        """The windows to look through: () for none, None for the whole picture. The same arguments as for `reason`."""
        if self._is_time(seen) or self._severed:
            return None
        if seen.stamp.pts_ms - self._looked_ms < GATHER_MS:
            return ()
        height, width = seen.rgb.shape[:2]
        needed = self._needed(seen, camera)
        for quad in doubtful:
            needed[cells_of(quad, width, height, _AROUND)] = True
        return cover(needed, width, height)

    def looked(
        self, seen: Seen, camera: Matrix | None, windows: Sequence[Window] | None, fineness: float, *, severed: bool
    ) -> None:
        """This frame was looked at, through these windows; None: all of it.

        `camera` as in `reason`, None where it is not known. `fineness`: detector pixels for one of the picture.
        `severed`: a line that nobody knows goes on outside of a window; the whole picture will be looked at next.
        """
        height, width = seen.rgb.shape[:2]
        partly = windows is not None and camera is not None
        sight = self._carried(seen.gray, camera) if partly and camera is not None else _blind()
        for window in (Window(0, 0, width, height),) if windows is None else windows:
            sight[cells_in(window, width, height)] = fineness
        self._gray, self._sight, self._severed = seen.gray, sight, severed
        if windows is None:
            self._whole_ms, self._fineness = seen.stamp.pts_ms, fineness
        if windows is None or windows:
            self._looked_ms = seen.stamp.pts_ms

    def _is_time(self, seen: Seen) -> bool:
        return seen.stamp.pts_ms - self._whole_ms >= LOOK_AGAIN_MS

    def _needed(self, seen: Seen, camera: Matrix) -> Cells:
        needed: Cells = self._carried(seen.gray, camera) * _NEARER < self._fineness
        return needed

    def _carried(self, gray: Gray, camera: Matrix) -> Sight:
        """What has been looked at, as it lies in another frame, without what has changed since."""
        if gray.shape != self._gray.shape:
            return _blind()
        height, width = gray.shape
        cell = np.array([[width / COLUMNS, 0, width / COLUMNS / 2], [0, height / ROWS, height / ROWS / 2], [0, 0, 1]])
        moved = np.linalg.inv(cell) @ camera @ cell
        sight = cv2.warpPerspective(self._sight, moved, (COLUMNS, ROWS), flags=cv2.INTER_NEAREST)
        aligned = cv2.warpPerspective(self._gray, camera, (width, height), borderMode=cv2.BORDER_REPLICATE)
        difference = cv2.resize(cv2.absdiff(aligned, gray), (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
        nearer = float(np.sqrt(abs(np.linalg.det(camera[:2, :2]))))
        return np.where(difference < _DIFFERENT, sight / max(nearer, 1e-3), 0.0).astype(np.float32)


def _blind() -> Sight:
    return np.zeros((ROWS, COLUMNS), np.float32)
