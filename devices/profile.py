"""Device profiles: what is published of a chip and of a device built on it, and what follows from that by a rule.

In: a TOML file, one of `devices/profiles/` or any other path. Out: a frozen `Profile`, every figure of which says
where it comes from; one that was derived says by which rule. Knows nothing of stages, tiers and lanes.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devices.errors import InputError, UnknownNameError
from devices.profile_table import Figure, Table

FOLDER = Path(__file__).with_name("profiles")
"""The profiles that come with the install."""

JOBS = ("detect", "recognise", "translate")
"""What networks do: find lines in a picture, read one line, translate one text."""

PRECISIONS = ("int8", "float16", "float32")
"""What units compute in, coarsest first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A processing unit of the chip."""

    name: str
    power_w: Figure
    """What it draws while it works, above what the device draws anyway."""
    precisions: tuple[str, ...]
    """What it computes in; a network in another precision runs elsewhere."""


@dataclass(frozen=True, slots=True)
class Network:
    """What one network takes on one unit."""

    job: str
    precision: str
    unit: str
    ms: Figure
    """Half of the runs are not slower. Detecting: on `pixels`; reading: one line; translating: the source text."""
    pixels: int
    """Of the picture that `ms` is for, where the job depends on it; else 0."""
    step_ms: Figure | None
    """Translating: for each piece of the target text besides."""


@dataclass(frozen=True, slots=True)
class Body:
    """The device around the chip: what it draws always, and how it gets rid of its heat."""

    memory_mb: Figure
    battery_wh: Figure | None
    """None where it hangs on a cable."""
    sustained_w: Figure
    """What it can draw without end: then it is `limit_c` warm in a room of `ambient_c`."""
    base_w: Figure
    display_w: Figure
    camera_w: Figure
    limit_c: Figure
    ambient_c: Figure
    heat_j_per_k: Figure
    """What it takes to warm the whole of it by one degree."""

    @property
    def constant_w(self) -> float:
        """What it draws while it is worn and nothing is computed."""
        return self.base_w.value + self.display_w.value + self.camera_w.value

    @property
    def k_per_w(self) -> float:
        """How much warmer than the room it becomes for each watt."""
        return (self.limit_c.value - self.ambient_c.value) / self.sustained_w.value


@dataclass(frozen=True, slots=True)
class Profile:
    """A chip and a device built on it."""

    name: str
    title: str
    body: Body
    units: Mapping[str, Unit]
    networks: tuple[Network, ...]
    spread: Figure
    """How much slower 95 of 100 runs may be than half of them: p95 / p50."""
    sources: Mapping[str, str]
    """What the keys in `Figure.source` stand for."""

    def network(self, job: str, precision: str) -> Network | None:
        """The fastest way to do a job in a precision, None where there is none."""
        fitting = [one for one in self.networks if (one.job, one.precision) == (job, precision)]
        return min(fitting, key=lambda one: one.ms.value, default=None)

    def has_npu(self) -> bool:
        """True where there is a unit made for networks."""
        return "npu" in self.units


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that come with the install, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_profile(name: str | Path) -> Profile:
    """The profile of that name, or in the file at that path (it ends in .toml).

    Raises UnknownNameError with the known names, InputError for a file that is not a whole profile.
    """
    path = Path(name)
    if path.suffix != ".toml":
        if str(name) not in profile_names():
            raise UnknownNameError(
                f"Unknown device profile '{name}'. Known profiles: {', '.join(profile_names())}, or a path to a .toml."
            )
        path = FOLDER / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise InputError(f"Device profile {path}: cannot be read ({why.strerror}).") from why
    except (ValueError, RecursionError) as why:
        told = str(why)[:200] or "nested too deeply"
        raise InputError(f"Device profile {path}: expected TOML in UTF-8, {told}.") from why
    return _profile(Table(f"Device profile {path.name}", content), path.stem)


def _profile(table: Table, name: str) -> Profile:
    sources = table.texts("sources")
    table.sources = frozenset(sources)
    units = {key: _unit(key, table.table("units").table(key)) for key in table.table("units").names}
    if "cpu" not in units:
        raise InputError(f"{table.where}: expected a unit cpu, got {', '.join(units) or 'none'}.")
    profile = Profile(
        name,
        table.text("title"),
        _body(table.table("body")),
        units,
        tuple(_network(one, units) for one in table.tables("networks")),
        table.figure("spread"),
        sources,
    )
    table.end()
    missing = [job for job in JOBS if not any(one.job == job for one in profile.networks)]
    if missing:
        raise InputError(f"{table.where}: expected a network for each of {', '.join(JOBS)}, none for {missing[0]}.")
    if profile.spread.value < 1 or profile.body.k_per_w <= 0:
        raise InputError(f"{table.where}: expected a spread of 1 or more and a limit_c above ambient_c.")
    return profile


def _unit(name: str, table: Table) -> Unit:
    unit = Unit(name, table.figure("power_w"), table.choices("precisions", PRECISIONS))
    table.end()
    return unit


def _body(table: Table) -> Body:
    body = Body(
        memory_mb=table.figure("memory_mb"),
        battery_wh=table.figure("battery_wh") if "battery_wh" in table.names else None,
        sustained_w=table.figure("sustained_w"),
        base_w=table.figure("base_w"),
        display_w=table.figure("display_w", least=0.0),
        camera_w=table.figure("camera_w", least=0.0),
        limit_c=table.figure("limit_c"),
        ambient_c=table.figure("ambient_c"),
        heat_j_per_k=table.figure("heat_j_per_k"),
    )
    table.end()
    return body


def _network(table: Table, units: Mapping[str, Unit]) -> Network:
    job, unit = table.choice("job", JOBS), table.choice("unit", tuple(units))
    network = Network(
        job,
        table.choice("precision", units[unit].precisions),
        unit,
        table.figure("ms", least=0.0),
        table.whole("pixels") if job == "detect" else 0,
        table.figure("step_ms") if job == "translate" else None,
    )
    table.end()
    return network
