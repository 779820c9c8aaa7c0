"""Where known things are on every displayed frame: the live counterpart of looking ahead.

In: small grey pictures in order, and now and then a key view that somebody made on an older one. Out: a pose for each
picture. Every frame is registered against its key view, so errors do not add up; a result that was computed on an old
frame is carried to the newest along the motions in between. Knows no text, no time and no threads.
"""

from dataclasses import dataclass, field

import numpy as np

from devices import Gray
from vision import motion
from vision.quad import Matrix, Quad, move

FORGET_AFTER = 300
"""How many frames late a result may be: after that, no motion leads from its frame to the present one."""

_LOST_LIKENESS = 0.35
_LOST_FRAMES = 12  # in a row: whatever comes next is another scene
_GRID = np.stack(np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 7)), -1).reshape(-1, 2)
_FAR_SHARE = 0.6  # of the key picture still in view; less, and the next frame becomes the key


@dataclass(frozen=True, slots=True)
class Pose:
    """How the key view's content lies in one frame. Matrices lead from key pixels to frame pixels, both small."""

    seq: int
    key_seq: int
    """The frame that the key view was made on."""
    scene: int
    """Frames of one scene are connected by known motion; after a cut or a loss another one begins."""
    camera: Matrix
    signs: tuple[Matrix, ...]
    """One a quad of the key view."""
    likeness: tuple[float, ...]
    """One a quad, -1 to 1; see `motion.Motion`."""
    lost: bool
    """True where nothing was recognised: the matrices are the last known ones."""
    total: Matrix = field(default_factory=lambda: np.eye(3))
    """From the first frame of the scene to this one, small pixels: what any two frames of a scene are connected by."""

    def place(self, index: int, quad: Quad) -> Quad:
        """Where a quad of the key picture, moving with the view's quad `index`, is in this frame."""
        return move(self.signs[index], quad)


class Carrier:
    """Feed it every frame with `see`; give it a new key view with `anchor`. Not thread-safe: one lane owns it."""

    def __init__(self) -> None:
        self._view: motion.KeyView | None = None
        self._key_seq = 0
        self._key_total: Matrix = np.eye(3)
        self._last: Gray | None = None
        self._good: tuple[Gray, Matrix] = (np.zeros((1, 1), np.uint8), np.eye(3))
        self._lost = 0
        self._guess: Matrix = np.eye(3)
        self._scene = 0
        self._totals: dict[int, tuple[int, Matrix]] = {}  # frame -> scene, motion from the scene's first frame

    def see(self, seq: int, gray: Gray) -> Pose:
        """Registers the next frame, `(h, w)` with the long side as `motion.shrink` makes it. Blocks for a few ms."""
        last = self._last
        if self._view is None or last is None or last.shape != gray.shape or motion.is_cut(last, gray):
            return self._begin(seq, gray)
        moved = motion.register(self._view, gray, self._guess)
        if moved is None or max(moved.likeness, default=1.0) < _LOST_LIKENESS:
            moved = self._search(last, gray) or moved
        self._last = gray
        if moved is None:
            self._lost += 1
            return self._begin(seq, gray) if self._lost >= _LOST_FRAMES else self._pose(seq, None)
        self._lost = 0
        self._good = (gray, moved.camera)
        self._guess = moved.camera
        pose = self._pose(seq, moved)
        if not self._view.quads and _share_in_view(moved.camera, gray) < _FAR_SHARE:
            self._view, self._key_seq = motion.key_view(gray, ()), seq
            self._key_total, self._guess = self._totals[seq][1], np.eye(3)
        return pose

    def restart(self) -> None:
        """The next picture begins a new scene, however alike it looks: its pixels have another size."""
        self._last = None

    def anchor(self, seq: int, view: motion.KeyView) -> bool:
        """Takes a key view that was made on frame `seq`; False, and nothing changes, where no motion leads from it."""
        scene, total = self._totals.get(seq, (-1, np.eye(3)))
        if scene != self._scene:
            return False
        newest = self._totals[max(self._totals)][1]
        self._guess = newest @ np.linalg.inv(total)
        self._view, self._key_seq, self._key_total = view, seq, total
        return True

    def _search(self, last: Gray, gray: Gray) -> motion.Motion | None:
        """Looks farther than registration does: from the last frame, and from the last good one, past a blur."""
        assert self._view is not None
        good, camera = self._good
        for before, guess in ((last, self._guess), (good, camera)):
            nudge = motion.step(before, gray) if before.shape == gray.shape else None
            if nudge is None:
                continue
            self._guess = nudge @ guess
            moved = motion.register(self._view, gray, self._guess)
            if moved is not None:
                return moved
        return None

    def _begin(self, seq: int, gray: Gray) -> Pose:
        self._scene += 1
        self._view, self._key_seq, self._last = motion.key_view(gray, ()), seq, gray
        self._key_total = self._guess = np.eye(3)
        self._good, self._lost = (gray, np.eye(3)), 0
        self._totals = {seq: (self._scene, np.eye(3))}
        return Pose(seq, seq, self._scene, np.eye(3), (), (), False)

    def _pose(self, seq: int, moved: motion.Motion | None) -> Pose:
        assert self._view is not None
        camera = moved.camera if moved else self._guess
        if moved:
            self._totals[seq] = (self._scene, camera @ self._key_total)
            for old in [old for old in self._totals if old < seq - FORGET_AFTER]:
                del self._totals[old]
        count = len(self._view.quads)
        signs = moved.signs if moved else (camera,) * count
        likeness = moved.likeness if moved else (-1.0,) * count
        return Pose(seq, self._key_seq, self._scene, camera, signs, likeness, moved is None, camera @ self._key_total)


def _share_in_view(camera: Matrix, gray: Gray) -> float:
    """Roughly how much of the key picture is still in the frame, 0 to 1."""
    size = gray.shape[::-1]
    points = move(camera, _GRID * size)
    inside = ((points >= 0) & (points <= size)).all(axis=1)
    return float(inside.mean())
