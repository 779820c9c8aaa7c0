"""Runs an ONNX network on the processor by OpenVINO or onnxruntime. Blocks; holds no clock and no settings.

Which of the two is faster depends on the chip; the caller measures and says. Both are installed with Glossa.
"""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices import MissingError, UnknownNameError

# onnxruntime 1.29 and newer report to their maker unless this is set before they are first imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

Network = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""One input tensor to one output tensor."""


def _openvino(model: Path, threads: int) -> Network:
    # Importing openvino reports to Google Analytics and writes ~/intel; without this package it uses a silent stub.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    core = openvino.Core()
    # No precision hint: OpenVINO takes bfloat16 where the processor multiplies it in hardware, float32 elsewhere.
    compiled = core.compile_model(
        core.read_model(model), "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
    )
    request = compiled.create_infer_request()

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = request.infer({0: tensor})[compiled.output(0)]
        return result

    return run


def _onnxruntime(model: Path, threads: int) -> Network:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # one large picture must not keep its memory for the rest of the run
    options.log_severity_level = 3
    session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = session.run(None, {name: tensor})[0]
        return result

    return run


ENGINES: dict[str, Callable[[Path, int], Network]] = {"openvino": _openvino, "onnxruntime": _onnxruntime}


def installed_engines() -> list[str]:
    """Names of the engines whose packages are installed, in order of preference."""
    return [name for name in ENGINES if importlib.util.find_spec(name)]


def load_network(model: Path, engine: str | None = None, threads: int | None = None) -> Network:
    """A ready network from an ONNX file.

    `engine` is a name in `ENGINES`, None takes the first one installed; `threads` None takes all cores.
    Raises `UnknownNameError` for an unknown engine, `MissingError` for one that is not installed.
    """
    engine = engine or next(iter(installed_engines()), "onnxruntime")
    if engine not in ENGINES:
        raise UnknownNameError(f"Unknown reading engine '{engine}'. Known engines: {', '.join(ENGINES)}.")
    if engine not in installed_engines():
        raise MissingError(f"The engine '{engine}' is not installed. Install it with: pip install {engine}")
    return ENGINES[engine](model, threads or os.cpu_count() or 1)
