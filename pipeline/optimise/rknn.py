"""A folder for Rockchip's converter: the network in one fixed shape, pictures to calibrate on, and the script.

In: a model, feeds. Out: a folder; nothing of it is run here, because the converter (rknn-toolkit2) is not on PyPI for
every Python, and the .rknn file that it makes runs on the board alone.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from devices import InputError, MissingError, OutputError
from devices.files import write_error
from pipeline.live.tuning.quantise import Feed, can_quantise

CHIPS = ("rk3562", "rk3566", "rk3568", "rk3576", "rk3588")

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
    """Fill `folder`, which must be empty or new, and return it. Blocks.

    Raises InputError for a network that is not fed one picture, OutputError for the folder, MissingError without onnx.
    """
    if not can_quantise():
        raise MissingError("The export needs the onnx package: pip install 'glossa[optimise]'")
    import onnx
    from onnxruntime.tools.onnx_model_utils import fix_output_shapes, make_input_shape_fixed

    entry, tensors = _of_one_shape(feeds)
    shape = tensors[0].shape
    signed = any(float(tensor.min()) < 0 for tensor in tensors)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise OutputError(f"{folder}: is not empty; name a new folder")
        (folder / "pictures").mkdir(parents=True)
        network: Any = onnx.load(str(model))
        make_input_shape_fixed(network.graph, entry, list(shape))
        fix_output_shapes(network)
        onnx.save(network, str(folder / f"{name}.onnx"))
        for n, tensor in enumerate(tensors):
            cv2.imwrite(str(folder / "pictures" / f"{n}.png"), _picture(tensor, signed=signed))
        names = "".join(f"pictures/{n}.png\n" for n in range(len(tensors)))
        (folder / "pictures.txt").write_text(names, encoding="utf-8")
        level = [127.5] * 3 if signed else [0] * 3
        deviation = [127.5] * 3 if signed else [1] * 3
        script = _SCRIPT.format(
            name=name, mean=level, deviation=deviation, bgr=True, chip=chip, entry=entry, shape=list(shape)
        )
        (folder / "convert.py").write_text(script, encoding="utf-8")
    except OSError as why:
        raise write_error(folder, why) from why
    return folder


def _of_one_shape(feeds: Sequence[Feed]) -> tuple[str, list[Any]]:
    """The input's name, and the feeds of the commonest shape."""
    if not feeds or any(len(feed) != 1 for feed in feeds):
        raise InputError("RKNN runs networks that are fed one picture; this one has several inputs, or no picture fits")
    entry = next(iter(feeds[0]))
    shapes = Counter(tuple(feed[entry].shape) for feed in feeds)
    shape, _ = shapes.most_common(1)[0]
    if len(shape) != 4 or shape[:2] != (1, 3):
        raise InputError(f"RKNN runs networks that are fed one picture; this one is fed {'x'.join(map(str, shape))}")
    return entry, [feed[entry] for feed in feeds if feed[entry].shape == shape]


def _picture(tensor: Any, *, signed: bool) -> Any:
    """A feed as a picture in OpenCV's order of colours, which is that of the feeds."""
    values = tensor[0].transpose(1, 2, 0)
    return np.clip(np.rint(values * 127.5 + 127.5 if signed else values), 0, 255).astype(np.uint8)
