"""Says how far the work is: a bar on a terminal, plain lines in a pipe, nothing when asked to be quiet."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

T = TypeVar("T")

_LINE_EVERY_S = 5.0


class Progress:
    """One piece of work after another. Writes to standard error, so that results can be piped."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None, unit: str = "frames") -> None:
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._unit = unit

    def track(self, what: str, items: Iterable[T], total: int | None) -> Iterator[T]:
        """The items unchanged, counted as they pass."""
        if self._quiet:
            yield from items
        elif self._stream.isatty():
            yield from self._bar(what, items, total)
        else:
            yield from self._lines(what, items, total)

    def _bar(self, what: str, items: Iterable[T], total: int | None) -> Iterator[T]:
        columns = (
            TextColumn("{task.description:>8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        with Bar(*columns, console=Console(file=self._stream), transient=False) as bar:
            task = bar.add_task(what, total=total, rate="")
            for item in items:
                yield item
                speed = bar.tasks[task].speed
                bar.update(task, advance=1, rate=self._rate(speed) if speed else "")
            bar.update(task, total=bar.tasks[task].completed)

    def _lines(self, what: str, items: Iterable[T], total: int | None) -> Iterator[T]:
        start = said = time.monotonic()
        count = 0
        for item in items:
            yield item
            count += 1
            now = time.monotonic()
            if now - said >= _LINE_EVERY_S:
                said = now
                rate = count / (now - start)
                left = f", {max(total - count, 0) / rate:.0f} s left" if total else ""
                of = f" of {total}" if total else ""
                fps = self._rate(rate, ", ")
                print(f"{what}: {count}{of} {self._unit}{fps}{left}", file=self._stream, flush=True)
        spent = max(time.monotonic() - start, 1e-6)
        print(f"{what}: {count} {self._unit} in {spent:.1f} s", file=self._stream, flush=True)

    def _rate(self, hz: float, before: str = "") -> str:
        """Frames a second mean something; steps of different length do not."""
        return f"{before}{hz:.{1 if before else 0}f} fps" if self._unit == "frames" else ""
