"""`glossa tune`: measures every way of reading on this machine, and finds the one to read with.

In: a lab that opens networks, pictures, how thorough to be. Out: a `Tuned`. Blocks for minutes; writes nothing but what
the lab writes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from devices import MissingError
from devices.clock import Clock
from pipeline.live.costs import Cost
from pipeline.live.reading import Effort
from pipeline.live.session import EFFORTS
from pipeline.live.tuning.agreement import Agreement, Line, agree
from pipeline.live.tuning.choice import choose_setup, is_hopeless
from pipeline.live.tuning.pictures import Picture
from pipeline.live.tuning.store import Choice, Tuned
from pipeline.live.tuning.trials import (
    DETECTOR,
    INT8,
    Finds,
    Measured,
    Reads,
    ReadsPictures,
    Setup,
    measure_detector,
    measure_reading,
    measure_recogniser,
)
from vision.text import TextRegion

_WIDTHS_PX = (320, 704, 1216)
_READING_LINES_PX = 736


class Opens(Protocol):
    """What a tune needs of a `Lab`."""

    @property
    def cores(self) -> int:
        """Cores that may be used."""
        ...

    def ways(self) -> list[tuple[str, str]]:
        """Engines and precisions; the reference first."""
        ...

    def quantise(self, engine: str, pictures: Sequence[Picture], /) -> None:
        """Make the quantised detector; raises MissingError."""
        ...

    def detector(self, setup: Setup, /) -> Finds:
        """Ready to find."""
        ...

    def recogniser(self, setup: Setup, /) -> Reads:
        """Ready to read lines."""
        ...

    def reader(self, setup: Setup, /, *, second: bool = True) -> ReadsPictures:
        """Ready to read pictures."""
        ...


@dataclass(frozen=True, slots=True)
class Care:
    """How thorough to be."""

    runs: int
    """Of each network in each setup and size."""
    rounds: int
    """Over all drawn pictures, for each tier of reading."""
    every_thread_count: bool
    int8: bool


THOROUGH = Care(runs=7, rounds=3, every_thread_count=True, int8=True)
QUICK = Care(runs=3, rounds=1, every_thread_count=False, int8=False)

Track = Callable[[str, Sequence[Callable[[], None]]], Iterator[Callable[[], None]]]
"""Passes steps on and shows how far they are: name of the phase, steps."""


class _Tuning:
    """One tune, step by step, so that its progress can be seen."""

    def __init__(self, lab: Opens, drawn: Sequence[Picture], seen: Sequence[Picture], care: Care, clock: Clock) -> None:
        self.lab = lab
        self.drawn = drawn
        self.seen = seen
        self.care = care
        self.clock = clock
        self.ways = lab.ways()
        self.measured: list[Measured] = []
        self.agreements: dict[tuple[str, str], Agreement] = {}
        self.choices: list[Choice] = []
        self.notes: list[str] = []
        self._full: list[list[Line]] = []

    def quantising(self) -> list[Callable[[], None]]:
        """Steps: a quantised detector for each engine."""
        engines = dict.fromkeys(engine for engine, _ in self.ways)
        return [partial(self._quantise, engine) for engine in engines] if self.care.int8 else []

    def networks(self) -> list[Callable[[], None]]:
        """Steps: each setup, over all sizes."""
        setups = [Setup(*way, threads) for threads in self._threads() for way in self.ways]
        return [partial(self._measure, setup) for setup in setups]

    def agreeing(self) -> list[Callable[[], None]]:
        """Steps: full precision, then each other way that was not given up against it."""
        largest_px = max(effort.short_side_px for effort in EFFORTS.values())
        alive = {one.setup.way for one in self.measured if (one.model, one.size_px) == (DETECTOR, largest_px)}
        return [partial(self._agree, way) for way in self.ways if way in alive or way == self.ways[0]]

    def reading(self) -> list[Callable[[], None]]:
        """Steps: each tier of live reading in the setups that were chosen. Chooses them."""
        chosen = [choose_setup(self.measured, self.agreements, threads) for threads in self._budgets()]
        setups = list(dict.fromkeys(setup for setup in chosen if setup is not None))
        return [partial(self._read, setup, EFFORTS) for setup in setups]

    def _threads(self) -> list[int]:
        every = [1, *(2**n for n in range(1, 7) if 2**n < self.lab.cores), self.lab.cores]
        return sorted(set(every if self.care.every_thread_count else self._budgets()))

    def _budgets(self) -> list[int]:
        """How many threads reading may have: first all but one core, which is for drawing, then all."""
        return list(dict.fromkeys([max(1, self.lab.cores - 1), self.lab.cores][: 2 if self.care.int8 else 1]))

    def _quantise(self, engine: str) -> None:
        try:
            self.lab.quantise(engine, self.drawn)
        except MissingError as missing:
            if str(missing) not in self.notes:
                self.notes.append(str(missing))
        else:
            self.ways.append((engine, INT8))

    def _measure(self, setup: Setup) -> None:
        detector = self.lab.detector(setup)
        for short_side_px in sorted(effort.short_side_px for effort in EFFORTS.values()):
            args = (setup, short_side_px, self.drawn, self.care.runs, self.clock)
            one = measure_detector(detector, *args)
            self.measured.append(one)
            if is_hopeless(one, self.measured):
                return
        if setup.precision != INT8:
            recogniser = self.lab.recogniser(setup)
            for wide_px in _WIDTHS_PX:
                args_of_line = (setup, wide_px, self.drawn[0], self.care.runs, self.clock)
                self.measured.append(measure_recogniser(recogniser, *args_of_line))

    def _agree(self, way: tuple[str, str]) -> None:
        # The second reader would hide what the first one lost.
        reader = self.lab.reader(Setup(*way, self.lab.cores), second=False)
        pages = [_lines(reader, picture) for picture in self.seen]
        if not self._full:
            self._full = pages
            return
        pairs = zip(self._full, pages, strict=True)
        self.agreements[way] = sum((agree(full, other) for full, other in pairs), Agreement())

    def _read(self, setup: Setup, efforts: Mapping[str, Effort]) -> None:
        reader = self.lab.reader(setup)
        costs: dict[str, Cost] = {}
        for tier, effort in efforts.items():
            args = (effort.short_side_px, effort.most_lines, self.drawn, self.care.rounds, self.clock)
            costs[tier] = measure_reading(reader, *args)
        self.choices.append(Choice(setup, costs))


def tune(
    lab: Opens, drawn: Sequence[Picture], seen: Sequence[Picture], care: Care, clock: Clock, track: Track
) -> Tuned:
    """Measure. Durations are taken on the `drawn` pictures, agreement on those `seen`."""
    tuning = _Tuning(lab, drawn, seen, care, clock)
    phases = {
        "int8": tuning.quantising,
        "networks": tuning.networks,
        "agreement": tuning.agreeing,
        "reading": tuning.reading,
    }
    for name, of_phase in phases.items():
        if steps := of_phase():
            for step in track(name, steps):
                step()
    return Tuned(tuple(tuning.measured), tuning.agreements, tuple(tuning.choices), tuple(tuning.notes))


def _lines(reader: ReadsPictures, picture: Picture) -> list[Line]:
    regions = reader.read_lines(picture.rgb, reader.find(picture.rgb, _READING_LINES_PX))
    return [(region.quad, region.text or "") for region in regions if isinstance(region, TextRegion)]
