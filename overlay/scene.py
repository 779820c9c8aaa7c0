"""What is to be drawn on one picture: labels anchored to quads, and lines for the caption area.

Comes in: decided texts and where they are now. Goes out: plain records that say nothing about how they are
drawn. Refuses to know: where the texts came from, fonts, colours, time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.frame import Stamp

Quad = NDArray[np.float32]
"""`(4, 2)` float32, capture pixels, x right, y down, clockwise from the text's own top left."""


@dataclass(frozen=True, slots=True)
class Label:
    """One translated block of text: a sign, a paragraph, a menu entry."""

    track: int
    quad: Quad
    """The whole block."""
    line_quads: tuple[Quad, ...]
    """Its lines in reading order; may be empty when only the block is known."""
    source: str
    target: str
    """Equal to `source` when nothing is known: then only the mark for "unsure" is drawn, and the gloss if any."""
    sure: bool
    """False: the original stays readable, and what is known stands beside it."""
    gloss: str = ""
    """The source word by word, shown beside what is not sure; "" where nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One line of the caption area."""

    source: str
    target: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is drawn on one picture, and the stamp for which it is true."""

    stamp: Stamp
    labels: tuple[Label, ...]
    captions: tuple[Caption, ...] = ()
