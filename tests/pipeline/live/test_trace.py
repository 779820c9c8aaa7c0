"""The trace file against the Trace Event Format: whole, cut off, from several threads, on a full disk."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import OutputError, Stamp
from devices.clock import VirtualClock
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.outcome import Outcome, Publisher, Work
from pipeline.live.trace import TraceWriter
from tests.pipeline.live.stand_ins import Handler, Item, item

Event = dict[str, Any]


def _work(outcome: Outcome = Outcome.DONE, *, lane: str = "read", stage: str = "", waiting: int = 0) -> Work:
    stamp = Stamp("카메라", 7, 1_000_000, 1.0)
    ended_ns = 2_000_500 if outcome in (Outcome.SKIPPED, Outcome.STALE) else 9_500_750
    return Work(lane, stage or lane, stamp, "full", 2_000_500, ended_ns, outcome, "", 9_000_000, waiting)


def _events(path: Path) -> list[Event]:
    events: list[Event] = json.loads(path.read_text(encoding="utf-8"))
    for event in events:
        assert event["ph"] in {"X", "i", "C", "M"}
        assert isinstance(event["name"], str)
        assert isinstance(event["pid"], int)
        assert isinstance(event["tid"], int)
        assert event["ph"] == "M" or event["ts"] >= 0
        assert (event["ph"] == "X") == ("dur" in event)
    return events


def _of(events: list[Event], kind: str, name: str | None = None) -> list[Event]:
    return [event for event in events if event["ph"] == kind and name in (None, event["name"])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trace.json"


def test_a_slice_for_what_was_done(path: Path) -> None:
    with TraceWriter(path) as trace:
        trace(_work(Outcome.DEGRADED))
    (event,) = _of(_events(path), "X")
    assert (event["name"], event["cat"]) == ("read full", "degraded")
    assert (event["ts"], event["dur"]) == (2000.5, 7500.25)
    assert event["args"] == {
        "outcome": "degraded",
        "source": "카메라",
        "frame": 7,
        "age_ms": pytest.approx(8.50075),
        "late_ms": pytest.approx(0.50075),
    }


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.STALE])
def test_a_mark_for_what_was_not_begun(path: Path, outcome: Outcome) -> None:
    with TraceWriter(path) as trace:
        trace(_work(outcome))
    events = _events(path)
    (event,) = _of(events, "i")
    assert (event["name"], event["s"], event["ts"]) == (f"read: {outcome.value}", "t", 2000.5)
    assert _of(events, "X") == []


def test_a_track_a_lane_each_named_once(path: Path) -> None:
    with TraceWriter(path) as trace:
        for lane in ("render", "read", "render"):
            trace(_work(lane=lane))
        trace(_work(lane="read", stage="detect"))
    events = _events(path)
    assert [event["args"] for event in _of(events, "M", "process_name")] == [{"name": "glossa live"}]
    names = {event["tid"]: event["args"]["name"] for event in _of(events, "M", "thread_name")}
    assert len(_of(events, "M", "thread_name")) == 2
    assert [(names[event["tid"]], event["name"]) for event in _of(events, "X")] == [
        ("render", "render full"),
        ("read", "read full"),
        ("render", "render full"),
        ("read", "detect full"),
    ]
    assert len({event["pid"] for event in events}) == 1


def test_curves_have_a_point_where_they_change(path: Path) -> None:
    with TraceWriter(path) as trace:
        for waiting in (0, 0, 1, 1, 0):
            trace(_work(waiting=waiting))
        trace(_work(stage="detect", waiting=5))
        for value in (40.5, float("nan"), float("inf"), 41.0):
            trace.count("heat", value, at_ns=3_000_000)
    events = _events(path)
    assert [event["args"]["value"] for event in _of(events, "C", "read waiting")] == [0, 1, 0]
    assert [(event["ts"], event["args"]["value"]) for event in _of(events, "C", "heat")] == [(3000, 40.5), (3000, 41.0)]


def test_after_the_end_nothing_is_written(path: Path) -> None:
    trace = TraceWriter(path)
    trace.close()
    whole = path.read_bytes()
    trace(_work())
    trace.count("heat", 1, at_ns=0)
    trace.close()
    assert path.read_bytes() == whole
    _events(path)


def test_complete_after_an_exception(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), TraceWriter(path) as trace:
        trace(_work())
        raise ZeroDivisionError
    assert len(_of(_events(path), "X")) == 1


def test_a_crash_leaves_whole_events_and_misses_only_the_bracket(path: Path) -> None:
    trace = TraceWriter(path)
    for number in range(1, 6):
        trace(_work(lane=f"lane {number}"))
        events = json.loads(path.read_text(encoding="utf-8") + "]")  # the file is still open and was never flushed
        assert len(_of(events, "X")) == number
    trace.close()


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_any_text_is_json(tmp_path_factory: pytest.TempPathFactory, lane: str, tier: str, detail: str) -> None:
    path = tmp_path_factory.mktemp("trace") / "trace.json"
    with TraceWriter(path) as trace:
        trace(Work(lane, "stage", item().stamp, tier, 0, 1, Outcome.FAILED, detail))
    (event,) = _of(_events(path), "X")
    assert event["args"].get("detail", "") == detail


def test_a_lane_writes_through_it(path: Path) -> None:
    clock = VirtualClock()
    with TraceWriter(path) as trace:
        mailbox: Mailbox[Item] = Mailbox(Policy.NEWEST)
        lane = Lane("render", mailbox, Handler(clock, ms=4), 33, clock=clock, observers=[trace])
        for seq in range(3):
            lane.put(item(seq, captured_ms=clock.now_ns() / 1e6))
            lane.step()
    assert [(event["ts"], event["dur"]) for event in _of(_events(path), "X")] == [(0, 4000), (4000, 4000), (8000, 4000)]


def test_threads_do_not_mix_their_events(path: Path) -> None:
    trace = TraceWriter(path)

    def many(lane: str) -> None:
        for _ in range(100):
            trace(_work(lane=lane))

    threads = [threading.Thread(target=many, args=(f"lane {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trace.close()
    assert len(_of(_events(path), "X")) == 400


def test_no_place_to_write(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="another path"):
        TraceWriter(tmp_path / "missing" / "trace.json")


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="needs /dev/fd to open a pipe by its path")
def test_a_disk_that_fails_costs_the_trace_and_nothing_else() -> None:
    reading, writing = os.pipe()
    trace = TraceWriter(Path(f"/dev/fd/{writing}"))
    heard: list[Work] = []
    publish = Publisher([trace, heard.append])
    publish(_work())
    os.close(reading)
    publish(_work())
    publish(_work())
    trace.close()
    os.close(writing)
    assert [work.lane for work in heard] == ["read", "observers", "read", "read"]
    assert "trace file" in heard[1].detail


def test_a_write_that_takes_only_a_part_is_continued(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = TraceWriter(path)
    file = trace._file

    class Reluctant:
        """Takes three bytes at a time."""

        def write(self, data: memoryview) -> int:
            return file.write(data[:3])

        def close(self) -> None:
            file.close()

    monkeypatch.setattr(trace, "_file", Reluctant())
    trace(_work())
    trace.close()
    assert len(_of(_events(path), "X")) == 1
