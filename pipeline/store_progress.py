"""Says how far a pull is: a bar in bytes on a terminal, plain lines in a pipe, nothing when asked to be quiet."""

import sys
import time
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from devices.files import megabytes
from devices.store import Entry, ModelFile

_LINE_EVERY_S = 10.0


class PullProgress:
    """A context manager for one model. Writes to standard error, so that results can be piped."""

    def __init__(self, entry: Entry, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._entry = entry
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._done: dict[str, int] = {}
        self._said = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        if not self._quiet and self._stream.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
            self._bar = Progress(*columns, TimeRemainingColumn(), console=Console(file=self._stream))
            self._task = self._bar.add_task(self._entry.id, total=self._entry.size)
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def watch(self, file: ModelFile, done: int) -> None:
        """So many bytes of a file are there."""
        self._done[file.name] = done
        total = sum(self._done.values())
        if self._bar:
            self._bar.update(self._task, completed=total, total=max(total, self._entry.size))
        elif not self._quiet and time.monotonic() - self._said >= _LINE_EVERY_S:
            self._said = time.monotonic()
            print(
                f"{self._entry.id}: {megabytes(total)} of {megabytes(self._entry.size)}", file=self._stream, flush=True
            )
