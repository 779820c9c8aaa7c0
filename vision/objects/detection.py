"""A thing found in one picture, and what every detector of things can do.

Labels are English names, those of COCO where it has one; what a wearer calls them is none of a detector's business.
"""

from dataclasses import dataclass
from typing import Protocol

from devices import Frame, Stamp

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; capture pixels."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing."""

    stamp: Stamp
    label: str
    score: float
    """How sure the detector is, 0 to 1; comparable within one detector only."""
    box: Box
    track: int | None = None
    """The same number for the same thing on another picture; None where nobody followed it."""


class ObjectDetector(Protocol):
    """Finds things in one picture. For one thread at a time."""

    @property
    def name(self) -> str:
        """What to call it: the model and what runs it."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """All that it can find."""
        ...

    @property
    def least_score(self) -> float:
        """What it gives back has this score at least."""
        ...

    @property
    def sure_score(self) -> float:
        """From this score on a thing is there more often than not."""
        ...

    def detect(self, frame: Frame) -> list[Detection]:
        """What is in the picture, the surest first, within its borders. Blocks. InputError where the model fails."""
        ...
