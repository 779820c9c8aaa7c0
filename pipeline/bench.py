"""`glossa bench`: runs the benchmarks, which live beside the packages in a checkout and are never installed."""

import importlib
import sys
from pathlib import Path

from devices import MissingError, UnknownNameError


def run_benchmark(arguments: list[str]) -> int:
    """Hands over to `benchmarks.NAME.main(arguments)`; returns its exit status."""
    root = Path(__file__).resolve().parents[1]
    folder = root / "benchmarks"
    if not folder.is_dir():
        raise MissingError(
            "The benchmarks are not part of the installed package: run `glossa bench` in a checkout of the source, "
            "installed with: pip install -e '.[bench]'"
        )
    known = sorted(p.stem for p in folder.glob("*.py") if "\ndef main(" in p.read_text(encoding="utf-8"))
    if not arguments or arguments[0] in ("-h", "--help"):
        print(f"Usage: glossa bench NAME [options]\n\nNAME is one of: {', '.join(known)}")
        return 0
    if arguments[0] not in known:
        raise UnknownNameError(f"Unknown benchmark '{arguments[0]}'. Known benchmarks: {', '.join(known)}.")
    sys.path.insert(0, str(root))
    try:
        module = importlib.import_module(f"benchmarks.{arguments[0]}")
    except ModuleNotFoundError as missing:
        raise MissingError(
            f"The benchmark needs the package '{missing.name}'. Install it with: pip install -e '.[bench]'"
        ) from missing
    return int(module.main(arguments[1:]) or 0)
