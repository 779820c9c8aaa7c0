"""How far two readings of the same pictures agree: what a faster precision costs.

In: lines as two readers found and read them, one of them in full precision. Out: shares between 0 and 1. It says
nothing about which of them is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from vision.quad import Quad, overlap

SAME_PLACE = 0.5
"""Two boxes are of one line where their intersection is this share of their union."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Sums over pictures; `a + b` joins two."""

    boxes: int = 0
    """Of both readings together."""
    boxes_alike: int = 0
    """Those of them that have a partner in the other reading."""
    characters: int = 0
    """That the reading in full precision has."""
    differing: int = 0
    """Of those: changed, lost or added, at most all of them."""

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(
            self.boxes + other.boxes,
            self.boxes_alike + other.boxes_alike,
            self.characters + other.characters,
            self.differing + other.differing,
        )

    @property
    def of_boxes(self) -> float:
        """Share of the boxes that have a partner: F1 of one reading against the other; 1 where there are none."""
        return self.boxes_alike / self.boxes if self.boxes else 1.0

    @property
    def of_characters(self) -> float:
        """Share of the characters that were read alike; a line without a partner counts as lost."""
        return 1 - self.differing / self.characters if self.characters else 1.0


Line = tuple[Quad, str]


def agree(full: Sequence[Line], other: Sequence[Line]) -> Agreement:
    """One picture: `full` was read in full precision."""
    pairs = _pairs([quad for quad, _ in full], [quad for quad, _ in other])
    differing = 0
    for index, (_, text) in enumerate(full):
        partner = pairs.get(index)
        read = "" if partner is None else other[partner][1]
        differing += min(len(text), Levenshtein.distance(text, read))
    return Agreement(len(full) + len(other), 2 * len(pairs), sum(len(text) for _, text in full), differing)


def _pairs(full: Sequence[Quad], other: Sequence[Quad]) -> dict[int, int]:
    """Partners by index, the most alike first."""
    shares = [(overlap(a, b), i, j) for i, a in enumerate(full) for j, b in enumerate(other)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for share, i, j in sorted(shares, key=lambda one: (-one[0], one[1], one[2])):
        if share >= SAME_PLACE and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs
