"""What the tests of a whole session share: a reader that knows the sign, a translator that answers at once, a screen
that remembers. No models are loaded."""

from collections.abc import Callable, Sequence

import numpy as np

from devices import Rgb, Stamp
from devices.display import NoDisplay, Wish
from language.translation import Translation
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.windows import Window

SIGN = np.array([[120, 100], [300, 100], [300, 150], [120, 150]], np.float32)


def seen_through(part: Window | None, quads: Sequence[Quad]) -> list[Quad]:
    """What a detector finds of upright quads in a part of the picture: it knows nothing of what is outside."""
    if part is None:
        return list(quads)
    low, high = np.array([part.left, part.top], np.float32), np.array([part.right, part.bottom], np.float32)
    clipped = [np.clip(quad, low, high) for quad in quads]
    return [quad for quad in clipped if (np.ptp(quad, axis=0) > 4).all()]


class KnowingReader:
    """Finds one sign, always at the same place, and remembers at which sizes it was asked."""

    def __init__(self, text: str = "出口") -> None:
        self.text = text
        self.sides: list[int | None] = []
        self.then: Callable[[], None] = lambda: None

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        self.sides.append(short_side_px)
        self.then()
        return seen_through(part, [SIGN.copy()])

    def read_lines(self, rgb: Rgb, quads: Sequence[Quad], stamp: Stamp, *, thorough: bool = True) -> list[TextRegion]:
        return [TextRegion(stamp, quad, self.text, "han", 0.97) for quad in quads]


class QuickTranslator:
    """Says the same in angle brackets."""

    name = "quick"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        return [Translation(text, f"<{text}>", "zh-Hans", to, "quick", 0.9, True) for text in texts]


class Screen(NoDisplay):
    """A display that keeps what it showed last and wishes what the test tells it to; quits at last in any case."""

    visible = True

    def __init__(self, script: Callable[["Screen"], Sequence[Wish]] = lambda screen: (), most: int = 100_000) -> None:
        self.script = script
        self.most = most
        self.pictures = 0
        self.turns = 0
        self.picture: Rgb | None = None
        self.closed = False

    def show(self, picture: Rgb) -> None:
        self.pictures += 1
        self.picture = picture

    def wishes(self) -> list[Wish]:
        self.turns += 1
        return [Wish.QUIT] if self.turns > self.most else list(self.script(self))

    def close(self) -> None:
        self.closed = True


def texture(width: int = 640, height: int = 360, seed: int = 4) -> Rgb:
    """A picture with enough corners to be followed, read-only."""
    rgb = np.random.default_rng(seed).integers(60, 200, (height // 8, width // 8, 1), np.uint8)
    large = np.repeat(np.repeat(np.repeat(rgb, 8, 0), 8, 1), 3, 2)
    large.flags.writeable = False
    return large
