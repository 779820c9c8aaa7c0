"""The detector network in int8: its activations calibrated on given pictures, its weights by channel.

In: an ONNX file and pictures as tensors. Out: another ONNX file, with QuantizeLinear/DequantizeLinear pairs that both
engines run in int8. Needs the onnx package, which Glossa itself does not: `pip install 'glossa[tune]'`.

Method: post-training static quantisation, Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018, as in onnxruntime.quantization.
"""

import importlib
import importlib.util
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


def can_quantise() -> bool:
    """True where the onnx package is installed."""
    return importlib.util.find_spec("onnx") is not None


def quantise(model: Path, out: Path, tensors: Sequence[NDArray[np.float32]], engine: str) -> None:
    """Write `model` in int8 to `out`, as suits `engine`. Blocks for ten seconds or more.

    Works in the folder of `out` only. Raises MissingError without the onnx package.
    """
    if not can_quantise():
        raise MissingError(
            "int8 was not tried: that needs the onnx package. Install it with: pip install 'glossa[tune]'"
        )
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    out.parent.mkdir(parents=True, exist_ok=True)
    with _working_below(out.parent) as folder, _quiet():
        plain = _prepared(model, folder)
        made = folder / "int8.onnx"
        quantize_static(
            str(plain),
            str(made),
            _reader(plain, tensors),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=_ENGINES[engine],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        made.replace(out)


def _prepared(model: Path, folder: Path) -> Path:
    """The network with its constants folded in, in an opset that knows scales by channel."""
    import onnxruntime

    onnx: Any = importlib.import_module("onnx")
    converter: Any = importlib.import_module("onnx.version_converter")

    folded, plain = folder / "folded.onnx", folder / "plain.onnx"
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(folded)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    graph = onnx.load(str(folded))
    own = [one for one in graph.opset_import if not one.domain]
    del graph.opset_import[:]  # onnxruntime lists all that it knows; the converter refuses those
    graph.opset_import.extend(own)
    onnx.save(converter.convert_version(graph, max(_OPSET, own[0].version)), str(plain))
    return plain


def _reader(model: Path, tensors: Sequence[NDArray[np.float32]]) -> Any:
    from onnxruntime.quantization import CalibrationDataReader

    name = importlib.import_module("onnx").load(str(model), load_external_data=False).graph.input[0].name

    class Tensors(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._left = iter(tensors)

        def get_next(self) -> dict[str, NDArray[np.float32]] | None:
            tensor = next(self._left, None)
            return None if tensor is None else {name: tensor}

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
