"""The ways to make a model int8, for each place where it is to run; the first that is good enough is taken.

In: a model, feeds, a way. Out: another ONNX file. Needs onnx, and for one way nncf: `pip install 'glossa[optimise]'`.
"""

import importlib
import importlib.util
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vision.text.engine  # noqa: F401 - before onnxruntime: it forbids its reports
from devices import MissingError, UnknownNameError
from pipeline.live.tuning.quantise import Feed, Recipe, quantise_as

_CONVOLUTIONS = ("Conv", "ConvTranspose")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make it."""

    name: str
    recipe: Recipe | None
    """None: NNCF decides."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variant is to run."""

    name: str
    engine: str
    """What tries it here."""
    ways: tuple[Way, ...]
    timed: bool
    """Whether this machine's speed says anything about that place."""


_ALL = Way("all operations", Recipe())
_SPARED = Way("all operations but the last", Recipe(spare_last=True))
_FEW = Way("convolutions but the last", Recipe(_CONVOLUTIONS, spare_last=True))
_NNCF = Way("NNCF", None)

PLACES = {
    place.name: place
    for place in (
        Place("cpu", "onnxruntime", (_ALL, _SPARED, _FEW), True),
        Place("openvino", "openvino", (_NNCF, Way("convolutions", Recipe(_CONVOLUTIONS)), _FEW), True),
        Place(
            "qnn",
            "onnxruntime",
            (
                Way("8 bit", Recipe(hexagon=True)),
                Way("8 bit but the last", Recipe(hexagon=True, spare_last=True)),
                Way("16 bit activations", Recipe(hexagon=True, wide=True)),
            ),
            False,
        ),
    )
}
"""By name; `rknn-export` makes no variant but a folder for Rockchip's own converter."""


def place_called(name: str) -> Place:
    """Raises UnknownNameError with the known names."""
    if name not in PLACES:
        raise UnknownNameError(f"Unknown place '{name}'. Known: {', '.join(PLACES)}, rknn-export.")
    return PLACES[name]


def make(way: Way, model: Path, out: Path, feeds: Sequence[Feed]) -> None:
    """Write the variant of `model` to `out`. Blocks, for minutes perhaps. Raises MissingError for a package."""
    if way.recipe is not None:
        quantise_as(model, out, feeds, way.recipe)
        return
    if not can(way):
        raise MissingError("NNCF is not installed: pip install 'glossa[optimise]'")
    # NNCF reports to its maker through this package, and uses a silent stub without it.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    nncf: Any = importlib.import_module("nncf")
    onnx: Any = importlib.import_module("onnx")
    logging.getLogger("nncf").setLevel(logging.ERROR)
    # Not the mixed preset: OpenVINO 2026.4 refuses what comes of it for some networks.
    data = nncf.Dataset([dict(feed) for feed in feeds])
    made = nncf.quantize(
        onnx.load(str(model)), data, subset_size=len(feeds), preset=nncf.QuantizationPreset.PERFORMANCE
    )
    onnx.save(made, str(out))


def can(way: Way) -> bool:
    """False where a package that the way needs is not installed."""
    needed = "onnx" if way.recipe else "nncf"
    return importlib.util.find_spec(needed) is not None
