"""Runs a TensorFlow Lite network on the processor by LiteRT. Blocks; holds no clock and no settings.

MediaPipe's own package is not used: it reports how it is used to its maker, without a way to forbid it, and brings a
second owner of the cv2 folder. Its models are TensorFlow Lite files in a zip, and LiteRT runs them in silence.
"""

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices import InputError, MissingError

INSTALL = "pip install 'glossa[mediapipe]'"

Tensor = NDArray[Any]

_MARK = b"TFL3"


@dataclass(frozen=True, slots=True)
class Port:
    """An input or an output of a network."""

    name: str
    shape: tuple[int, ...]
    index: int
    dtype: str = "float32"
    """As numpy calls it."""
    scale: float = 0.0
    zero: int = 0
    """Of a whole number: its value is `(number - zero) * scale`; a scale of 0: it stands for itself."""


def installed() -> bool:
    """True where LiteRT is there."""
    return importlib.util.find_spec("ai_edge_litert") is not None


class LiteNetwork:
    """One network, loaded once. Not for use by several threads at a time."""

    def __init__(self, model: bytes, title: str, threads: int = 1) -> None:
        """From the content of a .tflite file, called `title` in messages. Raises MissingError and InputError."""
        if not installed():
            raise MissingError(f"{title}: MediaPipe's models are run by LiteRT, which is not installed: {INSTALL}")
        if model[4:8] != _MARK:
            raise InputError(f"{title}: is no TensorFlow Lite network; get it again")
        litert: Any = importlib.import_module("ai_edge_litert.interpreter")
        self.title = title
        try:
            self._run: Any = litert.Interpreter(model_content=model, num_threads=threads)
            self._run.allocate_tensors()
        except (ValueError, RuntimeError) as why:
            raise InputError(f"{title}: LiteRT cannot load this network ({_short(why)})") from why
        self.inputs = _ports(self._run.get_input_details())
        self.outputs = _ports(self._run.get_output_details())

    def __call__(self, *tensors: Tensor) -> list[Tensor]:
        """The outputs, in their order, float32, for the inputs in theirs. Raises InputError where the network fails."""
        try:
            for port, tensor in zip(self.inputs, tensors, strict=True):
                self._run.set_tensor(port.index, np.ascontiguousarray(tensor, port.dtype))
            self._run.invoke()
            return [_value(np.asarray(self._run.get_tensor(port.index)), port) for port in self.outputs]
        except (ValueError, RuntimeError) as why:
            raise InputError(f"{self.title}: the network fails ({_short(why)})") from why


def expect(network: LiteNetwork, inputs: Sequence[tuple[int, ...]], outputs: Sequence[tuple[int, ...]]) -> None:
    """Raise InputError where a network takes or gives other shapes than these."""
    got = [port.shape for port in network.inputs], [port.shape for port in network.outputs]
    if got != (list(inputs), list(outputs)):
        raise InputError(
            f"{network.title}: expected a network from {_told(inputs)} to {_told(outputs)}, got one from "
            f"{_told(got[0])} to {_told(got[1])}; it is not the model that its name promises"
        )


def _ports(details: Sequence[dict[str, Any]]) -> tuple[Port, ...]:
    return tuple(
        Port(
            str(one["name"]),
            tuple(int(side) for side in one["shape"]),
            int(one["index"]),
            np.dtype(one["dtype"]).name,
            float(one["quantization"][0]),
            int(one["quantization"][1]),
        )
        for one in details
    )


def _value(numbers: Tensor, port: Port) -> Tensor:
    if port.dtype == "float32" or not port.scale:
        return numbers
    return (numbers.astype(np.float32) - port.zero) * np.float32(port.scale)


def _told(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join("x".join(map(str, shape)) for shape in shapes)


def _short(why: object) -> str:
    return " ".join(str(why).split())[:200]
