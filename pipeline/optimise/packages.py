"""The packages that variants are made with, which Glossa itself does not need: `pip install 'glossa[optimise]'`."""

import importlib
import importlib.util
import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from devices import MissingError

ONNX, ONNX_IR, NNCF = "onnx", "onnx_ir", "nncf"


def installed(*names: str) -> bool:
    """True where all of them are."""
    return all(importlib.util.find_spec(name) for name in names)


def nncf() -> Any:
    """NNCF, which reports to nobody. Raises MissingError. Blocks for seconds the first time."""
    if not installed(NNCF):
        raise MissingError("NNCF is not installed: pip install 'glossa[optimise]'")
    # It reports to its maker through this package, and uses a silent stub without it.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module(NNCF)


@contextmanager
def quiet() -> Iterator[None]:
    """They give advice through the root logger, and draw bars on the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(before)
