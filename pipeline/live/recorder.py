"""Writes a live session down as it happens: the findings file, `run`, a line a drawn frame, `summary`.

In: views, and the render lane's works, which say how long each took. Out: a file whose every line is whole, also when
the disk gets full or the power goes. A thread of its own writes; the render lane only leaves a note.
"""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from devices import Stamp
from devices.clock import NS_PER_MS, Clock
from devices.files import check_output, write_error
from pipeline.anonymise import reads_as_plate
from pipeline.findings import VERSION, code_record, label, object_record
from pipeline.live.board import Seen
from pipeline.live.budget import Budget
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.notices import Notices
from pipeline.live.outcome import Observer, Outcome, Result, Work
from pipeline.live.showing import Placed, View
from pipeline.live.sights import InView
from vision.quad import Quad
from vision.text.plates import is_plate

_MOST_WAITING = 600  # frames that the disk may be behind; without their pictures they are small
_WHENEVER_MS = 1e9
_NICE = 5
_NO_PICTURE = np.zeros((0, 0, 3), np.uint8)
_NO_LUMA = np.zeros((0, 0), np.uint8)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One drawn frame."""

    stamp: Stamp
    size: tuple[int, int]
    placed: tuple[Placed, ...]
    seen: Seen
    """Without its pictures."""
    render_ms: float
    late: bool
    in_view: InView


class Recorder:
    """A Part, and an Observer. Nothing that happens to the file ends or slows the live picture."""

    name = "record"

    def __init__(
        self,
        path: Path,
        run: dict[str, Any],
        notices: Notices,
        *,
        clock: Clock,
        observers: Sequence[Observer] = (),
        plates: bool = True,
    ) -> None:
        """Begin the file with the line `run`, see `run_line`. Raises OutputError where it cannot be written.

        `plates` False leaves out what reads like a number plate.
        """
        self._plates = plates
        self._path = check_output(path)
        self._notices = notices
        self._size = (int(run["width"]), int(run["height"]))
        self._seen: View | None = None
        self._stopped = False
        self._missing = 0
        self.lost: str | None = None
        """One sentence where the record ended before the session did."""
        self._good = 0
        self._lane = Lane(
            self.name,
            Mailbox[_Entry](Policy.IN_ORDER, _MOST_WAITING),
            self._write_entry,
            _WHENEVER_MS,
            clock=clock,
            observers=observers,
            nice=_NICE,
        )
        try:
            self._file = self._path.open("wb", buffering=0)
            self._put(run)
        except OSError as why:
            raise write_error(path, why) from why

    def view(self, view: View) -> None:
        """Take note of a drawn frame, in the render lane's thread."""
        self._seen = view

    def __call__(self, work: Work) -> None:
        """Observer: the frame that was just drawn is complete with what its drawing took."""
        view = self._seen
        if work.lane != "render" or work.stage != "render" or view is None or view.stamp.seq != work.stamp.seq:
            return
        self._seen = None
        if self._stopped:
            return
        height, width = view.picture.shape[:2]
        entry = _Entry(
            view.stamp,
            (width, height),
            view.placed if self._plates else tuple(one for one in view.placed if not _is_plate(one)),
            replace(view.seen, rgb=_NO_PICTURE, gray=_NO_LUMA),
            (work.ended_ns - work.started_ns) / NS_PER_MS,
            work.outcome is Outcome.DEGRADED,
            view.in_view,
        )
        if not self._lane.put(entry):
            self._missing += 1
            self._notices.news("record", f"{self._path.name}: the disk is too slow; some frames are not recorded.")

    def start(self) -> None:
        """See Part."""
        self._lane.start()

    def stop(self, timeout_s: float) -> bool:
        """See Part: writes what still waits."""
        return self._lane.stop(timeout_s)

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the last line, a summary, and close the file. Raises nothing: a full disk was said already."""
        self._line({"type": "summary", **summary} | ({"missing": self._missing} if self._missing else {}))
        self._stopped = True
        self._file.close()

    def _write_entry(self, entry: _Entry, budget: Budget) -> Result:
        if entry.size != self._size:
            self._size = entry.size
            self._line({"type": "size", "seq": entry.stamp.seq, "width": entry.size[0], "height": entry.size[1]})
        self._line(_frame(entry))
        return Result(Outcome.SKIPPED, "the recording has stopped") if self._stopped else Result()

    def _line(self, record: dict[str, Any]) -> None:
        if self._stopped:
            return
        try:
            self._put(record)
        except ValueError:  # closed by `finish` while a slow disk still worked
            self._stopped = True
        except OSError as why:
            self._stopped = True
            with contextlib.suppress(OSError):  # take back the half of a line that still went onto a full disk
                os.ftruncate(self._file.fileno(), self._good)
            told = write_error(self._path, why, written=self._good)
            self.lost = f"Recording has stopped. {told}."
            self._notices.last("record", self.lost)

    def _put(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
        left = memoryview(line.encode())
        size = len(left)
        while left:
            left = left[self._file.write(left) :]
        self._good += size


def run_line(source: str, size: tuple[int, int], fps: float, **choices: str | bool) -> dict[str, Any]:
    """The first line: what is looked at, the width and height of its pictures, and what was asked."""
    shape = {"width": size[0], "height": size[1], "fps": round(fps, 3)}
    return {"type": "run", "version": VERSION, "source": source, **shape, **choices}


def _frame(entry: _Entry) -> dict[str, Any]:
    quads = {line.track.id: quad for line, quad, _ in entry.seen.places()}
    return {
        "type": "frame",
        "seq": entry.stamp.seq,
        "pts_ms": round(entry.stamp.pts_ms, 3),
        "render_ms": round(entry.render_ms, 2),
        "late": entry.late,
        "labels": [_label(one, quads) for one in entry.placed],
        "objects": [object_record(thing) for thing in entry.in_view.things],
        "codes": [code_record(code) for code in entry.in_view.codes],
    }


def _is_plate(one: Placed) -> bool:
    return any(reads_as_plate(line.track) for line in one.sign.lines) or is_plate(one.sign.text, one.sign.quad)


def _label(one: Placed, quads: dict[int, Quad]) -> dict[str, Any]:
    scores = [line.track.score() for line in one.sign.lines]
    lines = [(line.track.id, quads[line.track.id], line.text) for line in one.sign.lines if line.track.id in quads]
    return label(one.sign.id, one.quad, one.shown.translation, sum(scores) / len(scores), lines)
