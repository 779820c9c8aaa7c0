"""One live session: the render, read, translate and look lanes, and what flows between them.

In: frames, each with its capture time. Out: a view for every displayed frame. The render lane never waits for the
others: it takes the newest board and the newest shelf there are, and hands its frame on to reading.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from devices import Frame, Rgb, Stamp
from devices.clock import NS_PER_MS, Clock
from language.translation import Translator
from pipeline.live.board import Board, Seen
from pipeline.live.budget import Budget
from pipeline.live.costs import Cost, CostTable
from pipeline.live.lane import Lane
from pipeline.live.look_lane import LookLane
from pipeline.live.looking import Senses
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Observer, Outcome, Publisher, Result
from pipeline.live.pacing import Pacing, unpaced
from pipeline.live.reading import Effort, Reading
from pipeline.live.shelf import Shelf, Stock
from pipeline.live.showing import Showing, View
from pipeline.live.stage import Stage, Tiers
from pipeline.live.thrift import rest_ms
from vision.text import TextReader

READING_STAGE, GLANCE_STAGE, TRANSLATING_STAGE = "reading", "glance", "translate"
"""Names of the stages in a cost table: looking at the whole picture, looking at parts of it; the one of translating,
which is the whole of its lane's work, has no tiers."""

EFFORTS: Mapping[str, Effort] = MappingProxyType(
    {
        "full": Effort(736, 24),
        "good": Effort(544, 16),
        "fair": Effort(416, 8),
        "least": Effort(320, 4),
    }
)
"""Tiers of reading, best first."""

UNMEASURED: CostTable = MappingProxyType(
    {
        (READING_STAGE, "full"): Cost(330, 500),
        (READING_STAGE, "good"): Cost(200, 320),
        (READING_STAGE, "fair"): Cost(130, 220),
        (READING_STAGE, "least"): Cost(80, 150),
    }
)
"""What reading is taken to cost before anything was measured: two cores of a laptop. Running corrects it."""

_GLANCE_SHARE = 0.5  # two windows of a quarter each
_SWITCH_S = 0.0005
READ_NICE, TRANSLATE_NICE = 10, 5
"""By how much less eager these lanes are than the render lane; models that are loaded as eagerly stay so."""

_STILL_READS = 3  # a line needs two votes; one more for what was found late
_STILL_MS = 30_000.0


@dataclass(frozen=True, slots=True)
class Allowances:
    """How old a frame may be when a lane is done with it, ms."""

    render_ms: float = 33.0
    read_ms: float = 450.0
    translate_ms: float = 4000.0
    look_ms: float = 600.0


@dataclass(frozen=True, slots=True)
class _Filled:
    """A board and its picture, on the way to the translate lane."""

    board: Board
    rgb: Rgb

    @property
    def stamp(self) -> Stamp:
        return self.board.stamp


@dataclass(frozen=True, slots=True)
class Settings:
    """What a session is made of."""

    to: str
    source: str = "auto"
    allowances: Allowances = field(default_factory=Allowances)
    costs: CostTable = field(default_factory=lambda: UNMEASURED)
    pacing: Pacing | None = None
    """Makes the stages take as long as on another device."""


