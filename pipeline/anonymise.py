"""Keeps faces and number plates out of what others see: finds them, and hides them before anything is written.

In: what the person asked for, pictures, and what was read on them. Out: pictures with these parts hidden, and signs
without the words of plates. Faces need a model; plates are known by what they say, so only plates that can be read.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from devices import MissingError, Rgb
from devices.store import Store
from devices.video_in import DecodedFrame
from overlay.veil import veil
from pipeline.analysis import Analysis
from pipeline.signs import Sign
from pipeline.stored import is_path
from vision.faces import FaceFinder, spread
from vision.objects.detection import Box
from vision.quad import Quad, bounds
from vision.text import TextRegion
from vision.text.plates import is_plate
from vision.text.track import TextTrack

MODEL = "yunet"
"""The store's finder of faces."""

CANNOT = f"Faces cannot be blurred, there is no model that finds them. Bring it with: glossa models pull {MODEL}"


def find_faces_model(named: str | None = None) -> Path | None:
    """The model's file: an .onnx file, a folder with one, or a model of the store; None: nothing named, nothing there.

    Where nothing is named, it is ours in the store, or else another finder of faces there.

    Raises MissingError, InputError and UnknownNameError for one that was named and is not there.
    """
    store = Store()
    if named is None:
        own = [one.id for one in store.held() if one.task == "faces" and one.opens.endswith(".onnx")]
        return next((store.path(name) for name in (MODEL, *own) if store.has(name)), None)
    path = Path(named).expanduser()
    if path.is_dir():
        found = sorted(path.glob("*yunet*.onnx")) or sorted(path.glob("*.onnx"))
        if not found:
            raise MissingError(f"{path}: expected an .onnx file with YuNet in it; bring it: glossa models pull {MODEL}")
        return found[0]
    return path if path.suffix.lower() == ".onnx" or is_path(named) else store.path(named)


def open_faces(named: str | None = None, threads: int = 1) -> FaceFinder:
    """Ready to find faces. Raises MissingError where there is no model: what was asked for must not half happen."""
    model = find_faces_model(named)
    if model is None:
        raise MissingError(CANNOT)
    return FaceFinder(model, threads=threads)


class Hiding:
    """What has to be hidden in one recording: `watch` the first pass, `settle`, then `hide` in the second."""

    def __init__(self, faces: FaceFinder) -> None:
        self._finder = faces
        self._found: dict[int, list[Box]] = {}
        self._faces: dict[int, list[Box]] = {}
        self._plates: dict[int, list[Quad]] = {}

    def watch(self, frames: Iterable[DecodedFrame]) -> Iterator[DecodedFrame]:
        """Hands the frames on and looks for faces on each. Blocks for a look a frame."""
        for frame in frames:
            if faces := self._finder.find(frame.rgb()):
                self._found[frame.stamp.seq] = [face.box for face in faces]
            yield frame

    def settle(self, analysis: Analysis) -> None:
        """Once all frames were seen and read."""
        self._faces = spread(self._found, analysis.stamps)
        for track in (*analysis.tracks, *analysis.unread):
            if reads_as_plate(track):
                self._settle_plate(track, analysis.stamps)

    def without_plates(self, signs: Iterable[Sign]) -> list[Sign]:
        """The signs that hold no number plate: neither findings nor subtitles repeat one."""
        return [sign for sign in signs if not says_plate(sign)]

    def needed(self, seq: int) -> bool:
        """True where there is something to hide on a frame."""
        return seq in self._faces or seq in self._plates

    def hide(self, seq: int, rgb: Rgb) -> Rgb:
        """The picture of a frame without what is to be hidden: a copy, or itself."""
        return veil(rgb, self._faces.get(seq, ()), self._plates.get(seq, ()))

    def _settle_plate(self, track: TextTrack, stamps: Sequence[float]) -> None:
        for seq, boxes in spread({seq: [bounds(quad)] for seq, quad in track.path.items()}, stamps).items():
            known = track.path.get(seq)
            self._plates.setdefault(seq, []).extend([known] if known is not None else map(_as_quad, boxes))


def hide_in_photo(rgb: Rgb, regions: Sequence[TextRegion], faces: FaceFinder) -> tuple[Rgb, list[TextRegion]]:
    """A single picture with faces and plates hidden, and what was read on it without the plates. Blocks."""
    plates = [region for region in regions if region.text and is_plate(region.text, region.quad)]
    hidden = veil(rgb, [face.box for face in faces.find_small(rgb)], [region.quad for region in plates])
    return hidden, [region for region in regions if not any(region is plate for plate in plates)]


def reads_as_plate(track: TextTrack) -> bool:
    """True where any of a line's readings is that of a number plate: one is enough."""
    quad = next(iter(track.path.values()), None)
    return any(is_plate(vote.text, quad) for vote in tuple(track.votes))  # live, another lane adds to them


def says_plate(sign: Sign) -> bool:
    """True where a line of a sign, or all of it, is a number plate."""
    return any(map(reads_as_plate, sign.tracks)) or is_plate(sign.translation.source, sign.quad)


def faces_line() -> tuple[bool, str]:
    """What the doctor says: what would be opened, or how to get it. Blocks; raises as opening does."""
    return True, f"Faces are found by {open_faces().name}, number plates by what they say."


def _as_quad(box: Box) -> Quad:
    x0, y0, x1, y1 = box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
