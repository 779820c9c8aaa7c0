"""Starts and stops the parts of the live engine in their order. Knows nothing of what a part does.

Parts are given in the direction in which pictures flow: capture first, display last. They start against the flow, so
that nothing is produced before there is somebody to take it, and stop along it, so that each can finish what the one
before it still sent.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self


class Part(Protocol):
    """A lane, a camera's thread, a watchdog."""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        ...

    def start(self) -> None:
        """Begin; must not block."""
        ...

    def stop(self, timeout_s: float) -> bool:
        """End, blocking at most `timeout_s`; returns whether it has ended. Harmless where it was never started."""
        ...


class Engine:
    """All parts as one: `with Engine(parts): ...` starts them and stops them, whatever happens inside."""

    def __init__(self, parts: Sequence[Part], stop_within_s: float = 5.0) -> None:
        self._parts = tuple(parts)
        self._stop_within_s = stop_within_s

    def start(self) -> None:
        """Start every part, last to first. Where one cannot, all are stopped again and its error goes on."""
        try:
            for part in reversed(self._parts):
                part.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> list[str]:
        """Stop every part, first to last; blocks at most `stop_within_s` in all, an equal share for each part.

        Returns the names of those that have not ended, or raised: they are left behind and end with the process.
        """
        share_s = self._stop_within_s / max(1, len(self._parts))
        return [part.name for part in self._parts if not _stop(part, share_s)]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def _stop(part: Part, timeout_s: float) -> bool:
    try:
        return part.stop(timeout_s)
    except Exception:  # the parts after it must be stopped all the same
        return False
