"""Joins lines that belong to one sign or paragraph, in reading order, into one text for translation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.quad import Quad, size_px

_HEIGHT_RATIO = 1.3
_LINE_GAP = 0.55  # of the line height, between the facing edges of the detector's generous boxes
_SAME_ANGLE_DEG = 12.0
_NO_SPACE = {"han", "kana"}


@dataclass(frozen=True, slots=True)
class Line:
    """What joining needs to know of a line."""

    quad: Quad
    text: str
    script: str


def belong_together(a: Line, b: Line) -> bool:
    """True when `b` continues `a` or the other way round: same script, size and slant, set one above the other."""
    if _writing(a.script) != _writing(b.script) or a.script == "none":
        return False
    (wide_a, high_a), (wide_b, high_b) = size_px(a.quad), size_px(b.quad)
    columns = _is_column(a), _is_column(b)
    if columns[0] != columns[1]:
        return False
    if columns[0]:
        return _columns_adjoin(a.quad, b.quad, wide_a, wide_b)
    if max(high_a, high_b) > _HEIGHT_RATIO * min(high_a, high_b):
        return False
    axis = _direction(a.quad) * wide_a + _direction(b.quad) * wide_b
    axis = axis / max(float(np.linalg.norm(axis)), 1e-6)
    if abs(_angle_deg(a.quad) - _angle_deg(b.quad)) > _SAME_ANGLE_DEG:
        return False
    down = np.array([-axis[1], axis[0]])
    gap = _gap(a.quad @ down, b.quad @ down)
    if gap > _LINE_GAP * min(high_a, high_b) or gap < -0.5 * min(high_a, high_b):
        return False
    along_a, along_b = a.quad @ axis, b.quad @ axis
    shared = min(along_a.max(), along_b.max()) - max(along_a.min(), along_b.min())
    if shared < 0.5 * min(wide_a, wide_b):
        return False
    # Table rows and lists also stand close: a paragraph shares its left edge or its middle.
    edge = min(
        abs(float(along_a.min() - along_b.min())),
        abs(float(along_a.mean() - along_b.mean())),
    )
    return edge < 1.2 * max(high_a, high_b)


def join_lines(lines: Sequence[Line]) -> list[list[int]]:
    """Indices of the lines grouped into blocks, each in reading order, blocks ordered by their first line."""
    links = [(i, j) for i in range(len(lines)) for j in range(i + 1, len(lines)) if belong_together(lines[i], lines[j])]
    return ordered_groups(lines, links)


def ordered_groups(lines: Sequence[Line], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Connected groups of the linked lines, each in reading order."""
    root = list(range(len(lines)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for i, j in links:
        root[max(find(i), find(j))] = min(find(i), find(j))
    groups: dict[int, list[int]] = {}
    for i in range(len(lines)):
        groups.setdefault(find(i), []).append(i)
    return [reading_order(lines, group) for group in groups.values()]


def reading_order(lines: Sequence[Line], group: Sequence[int]) -> list[int]:
    """Rows from top to bottom; columns from right to left."""
    if _is_column(lines[group[0]]):
        return sorted(group, key=lambda i: -float(lines[i].quad[:, 0].mean()))
    axis = sum((_direction(lines[i].quad) for i in group), np.zeros(2))
    axis = axis / max(float(np.linalg.norm(axis)), 1e-6)
    down = np.array([-axis[1], axis[0]])
    return sorted(group, key=lambda i: float((lines[i].quad @ down).mean()))


def joined_text(lines: Sequence[Line]) -> str:
    """One text from lines in reading order: hyphens at line ends closed, no spaces between Han or Kana lines."""
    text = ""
    for line in lines:
        part = line.text.strip()
        if not text:
            text = part
        elif text.endswith("-") and len(text) > 2 and text[-2].islower() and part[:1].islower():
            text = text[:-1] + part
        elif line.script in _NO_SPACE:
            text += part
        else:
            text += " " + part
    return text


def _writing(script: str) -> str:
    """Han and Kana are one writing: a line of a Japanese text may hold no Kana."""
    return "han" if script in _NO_SPACE else script


def _is_column(line: Line) -> bool:
    wide, high = size_px(line.quad)
    return high > 1.5 * wide and len(line.text) > 1


def _columns_adjoin(a: Quad, b: Quad, wide_a: float, wide_b: float) -> bool:
    if max(wide_a, wide_b) > _HEIGHT_RATIO * min(wide_a, wide_b):
        return False
    gap = _gap(a[:, 0], b[:, 0])
    top = abs(float(a[:, 1].min() - b[:, 1].min()))
    return -0.3 * wide_a < gap < 0.6 * min(wide_a, wide_b) and top < 1.5 * max(wide_a, wide_b)


def _direction(quad: Quad) -> NDArray[np.float64]:
    along = (quad[1] - quad[0]) + (quad[2] - quad[3])
    unit: NDArray[np.float64] = along / max(float(np.linalg.norm(along)), 1e-6)
    return unit


def _angle_deg(quad: Quad) -> float:
    x, y = _direction(quad)
    return float(np.degrees(np.arctan2(y, x)))


def _gap(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Distance between two intervals; negative where they overlap."""
    return float(max(a.min(), b.min()) - min(a.max(), b.max()))
