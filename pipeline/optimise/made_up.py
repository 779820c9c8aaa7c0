"""Feeds for networks that are given words or sounds, which no picture holds: made up from what the file says of itself.

In: an ONNX file. Out: feeds from a seed, and the share of answers that two variants have in common. An answer is the
largest of the numbers at one place, as the next word of a language model is. Made-up words are harder than real ones:
nothing follows from them, so that the first and the second answer are close.
"""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices import InputError
from pipeline.live.tuning.quantise import Feed
from vision.objects.graph import Graph, Port

_LONG = 24
"""Words of a text, and of what came before it."""
_FEEDS = 8
_MOST_WORDS = 1000
_LEAST_ANSWERS = 4


def feeds(model: Path, seed: int) -> list[Feed]:
    """Some texts' worth of inputs. Raises InputError for a network whose inputs cannot be guessed."""
    chance = np.random.default_rng(seed)
    sides, words = _sides(model), _words(model)
    ports = Graph(model, "onnxruntime").inputs
    return [{port.name: _value(port, sides, words, chance) for port in ports} for _ in range(_FEEDS)]


def answers(graph: Graph, given: Sequence[Feed]) -> NDArray[np.int64]:
    """The largest number's index at each place of the first output that has some. Raises InputError."""
    found = []
    for feed in given:
        told = graph.run(feed)
        numbers = next(
            (
                one
                for one in told.values()
                if one.ndim >= 2 and one.shape[-1] >= _LEAST_ANSWERS and one.dtype.kind == "f"
            ),
            None,
        )
        if numbers is None:
            raise InputError(f"{graph.title}: gives no choice of answers to compare; it {graph.ports()}")
        found.append(numbers.reshape(-1, numbers.shape[-1]).argmax(axis=1))
    return np.concatenate(found)


def _value(port: Port, sides: dict[str, list[str]], words: dict[str, int], chance: np.random.Generator) -> Any:
    if port.shape is None:
        raise InputError(f"The network's input {port.name} has any shape: it cannot be fed with made-up words")
    names = sides.get(port.name, [])
    shape = [
        _side(names[n] if n < len(names) else "", n) if side is None else side for n, side in enumerate(port.shape)
    ]
    if port.dtype in ("int64", "int32"):
        if "mask" in port.name:
            return np.ones(shape, port.dtype)
        if "position" in port.name and shape:
            return np.broadcast_to(np.arange(shape[-1]), shape).astype(port.dtype)
        return chance.integers(0, words.get(port.name, 2), shape).astype(port.dtype)
    if port.dtype in ("float32", "float16"):
        return chance.normal(size=shape).astype(port.dtype)
    if port.dtype == "bool":
        return np.ones(shape, bool)
    raise InputError(f"The network's input {port} is of a kind that cannot be made up")


def _side(name: str, axis: int) -> int:
    """A side that the file leaves open, by the name that it gives it."""
    name = name.casefold()
    if "batch" in name or (axis == 0 and not name):
        return 1
    return 2 * _LONG if "total" in name or "+" in name else _LONG


def _sides(model: Path) -> dict[str, list[str]]:
    onnx: Any = importlib.import_module("onnx")
    graph = onnx.load(str(model), load_external_data=False).graph
    return {one.name: [side.dim_param for side in one.type.tensor_type.shape.dim] for one in graph.input}


def _words(model: Path) -> dict[str, int]:
    """How many words an input knows: the rows of the table that it picks from."""
    onnx: Any = importlib.import_module("onnx")
    graph = onnx.load(str(model), load_external_data=False).graph
    rows = {one.name: int(one.dims[0]) for one in graph.initializer if one.dims}
    return {
        node.input[1]: min(rows[node.input[0]], _MOST_WORDS)
        for node in graph.node
        if node.op_type == "Gather" and node.input[0] in rows
    }
