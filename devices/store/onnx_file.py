"""Looks through an ONNX file before any engine does: is it whole, and does it stay in its folder?

In: a path. Out: the names of the other files that it takes its weights from, or what its maker wrote into it, or a
ValueError. Needs no onnx package; does not judge the network itself, which an engine does when it loads it.

Source: the field numbers of onnx.proto (github.com/onnx/onnx, IR version 13).
"""

import mmap
from collections.abc import Iterator
from pathlib import Path

from devices.store.wire import BYTES, VARINT, fields

_DEEPEST = 24
_MOST_NODES = 2_000_000
_OPSETS, _GRAPH, _METADATA, _FUNCTIONS = 8, 7, 14, 25
# Of a graph: node, initializer, sparse_initializer. Of a node or function: attribute, node. Of an attribute: t, g,
# tensors, graphs, sparse_tensor, sparse_tensors. Of a sparse tensor: values, indices.
_GRAPH_NODES, _GRAPH_TENSORS, _GRAPH_SPARSE = 1, 5, 15
_NODE_ATTRIBUTES, _FUNCTION_NODES = 5, 7
_ONE_TENSOR, _ONE_GRAPH, _TENSORS, _GRAPHS, _ONE_SPARSE, _SPARSE = 5, 6, 10, 11, 22, 23
_EXTERNAL = 13
_KEY, _VALUE = 1, 2


def external_files(path: Path) -> set[str]:
    """Locations of the weights that an ONNX file keeps outside of itself, as they are written in it.

    Raises ValueError for what is no whole ONNX model, OSError for what cannot be read.
    """
    return _model(_mapped(path))


def metadata(path: Path) -> dict[str, str]:
    """What the maker of an ONNX file wrote into it. Raises ValueError for what is none, OSError."""
    entries = [value for number, _, value in fields(_mapped(path)) if number == _METADATA]
    pairs = [dict(_texts(entry)) for entry in entries if isinstance(entry, memoryview)]
    return {pair.get(_KEY, ""): pair.get(_VALUE, "") for pair in pairs}


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        # Not closed here: an error on its way up still refers to it. It goes with the last reference.
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _texts(message: memoryview) -> Iterator[tuple[int, str]]:
    for number, _, value in fields(message):
        if isinstance(value, memoryview):
            yield number, bytes(value).decode("utf-8")


def _model(view: memoryview) -> set[str]:
    found: set[str] = set()
    graphs = opsets = nodes = 0
    walks: list[tuple[str, memoryview, int]] = []
    for number, kind, value in fields(view):
        if number == _GRAPH and isinstance(value, memoryview):
            graphs += 1
            walks.append(("graph", value, 0))
        elif number == _FUNCTIONS and isinstance(value, memoryview):
            walks.append(("function", value, 0))
        elif number == _OPSETS and kind == BYTES:
            opsets += 1
        elif number == 1 and kind != VARINT:
            raise ValueError("its version is no number")
    if graphs != 1 or not opsets:
        raise ValueError(f"{graphs} graphs and {opsets} operator sets, expected 1 and at least 1")
    while walks:
        what, message, depth = walks.pop()
        nodes += 1
        if depth > _DEEPEST or nodes > _MOST_NODES:
            raise ValueError("nested too deeply, or too large")
        if what == "tensor":
            found.update(_location(message))
        else:
            walks.extend((inner, part, depth + 1) for inner, part in _inside(what, message))
    return found


_INSIDE = {
    "graph": {_GRAPH_NODES: "node", _GRAPH_TENSORS: "tensor", _GRAPH_SPARSE: "sparse"},
    "node": {_NODE_ATTRIBUTES: "attribute"},
    "function": {_FUNCTION_NODES: "node"},
    "sparse": {1: "tensor", 2: "tensor"},
    "attribute": {
        _ONE_TENSOR: "tensor", _ONE_GRAPH: "graph", _TENSORS: "tensor", _GRAPHS: "graph",
        _ONE_SPARSE: "sparse", _SPARSE: "sparse",
    },
}  # fmt: skip


def _inside(what: str, message: memoryview) -> Iterator[tuple[str, memoryview]]:
    kinds = _INSIDE[what]
    for number, _, value in fields(message):
        if number in kinds and isinstance(value, memoryview):
            yield kinds[number], value


def _location(tensor: memoryview) -> Iterator[str]:
    for number, _, value in fields(tensor):
        if number == _EXTERNAL and isinstance(value, memoryview):
            entry = dict(_texts(value))
            if entry.get(_KEY) == "location":
                yield entry.get(_VALUE, "")
