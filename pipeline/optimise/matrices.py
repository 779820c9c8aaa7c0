"""Weights in four bits: for networks that are mostly large matrices, as language models and encoders are.

In: an ONNX file. Out: another one, a half to an eighth of its size, for onnxruntime or for OpenVINO. Nothing is
calibrated: only the weights change, each block of them round to nearest with a scale of its own. Convolutions stay as
they are: no engine here multiplies them in four bits, and their weights are few.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vision.text.engine  # noqa: F401 - before onnxruntime: it forbids its reports
from devices import InputError
from pipeline.optimise.packages import nncf as load_nncf
from pipeline.optimise.packages import quiet

_LEAST_SHARE = 0.5
_SMALLEST = 64
"""Rows of a matrix that is worth it."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """How weights are cut up."""

    size: int
    """Weights that share a scale."""
    by_nncf: bool = False
    """For OpenVINO; else for onnxruntime."""


def check_matrices(model: Path) -> None:
    """Raises InputError for a network whose weights are mostly not matrices: four bits would bring it nothing."""
    onnx: Any = importlib.import_module("onnx")
    graph = onnx.load(str(model)).graph
    sizes = {one.name: (len(one.dims), one.ByteSize()) for one in graph.initializer}
    whole = sum(size for _, size in sizes.values())
    rows = {one.name: one.dims[0] for one in graph.initializer if len(one.dims) == 2}
    taken = {node.input[1] for node in graph.node if node.op_type == "MatMul" and len(node.input) > 1}
    matrices = sum(sizes[name][1] for name in taken if rows.get(name, 0) >= _SMALLEST)
    convolved = {node.input[1] for node in graph.node if node.op_type in ("Conv", "ConvTranspose")}
    convolutions = sum(sizes[name][1] for name in convolved if name in sizes)
    if not whole or matrices / whole < _LEAST_SHARE:
        share = 100 * convolutions / whole if whole else 0.0
        raise InputError(
            f"{model.name}: int4 is for networks of large matrices, as language models are; of this one's weights "
            f"{100 * matrices / max(whole, 1):.0f} % are such and {share:.0f} % are of convolutions, which no engine "
            "here multiplies in four bits. Make it int8: leave --bits 4 out"
        )


def in_blocks(model: Path, out: Path, blocks: Blocks) -> None:
    """Write the variant. Blocks for seconds to minutes. Raises MissingError, and whatever its makers raise."""
    onnx: Any = importlib.import_module("onnx")
    if not blocks.by_nncf:
        from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

        how = DefaultWeightOnlyQuantConfig(block_size=blocks.size, is_symmetric=True, accuracy_level=4)
        work = MatMulNBitsQuantizer(onnx.load(str(model)), algo_config=how)
        with quiet():
            work.process()
        onnx.save(work.model.model, str(out))
        return
    nncf = load_nncf()
    network = onnx.load(str(model))
    opset = next(one.version for one in network.opset_import if not one.domain)
    if opset < _OPSET_OF_INT4:
        network = importlib.import_module("onnx.version_converter").convert_version(network, _OPSET_OF_INT4)
        network.ir_version = max(network.ir_version, 10)
    with quiet():
        # Not the table of words nor the last layer, which get 8 bits: what 3.4 makes of the first OpenVINO cannot read.
        made = nncf.compress_weights(network, mode=nncf.CompressWeightsMode.INT4_SYM, group_size=blocks.size, ratio=1.0)
    onnx.save(made, str(out))


_OPSET_OF_INT4 = 21