class Session:
    """The lanes and their state. `parts` go into an `Engine`; frames go into `render`; views come to `on_view`."""

    def __init__(
        self,
        reader: TextReader,
        translator: Translator,
        settings: Settings,
        *,
        clock: Clock,
        on_view: Callable[[View], None],
        observers: Sequence[Observer] = (),
        senses: Senses | None = None,
    ) -> None:
        """`senses`: what looks at things and codes; None, or none in it: there is no look lane."""
        self._on_view = on_view
        self._showing = Showing(settings.to)
        self._reading = Reading(reader)
        self._stock = Stock(translator, source=settings.source, to=settings.to)
        self._shelf: Shelf = {}
        self._boards: list[Board] = []  # appended by one thread, taken by another: single steps of a list are atomic
        self.draw = True
        """False shows the original; may be changed while running."""
        self.read = True
        """False stops reading: what is known stays; may be changed while running."""
        self._clock = clock
        self._paced = settings.pacing or unpaced
        self._share = 1.0
        self._rest_until_ns = clock.now_ns()
        costs, publish = with_glances(settings.costs), Publisher(observers)
        self.reading_stage = Stage(Tiers(READING_STAGE, tuple(EFFORTS), costs), "read", clock, publish)
        self.glance_stage = Stage(Tiers(GLANCE_STAGE, tuple(EFFORTS), costs), "read", clock, publish)
        self._asked = 0
        self._allowances = allowed = settings.allowances
        self.translating = Lane(
            "translate",
            Mailbox[_Filled](Policy.NEWEST),
            self._translate,
            allowed.translate_ms,
            clock=clock,
            observers=observers,
            nice=TRANSLATE_NICE,
        )
        self.reading = Lane(
            "read",
            Mailbox[Seen](Policy.NEWEST),
            self._read,
            allowed.read_ms,
            clock=clock,
            observers=observers,
            nice=READ_NICE,
        )
        self.look = None
        if senses and senses.any:
            self.look = LookLane(senses, settings.costs, allowed.look_ms, clock=clock, observers=observers)
        self.render = Lane(
            "render", Mailbox[Frame](Policy.NEWEST), self._render, allowed.render_ms, clock=clock, observers=observers
        )

    @property
    def lanes(self) -> tuple[Lane[Any], ...]:
        """In the direction in which pictures flow."""
        return (self.render, self.reading, self.translating, *([self.look.lane] if self.look else []))

    def stand_still(self, on: bool) -> None:
        """The same picture comes again and again: read it in the best tier a few times, whatever that takes.

        `on` False: pictures move again.
        """
        self._asked = _STILL_READS if on else 0
        self.reading.allowance_ms = _STILL_MS if on else self._allowances.read_ms

    def be_thrifty(self, share: float) -> None:
        """Let reading use only `share` (0 to 1) of its allowance and of the time: power and heat. From any thread.

        Drawing goes on as it is; at 0 nothing new is read, and what is known stays in its place.
        """
        self.reading_stage.thrift = self.glance_stage.thrift = self._share = share
        if self.look:
            self.look.be_thrifty(share)

    def _render(self, frame: Frame, budget: Budget) -> Result:
        stale = ""
        while self._boards:
            board = self._boards.pop(0)
            if not self._showing.take(board):
                stale = f"no motion leads from frame {board.stamp.seq}, which was read, to this one"
        view = self._showing.show(frame, self._shelf, self.look.sights if self.look else None, draw=self.draw)
        self._on_view(view)
        if self.read and self.reading.busy is None:
            self.reading.put(view.seen)
        if self.look:
            self.look.offer(view.seen)
        return Result(Outcome.DONE, stale)

    def _read(self, seen: Seen, budget: Budget) -> Result:
        started_ns = self._clock.now_ns()
        if started_ns < self._rest_until_ns and not self._asked:
            return Result(Outcome.SKIPPED, "resting, to save power")
        if not self._reading.reason(seen, asked=self._asked > 0):
            return Result(Outcome.SKIPPED, "nothing new in view")
        best = next(iter(EFFORTS))
        if self._asked:
            self._asked -= 1
            board: Board | None = self._reading.read(seen, EFFORTS[best])
        else:
            windows = self._reading.where(seen)
            name, stage = (READING_STAGE, self.reading_stage) if windows is None else (GLANCE_STAGE, self.glance_stage)
            work = self._paced(name, lambda granted: self._reading.read(seen, EFFORTS[granted.tier], windows))
            board = stage.run(seen.stamp, budget, work)
        if board is None:
            return Result(Outcome.SKIPPED, "no tier fits")
        self._rest((self._clock.now_ns() - started_ns) / NS_PER_MS)
        self._boards.append(board)
        if self._stock.wanted(board):
            self.translating.put(_Filled(board, seen.rgb))
        return Result(Outcome.DONE)

    def _translate(self, filled: _Filled, budget: Budget) -> Result:
        early = self._put_on_shelf if self._paced is unpaced else _not_before_its_time
        work = self._paced(TRANSLATING_STAGE, lambda granted: self._stock.fill(filled.board, filled.rgb, early))
        self._put_on_shelf(work(budget))
        return Result(Outcome.DONE)

    def _put_on_shelf(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def _rest(self, took_ms: float) -> None:
        if self._share:
            self._rest_until_ns = self._clock.now_ns() + round(rest_ms(took_ms, self._share) * NS_PER_MS)


def with_glances(costs: CostTable) -> CostTable:
    """The costs with those of glances, where they have none: a share of what the whole picture takes."""
    derived = {
        (GLANCE_STAGE, tier): cost.times(_GLANCE_SHARE)
        for (stage, tier), cost in costs.items()
        if stage == READING_STAGE
    }
    return derived | dict(costs)


def _not_before_its_time(shelf: Shelf) -> None:
    """What another device would still be translating is not shown."""


def quick_hand_over() -> None:
    """Lets a waiting thread have the interpreter after half a millisecond instead of five: the render lane waits less.

    For the whole process; called once where a live session begins.
    """
    sys.setswitchinterval(_SWITCH_S)
