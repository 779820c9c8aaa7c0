"""Looks at battery and heat now and then, and tells the session how thrifty to be.

In: a power source, a clock, and what to tell. Out: calls of `apply` where the decision changed. Starts no thread:
whoever has time calls `step`; not the render lane, because firmware may take long to say how warm it is.
"""

from collections.abc import Callable

from devices.clock import NS_PER_MS, Clock
from devices.power import PowerSource
from pipeline.live.thrift import Thrift, be_thrifty

LOOK_EVERY_MS = 1000.0


class Governor:
    """Decides at most once every `every_ms`."""

    def __init__(
        self,
        source: PowerSource,
        apply: Callable[[float], None],
        clock: Clock,
        *,
        say: Callable[[str], None] = lambda reason: None,
        every_ms: float = LOOK_EVERY_MS,
    ) -> None:
        """`apply` gets the share (0 to 1) and `say` a sentence, empty at full share; both when it changes."""
        self._source = source
        self._apply = apply
        self._clock = clock
        self._say = say
        self._every_ns = round(every_ms * NS_PER_MS)
        self._next_ns = clock.now_ns()
        self.thrift = Thrift()
        """What was decided last."""

    def step(self) -> Thrift:
        """Look, if it is time to. Blocks while the source does."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._next_ns:
            self._next_ns = now_ns + self._every_ns
            state = self._source()
            thrift = be_thrifty(state, self.thrift)
            if thrift != self.thrift:
                self.thrift = thrift
                self._apply(thrift.share)
                self._say(thrift.reason(state))
        return self.thrift
