"""A second opinion on lines in a script that the first reader has no letters for.

In: lines, what the first reader made of them, and a reader of the other script. Out: readings, some of them replaced.
Which reader that is - Tesseract, or another recogniser network - makes no difference here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from devices import Rgb
from vision.text.recognise import Reading, Recogniser
from vision.text.region import script_of

ACCEPTED = 0.75
_DOUBTFUL = 0.9
_DOUBTFUL_AMONG_OWN = 0.97
_ACCEPTED_AMONG_OWN = 0.6
_ACCEPTED_AGAINST_GOOD = 0.9


class LineReader(Protocol):
    """Reads single lines of one script."""

    @property
    def script(self) -> str:
        """As `vision.text.region.script_of` calls it."""
        ...

    def read(self, strip: Rgb) -> Reading:
        """One line of text, `(h, w, 3)`, upright. Blocks."""
        ...


class SecondNetwork:
    """A recogniser network of another alphabet, say PP-OCRv5's for Korean. Not thread-safe."""

    def __init__(self, recogniser: Recogniser, script: str) -> None:
        self._recogniser = recogniser
        self._script = script

    @classmethod
    def load(cls, model: Path, script: str, engine: str | None = None, threads: int | None = None) -> "SecondNetwork":
        """From an ONNX file that bears its alphabet. Raises InputError for one that does not."""
        return cls(Recogniser.load(model, engine, threads), script)

    @property
    def script(self) -> str:
        """See LineReader."""
        return self._script

    def read(self, strip: Rgb) -> Reading:
        """See LineReader."""
        return self._recogniser.read([strip])[0]


def improved(second: LineReader, strips: Sequence[Rgb], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those of lines in the script of `second` replaced; all others stay. Blocks."""
    better = list(readings)
    asked: dict[int, Reading] = {}
    # First only what is clearly this script; where some of it stands, more is likely and doubt may be larger.
    for threshold, accepted in (
        (_DOUBTFUL, ACCEPTED),
        (_DOUBTFUL, _ACCEPTED_AMONG_OWN),
        (_DOUBTFUL_AMONG_OWN, _ACCEPTED_AGAINST_GOOD),
    ):
        for index, reading in enumerate(readings):
            if reading.score >= threshold:
                continue
            if index not in asked:
                asked[index] = second.read(strips[index])
            other = asked[index]
            enough = len(other.text) > 1 or accepted < ACCEPTED
            if other.score >= accepted and enough and script_of(other.text) == second.script:
                better[index] = other
        if not any(script_of(reading.text) == second.script for reading in better):
            break  # nothing here is in this script: the surer lines need no second opinion
    return better
