"""A network in int8: its activations calibrated on given pictures, its weights by channel.

In: an ONNX file and pictures as tensors. Out: another ONNX file, with QuantizeLinear/DequantizeLinear pairs that both
engines run in int8, and what the first one said of itself. Needs the onnx package, which Glossa itself does not:
`pip install 'glossa[tune]'`.

Method: post-training static quantisation, Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018, as in onnxruntime.quantization.
"""

import importlib
import importlib.util
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import vision.text.engine  # noqa: F401 - before onnxruntime: it forbids its reports
from devices import MissingError

_OPSET = 13  # the first with scales by channel
_CONVOLUTIONS = ("Conv", "ConvTranspose")
_ENGINES: dict[str, tuple[str, ...] | None] = {"openvino": _CONVOLUTIONS, "onnxruntime": None}
"""Operations in int8, None for all that can be. Measured: onnxruntime loses time at each change between int8 and
float32, OpenVINO has faster float32 for what is not a convolution."""


_ANSWERING = (*_CONVOLUTIONS, "MatMul", "Gemm")

Feed = Mapping[str, NDArray[Any]]
"""What a network is given once, by the names of its inputs."""

Spare = Callable[[Path, Sequence[Feed]], list[str]]
"""Given a network whose constants are folded in, and feeds: names of operations."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What becomes int8."""

    operations: tuple[str, ...] | None = None
    """None: all that can be."""
    spare_last: bool = False
    """Leave what gives the answers as it is: where boxes and scores share one tensor, one step of int8 is a lot."""
    hexagon: bool = False
    """As Qualcomm's QNN wants it."""
    wide: bool = False
    """Activations in 16 bit, for `hexagon` only."""
    results: bool = True
    """False: what comes out of an operation stays as it is, only what goes in is rounded; OpenVINO needs no more."""


def can_quantise() -> bool:
    """True where the onnx package is installed."""
    return importlib.util.find_spec("onnx") is not None


def quantise(model: Path, out: Path, tensors: Sequence[NDArray[np.float32]], engine: str) -> None:
    """Write `model`, which has one input, in int8 to `out`, as suits `engine`. Blocks for ten seconds or more.

    Works in the folder of `out` only. Raises MissingError without the onnx package.
    """
    quantise_as(model, out, tensors, Recipe(_ENGINES[engine]))


def quantise_as(
    model: Path,
    out: Path,
    feeds: Sequence[Feed | NDArray[np.float32]],
    recipe: Recipe,
    spare: Spare | None = None,
) -> None:
    """Write `model` in int8 to `out` by a recipe; a feed that is one tensor is for the first input. See `quantise`.

    `spare` is asked which operations to leave as they are, beside those of the recipe.
    """
    if not can_quantise():
        raise MissingError(
            "int8 was not tried: that needs the onnx package. Install it with: pip install 'glossa[tune]'"
        )
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize, quantize_static

    out.parent.mkdir(parents=True, exist_ok=True)
    with _working_below(out.parent) as folder, _quiet():
        plain = _prepared(model, folder)
        made = folder / "int8.onnx"
        spared = _last(plain) if recipe.spare_last else []
        if spare:
            spared = sorted({*spared, *spare(plain, _named(plain, feeds))})
        if recipe.hexagon:
            from onnxruntime.quantization.execution_providers.qnn import get_qnn_qdq_config

            kind = QuantType.QUInt16 if recipe.wide else QuantType.QUInt8
            # By channel: its processor takes that with signed weights, and without it small channels are lost.
            wishes = get_qnn_qdq_config(
                str(plain),
                _reader(plain, feeds),
                activation_type=kind,
                weight_type=QuantType.QInt8,
                per_channel=True,
                nodes_to_exclude=spared,
            )
            quantize(str(plain), str(made), wishes)
        else:
            quantize_static(
                str(plain),
                str(made),
                _reader(plain, feeds),
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=recipe.operations,
                nodes_to_exclude=spared,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
                extra_options={} if recipe.results else {"OpTypesToExcludeOutputQuantization": [*_ANSWERING]},
            )
        _keep_notes(model, made)
        made.replace(out)


def _last(model: Path) -> list[str]:
    """Names of the operations that give the answers: on each way back from an output, up to the last with weights."""
    graph = importlib.import_module("onnx").load(str(model), load_external_data=False).graph
    made_by = {name: node for node in graph.node for name in node.output}
    found: set[str] = set()
    left = [output.name for output in graph.output]
    while left:
        node = made_by.get(left.pop())
        if node is None or node.name in found:
            continue
        found.add(node.name)
        if node.op_type not in _ANSWERING:
            left.extend(node.input)
    return sorted(found - {""})


def _keep_notes(model: Path, made: Path) -> None:
    """What a model says of itself, say its alphabet, is lost on the way: it is written in again."""
    onnx: Any = importlib.import_module("onnx")
    notes = onnx.load(str(model), load_external_data=False).metadata_props
    graph = onnx.load(str(made))
    there = {one.key for one in graph.metadata_props}
    missing = [one for one in notes if one.key not in there]
    if missing:
        graph.metadata_props.extend(missing)
        onnx.save(graph, str(made))


def folded(model: Path, folder: Path) -> tuple[Any, int]:
    """onnx's network with all computed that constants tell, and its opset; writes into `folder`. Blocks."""
    import onnxruntime

    onnx: Any = importlib.import_module("onnx")
    plain = folder / "folded.onnx"
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(plain)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    network = onnx.load(str(plain))
    own = [one for one in network.opset_import if not one.domain]
    del network.opset_import[:]  # onnxruntime lists all that it knows; converters refuse those
    network.opset_import.extend(own)
    return network, own[0].version


def _prepared(model: Path, folder: Path) -> Path:
    """The network with its constants folded in, in an opset that knows scales by channel."""
    network, opset = folded(model, folder)
    plain = folder / "plain.onnx"
    converter: Any = importlib.import_module("onnx.version_converter")
    importlib.import_module("onnx").save(converter.convert_version(network, max(_OPSET, opset)), str(plain))
    return plain


def _named(model: Path, feeds: Sequence[Feed | NDArray[np.float32]]) -> list[Feed]:
    """Feeds of which each says for which inputs it is."""
    name = importlib.import_module("onnx").load(str(model), load_external_data=False).graph.input[0].name
    return [{name: feed} if isinstance(feed, np.ndarray) else feed for feed in feeds]


def _reader(model: Path, feeds: Sequence[Feed | NDArray[np.float32]]) -> Any:
    from onnxruntime.quantization import CalibrationDataReader

    class Tensors(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._left = iter(_named(model, feeds))

        def get_next(self) -> dict[str, NDArray[Any]] | None:
            feed = next(self._left, None)
            return None if feed is None else dict(feed)

    return Tensors()


@contextmanager
def _working_below(folder: Path) -> Iterator[Path]:
    """A folder that is removed again; the libraries make their own temporary files in it too, and nowhere else."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(dir=folder, prefix="quantising-") as name:
        tempfile.tempdir = name
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = before


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser gives advice through the root logger."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
