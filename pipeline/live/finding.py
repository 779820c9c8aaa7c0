"""The lines of one frame, found in the whole picture or through windows of it, and which known line each of them is.

In: a frame, the lines that are known and where motion carried them. Out: every line in view, once. Knows no votes, no
text and no time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from devices import Rgb
from vision.quad import Quad, containment, overlap
from vision.text.match import is_cut_off, match_lines
from vision.text.windows import Window

_SAME_LINE = 0.3
_PART_OF = 0.6


class Finds(Protocol):
    """The part of a `TextReader` that is used."""

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        """Quads of the lines, capture pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """A line that was in view before, and is where motion carried it."""

    quad: Quad
    whole: bool
    """It was seen without being cut off."""
    in_view: bool
    """Enough of it is inside of the picture to be taken for granted where nobody looked."""


@dataclass(frozen=True, slots=True)
class InView:
    """A line on this frame."""

    quad: Quad
    owner: int | None
    """Index of the known line that it is; None: it is new."""
    cut: bool
    """It is a part of the line only, as far as one can tell."""
    found: bool
    """False: nobody looked there, it is where motion carried it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is on a frame."""

    lines: tuple[InView, ...]
    severed: bool
    """A new line was left out: it goes on outside of a window."""


def find_lines(
    reader: Finds, rgb: Rgb, short_side_px: int, windows: Sequence[Window] | None, known: Sequence[Known]
) -> Found:
    """Look through the windows, None: at the whole picture. Known lines elsewhere are there as they were. Blocks."""
    height, width = rgb.shape[:2]
    if windows is None:
        pieces = [(quad, False) for quad in reader.find(rgb, short_side_px)]
    else:
        pieces = _through_windows(reader, rgb, short_side_px, windows)
    cuts = [is_cut_off(quad, width, height) for quad, _ in pieces]
    parts = [cut or severed for cut, (_, severed) in zip(cuts, pieces, strict=True)]
    owners = match_lines([quad for quad, _ in pieces], parts, [(one.quad, one.whole) for one in known])
    found = list(zip(pieces, owners, cuts, strict=True))
    lines = [InView(quad, owner, cut, True) for (quad, severed), owner, cut in found if not severed]
    seen = {line.owner for line in lines}
    for index, one in enumerate(known):
        if index not in seen and one.in_view and not _would_be_found(one.quad, windows, width, height):
            lines.append(InView(one.quad, index, not one.whole or is_cut_off(one.quad, width, height), False))
    return Found(tuple(lines), any(severed and owner is None for (_, severed), owner, _ in found))


def _through_windows(reader: Finds, rgb: Rgb, short_side_px: int, windows: Sequence[Window]) -> list[tuple[Quad, bool]]:
    """Every line once, and whether it goes on outside of its window."""
    height, width = rgb.shape[:2]
    pieces: list[tuple[Quad, bool]] = []
    for window in windows:
        for quad in reader.find(rgb, short_side_px, window):
            one = quad, window.cuts_off(quad, width, height)
            twin = next((index for index, other in enumerate(pieces) if _is_same(one, other)), None)
            if twin is None:
                pieces.append(one)
            elif pieces[twin][1]:
                pieces[twin] = one
    return pieces


def _is_same(a: tuple[Quad, bool], b: tuple[Quad, bool]) -> bool:
    """Where windows overlap, a line is found in each of them, perhaps in part."""
    (quad, severed), (other, other_severed) = a, b
    if overlap(quad, other) >= _SAME_LINE:
        return True
    return (severed or other_severed) and containment(quad, other) >= _PART_OF


def _would_be_found(quad: Quad, windows: Sequence[Window] | None, width: int, height: int) -> bool:
    return windows is None or any(not window.cuts_off(quad, width, height) for window in windows)
