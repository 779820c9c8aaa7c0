"""A detector's network with all its inputs and outputs, run by the engines that reading uses. Blocks; starts nothing.

In: an ONNX file, which nobody vouches for, and tensors. Out: tensors by name, or an InputError that says what is wrong
with the file. Knows nothing of what the tensors mean.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices import InputError
from devices.store.onnx_file import external_files
from vision.objects.lighter import lighten, take_out_last_turns
from vision.text.engine import FULL_PRECISION, OPENVINO_NAMES, checked_engine, openvino_core, telling

Tensor = NDArray[Any]
_Run = Callable[[Mapping[str, Tensor]], dict[str, Tensor]]

_TYPES = {"f32": "float32", "float": "float32", "u8": "uint8", "i64": "int64", "i32": "int32"}
_LARGEST_FILE = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output."""

    name: str
    shape: tuple[int | None, ...] | None
    """None for a side that depends on the input; None altogether where nothing is known before it runs."""
    dtype: str
    """As numpy calls it, or as the file does where numpy has no such type."""

    def __str__(self) -> str:
        if self.shape is None:
            return f"{self.name} (any shape)"
        return f"{self.name} {'x'.join('?' if side is None else str(side) for side in self.shape)}"


_Loaded = tuple[tuple[Port, ...], tuple[Port, ...], bool, _Run]


class Graph:
    """A network that is ready to run. For one thread at a time.

    `rows`: it takes a picture of `(1, H, W, 3)`, uint8, in place of the file's `(1, 3, H, W)`, float32.
    """

    def __init__(
        self,
        model: Path,
        engine: str | None = None,
        threads: int = 1,
        precision: str | None = None,
        shape: tuple[int, ...] | None = None,
        *,
        rows: bool = False,
    ) -> None:
        """See `vision.text.engine.load_network`. Raises InputError for a file that the engine cannot load too.

        `shape`: for the first input, in place of the file's, where the engine can do that (see `can_reshape`).
        `rows`: where that is faster, the picture goes in as it lies in memory (see `rows`), and not as planes.
        """
        self.engine = checked_engine(engine, precision)
        self.title = model.name
        _check_file(model)
        load = {"openvino": _openvino, "onnxruntime": _onnxruntime}[self.engine]
        try:
            self.inputs, self.outputs, self.rows, self._run = load(model, max(1, threads), precision, shape, rows)
        except Exception as why:
            raise InputError(
                f"{model.name}: {self.engine} cannot load it as an ONNX network ({telling(why)}); "
                "fetch it again, or take another model"
            ) from why

    def run(self, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """All outputs by name. Raises InputError where the network cannot do it. Blocks."""
        try:
            return self._run(tensors)
        except Exception as why:
            raise InputError(f"{self.title}: the network failed while it ran ({telling(why)})") from why

    def ports(self) -> str:
        """What goes in and comes out, for a message."""
        taken, given = (", ".join(map(str, ports)) or "nothing" for ports in (self.inputs, self.outputs))
        return f"takes {taken} and gives {given}"


def _check_file(model: Path) -> None:
    try:
        size = model.stat().st_size
    except OSError as why:
        raise InputError(f"{model}: the model cannot be read ({why.strerror})") from why
    if not model.is_file() or not 0 < size <= _LARGEST_FILE:
        got = f"{size} bytes" if model.is_file() else "a folder or a device"
        raise InputError(f"{model}: expected an ONNX file of at most 2 GB, got {got}")
    try:
        outside = sorted(name for name in external_files(model) if Path(name).name != name)
    except (ValueError, OSError) as why:
        raise InputError(f"{model.name}: is no whole ONNX network ({why}); fetch it again") from why
    if outside:
        raise InputError(
            f"{model.name}: takes weights from {outside[0]!r}, which is outside of its folder; do not use it"
        )


def can_reshape(engine: str) -> bool:
    """True for an engine that runs a network at another size than its file says."""
    return engine == "openvino"


def _openvino(model: Path, threads: int, precision: str | None, shape: tuple[int, ...] | None, rows: bool) -> _Loaded:
    core = openvino_core()
    wishes: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
    if precision:
        wishes["INFERENCE_PRECISION_HINT"] = OPENVINO_NAMES[precision]
    from openvino.frontend import FrontEndManager

    # `read_model` would try every format that it knows on a file that is not what it says.
    reader = FrontEndManager().load_by_framework("onnx")
    network = reader.convert(reader.load(str(model)))
    rows = lighten(network, exact=precision == FULL_PRECISION, rows=rows)
    orders = take_out_last_turns(network)
    if shape:
        network.reshape({network.input(0): [shape[n] for n in (0, 2, 3, 1)] if rows else list(shape)})
    compiled = core.compile_model(network, "CPU", wishes)
    request = compiled.create_infer_request()

    def port(one: Any, order: tuple[int, ...] | None = None) -> Port:
        kind = str(one.get_element_type().get_type_name())
        partial = one.get_partial_shape()
        if partial.rank.is_dynamic:
            return Port(str(one.get_any_name()), None, _TYPES.get(kind, kind))
        shape = tuple(None if side.is_dynamic else int(side.get_length()) for side in partial)
        if order:
            shape = tuple(shape[axis] for axis in order)
        return Port(str(one.get_any_name()), shape, _TYPES.get(kind, kind))

    outputs = tuple(map(port, compiled.outputs, orders))

    def run(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        told = request.infer(dict(tensors))
        # Copies: the request writes its next results into the same memory.
        copies = [np.array(told[index]) for index in range(len(outputs))]
        return {
            port.name: one.transpose(order) if order else one
            for port, order, one in zip(outputs, orders, copies, strict=True)
        }

    return tuple(map(port, compiled.inputs)), outputs, rows, run


def _onnxruntime(
    model: Path, threads: int, precision: str | None, shape: tuple[int, ...] | None, rows: bool
) -> _Loaded:
    import onnxruntime

    del precision, shape, rows  # always those of the model file
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def port(one: Any) -> Port:
        kind = str(one.type).removeprefix("tensor(").removesuffix(")")
        shape = tuple(side if isinstance(side, int) and side >= 0 else None for side in one.shape)
        return Port(str(one.name), shape, _TYPES.get(kind, kind))

    outputs = tuple(map(port, session.get_outputs()))
    names = [one.name for one in outputs]

    def run(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return dict(zip(names, map(np.asarray, session.run(names, dict(tensors))), strict=True))

    return tuple(map(port, session.get_inputs())), outputs, False, run


def named(ports: Sequence[Port], *names: str) -> Port | None:
    """The port that has one of these names, or None."""
    return next((port for port in ports if port.name in names), None)
