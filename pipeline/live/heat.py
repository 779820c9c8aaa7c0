"""The battery and the warmth of a device that is only simulated: energy spent empties the one and raises the other.

In: joules, as they are spent, and a clock. Out: a `PowerState`, as `devices.power` would read it there.
"""

import math
import threading

from devices.clock import Clock
from devices.power import PowerState
from devices.profile import Body

_NS_PER_S = 1e9
_J_PER_WH = 3600.0


def warmed(temperature_c: float, power_w: float, seconds: float, body: Body) -> float:
    """How warm a body is that was `temperature_c` and drew `power_w` for `seconds`.

    One thermal mass `C` behind one resistance `R` to the room, solved exactly: it nears `T_room + R * P` with the time
    constant `R * C` (Newton's law of cooling).
    """
    settled_c = body.ambient_c.value + body.k_per_w * power_w
    return settled_c + (temperature_c - settled_c) * math.exp(-seconds / (body.k_per_w * body.heat_j_per_k.value))


class Simulated:
    """A `PowerSource`. It draws its constant power all the time; `spend` adds to that, from any thread."""

    def __init__(self, body: Body, clock: Clock, *, charge: float = 1.0, temperature_c: float | None = None) -> None:
        self._body = body
        self._clock = clock
        self._charge = charge
        self._temperature_c = body.ambient_c.value if temperature_c is None else temperature_c
        self._then_ns = clock.now_ns()
        self._spent_j = 0.0
        self._counting = threading.Lock()

    def spend(self, joules: float) -> None:
        """So much was spent since the last look, beside the constant power."""
        with self._counting:
            self._spent_j += joules

    def __call__(self) -> PowerState:
        """How things stand now. What was spent since the last call is taken as spread evenly over that time."""
        now_ns = self._clock.now_ns()
        with self._counting:
            seconds = (now_ns - self._then_ns) / _NS_PER_S
            if seconds > 0:
                power_w = self._body.constant_w + self._spent_j / seconds
                self._temperature_c = warmed(self._temperature_c, power_w, seconds, self._body)
                if self._body.battery_wh is not None:
                    used = power_w * seconds / (self._body.battery_wh.value * _J_PER_WH)
                    self._charge = max(0.0, self._charge - used)
                self._then_ns, self._spent_j = now_ns, 0.0
            on_battery = self._body.battery_wh is not None
            return PowerState(
                charge=self._charge if on_battery else None,
                charging=not on_battery,
                temperature_c=self._temperature_c,
                limit_c=self._body.limit_c.value,
            )
