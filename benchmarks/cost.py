"""What a run costs: wall time, processor time, peak memory.

In: the name of a function and its arguments as JSON. Out: what it returned and its `Cost`. Every measured
run has a process of its own, so that peak memory and models loaded are its own.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.errors import GlossaError

_MARK = "measured:"
_ASK_S = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one call: models are loaded within it, Python and the function's module before it."""

    wall_s: float
    cpu_s: float
    """All threads, user and system."""
    peak_rss_mb: float
    """Of the whole process, 10^6 bytes."""


class GivenUpError(Exception):
    """A measured run was ended because it was no longer worth its time."""


def measure(function: str, **arguments: Any) -> tuple[Any, Cost]:
    """Call `package.module:function` with keyword arguments in a fresh process. Blocks.

    Arguments and result must survive JSON. Raises GlossaError with the last
    words of the process when it fails.
    """
    return measure_unless(lambda: False, function, **arguments)


def measure_unless(spoilt: Callable[[], bool], function: str, **arguments: Any) -> tuple[Any, Cost]:
    """As `measure`; ends the run and raises GivenUpError as soon as it is `spoilt`, which is asked once a second."""
    command = [sys.executable, "-m", "benchmarks.cost", function, json.dumps(arguments)]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said, complained = _ended(process, spoilt)
        except BaseException:
            process.kill()
            raise
    told = [line for line in said.splitlines() if line.startswith(_MARK)]
    if process.returncode or not told:
        last = "\n".join((complained or said).strip().splitlines()[-12:])
        raise GlossaError(f"The measured run {function} failed with status {process.returncode}:\n{last}")
    answer = json.loads(told[-1].removeprefix(_MARK))
    return answer["result"], Cost(**answer["cost"])


def _ended(process: subprocess.Popen[str], spoilt: Callable[[], bool]) -> tuple[str, str]:
    """Wait for it; returns what it wrote to its standard output and error."""
    while True:
        try:
            return process.communicate(timeout=_ASK_S)
        except subprocess.TimeoutExpired:
            if spoilt():
                raise GivenUpError from None


def peak_rss_mb() -> float:
    """Return the largest resident memory of this process so far, 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: Linux lets a child start with the peak of the process that forked it.
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def rss_mb() -> float:
    """Return the resident memory of this process now, 10^6 bytes; its peak where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6
    return peak_rss_mb()


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _child(function: str, arguments: dict[str, Any]) -> None:
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    cpu_s, wall_s = _cpu_s(), time.perf_counter()
    result = call(**arguments)
    cost = {
        "wall_s": time.perf_counter() - wall_s,
        "cpu_s": _cpu_s() - cpu_s,
        "peak_rss_mb": peak_rss_mb(),
    }
    sys.stdout.write(f"\n{_MARK}{json.dumps({'result': result, 'cost': cost})}\n")


if __name__ == "__main__":
    _child(sys.argv[1], json.loads(sys.argv[2]))
