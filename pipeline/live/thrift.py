"""How much of its allowance reading may use, by the state of battery and heat. Pure functions.

In: a power state and what was decided last. Out: a share between 0 and 1, with hysteresis: less at once, more only when
things are clearly better, so that the tier does not swing with a sensor's last digit. Reads no clock and no file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from devices.power import PowerState

SHARES = (1.0, 0.75, 0.5, 0.25, 0.0)
"""By level; at the last nothing is read any more, what is known stays in its place."""

HEAT_K = (8.0, 5.0, 2.5, 0.0)
"""A level is enough for as much margin to the temperature limit as this; with less it takes the next."""
CHARGE = (0.30, 0.15, 0.07)
"""The same for a battery that is being emptied; a low one alone never stops reading."""

HEAT_GAP_K = 1.5
"""How much more margin than that it takes to come back."""
CHARGE_GAP = 0.03


@dataclass(frozen=True, slots=True)
class Thrift:
    """What was decided; both levels are indexes of `SHARES`."""

    heat: int = 0
    charge: int = 0

    @property
    def share(self) -> float:
        """Share of the allowance that may be used, and of the time that may be spent reading; 0 to 1."""
        return SHARES[max(self.heat, self.charge)]

    def reason(self, state: PowerState) -> str:
        """Why less than everything is used, for people; empty at full share."""
        causes = []
        if self.heat and state.temperature_c is not None and state.limit_c is not None:
            causes.append(f"{state.temperature_c:.0f} of {state.limit_c:.0f} °C")
        if self.charge and state.charge is not None:
            causes.append(f"battery {state.charge:.0%}")
        if not self.heat and not self.charge:
            return ""
        return f"{' and '.join(causes) or 'power'}: reading at {self.share:.0%}"


def be_thrifty(state: PowerState, last: Thrift = Thrift()) -> Thrift:
    """What to allow in this state, after `last`. What is unknown limits nothing."""
    charge = None if state.charging else state.charge
    return Thrift(
        _level(state.margin_k, HEAT_K, HEAT_GAP_K, last.heat), _level(charge, CHARGE, CHARGE_GAP, last.charge)
    )


def _level(value: float | None, bounds: Sequence[float], gap: float, last: int) -> int:
    if value is None:
        return 0
    now, clearly = _rank(value, bounds), _rank(value - gap, bounds)
    return max(now, min(last, clearly))


def _rank(value: float, bounds: Sequence[float]) -> int:
    return next((level for level, bound in enumerate(bounds) if value >= bound), len(bounds))


def rest_ms(took_ms: float, share: float) -> float:
    """How long to rest after a reading that took `took_ms`, so that reading takes `share` of the time; ms.

    Smaller tiers alone would save nothing while there is always something to read. Infinite for a share of 0.
    """
    return took_ms * (1 - share) / share if share > 0 else float("inf")
