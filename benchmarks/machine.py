"""On what a benchmark ran: without this a figure means nothing. Knows nothing of what was measured."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("glossa", "av", "numpy", "onnxruntime", "opencv-python-headless", "openvino", "rapidocr")


def describe_machine() -> dict[str, Any]:
    """Return processor, cores, system load, date and versions."""
    return {
        "cpu": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_at_start": round(os.getloadavg()[0], 2),
        "system": platform.platform(terse=True),
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
    }


def stolen_s() -> float:
    """Return the processor time that the host has given to other machines so far, summed over our processors.

    0 where the system does not tell (see proc_stat(5), "steal").
    """
    stat = Path("/proc/stat")
    fields = stat.read_text(encoding="ascii").split("\n", 1)[0].split() if stat.exists() else []
    return int(fields[8]) / os.sysconf("SC_CLK_TCK") if len(fields) > 8 else 0.0


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
