"""The measurement as it is remembered: a JSON file in the user's cache, good for one machine and one set of versions.

In: what a tune found. Out: the same again, or None where it was never made or the machine has changed since.
"""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import platformdirs

from devices import OutputError
from devices.profile import Profile
from pipeline.live.costs import Cost, CostTable
from pipeline.live.session import EFFORTS, READING_STAGE, UNMEASURED
from pipeline.live.stand_in import costs as costs_of
from pipeline.live.tuning.agreement import Agreement
from pipeline.live.tuning.choice import choose_setup
from pipeline.live.tuning.trials import INT8, Measured, Setup
from vision.text import ReaderOptions
from vision.text.engine import ENGINES, OPENVINO_NAMES

FORMAT = 1
_PACKAGES = ("glossa", "rapidocr", "onnxruntime", "openvino", "opencv-python-headless", "numpy")
_MOST_THREADS = 1024


@dataclass(frozen=True, slots=True)
class Choice:
    """What to read with, and what the tiers of live reading then cost."""

    setup: Setup
    reading: Mapping[str, Cost]
    """By tier."""

    @property
    def costs(self) -> CostTable:
        """For a session."""
        return {(READING_STAGE, tier): cost for tier, cost in self.reading.items()}

    def options(self) -> ReaderOptions:
        """For a reader."""
        quantised = self.setup.precision == INT8
        return ReaderOptions(
            engine=self.setup.engine,
            threads=self.setup.threads,
            precision=None if quantised else self.setup.precision,
            detector=int8_file(self.setup.engine) if quantised else None,
        )


@dataclass(frozen=True, slots=True)
class Tuned:
    """All that a tune found."""

    measured: tuple[Measured, ...]
    agreements: Mapping[tuple[str, str], Agreement]
    """With full precision, by engine and precision."""
    choices: tuple[Choice, ...]
    """The first one leaves a core to drawing; the others may use more threads."""
    notes: tuple[str, ...] = ()
    """What could not be tried, and why."""


def cache_folder() -> Path:
    """Where the measurement and the quantised networks lie."""
    return Path(platformdirs.user_cache_dir("glossa", appauthor=False))


def tuned_file() -> Path:
    """Where the measurement is remembered."""
    return cache_folder() / "tuned.json"


def int8_file(engine: str) -> Path:
    """Where the quantised detector for an engine lies, if one was made."""
    return cache_folder() / f"detector-int8-{engine}.onnx"


def this_machine() -> dict[str, Any]:
    """What a measurement depends on."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "versions": {package: _version(package) for package in _PACKAGES},
        "efforts": {tier: [effort.short_side_px, effort.most_lines] for tier, effort in EFFORTS.items()},
    }


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def save(tuned: Tuned, path: Path | None = None) -> Path:
    """Remember it; returns where. Raises OutputError where that cannot be written."""
    path = path or tuned_file()
    record = {
        "format": FORMAT,
        "machine": this_machine(),
        "measured": [_row(one) for one in tuned.measured],
        "agreements": [[*way, *_sums(agreement)] for way, agreement in tuned.agreements.items()],
        "choices": [
            {"setup": _setup(one.setup), "reading": {tier: _cost(cost) for tier, cost in one.reading.items()}}
            for one in tuned.choices
        ],
        "notes": list(tuned.notes),
    }
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as why:
        raise OutputError(f"{path}: the measurement cannot be remembered ({why.strerror}).") from why
    return path


def load(path: Path | None = None) -> Tuned | None:
    """What was measured on this machine with these versions; None: nothing, or of another time. Raises nothing."""
    return remembered(path)[0]


def remembered(path: Path | None = None) -> tuple[Tuned | None, str]:
    """The same, and why there is none: a few words. Raises nothing."""
    try:
        record = json.loads((path or tuned_file()).read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            return None, "it was measured by another version of glossa"
        if differing := _differing(record["machine"]):
            return None, f"it was measured before something changed: {', '.join(differing)}"
        tuned = Tuned(
            tuple(_measured(row) for row in record["measured"]),
            {(engine, precision): Agreement(*map(int, sums)) for engine, precision, *sums in record["agreements"]},
            tuple(_choice(one) for one in record["choices"]),
            tuple(record["notes"]),
        )
    except FileNotFoundError:
        return None, "nothing was measured"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, "what was measured cannot be read"
    for one in tuned.choices:
        if one.setup.precision == INT8 and not int8_file(one.setup.engine).is_file():
            return None, f"the network in int8 that was made for it is gone: {int8_file(one.setup.engine)}"
    return tuned, ""


def _differing(machine: Mapping[str, Any]) -> list[str]:
    """What of the machine is not as it was."""
    now = this_machine()
    before, versions = machine["versions"], now["versions"]
    packages = [name for name in versions if before.get(name) != versions[name]]
    return [part for part in now if part != "versions" and machine[part] != now[part]] + packages


def chosen(engine: str | None = None, path: Path | None = None) -> Choice | None:
    """What a tune chose for live reading; None: nothing was measured, or the person asks for another engine."""
    tuned = load(path)
    if tuned is None or not tuned.choices or engine not in (None, tuned.choices[0].setup.engine):
        return None
    return tuned.choices[0]


def for_files(engine: str | None = None, path: Path | None = None) -> ReaderOptions | None:
    """How to read photographs and recorded videos; None: nothing was measured, or the person asks for another engine.

    The fastest way on all cores. Never in int8: a file can wait, and what is lost of it is lost for good.
    """
    tuned = load(path)
    measured = [] if tuned is None else [one for one in tuned.measured if one.setup.precision != INT8]
    setup = choose_setup(measured, tuned.agreements, cores()) if tuned else None
    if setup is None or engine not in (None, setup.engine):
        return None
    return ReaderOptions(engine=setup.engine, threads=setup.threads, precision=setup.precision)


def load_costs(profile: Profile | None = None, path: Path | None = None) -> CostTable:
    """The cost table for a session: of a device, or what was measured here, or else `UNMEASURED`."""
    if profile is not None:
        return costs_of(profile)
    choice = chosen(path=path)
    return choice.costs if choice else UNMEASURED


def _row(one: Measured) -> dict[str, Any]:
    return {"model": one.model, "setup": _setup(one.setup), "size_px": one.size_px, "cost": _cost(one.cost),
            "runs": one.runs}  # fmt: skip


def _measured(row: Mapping[str, Any]) -> Measured:
    setup, cost = _checked(*row["setup"]), Cost(*row["cost"])
    return Measured(str(row["model"]), setup, int(row["size_px"]), cost, int(row["runs"]))


def _choice(row: Mapping[str, Any]) -> Choice:
    reading = {tier: Cost(*row["reading"][tier]) for tier in EFFORTS}
    return Choice(_checked(*row["setup"]), reading)


def _checked(engine: str, precision: str, threads: int) -> Setup:
    """Raises ValueError and TypeError for what no engine could be told: the file may have been damaged or edited."""
    if engine not in ENGINES or precision not in (INT8, *OPENVINO_NAMES) or not 1 <= int(threads) <= _MOST_THREADS:
        raise ValueError(f"a setup: {engine}, {precision}, {threads}")
    return Setup(engine, precision, int(threads))


def _setup(setup: Setup) -> list[Any]:
    return [setup.engine, setup.precision, setup.threads]


def _cost(cost: Cost) -> list[float]:
    return [round(cost.p50_ms, 3), round(cost.p95_ms, 3)]


def _sums(agreement: Agreement) -> Sequence[int]:
    return [agreement.boxes, agreement.boxes_alike, agreement.characters, agreement.differing]


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except (OSError, ValueError):
        pass
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
