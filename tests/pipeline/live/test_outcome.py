"""Publishing: everybody hears everything, and an observer that breaks takes nobody with it."""

import re

from devices import Stamp
from pipeline.live.outcome import Outcome, Publisher, Work, describe

STAMP = Stamp("clip.mp4", 3, 1_000_000, 100.0)
WORK = Work("read", "read", STAMP, "full", 2_000_000, 9_500_000, Outcome.DONE, deadline_ns=8_000_000)


class Broken:
    """Raises at the second call."""

    def __init__(self) -> None:
        self.heard: list[Work] = []

    def __call__(self, work: Work) -> None:
        self.heard.append(work)
        if len(self.heard) > 1:
            raise OSError("no space left")


def test_everybody_hears_everything_in_order() -> None:
    first: list[Work] = []
    second: list[Work] = []
    publish = Publisher([first.append, Publisher([second.append])])
    for outcome in Outcome:
        publish(Work("read", "read", STAMP, "", 1, 2, outcome))
    assert [work.outcome for work in first] == list(Outcome)
    assert second == first


def test_a_broken_observer_is_named_and_told_no_more() -> None:
    broken, heard = Broken(), list[Work]()
    publish = Publisher([broken, heard.append])
    for _ in range(3):
        publish(WORK)
    assert len(broken.heard) == 2
    assert [(work.lane, work.stage, work.outcome) for work in heard] == [
        ("read", "read", Outcome.DONE),
        ("observers", "Broken", Outcome.FAILED),
        ("read", "read", Outcome.DONE),
        ("read", "read", Outcome.DONE),
    ]
    assert "no space left" in heard[1].detail


def test_all_observers_broken_is_no_error() -> None:
    def first(work: Work) -> None:
        raise ValueError(work.lane)

    def second(work: Work) -> None:
        raise KeyError(work.lane)

    publish = Publisher([first, second])
    publish(WORK)
    publish(WORK)


def test_lateness() -> None:
    assert WORK.late_ms == 1.5
    assert Work("read", "read", STAMP, "", 0, 5, Outcome.DONE, deadline_ns=5).late_ms == 0
    assert Work("read", "read", STAMP, "", 0, 5, Outcome.DONE).late_ms == 0


def test_an_error_is_described_with_its_place() -> None:
    try:
        int("seven")
    except ValueError as error:
        assert re.fullmatch(r"ValueError: invalid literal .*'seven' \(test_outcome.py:\d+\)", describe(error))
    assert describe(KeyError("a")) == "KeyError: 'a'"


def test_an_error_that_cannot_be_printed_is_still_described() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise TypeError

    assert describe(MuteError()) == "MuteError: its message cannot be printed"
