"""What the first pass over a recording found: tracks, and the key frames that show them best. Decides no drawing."""

from dataclasses import dataclass, field
from itertools import pairwise, permutations

import cv2
import numpy as np

from devices import Rgb
from vision.quad import area, containment
from vision.text.track import TextTrack, vote_key

_LONGEST_GAP = 12


@dataclass(frozen=True, slots=True)
class KeyPicture:
    """A key frame kept for drawing, as JPEG bytes."""

    seq: int
    jpeg: bytes

    def rgb(self) -> Rgb:
        """The picture again, `(H, W, 3)`."""
        bgr = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            raise ValueError("a stored key picture does not decode")
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


@dataclass(slots=True)
class Analysis:
    """What the first pass found."""

    width: int = 0
    height: int = 0
    stamps: list[float] = field(default_factory=list)
    """Media time of each frame, ms."""
    tracks: list[TextTrack] = field(default_factory=list)
    keys: dict[int, KeyPicture] = field(default_factory=dict)
    best_key: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Track id to the key frame that shows it best, and how well."""
    reads: int = 0
    """How many lines were read, over all key frames."""
    unread: list[TextTrack] = field(default_factory=list)
    """Lines that were never read clearly enough: nothing is said about them."""

    def settle(self) -> None:
        """Once all frames were seen: drops what says nothing, closes short gaps, and settles the shapes."""
        self.unread = [track for track in self.tracks if not track.text()]
        self.tracks = _without_parts([track for track in self.tracks if track.text()])
        for track in (*self.tracks, *self.unread):
            _bridge_gaps(track)
            track.settle_shape()


def key_picture(seq: int, rgb: Rgb) -> KeyPicture:
    """Keeps a picture at a tenth of its size."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
    return KeyPicture(seq, data.tobytes())


def _without_parts(tracks: list[TextTrack]) -> list[TextTrack]:
    """Drops tracks that lie inside another one which says the same and more: a word found once by itself."""
    parts = set()
    for part, whole in permutations(tracks, 2):
        shared = part.path.keys() & whole.path.keys()
        if len(shared) < 0.5 * len(part.path) or vote_key(part.text() or "") not in vote_key(whole.text() or ""):
            continue
        middle = sorted(shared)[len(shared) // 2]
        smaller = area(part.path[middle]) < 0.8 * area(whole.path[middle])
        if smaller and containment(part.path[middle], whole.path[middle]) > 0.7:
            parts.add(part.id)
    return [track for track in tracks if track.id not in parts]


def _bridge_gaps(track: TextTrack) -> None:
    """Fills short gaps (blur, a passing hand) by moving between the quads around them."""
    known = sorted(track.path)
    for left, right in pairwise(known):
        if 1 < right - left <= _LONGEST_GAP:
            for seq in range(left + 1, right):
                share = (seq - left) / (right - left)
                blended = (1 - share) * track.path[left] + share * track.path[right]
                track.path[seq] = blended.astype(np.float32)
