"""Makes PaddleOCR's kind of model folder from the ONNX networks that are installed: the same weights, in Paddle's own
format, node by node. Needs paddle and onnx. Only what PP-OCR networks consist of is known here."""

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from vision.text.models import DETECTOR, RECOGNISER, model_path
from vision.text.recognise import stored_alphabet

_DET = """PreProcess:
  transform_ops:
  - DecodeImage:
      channel_first: false
      img_mode: BGR
  - DetLabelEncode: null
  - DetResizeForTest:
      resize_long: 960
  - NormalizeImage:
      mean: [0.5, 0.5, 0.5]
      order: hwc
      scale: 1./255.
      std: [0.5, 0.5, 0.5]
  - ToCHWImage: null
PostProcess:
  name: DBPostProcess
  thresh: 0.3
  box_thresh: 0.6
  unclip_ratio: 1.5
"""


def missing() -> list[str]:
    """Packages that are needed for it and not there."""
    packages = {"paddle": "paddlepaddle", "onnx": "onnx", "yaml": "pyyaml"}
    return [package for module, package in packages.items() if not importlib.util.find_spec(module)]


def paddle_folder(out: Path) -> Path:
    """The installed PP-OCRv6 networks as PaddleOCR would publish them. Blocks for some seconds."""
    yaml: Any = importlib.import_module("yaml")
    places = {name: out / name for name in ("PP-OCRv6_small_det_infer", "PP-OCRv6_small_rec_infer")}
    for place in places.values():
        place.mkdir(parents=True)
    det, rec = places.values()
    _save(model_path(DETECTOR), det, [-1, 3, -1, -1])
    (det / "inference.yml").write_text(_DET, encoding="utf-8")
    _save(model_path(RECOGNISER), rec, [-1, 3, 48, -1])
    characters = stored_alphabet(model_path(RECOGNISER))
    settings = {
        "PreProcess": {"transform_ops": [{"RecResizeImg": {"image_shape": [3, 48, 320]}}]},
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters},
    }
    (rec / "inference.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return out


def _save(source: Path, place: Path, shape: list[int]) -> None:
    onnx: Any = importlib.import_module("onnx")
    paddle: Any = importlib.import_module("paddle")
    model = onnx.load(source)
    weights = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    nodes = [
        (node.op_type, list(node.input), node.output[0],
         {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute})
        for node in model.graph.node
    ]  # fmt: skip
    sizes = {one for kind, inputs, *_ in nodes if kind == "Resize" for one in inputs[1:]}
    end = model.graph.output[0].name

    class Net(paddle.nn.Layer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            for index, (name, array) in enumerate(weights.items()):
                if array.dtype == np.float32 and array.ndim and name not in sizes:
                    parameter = self.create_parameter(list(array.shape), dtype="float32")
                    parameter.set_value(array)
                    setattr(self, f"weight_{index}", parameter)
            self._names = {name: f"weight_{index}" for index, name in enumerate(weights)}

        def forward(self, x: Any) -> Any:
            known: dict[str, Any] = {"": None, "x": x}
            for name, array in weights.items():
                known[name] = getattr(self, self._names[name], array)
            for kind, inputs, output, wishes in nodes:
                known[output] = _KINDS[kind](paddle, wishes, *(known[one] for one in inputs))
            return known[end]

    net = Net()
    net.eval()
    traced = paddle.jit.to_static(net, input_spec=[paddle.static.InputSpec(shape, "float32", "x")], full_graph=True)
    paddle.jit.save(traced, str(place / "inference"))


def _pads(wishes: dict[str, Any]) -> Any:
    if wishes.get("auto_pad") == b"SAME_UPPER":
        # As both do with a stride of 1: the odd one at the end.
        return [side for size in wishes["kernel_shape"] for side in ((size - 1) // 2, size // 2)]
    pads = wishes.get("pads", [0, 0, 0, 0])
    return [pads[0], pads[2], pads[1], pads[3]]


def _conv(paddle: Any, wishes: dict[str, Any], x: Any, weight: Any, bias: Any = None) -> Any:
    functional = paddle.nn.functional
    return functional.conv2d(
        x, weight, bias, wishes.get("strides", 1), _pads(wishes), wishes.get("dilations", 1), wishes.get("group", 1)
    )


def _grow(paddle: Any, wishes: dict[str, Any], x: Any, weight: Any, bias: Any = None) -> Any:
    return paddle.nn.functional.conv2d_transpose(
        x, weight, bias, wishes["strides"], _pads(wishes), groups=wishes.get("group", 1)
    )


def _pool(paddle: Any, wishes: dict[str, Any], x: Any) -> Any:
    return paddle.nn.functional.max_pool2d(x, wishes["kernel_shape"], wishes["strides"], _pads(wishes))


def _mean_pool(paddle: Any, wishes: dict[str, Any], x: Any) -> Any:
    return paddle.nn.functional.avg_pool2d(x, wishes["kernel_shape"], wishes["strides"], _pads(wishes), exclusive=True)


def _resize(paddle: Any, wishes: dict[str, Any], x: Any, roi: Any, scales: Any) -> Any:
    return paddle.nn.functional.interpolate(x, scale_factor=[float(s) for s in scales[2:]], mode="nearest")


def _slice(paddle: Any, wishes: dict[str, Any], x: Any, starts: Any, ends: Any, axes: Any, steps: Any = None) -> Any:
    starts, ends = [int(s) for s in starts], [min(int(e), 2**31 - 1) for e in ends]
    return paddle.slice(x, [int(a) for a in axes], starts, ends)


def _concat(paddle: Any, wishes: dict[str, Any], *parts: Any) -> Any:
    kind = next(part.dtype for part in parts if not isinstance(part, np.ndarray))
    return paddle.concat(
        [paddle.to_tensor(part).astype(kind) if isinstance(part, np.ndarray) else part for part in parts],
        wishes["axis"],
    )


def _reshape(paddle: Any, wishes: dict[str, Any], x: Any, shape: Any) -> Any:
    if isinstance(shape, np.ndarray):
        return paddle.reshape(x, [int(side) for side in shape])
    return paddle.reshape(x, shape.astype("int32"))


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, np.ndarray) and not value.ndim else value


def _batch_norm(paddle: Any, wishes: dict[str, Any], x: Any, scale: Any, shift: Any, mean: Any, variance: Any) -> Any:
    return paddle.nn.functional.batch_norm(x, mean, variance, scale, shift, epsilon=wishes["epsilon"])


_KINDS: dict[str, Callable[..., Any]] = {
    "Add": lambda p, w, a, b: _number(a) + _number(b),
    "AveragePool": _mean_pool,
    "BatchNormalization": _batch_norm,
    "Concat": _concat,
    "Conv": _conv,
    "ConvTranspose": _grow,
    "Div": lambda p, w, a, b: _number(a) / _number(b),
    "Erf": lambda p, w, x: p.erf(x),
    "GlobalAveragePool": lambda p, w, x: p.mean(x, [2, 3], keepdim=True),
    "HardSigmoid": lambda p, w, x: p.nn.functional.hardsigmoid(x, w["alpha"], w["beta"]),
    "Identity": lambda p, w, x: x,
    "MatMul": lambda p, w, a, b: p.matmul(a, b),
    "MaxPool": _pool,
    "Mul": lambda p, w, a, b: _number(a) * _number(b),
    "Pow": lambda p, w, a, b: p.pow(a, float(b)),
    "ReduceMean": lambda p, w, x: p.mean(x, w["axes"], keepdim=bool(w.get("keepdims", 1))),
    "Relu": lambda p, w, x: p.nn.functional.relu(x),
    "Reshape": _reshape,
    "Resize": _resize,
    "Shape": lambda p, w, x: p.shape(x),
    "Sigmoid": lambda p, w, x: p.nn.functional.sigmoid(x),
    "Slice": _slice,
    "Softmax": lambda p, w, x: p.nn.functional.softmax(x, w["axis"]),
    "Sqrt": lambda p, w, x: p.sqrt(x),
    "Squeeze": lambda p, w, x: p.squeeze(x, w["axes"]),
    "Sub": lambda p, w, a, b: _number(a) - _number(b),
    "Transpose": lambda p, w, x: p.transpose(x, w["perm"]),
    "Unsqueeze": lambda p, w, x: p.unsqueeze(x, w["axes"]),
}
