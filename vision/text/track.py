"""A text track: one line of text followed through time, its readings counted as votes, one text committed."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision.quad import Quad, affine, area, is_convex, move, perspective, same_order
from vision.text.region import TextRegion, script_of

_ENOUGH_WEIGHT = 1.8
_CLEAR_SHARE = 0.7
_ALONE_SCORE = 0.8
_CUT_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Vote:
    """One reading of the line on one key frame."""

    seq: int
    text: str
    score: float
    """The recogniser's, 0 to 1."""
    cut: bool
    """True when the picture's edge cut the line off."""

    @property
    def weight(self) -> float:
        """What the reading counts."""
        return self.score * (_CUT_WEIGHT if self.cut else 1.0)


@dataclass(slots=True)
class TextTrack:
    """One line of text over the frames of a recording.

    `path` is pure motion: the quad of the first sighting carried along. What the detector saw on key frames is kept
    beside it in `seen` and corrects the shape once, at the end, so that the drawn quad never jumps.
    """

    id: int
    path: dict[int, Quad] = field(default_factory=dict)
    """Frame number to quad in capture pixels, visible frames only."""
    votes: list[Vote] = field(default_factory=list)
    seen: list[tuple[int, Quad]] = field(default_factory=list)
    """Frame numbers of key frames and the detector's quads there."""
    whole: bool = False
    """True once the line was seen without being cut by the picture's edge."""

    def vote(self, region: TextRegion, cut: bool) -> None:
        """Counts a reading; one that the picture's edge cuts off counts little."""
        if region.text:
            self.votes.append(Vote(region.stamp.seq, region.text, region.score, cut))

    def grow(self, before: Quad, quad: Quad) -> None:
        """The line turns out to be larger: `before` should have been `quad`, now and on all frames so far."""
        self.path = {seq: move(affine(before, old), quad) for seq, old in self.path.items()}

    def settled(self) -> bool:
        """True when another reading would not change the text."""
        best, total = _tally(self.votes)
        return self.whole and best is not None and total >= _ENOUGH_WEIGHT and best[1] >= _CLEAR_SHARE * total

    def text(self) -> str | None:
        """The committed text: the reading with most votes; None while there is too little agreement.

        A line that was only ever seen cut off is a fragment, and nothing is claimed about it.
        """
        best, total = _tally(self.votes)
        if not self.whole or best is None or best[1] < 0.4 * total:
            return None
        once = sum(vote_key(vote.text) == vote_key(best[0]) for vote in self.votes) == 1
        return None if once and best[1] < _ALONE_SCORE else best[0]

    def score(self) -> float:
        """The recogniser's mean score over the uncut votes for the committed text, 0 to 1."""
        text = self.text()
        scores = [v.score for v in self.votes if text and not v.cut and vote_key(v.text) == vote_key(text)]
        return sum(scores) / len(scores) if scores else 0.0

    def script(self) -> str:
        """Script of the committed text."""
        return script_of(self.text() or "")

    def settle_shape(self) -> None:
        """Replaces the whole path by the median of all detections, expressed in the path's own frame."""
        corrected = self._median_shape()
        if corrected is None:
            return
        moved = {}
        for seq, quad in self.path.items():
            shaped = move(perspective(_UNIT, quad), corrected)
            moved[seq] = shaped if is_convex(shaped) else quad
        self.path = moved

    def _median_shape(self) -> NDArray[np.float32] | None:
        shapes = [
            move(perspective(self.path[seq], _UNIT), same_order(quad, self.path[seq]))
            for seq, quad in self.seen
            if seq in self.path and is_convex(self.path[seq])
        ]
        if not shapes:
            return None
        # A line that grew into view makes later detections longer: the larger half knows better.
        sizes = np.array([area(shape) for shape in shapes])
        best = [shape for shape, size in zip(shapes, sizes, strict=True) if size >= 0.85 * np.percentile(sizes, 75)]
        return np.median(np.array(best), axis=0).astype(np.float32)


_UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def vote_key(text: str) -> str:
    """Readings that differ only in width, case, spaces or punctuation are the same vote."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum()) or folded


def _tally(votes: Iterable[Vote]) -> tuple[tuple[str, float] | None, float]:
    """The winner as `(its heaviest spelling, weight)`, and the weight of all votes."""
    by_key: dict[str, float] = defaultdict(float)
    spelling: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for vote in votes:
        by_key[vote_key(vote.text)] += vote.weight
        spelling[vote_key(vote.text)][vote.text] += vote.weight
    if not by_key:
        return None, 0.0
    key = max(by_key, key=lambda k: (by_key[k], k))
    text = max(spelling[key], key=lambda t: (spelling[key][t], t))
    return (text, by_key[key]), sum(by_key.values())
