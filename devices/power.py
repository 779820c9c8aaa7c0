"""How full the battery is and how warm the machine, as far as it says so.

In: the files that the Linux kernel shows below /sys/class. Out: a `PowerState`; what is missing, unreadable or makes
no sense is None. Raises nothing, remembers nothing; takes about a millisecond, longer where firmware is asked.

Sources: Documentation/ABI/testing/sysfs-class-power and Documentation/driver-api/thermal/sysfs-api.rst of the kernel.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CLASSES = Path("/sys/class")

_SENSIBLE_C = (-40.0, 150.0)  # sensors that are switched off report -273 or 0x7fff
_BELOW_CRITICAL_K = 10.0  # at the critical point the machine is switched off: stay away from it
_SLOWING_TRIPS = ("passive", "hot")
_MOST = 10**15  # more than any of these files can mean
_FILLINGS = (("energy_now", "energy_full"), ("charge_now", "charge_full"))


@dataclass(frozen=True, slots=True)
class PowerState:
    """What is known; None is unknown."""

    charge: float | None = None
    """How full the battery is, 0 to 1; None too where there is none."""
    charging: bool | None = None
    """True while it hangs on a cable that keeps it full or fills it."""
    temperature_c: float | None = None
    """Of the sensor that is nearest to its limit."""
    limit_c: float | None = None
    """Where that sensor begins to slow the machine down."""

    @property
    def margin_k(self) -> float | None:
        """How much warmer it may become; below 0 where it is too warm already."""
        return None if self.temperature_c is None or self.limit_c is None else self.limit_c - self.temperature_c


PowerSource = Callable[[], PowerState]
"""Says how things stand now: `read_power`, or a simulation."""


def read_power(classes: Path = CLASSES) -> PowerState:
    """The state of this machine now; unknown where the kernel is none that shows it. Blocks briefly, never raises."""
    charge, charging = _battery(classes / "power_supply")
    temperature_c, limit_c = _warmest(classes / "thermal")
    return PowerState(charge, charging, temperature_c, limit_c)


def _battery(folder: Path) -> tuple[float | None, bool | None]:
    """Mean over all batteries of the machine itself; those of mice and pens do not count."""
    charges, words = [], []
    for supply in _folders(folder, "*"):
        if _text(supply / "type") != "Battery" or _text(supply / "scope") == "Device":
            continue
        if (charge := _charge(supply)) is not None:
            charges.append(charge)
        if (word := _text(supply / "status")) not in ("", "Unknown"):
            words.append(word)
    charging = all(word != "Discharging" for word in words) if words else None
    return (sum(charges) / len(charges) if charges else None), charging


def _charge(supply: Path) -> float | None:
    percent = _number(supply / "capacity")
    if percent is not None and 0 <= percent <= 100:
        return percent / 100
    for now, full in _FILLINGS:
        left, whole = _number(supply / now), _number(supply / full)
        if left is not None and whole is not None and whole > 0 and left >= 0:
            return min(left / whole, 1.0)
    return None


def _warmest(folder: Path) -> tuple[float | None, float | None]:
    """Temperature and limit of the sensor with the least margin; of the warmest where none has a limit."""
    zones = [
        (warm, _limit(zone))
        for zone in _folders(folder, "thermal_zone*")
        if (warm := _degrees(zone / "temp")) is not None
    ]
    limited = [(warm, limit) for warm, limit in zones if limit is not None]
    if limited:
        return min(limited, key=lambda zone: zone[1] - zone[0])
    return max((warm for warm, _ in zones), default=None), None


def _limit(zone: Path) -> float | None:
    trips: dict[str, list[float]] = {}
    for path in _folders(zone, "trip_point_*_type"):
        degrees = _degrees(path.with_name(path.name.replace("_type", "_temp")))
        if degrees is not None and degrees > 0:  # 0 and below: not in use
            trips.setdefault(_text(path), []).append(degrees)
    slowing = [degrees for kind in _SLOWING_TRIPS for degrees in trips.get(kind, [])]
    if slowing:
        return min(slowing)
    return min(trips["critical"]) - _BELOW_CRITICAL_K if "critical" in trips else None


def _folders(folder: Path, pattern: str) -> Iterator[Path]:
    try:
        yield from sorted(folder.glob(pattern))
    except OSError:
        return


def _degrees(path: Path) -> float | None:
    thousandths = _number(path)
    if thousandths is None or not _SENSIBLE_C[0] < thousandths / 1000 < _SENSIBLE_C[1]:
        return None
    return thousandths / 1000


def _number(path: Path) -> float | None:
    try:
        number = int(_text(path))
    except ValueError:
        return None
    return number if abs(number) < _MOST else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except (OSError, ValueError):
        return ""
