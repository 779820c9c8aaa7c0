"""The ways to make a variant of a model, for each place where it is to run; the first that is good enough is taken.

In: a model, feeds, a way. Out: another ONNX file. Needs onnx, and for some ways nncf or onnx-ir:
`pip install 'glossa[optimise]'`.
"""

import importlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vision.text.engine  # noqa: F401 - before onnxruntime: it forbids its reports
from devices import InputError, UnknownNameError
from pipeline.live.tuning.quantise import Feed, Recipe, quantise_as
from pipeline.optimise.matrices import Blocks, in_blocks
from pipeline.optimise.noise import drowned
from pipeline.optimise.packages import NNCF, ONNX, ONNX_IR, installed, nncf, quiet

CONVOLUTIONS = ("Conv", "ConvTranspose")
INT8, INT4, FULL = "int8", "int4", "float32"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make it."""

    name: str
    how: Recipe | Blocks | None = None
    """None: NNCF decides, or nothing is done beyond what is done for all (see `kind`)."""
    least_db: float | None = None
    """Convolutions whose result would have less signal over noise than this in int8 stay as they are."""
    kind: str = INT8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variant is to run."""

    name: str
    engine: str
    """What tries it here."""
    ways: tuple[Way, ...]
    timed: bool
    """Whether this machine's speed says anything about that place."""
    four_bits: tuple[Way, ...] = ()
    still: bool = False
    """Whether it takes networks of one fixed shape only."""
    next: str = ""
    """What the person has to do with the file."""


_ALL = Way("all operations", Recipe())
_SPARED = Way("all operations but the last", Recipe(spare_last=True))
_FEW = Way("convolutions but the last", Recipe(CONVOLUTIONS, spare_last=True))
_INPUTS = Recipe(CONVOLUTIONS, spare_last=True, results=False)
_CLEAR = tuple(Way(f"convolutions with {db} dB and more", _INPUTS, db) for db in (26, 30, 34))
_FOLDED = Way("float32, entrance folded", kind=FULL)
_ON_HEXAGON = (
    "Copy the file to the device. There: pip install onnxruntime-qnn, and open it by onnxruntime with the provider"
    " QNNExecutionProvider and the option backend_path libQnnHtp.so; its first start compiles for minutes, the session"
    " option ep.context_enable 1 keeps what comes of it. Shape and bits are fixed."
)

PLACES = {
    place.name: place
    for place in (
        Place(
            "cpu",
            "onnxruntime",
            (_ALL, _SPARED, _FEW, _FOLDED),
            True,
            tuple(Way(f"blocks of {size}", Blocks(size), kind=INT4) for size in (128, 32, 16)),
        ),
        Place(
            "openvino",
            "openvino",
            (Way("NNCF"), Way("convolutions", Recipe(CONVOLUTIONS)), _FEW, *_CLEAR),
            True,
            tuple(Way(f"NNCF, blocks of {size}", Blocks(size, by_nncf=True), kind=INT4) for size in (128, 32)),
        ),
        Place(
            "qnn",
            "onnxruntime",
            (
                Way("8 bit", Recipe(hexagon=True)),
                Way("8 bit but the last", Recipe(hexagon=True, spare_last=True)),
                Way("16 bit activations", Recipe(hexagon=True, wide=True)),
            ),
            False,
            still=True,
            next=_ON_HEXAGON,
        ),
    )
}
"""By name; `rknn-export` makes no variant but a folder for Rockchip's own converter."""


def place_called(name: str) -> Place:
    """Raises UnknownNameError with the known names."""
    if name not in PLACES:
        raise UnknownNameError(f"Unknown place '{name}'. Known: {', '.join(PLACES)}, rknn-export.")
    return PLACES[name]


def ways_of(place: Place, bits: int) -> tuple[Way, ...]:
    """The ways to make it in 8 or 4 bits. Raises InputError where a place has none."""
    if bits == 4 and not place.four_bits:
        raise InputError(
            f"int4 is made for cpu and openvino; for {place.name} its maker's own tool makes it, from the full model"
        )
    return place.four_bits if bits == 4 else place.ways


def make(way: Way, model: Path, out: Path, feeds: Sequence[Feed]) -> None:
    """Write the variant of `model` to `out`. Blocks, for minutes perhaps. Raises MissingError for a package."""
    if way.kind == FULL:
        shutil.copyfile(model, out)
        return
    if isinstance(way.how, Blocks):
        in_blocks(model, out, way.how)
        return
    if way.how is not None:
        spare = None if way.least_db is None else drowned(way.least_db)
        quantise_as(model, out, feeds, way.how, spare)
        return
    tool = nncf()
    onnx: Any = importlib.import_module("onnx")
    # Not the mixed preset: OpenVINO 2026.4 refuses what comes of it for some networks.
    data = tool.Dataset([dict(feed) for feed in feeds])
    with quiet():
        made = tool.quantize(
            onnx.load(str(model)), data, subset_size=len(feeds), preset=tool.QuantizationPreset.PERFORMANCE
        )
    onnx.save(made, str(out))


def can(way: Way) -> bool:
    """False where a package that the way needs is not installed."""
    if isinstance(way.how, Blocks):
        return installed(ONNX, NNCF if way.how.by_nncf else ONNX_IR)
    return installed(ONNX) if way.how or way.kind == FULL else installed(ONNX, NNCF)
