"""What is measured of the reading networks, and how: each model x engine x precision x input size x threads.

In: something that finds lines or reads them, pictures, a clock. Out: durations. Opens no model itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from devices import Rgb
from devices.clock import NS_PER_MS, Clock
from pipeline.live.costs import Cost
from pipeline.live.tuning.pictures import Picture
from vision.quad import Quad, area
from vision.text.recognise import BATCH, HIGH_PX, Reading

INT8 = "int8"
DETECTOR, RECOGNISER = "detector", "recogniser"


@dataclass(frozen=True, slots=True)
class Setup:
    """A way of running the networks."""

    engine: str
    precision: str
    """`INT8`: the detector is a quantised one, and the recogniser runs in the engine's own choice."""
    threads: int

    @property
    def way(self) -> tuple[str, str]:
        """Without the threads, which change no result."""
        return self.engine, self.precision


@dataclass(frozen=True, slots=True)
class Measured:
    """What one network took in one setup."""

    model: str
    setup: Setup
    size_px: int
    """Detector: the short side of the picture. Recogniser: the width of a line."""
    cost: Cost
    """Detector: a picture, with scaling and boxes. Recogniser: one line of a batch."""
    runs: int


class Finds(Protocol):
    """The part of a detector that is measured."""

    def find(self, rgb: Rgb, short_side_px: int, long_side_px: int, /) -> Sequence[object]:
        """Find lines in a picture that is scaled to these sides."""
        ...


class Reads(Protocol):
    """The part of a recogniser that is measured."""

    def read(self, strips: Sequence[Rgb], /) -> list[Reading]:
        """Read lines."""
        ...


class ReadsPictures(Protocol):
    """The part of a `TextReader` that is measured."""

    def find(self, rgb: Rgb, short_side_px: int | None = None) -> list[Quad]:
        """Find lines in a picture that is scaled to this short side."""
        ...

    def read_lines(self, rgb: Rgb, quads: Sequence[Quad]) -> Sequence[object]:
        """Read these lines."""
        ...


def durations_ms(work: Callable[[], object], runs: int, clock: Clock) -> list[float]:
    """How long `work` takes, `runs` times, after one run that does not count."""
    work()
    durations = []
    for _ in range(runs):
        start_ns = clock.now_ns()
        work()
        durations.append(_ms_since(start_ns, clock))
    return durations


def _ms_since(start_ns: int, clock: Clock) -> float:
    return (clock.now_ns() - start_ns) / NS_PER_MS


def cost_of(durations: Sequence[float]) -> Cost:
    """Median and 95th percentile, interpolated."""
    p50_ms, p95_ms = np.percentile(durations, (50, 95))
    return Cost(float(p50_ms), float(max(p50_ms, p95_ms)))


def measure_detector(
    detector: Finds, setup: Setup, short_side_px: int, pictures: Sequence[Picture], runs: int, clock: Clock
) -> Measured:
    """The detector at one size, on each picture in turn. Blocks."""
    height, width = pictures[0].rgb.shape[:2]
    long_side_px = round(short_side_px * max(height, width) / min(height, width))
    turns = iter([pictures[n % len(pictures)] for n in range(runs + 1)])
    durations = durations_ms(lambda: detector.find(next(turns).rgb, short_side_px, long_side_px), runs, clock)
    return Measured(DETECTOR, setup, short_side_px, cost_of(durations), runs)


def measure_recogniser(
    recogniser: Reads, setup: Setup, wide_px: int, picture: Picture, runs: int, clock: Clock
) -> Measured:
    """The recogniser on full batches of lines of one width; what they show does not matter. Blocks."""
    band = np.asarray(cv2.resize(picture.rgb, (wide_px, HIGH_PX * BATCH)), np.uint8)
    strips: list[Rgb] = [np.ascontiguousarray(one) for one in np.split(band, BATCH)]
    durations = durations_ms(lambda: recogniser.read(strips), runs, clock)
    return Measured(RECOGNISER, setup, wide_px, cost_of([ms / BATCH for ms in durations]), runs)


def measure_reading(
    reader: ReadsPictures, short_side_px: int, most_lines: int, pictures: Sequence[Picture], rounds: int, clock: Clock
) -> Cost:
    """What a tier of live reading takes: p50 with half of the lines that it may read, p95 with all of them. Blocks.

    Live, half and less is what a moving camera brings that is new; a scene that is all new brings everything.
    """
    half_ms: list[float] = []
    whole_ms: list[float] = []
    for picture in [picture for _ in range(rounds) for picture in pictures]:
        start_ns = clock.now_ns()
        quads = reader.find(picture.rgb, short_side_px)
        find_ms = _ms_since(start_ns, clock)
        lines = sorted(quads, key=area, reverse=True)[:most_lines]
        for durations, chosen in ((half_ms, lines[: -(-len(lines) // 2)]), (whole_ms, lines)):
            start_ns = clock.now_ns()
            reader.read_lines(picture.rgb, chosen)
            durations.append(find_ms + _ms_since(start_ns, clock))
    p50_ms = cost_of(half_ms).p50_ms
    return Cost(p50_ms, max(p50_ms, cost_of(whole_ms).p95_ms))
