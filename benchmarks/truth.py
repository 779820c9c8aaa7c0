"""Labelled photographs and labelled clips as typed records.

In: a media folder with `text/gt/*.json` and `video/gt/*.json`. Out: `Photograph` and `ClipTruth`. Knows
nothing of what is measured, and never opens the pictures themselves.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.geometry import Homography, Quad, as_quad, box_quad, line_height, project, visibility
from devices.errors import InputError

SEEN = 0.9
"""A line is in view from this share of its area on; between `GONE` and this it is neither demanded nor a
false alarm."""
GONE = 0.1
READABLE_PX = 8.0
"""Lines lower than this on a frame are neither demanded nor a false alarm: nobody can read them."""


@dataclass(frozen=True, slots=True)
class TruthLine:
    """One labelled line of text."""

    text: str
    quad: Quad | None
    """Reference pixels; None when the label gives only the text."""
    ignore: bool = False
    """Unreadable or cut off: neither a miss nor a false alarm."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph and its lines in reading order."""

    path: Path
    width: int
    height: int
    lang: str
    complete: bool
    """Every readable line is listed. Otherwise only recall of the listed lines means something."""
    lines: tuple[TruthLine, ...]


@dataclass(frozen=True, slots=True)
class ClipTruth:
    """What is to be seen on every frame of a clip: lines on one plane, and how that plane moves."""

    name: str
    width: int
    height: int
    complete: bool
    lines: tuple[TruthLine, ...]
    homographies: NDArray[np.float64]
    """`(F, 3, 3)`: reference pixels to pixels of frame f."""
    quads: NDArray[np.float64]
    """`(F, L, 4, 2)` in frame pixels; NaN where a line has no label."""

    def demands(self, seq: int) -> tuple[list[TruthLine], list[int]]:
        """Return the lines of one frame in its own pixels, and which of `lines` each is.

        Those cut off or too small are marked `ignore`; those out of view are left out.
        """
        seen: list[TruthLine] = []
        index: list[int] = []
        for i, (line, quad) in enumerate(zip(self.lines, self.quads[seq], strict=True)):
            if not np.isfinite(quad).all():
                continue
            share = visibility(quad, self.width, self.height)
            if share > GONE:
                unfair = line.ignore or share < SEEN or line_height(quad) < READABLE_PX
                seen.append(TruthLine(line.text, quad, unfair))
                index.append(i)
        return seen, index


def find_media(given: Path | None = None) -> Path:
    """Return the media folder: the given one, else `../shared/media` beside the checkout.

    Raises InputError when there is none, saying where it was looked for.
    """
    folder = given or Path(__file__).resolve().parents[1].parent / "shared" / "media"
    if not (folder / "text" / "gt").is_dir():
        raise InputError(
            f"No labelled media in {folder}: expected text/gt/*.json and video/gt/*.json. Name the folder with --media."
        )
    return folder


def load_photographs(media: Path) -> list[Photograph]:
    """Load every labelled photograph, in order of name. Raises InputError for a damaged label file."""
    labels = sorted((media / "text" / "gt").glob("*.json"))
    return [_photograph(media / "text", _read(path)) for path in labels]


def load_clips(media: Path) -> list[tuple[Path, ClipTruth]]:
    """Load every clip that has labelled lines, in order of name, as (file, truth)."""
    labels = [_read(path) for path in sorted((media / "video" / "gt").glob("*.json"))]
    return [(media / "video" / str(d["file"]), _clip(d)) for d in labels if d.get("quads")]


def moved_photograph(photo: Photograph, homographies: Sequence[Homography], width: int, height: int) -> ClipTruth:
    """Return the truth of a clip in which a photograph moves by known homographies (photograph to frame)."""
    moves = np.asarray(homographies, dtype=np.float64).reshape(-1, 3, 3)
    blank = np.full((4, 2), np.nan)
    corners = [blank if line.quad is None else line.quad for line in photo.lines]
    still = np.array(corners).reshape(-1, 4, 2)  # (L, 4, 2)
    quads = np.array([project(h, still) for h in moves]).reshape(len(moves), len(still), 4, 2)
    return ClipTruth(photo.path.stem, width, height, photo.complete, photo.lines, moves, quads)


def _photograph(folder: Path, label: dict[str, Any]) -> Photograph:
    lines = tuple(_line(line) for line in label["lines"])
    size = int(label["width"]), int(label["height"])
    return Photograph(folder / str(label["file"]), *size, str(label["lang"]), bool(label["complete"]), lines)


def _line(label: dict[str, Any]) -> TruthLine:
    quad: Quad | None = None
    if label.get("quad"):
        quad = as_quad(label["quad"])
    elif label.get("box"):
        quad = box_quad(*label["box"])
    return TruthLine(label.get("text") or "", quad, bool(label.get("ignore")) or not label.get("text"))


def _clip(label: dict[str, Any]) -> ClipTruth:
    names = list(label["quads"])
    blank = [[np.nan, np.nan]] * 4
    columns = [[quad or blank for quad in label["quads"][name]] for name in names]
    quads = np.array(columns, dtype=np.float64).transpose(1, 0, 2, 3)  # (F, L, 4, 2)
    moves = label.get("homography_from_frame0") or [_fit(quads[0], now) for now in quads]
    lines = tuple(TruthLine(name, quad) for name, quad in zip(names, quads[0], strict=True))
    size = int(label["width"]), int(label["height"])
    # "main lines only": what else is read in the picture is not a false alarm.
    return ClipTruth(Path(label["file"]).stem, *size, False, lines, np.array(moves, dtype=np.float64), quads)


def _fit(start: NDArray[np.float64], now: NDArray[np.float64]) -> Homography:
    """Fit frame 0 to this frame by all corners; frames without a label give NaN."""
    known = np.isfinite(now).all(axis=(1, 2)) & np.isfinite(start).all(axis=(1, 2))
    if not known.any():
        return np.full((3, 3), np.nan)
    fitted, _ = cv2.findHomography(start[known].reshape(-1, 2), now[known].reshape(-1, 2), 0)
    return np.asarray(fitted, dtype=np.float64)


def _read(path: Path) -> dict[str, Any]:
    try:
        label: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"Label file {path} cannot be read: {error}") from error
    return label
