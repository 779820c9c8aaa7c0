"""How much of the labelled text was read: character F1 and line recall.

In: labelled lines and read lines of one picture. Out: counts that add up over pictures and frames. Labels
and readers cut text into lines differently (table rows, words, signs), so lines are first grouped by place:
a read line belongs to the labelled line that it shares the most area with, and a labelled line that nothing
belongs to joins the read line that covers it. Texts are compared per group, joined in reading order. Knows
nothing of tracks and time.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq
from scipy.optimize import linear_sum_assignment

from benchmarks.geometry import Quad, area, intersection, reading_order
from benchmarks.truth import TruthLine

FOUND = 80.0
"""A labelled line is found when the text read in its place is this similar (share of characters, percent)."""
SHARE = 0.3
"""Two lines are in the same place when they share this much of the smaller one's area."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line that a reader saw, or one label that was drawn."""

    text: str
    quad: Quad


@dataclass(frozen=True, slots=True)
class Group:
    """Labelled and read lines in the same place, as indices."""

    truth: tuple[int, ...]
    read: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts over one or many pictures; they add up."""

    matched: int = 0
    """Characters shared by label and reading, in order."""
    truth: int = 0
    """Characters in the labels."""
    read: int = 0
    """Characters read, without those in unlabelled places when the labels are not complete."""
    lines: int = 0
    found: int = 0

    def __add__(self, other: "Reading") -> "Reading":
        """Add the counts."""
        return Reading(
            self.matched + other.matched,
            self.truth + other.truth,
            self.read + other.read,
            self.lines + other.lines,
            self.found + other.found,
        )

    @property
    def f1(self) -> float:
        """Character F1, 0..1; 1 when there was nothing to read and nothing was read."""
        total = self.truth + self.read
        return 2 * self.matched / total if total else 1.0

    @property
    def precision(self) -> float:
        """Share of the read characters that the labels have."""
        return self.matched / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        """Share of the labelled characters that were read."""
        return self.matched / self.truth if self.truth else 1.0

    @property
    def line_recall(self) -> float:
        """Share of the labelled lines that were found."""
        return self.found / self.lines if self.lines else 1.0


def plain(text: str) -> str:
    """Return text as it is compared: NFKC, case folded, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def group_lines(truth: Sequence[TruthLine], read: Sequence[ReadLine]) -> list[Group]:
    """Group labelled and read lines by place; every line is in exactly one group."""
    shares = _shares([line.quad for line in truth], [line.quad for line in read])
    owner = {r: int(np.argmax(row)) for r, row in enumerate(shares) if row.size and row.max() >= SHARE}
    readers: dict[int, list[int]] = {}
    for r, t in owner.items():
        readers.setdefault(t, []).append(r)
    joined: dict[int, list[int]] = {}  # read line -> further labelled lines that it covers
    for t in range(len(truth)):
        if t not in readers and len(read) and shares[:, t].max() >= SHARE:
            joined.setdefault(int(np.argmax(shares[:, t])), []).append(t)
    groups: list[Group] = []
    for t in range(len(truth)):
        if t in readers:
            more = [extra for r in readers[t] for extra in joined.get(r, [])]
            groups.append(Group((t, *more), tuple(readers[t])))
        elif not any(t in extra for extra in joined.values()):
            groups.append(Group((t,), ()))
    return groups + [Group((), (r,)) for r in range(len(read)) if r not in owner]


def score_reading(truth: Sequence[TruthLine], read: Sequence[ReadLine], complete: bool) -> Reading:
    """Compare the lines of one picture. `complete`: reading text that is not labelled is a false alarm."""
    if any(line.quad is None for line in truth):
        return _score_by_text(truth, read, complete)
    total = Reading()
    for group in group_lines(truth, read):
        # A line that is cut off or unreadable excuses whatever was read across it.
        if group.truth and all(truth[t].ignore for t in group.truth):
            continue
        quads = [truth[t].quad for t in group.truth]
        order = reading_order([q for q in quads if q is not None])
        labels = [truth[group.truth[i]] for i in order]
        texts = [read[group.read[i]].text for i in reading_order([read[r].quad for r in group.read])]
        total += _score_group(labels, "".join(texts), complete)
    return total


def _score_group(labels: Sequence[TruthLine], text: str, complete: bool) -> Reading:
    shown = plain(text)
    demanded = [plain(line.text) for line in labels if not line.ignore]
    if not labels:
        return Reading(read=len(shown) if complete else 0)
    whole = "".join(demanded)
    matched = int(LCSseq.similarity(whole, shown))
    excused = len(demanded) < len(labels)
    if len(demanded) == 1 and not excused:
        found = int(fuzz.ratio(whole, shown) >= FOUND)
    else:
        found = sum(len(one) <= len(shown) and fuzz.partial_ratio(one, shown) >= FOUND for one in demanded)
    return Reading(matched, len(whole), matched if excused else len(shown), len(demanded), found)


def _score_by_text(truth: Sequence[TruthLine], read: Sequence[ReadLine], complete: bool) -> Reading:
    """Labels without a place: pair lines so that the most characters agree."""
    labels = [plain(line.text) for line in truth if not line.ignore]
    shown = [plain(line.text) for line in read]
    alike = [[LCSseq.similarity(a, b) for b in shown] for a in labels]
    shared = np.array(alike).reshape(len(labels), len(shown))
    pairs = list(zip(*linear_sum_assignment(shared, maximize=True), strict=True))
    pairs = [(a, b) for a, b in pairs if fuzz.ratio(labels[a], shown[b]) >= FOUND / 2]
    return Reading(
        sum(int(shared[a, b]) for a, b in pairs),
        sum(map(len, labels)),
        sum(map(len, shown)) if complete else sum(len(shown[b]) for _, b in pairs),
        len(labels),
        sum(fuzz.ratio(labels[a], shown[b]) >= FOUND for a, b in pairs),
    )


def _shares(truth: Sequence[Quad | None], read: Sequence[Quad]) -> NDArray[np.float64]:
    """`(R, T)`: how much of the smaller one's area each pair of lines has in common, 0..1."""
    shares = np.zeros((len(read), len(truth)))
    known = [t for t, quad in enumerate(truth) if quad is not None]
    if not known or not read:
        return shares
    labels, lines = np.array([truth[t] for t in known]), np.array(read)  # (K, 4, 2), (R, 4, 2)
    areas, read_areas = [area(quad) for quad in labels], [area(quad) for quad in lines]
    # Most pairs are far apart, which their upright boxes tell for all of them at once.
    apart = (lines.max(1)[:, None] <= labels.min(1)) | (labels.max(1) <= lines.min(1)[:, None])  # (R, K, 2)
    for r, k in np.argwhere(~apart.any(2)).tolist():
        smaller = min(areas[k], read_areas[r])
        if smaller > 0:
            shares[r, known[k]] = intersection(labels[k], lines[r]) / smaller
    return shares
