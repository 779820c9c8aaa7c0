"""An observer that writes what happened when, for the trace viewer of a browser (ui.perfetto.dev, chrome://tracing).

Comes in: every Work. Goes out: a file in the JSON array form of the Trace Event Format
(https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), one track a lane. Each event is
written whole and at once, the comma before it: after a crash only the closing bracket is missing, which the format
allows and its readers do without. About 250 bytes a work. Knows nothing of lanes but their names.
"""

import json
import math
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devices.errors import OutputError
from pipeline.live.outcome import Outcome, Work

_PROCESS = 1  # one process; its own number, so that the same run gives the same file
_NS_PER_US = 1000


class TraceWriter:
    """Writes a trace file; a context manager, and an Observer for any number of threads.

    Costs its caller one `write` to the operating system a work. Raises OutputError where the file cannot be made or
    written; a Publisher then tells it no more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lanes: dict[str, int] = {}
        self._counted: dict[str, float] = {}
        self._writing = threading.Lock()
        self._open = True
        self.lost: str | None = None
        """One sentence where it ended before it was complete."""
        self._separator = b"[\n"
        try:
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise OutputError(f"trace file {path}: cannot be written ({error.strerror}); give another path") from error
        with self._writing:
            self._write({"ph": "M", "name": "process_name", "args": {"name": "glossa live"}}, 0)

    def __call__(self, work: Work) -> None:
        """Write one work, and how many items wait in its lane where that has changed. After `close`: nothing."""
        with self._writing:
            if not self._open:
                return
            lane = self._lane(work.lane)
            self._write(_event(work), lane)
            if work.stage == work.lane:
                self._count(f"{work.lane} waiting", work.waiting, work.ended_ns)

    def count(self, name: str, value: float, at_ns: int) -> None:
        """Write a point of a curve (battery, heat) where it has changed and is finite. After `close`: nothing."""
        with self._writing:
            if self._open and math.isfinite(value):
                self._count(name, value, at_ns)

    def close(self) -> None:
        """Complete the file. Later works are not written: a lane that was left behind may still publish some."""
        with self._writing:
            if self._open:
                self._put(b"\n]\n")
                self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _lane(self, name: str) -> int:
        """Number of the track of a lane; names and orders it where it is new."""
        if name not in self._lanes:
            number = self._lanes[name] = len(self._lanes) + 1
            self._write({"ph": "M", "name": "thread_name", "args": {"name": name}}, number)
            self._write({"ph": "M", "name": "thread_sort_index", "args": {"sort_index": number}}, number)
        return self._lanes[name]

    def _count(self, name: str, value: float, at_ns: int) -> None:
        if self._counted.get(name) != value:
            self._counted[name] = value
            self._write({"ph": "C", "name": name, "ts": at_ns / _NS_PER_US, "args": {"value": value}}, 0)

    def _write(self, event: dict[str, Any], lane: int) -> None:
        line = json.dumps({"pid": _PROCESS, "tid": lane} | event, separators=(",", ":"))
        self._put(self._separator + line.encode())
        self._separator = b",\n"

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:  # an unbuffered write may take only a part
                left = left[self._file.write(left) :]
        except OSError as error:
            self._end()
            told = f"trace file {self._path}: {error.strerror}; make room or go without it"
            self.lost = f"The trace has stopped: {told}."
            raise OutputError(told) from error

    def _end(self) -> None:
        self._open = False
        self._file.close()


def _event(work: Work) -> dict[str, Any]:
    """A slice for what took time, a mark for what was never begun."""
    event: dict[str, Any] = {
        "ph": "X",
        "name": f"{work.stage} {work.tier}".rstrip(),
        "cat": work.outcome.value,
        "ts": work.started_ns / _NS_PER_US,
        "dur": (work.ended_ns - work.started_ns) / _NS_PER_US,
        "args": _details(work),
    }
    if work.outcome in (Outcome.SKIPPED, Outcome.STALE) and work.ended_ns == work.started_ns:
        del event["dur"]
        event |= {"ph": "i", "s": "t", "name": f"{work.stage}: {work.outcome.value}"}
    return event


def _details(work: Work) -> dict[str, Any]:
    details = {
        "outcome": work.outcome.value,
        "detail": work.detail,
        "source": work.stamp.source,
        "frame": work.stamp.seq,
        "age_ms": (work.ended_ns - work.stamp.captured_ns) / 1e6,
        "late_ms": work.late_ms,
    }
    return {key: value for key, value in details.items() if value not in ("", 0.0) or key == "frame"}
