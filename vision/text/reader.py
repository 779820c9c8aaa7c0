"""Reads a whole picture: find the lines, rectify each, read it, turn what stands on its side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from devices import Rgb, Stamp
from vision.quad import Quad, crop, size_px
from vision.text.detect import Detector
from vision.text.recognise import Reading, Recogniser
from vision.text.region import TextRegion, script_of
from vision.text.second import LineReader, SecondNetwork, improved
from vision.text.tesseract import SecondReader
from vision.text.windows import Window

_STILL = Stamp("picture", 0, 0, 0.0)
_SHORT_SIDE_PX = 736
_TALL = 1.5  # a line this much taller than wide is a column, or lies on its side
_GOOD_SCORE = 0.75
# Text on its head reads as other letters at up to 0.89 (large clear type, measured), upright hardly below 0.95.
_DOUBTFUL_SCORE = 0.92
_UPRIGHT_SCORE = 0.95
_LOWEST_SCORE = 0.5
_LOWEST_SCORE_ALONE = 0.9  # a single character: windows, wheels and roofs look like one


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """What a reader is made of; None means: the reader's own choice."""

    engine: str | None = None
    """`openvino` or `onnxruntime`."""
    threads: int | None = None
    precision: str | None = None
    """One of `vision.text.engine.precisions`; None leaves it to the engine."""
    detector: Path | None = None
    """Another file with the detector network, say a quantised one."""
    recogniser: Path | None = None
    """Another file with the recogniser network, an ONNX file that bears its alphabet."""
    paddle: Path | None = None
    """A folder of PaddleOCR models, see `vision.text.paddle`: both networks come from there; `engine`, `precision`,
    `detector` and `recogniser` are then none's business."""
    second: bool = True
    """Ask another reader about lines that PP-OCRv6 has no letters for (Korean)."""
    korean: Path | None = None
    """The recogniser that is asked then, an ONNX file; None: Tesseract, where it is installed."""


class TextReader:
    """Finds and reads all lines of a picture; the same picture gives the same lines. Not thread-safe."""

    def __init__(self, options: ReaderOptions | None = None) -> None:
        options = options or ReaderOptions()
        if options.paddle:
            from vision.text.paddle import open_models  # its runtime is an extra

            self._detector, self._recogniser = open_models(options.paddle, options.threads)
        else:
            self._detector = Detector.load(options.detector, options.engine, options.threads, options.precision)
            self._recogniser = Recogniser.load(options.recogniser, options.engine, options.threads, options.precision)
        self._second = _second(options) if options.second else None

    def read(self, rgb: Rgb, stamp: Stamp = _STILL) -> list[TextRegion]:
        """Every readable line of `rgb` `(H, W, 3)`, top to bottom, quads in its pixels. Blocks."""
        return self.read_lines(rgb, self.find(rgb), stamp)

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        """Quads of all lines, unread. `short_side_px` trades small text for time: the picture is scaled to it.

        `part`: look at this part of the picture only, in the scale of the whole; the quads are in the whole's pixels.
        """
        if short_side_px is None and part is None:
            return [line.quad for line in self._detector.find(rgb)]
        scale = (short_side_px or _SHORT_SIDE_PX) / min(rgb.shape[:2])
        seen = rgb if part is None else np.ascontiguousarray(rgb[part.top : part.bottom, part.left : part.right])
        short_px, long_px = (round(side * scale) for side in sorted(seen.shape[:2]))
        corner = np.array((0, 0) if part is None else (part.left, part.top), np.float32)
        return [line.quad + corner for line in self._detector.find(seen, short_px, long_px)]

    def read_lines(
        self, rgb: Rgb, quads: Sequence[Quad], stamp: Stamp = _STILL, *, thorough: bool = True
    ) -> list[TextRegion]:
        """Reads the given quads; those that hold nothing readable are left out.

        Not `thorough`: doubtful lines get no second look, neither upside down nor by the reader of another script.
        """
        strips = [_strip(rgb, quad) for quad in quads]
        readings = self._read_turned(strips) if thorough else self._recogniser.read(strips)
        if thorough and self._second:
            readings = improved(self._second, strips, readings)
        return [
            TextRegion(stamp, quad, reading.text, script_of(reading.text), reading.score)
            for quad, reading in zip(quads, readings, strict=True)
            if reading.text and reading.score >= (_LOWEST_SCORE if len(reading.text) > 1 else _LOWEST_SCORE_ALONE)
        ]

    def _read_turned(self, strips: list[Rgb]) -> list[Reading]:
        """Reads upright first; what scores badly is tried upside down as well."""
        readings = self._recogniser.read(strips)
        doubtful = [i for i, reading in enumerate(readings) if reading.score < _DOUBTFUL_SCORE]
        turned = self._recogniser.read([np.ascontiguousarray(strips[i][::-1, ::-1]) for i in doubtful])
        for index, reading in zip(doubtful, turned, strict=True):
            # Only a clear win: symmetrical shapes read a little better one way by chance.
            before = readings[index].score
            clear = reading.score > max(before + 0.1, _GOOD_SCORE) and before < _GOOD_SCORE
            upright = reading.score >= _UPRIGHT_SCORE and reading.score > before + 0.05
            if (clear or upright) and len(reading.text) > 1:
                readings[index] = reading
        return readings


def _second(options: ReaderOptions) -> LineReader | None:
    if options.korean:
        return SecondNetwork.load(options.korean, "hangul", options.engine, options.threads)
    return SecondReader.if_installed()


def _is_tall(quad: Quad) -> bool:
    wide, high = size_px(quad)
    return high >= _TALL * wide


def _strip(rgb: Rgb, quad: Quad) -> Rgb:
    """The line rectified; a column is laid on its side, top to the left, which is how the network learnt columns."""
    wide, high = size_px(quad)
    strip = crop(rgb, quad, max(round(wide), 4), max(round(high), 4))
    return np.ascontiguousarray(np.rot90(strip)) if _is_tall(quad) else strip
