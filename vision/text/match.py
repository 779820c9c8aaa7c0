"""Which of the lines just found are lines that are known already. Knows quads only, neither texts nor time."""

from collections.abc import Sequence

from vision.quad import Quad, bounds, containment, overlap

_SAME_PLACE = 0.3
_PART_COUNTS = 0.6
_EDGE_PX = 3.0


def match_lines(found: Sequence[Quad], cut: Sequence[bool], known: Sequence[tuple[Quad, bool]]) -> list[int | None]:
    """For each found quad the index of the known line it is; each known line is used once, the best overlap first.

    `cut` says which found quads the picture's edge cuts off; `known` are quads, and whether the line was ever seen
    whole. A line at the edge is seen in part: there a part inside a whole is the same line.
    """
    pairs = []
    for i, quad in enumerate(found):
        for j, (other, whole) in enumerate(known):
            share = overlap(quad, other)
            if cut[i] or not whole:
                share = max(share, _PART_COUNTS * containment(quad, other))
            pairs.append((share, i, j))
    owners: list[int | None] = [None] * len(found)
    used: set[int] = set()
    for share, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if share >= _SAME_PLACE and owners[i] is None and j not in used:
            owners[i] = j
            used.add(j)
    return owners


def is_cut_off(quad: Quad, width: int, height: int) -> bool:
    """True when the edge of a picture of this size cuts the quad off."""
    x0, y0, x1, y1 = bounds(quad)
    return x0 < _EDGE_PX or y0 < _EDGE_PX or x1 > width - _EDGE_PX or y1 > height - _EDGE_PX
