"""A network as the tool chains of other chips take it: every shape known, an opset that they read, no foreign parts.

In: an ONNX file and feeds. Out: an ONNX network in the feeds' commonest shape.
"""

import importlib
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vision.text.engine  # noqa: F401 - before onnxruntime: it forbids its reports
from devices import InputError
from pipeline.live.tuning.quantise import Feed, folded
from pipeline.optimise.entrance import fold_entrance


@dataclass(frozen=True, slots=True)
class Reader:
    """What a tool chain reads."""

    least_opset: int
    most_opset: int
    most_ir: int
    """Version of the file format, which the onnx package raises with every release."""


def of_one_shape(feeds: Sequence[Feed]) -> list[Feed]:
    """The feeds of the commonest shape. Raises InputError where there are none at all."""
    if not feeds:
        raise InputError("The network cannot be made for one shape: no picture fits it; give others with --pictures")
    shapes = [tuple((name, one.shape) for name, one in sorted(feed.items())) for feed in feeds]
    commonest, _ = Counter(shapes).most_common(1)[0]
    return [feed for feed, shape in zip(feeds, shapes, strict=True) if shape == commonest]


def fix_shapes(model: Path, feed: Feed) -> None:
    """Write into the file that it takes this shape and no other. Raises InputError where an output stays unknown."""
    onnx: Any = importlib.import_module("onnx")
    network = _shaped(onnx.load(str(model)), feed)
    _check_outputs(network, model.name)
    onnx.save(network, str(model))


def stilled(model: Path, feed: Feed, folder: Path, reader: Reader) -> Any:
    """The network (an onnx.ModelProto) for feeds of this shape; works in `folder`. Blocks for seconds.

    What can be computed from shapes is, once and for all. Raises InputError where an output's shape depends on what is
    in the pictures, and where the opset cannot be had.
    """
    onnx: Any = importlib.import_module("onnx")
    network = onnx.load(str(model))
    fold_entrance(network)
    with tempfile.TemporaryDirectory(dir=folder, prefix="still-") as work:
        fixed = Path(work) / "fixed.onnx"
        onnx.save(_shaped(network, feed), str(fixed))
        made, opset = folded(fixed, Path(work))
    foreign = sorted({node.domain for node in made.graph.node} - {"", "ai.onnx"})
    if foreign:
        raise InputError(f"{model.name}: has operations of {', '.join(foreign)}, which only their own engine knows")
    made = onnx.shape_inference.infer_shapes(_in_opset(made, opset, model.name, reader))
    made.ir_version = min(made.ir_version, reader.most_ir)
    _check_outputs(made, model.name)
    told = {one.key for one in made.metadata_props}
    made.metadata_props.extend(one for one in network.metadata_props if one.key not in told)
    return made


def _in_opset(network: Any, opset: int, name: str, reader: Reader) -> Any:
    wanted = min(max(opset, reader.least_opset), reader.most_opset)
    if wanted == opset:
        return network
    try:
        return importlib.import_module("onnx.version_converter").convert_version(network, wanted)
    except Exception as why:  # it raises what it likes
        raise InputError(
            f"{name}: is in opset {opset}, expected {reader.least_opset} to {reader.most_opset}, and cannot be "
            f"converted ({' '.join(str(why).split())[:120]}); export it again in one of those"
        ) from why


def _shaped(network: Any, feed: Feed) -> Any:
    from onnxruntime.tools.onnx_model_utils import make_input_shape_fixed

    onnx: Any = importlib.import_module("onnx")
    for name, tensor in feed.items():
        make_input_shape_fixed(network.graph, name, list(tensor.shape))
    for output in network.graph.output:  # what the file says of them was for any input
        output.type.tensor_type.ClearField("shape")
    del network.graph.value_info[:]
    return onnx.shape_inference.infer_shapes(network, data_prop=True)


def _check_outputs(network: Any, name: str) -> None:
    unknown = [one.name for one in network.graph.output if not _known(one)]
    if unknown:
        raise InputError(
            f"{name}: how much comes out of {unknown[0]} depends on what is in the picture, and this place takes fixed"
            " shapes only. Export the network again without the choice of the best boxes"
        )


def _known(value: Any) -> bool:
    kind = value.type.tensor_type
    return bool(kind.HasField("shape")) and all(side.dim_value > 0 for side in kind.shape.dim)
