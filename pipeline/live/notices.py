"""What the wearer is told on the picture: troubles that last until they are over, news that pass.

In: sentences from any thread, each under a key. Out: the lines that stand now, and each new sentence once to whoever
announces it (a terminal). Knows nothing of how they are drawn.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from devices.clock import Clock

NEWS_S = 5.0
"""How long news stay on the picture."""


@dataclass(frozen=True, slots=True)
class _Notice:
    text: str
    until_ns: int | None


class Notices:
    """At most one notice a key, in the order in which the keys came."""

    def __init__(self, clock: Clock, announce: Callable[[str], None] = lambda text: None) -> None:
        """`announce` is called in the thread that says something, once for each new text; it must be quick."""
        self._clock = clock
        self._announce = announce
        self._notices: dict[str, _Notice] = {}
        self._changing = threading.Lock()

    def last(self, key: str, text: str) -> None:
        """Say something that stands until `clear`, or until something else is said under the same key."""
        self._put(key, _Notice(text, None))

    def news(self, key: str, text: str, for_s: float = NEWS_S) -> None:
        """Say something that stands for a while."""
        self._put(key, _Notice(text, self._clock.now_ns() + round(for_s * 1e9)))

    def clear(self, key: str) -> bool:
        """Take a notice away; returns whether there was one that stood."""
        with self._changing:
            gone = self._notices.pop(key, None)
        return gone is not None and (gone.until_ns is None or gone.until_ns > self._clock.now_ns())

    def lines(self) -> tuple[str, ...]:
        """What stands now."""
        now_ns = self._clock.now_ns()
        with self._changing:
            for key in [key for key, one in self._notices.items() if one.until_ns and one.until_ns <= now_ns]:
                del self._notices[key]
            return tuple(one.text for one in self._notices.values())

    def _put(self, key: str, notice: _Notice) -> None:
        with self._changing:
            before = self._notices.get(key)
            self._notices[key] = notice
        if before is None or before.text != notice.text:
            self._announce(notice.text)
