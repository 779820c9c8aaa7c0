"""A folder for Rockchip's converter: the network in one fixed shape, pictures to calibrate on, and the script.

In: a model, feeds. Out: a folder; nothing of it is run here, because the converter (rknn-toolkit2) is not on PyPI for
every Python, and the .rknn file that it makes runs on the board alone. What it reads is from its own list of operators
(2.1.0) and its release notes: opset 12 to 19; 2.3.2's own onnxruntime reads version 9 of the file format.
"""

import importlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from devices import InputError, MissingError, OutputError
from devices.files import write_error
from pipeline.live.tuning.quantise import Feed, can_quantise
from pipeline.optimise.still import Reader, of_one_shape, stilled

CHIPS = ("rk3562", "rk3566", "rk3568", "rk3576", "rk3588")
READER = Reader(12, 19, 9)

_NAMES = """
    Add And ArgMax ArgMin AveragePool BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv ConvTranspose
    Cos DepthToSpace DequantizeLinear Div Dropout Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements Gemm
    GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GRU HardSigmoid HardSwish Identity InstanceNormalization
    LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization LRN LSTM MatMul Max MaxPool MaxRoiPool
    MaxUnpool MeanVarianceNormalization Min Mish Mod Mul Pad Pow PRelu QuantizeLinear ReduceMax ReduceMean ReduceMin
    ReduceSum Relu Reshape Resize ReverseSequence RoiAlign ScatterND Shape Sigmoid Sin Size Slice Softmax Softplus
    SpaceToDepth Split Sqrt Squeeze Sub Tanh Tile Transpose Unsqueeze Where
"""
_KNOWN = frozenset(_NAMES.split())
"""Operations that the converter has."""

_SCRIPT = '''\
"""Makes {name}.rknn; needs rknn-toolkit2 (github.com/airockchip/rknn-toolkit2), on a PC.  python3 convert.py"""
from rknn.api import RKNN

rknn = RKNN()
rknn.config(mean_values=[{mean}], std_values=[{deviation}], quant_img_RGB2BGR={bgr}, target_platform="{chip}")
assert rknn.load_onnx(model="{name}.onnx", inputs=["{entry}"], input_size_list=[{shape}]) == 0
assert rknn.build(do_quantization=True, dataset="pictures.txt") == 0
assert rknn.export_rknn("{name}.rknn") == 0
# How far each layer is from full precision, on the first picture:
rknn.accuracy_analysis(inputs=["pictures/0.png"], output_dir="analysis")
rknn.release()
'''


def export(model: Path, name: str, feeds: Sequence[Feed], folder: Path, chip: str = "rk3588") -> Path:
    """Make the folder, which must be empty or new, whole or not at all, and return it. Blocks for seconds.

    Raises InputError for a network that the converter does not take, OutputError for the folder, MissingError without
    onnx.
    """
    if not can_quantise():
        raise MissingError("The export needs the onnx package: pip install 'glossa[optimise]'")
    onnx: Any = importlib.import_module("onnx")
    entry, tensors = _pictures_of(feeds)
    signed = any(float(tensor.min()) < 0 for tensor in tensors)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError(f"{folder}: is not empty; name a new folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".rknn-") as work:
            growing = Path(work) / "export"
            (growing / "pictures").mkdir(parents=True)
            network = stilled(model, {entry: tensors[0]}, Path(work), READER)
            _check_operations(network, model.name)
            onnx.save(network, str(growing / f"{name}.onnx"))
            for n, tensor in enumerate(tensors):
                cv2.imwrite(str(growing / "pictures" / f"{n}.png"), _picture(tensor, signed=signed))
            names = "".join(f"pictures/{n}.png\n" for n in range(len(tensors)))
            (growing / "pictures.txt").write_text(names, encoding="utf-8")
            level, deviation = ([127.5] * 3, [127.5] * 3) if signed else ([0] * 3, [1] * 3)
            script = _SCRIPT.format(
                name=name, mean=level, deviation=deviation, bgr=True, chip=chip, entry=entry,
                shape=list(tensors[0].shape),
            )  # fmt: skip
            (growing / "convert.py").write_text(script, encoding="utf-8")
            if folder.exists():
                folder.rmdir()
            shutil.move(growing, folder)
    except OSError as why:
        raise write_error(folder, why) from why
    return folder


def _check_operations(network: Any, name: str) -> None:
    foreign = sorted({node.op_type for node in network.graph.node} - _KNOWN)
    if foreign:
        raise InputError(
            f"{name}: rknn-toolkit2 has no {', '.join(foreign)}. Export the network again without what follows the last"
            " convolutions, and do that outside of it; or run it by another engine"
        )


def _pictures_of(feeds: Sequence[Feed]) -> tuple[str, list[Any]]:
    """The input's name, and the feeds of the commonest shape."""
    if not feeds or any(len(feed) != 1 for feed in feeds):
        raise InputError("RKNN runs networks that are fed one picture; this one has several inputs, or no picture fits")
    entry = next(iter(feeds[0]))
    tensors = [feed[entry] for feed in of_one_shape(feeds)]
    shape = tensors[0].shape
    if len(shape) != 4 or shape[:2] != (1, 3):
        raise InputError(f"RKNN runs networks that are fed one picture; this one is fed {'x'.join(map(str, shape))}")
    return entry, tensors


def _picture(tensor: Any, *, signed: bool) -> Any:
    """A feed as a picture in OpenCV's order of colours, which is that of the feeds."""
    values = tensor[0].transpose(1, 2, 0)
    return np.clip(np.rint(values * 127.5 + 127.5 if signed else values), 0, 255).astype(np.uint8)
