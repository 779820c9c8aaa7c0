"""Starting against the flow, stopping along it, in a bounded time, whatever a part does."""

import pytest

from devices.clock import VirtualClock
from pipeline.live.budget import Budget
from pipeline.live.engine import Engine
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Outcome, Result
from pipeline.live.watchdog import Watchdog
from tests.pipeline.live.stand_ins import PATIENCE_S, Item, Log, item


class FakePart:
    """Writes down what it is told; may fail in its own way."""

    def __init__(self, name: str, diary: list[str], *, fails: str = "") -> None:
        self.name = name
        self._diary = diary
        self._fails = fails
        self.timeout_s = -1.0

    def start(self) -> None:
        self._diary.append(f"start {self.name}")
        if self._fails == "start":
            raise OSError("no camera")

    def stop(self, timeout_s: float) -> bool:
        self.timeout_s = timeout_s
        self._diary.append(f"stop {self.name}")
        if self._fails == "stop":
            raise OSError("no display")
        return self._fails != "hangs"


def _parts(diary: list[str], **fails: str) -> list[FakePart]:
    return [FakePart(name, diary, fails=fails.get(name, "")) for name in ("capture", "read", "render")]


def test_starts_from_the_display_and_stops_from_the_capture() -> None:
    diary: list[str] = []
    with Engine(_parts(diary)):
        diary.append("runs")
    assert diary == [
        *("start render", "start read", "start capture", "runs"),
        *("stop capture", "stop read", "stop render"),
    ]


def test_stopping_is_bounded_and_names_what_has_not_ended() -> None:
    diary: list[str] = []
    parts = _parts(diary, capture="hangs", read="stop")
    engine = Engine(parts, stop_within_s=6)
    engine.start()
    assert engine.stop() == ["capture", "read"]
    assert [part.timeout_s for part in parts] == [2, 2, 2]
    assert diary[-1] == "stop render"


def test_a_part_that_cannot_start_stops_the_others() -> None:
    diary: list[str] = []
    with pytest.raises(OSError, match="no camera"):
        Engine(_parts(diary, read="start")).start()
    assert diary == ["start render", "start read", "stop capture", "stop read", "stop render"]


def test_an_error_inside_stops_everything_and_goes_on() -> None:
    diary: list[str] = []
    with pytest.raises(ZeroDivisionError), Engine(_parts(diary)):
        raise ZeroDivisionError
    assert diary[-3:] == ["stop capture", "stop read", "stop render"]


def test_an_engine_of_nothing() -> None:
    assert Engine([]).stop() == []


def test_lanes_in_a_row_finish_what_the_one_before_still_sent() -> None:
    clock, log = VirtualClock(), Log()
    shown: list[int] = []

    def show(what: Item, budget: Budget) -> Result:
        shown.append(what.stamp.seq)
        return Result()

    last: Lane[Item] = Lane("caption", Mailbox(Policy.IN_ORDER, 8), show, 100, clock=clock, observers=[log])

    def hear(what: Item, budget: Budget) -> Result:
        last.put(what)
        return Result()

    first: Lane[Item] = Lane("hear", Mailbox(Policy.IN_ORDER, 8), hear, 100, clock=clock, observers=[log])
    engine = Engine([first, last, Watchdog([first, last], 1000, clock=clock)], stop_within_s=PATIENCE_S)
    with engine:
        for seq in range(5):
            first.put(item(seq))
    assert shown == [0, 1, 2, 3, 4]
    assert {work.outcome for work in log.works} == {Outcome.DONE}
