"""What became of each piece of work, and how everybody who wants to know is told.

Comes in: one Work for every item that a lane or a stage was given, also for those that it never began. Goes out: the
same to every observer. Knows nothing of what the work was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath

from devices.clock import NS_PER_MS
from devices.frame import Stamp


class Outcome(Enum):
    """How a piece of work ended."""

    DONE = "done"
    """As wanted and in time."""
    DEGRADED = "degraded"
    """Done, but late or not as well as wanted."""
    SKIPPED = "skipped"
    """Not begun: displaced by a newer item, no tier fitted, or the lane was stopped."""
    STALE = "stale"
    """Not begun, or thrown away: its deadline passed first."""
    FAILED = "failed"
    """It raised, returned what it must not, did not return, or found no room."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work of one lane, in one stage of it."""

    lane: str
    stage: str
    """The lane's own name for the whole of an item, else the stage within it."""
    stamp: Stamp
    """Of the item worked on."""
    tier: str
    """The tier that was worked in; empty where there is only one or none was chosen."""
    started_ns: int
    ended_ns: int
    """The start again where nothing was begun."""
    outcome: Outcome
    detail: str = ""
    """For people: why it is not DONE; empty otherwise."""
    deadline_ns: int | None = None
    """None where there was none to keep."""
    waiting: int = 0
    """Items that waited in the lane's mailbox when this was published."""

    @property
    def late_ms(self) -> float:
        """By how much it ended after its deadline, ms; 0 where in time."""
        return 0.0 if self.deadline_ns is None else max(0.0, (self.ended_ns - self.deadline_ns) / NS_PER_MS)


@dataclass(frozen=True, slots=True)
class Result:
    """What the handler of a lane gives back for an item."""

    outcome: Outcome = Outcome.DONE
    detail: str = ""
    tier: str = ""
    """The tier that was worked in, where there was one to choose."""


Observer = Callable[[Work], None]
"""Is told of every piece of work, in the thread that did it, between two items of a lane: it must be quick, never wait
for a lane, and allow calls from several threads at once."""


class Publisher:
    """One observer that stands for several. An observer that raises is told no more, and the others hear of it."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def __call__(self, work: Work) -> None:
        """Tell all of them. Raises nothing."""
        for observer in self._observers:
            try:
                observer(work)
            except Exception as error:
                # A new tuple: other threads may be going through the old one.
                self._observers = tuple(other for other in self._observers if other is not observer)
                self(_broken(observer, error, work))


def _broken(observer: Observer, error: Exception, work: Work) -> Work:
    name = getattr(observer, "__name__", type(observer).__name__)
    detail = f"this observer is told no more: {describe(error)}"
    return Work("observers", name, work.stamp, "", work.ended_ns, work.ended_ns, Outcome.FAILED, detail)


def describe(error: BaseException) -> str:
    """Kind, message and place of an error in one line, for the `detail` of a FAILED work."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    try:
        message = str(error)
    except Exception:
        message = "its message cannot be printed"
    return f"{type(error).__name__}: {message}{place}"
