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

from devices import InputError, MissingError, UnknownNameError

# onnxruntime 1.29 and newer report to their maker unless this is set before they are first imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

Network = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""One input tensor to one output tensor."""

FULL_PRECISION = "float32"
OPENVINO_NAMES = {FULL_PRECISION: "f32", "bfloat16": "bf16", "float16": "f16"}
"""Precisions, and what OpenVINO calls them."""


def openvino_core() -> Any:
    """OpenVINO, which reports to nobody. Blocks for a moment the first time; raises ImportError where it is missing."""
    # Importing openvino reports to Google Analytics and writes ~/intel; without this package it uses a silent stub.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino.Core()


def _openvino(model: Path, threads: int, precision: str | None) -> Network:
    core = openvino_core()
    wishes: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
    if precision:
        wishes["INFERENCE_PRECISION_HINT"] = OPENVINO_NAMES[precision]
    compiled = core.compile_model(core.read_model(model), "CPU", wishes)
    request = compiled.create_infer_request()

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = request.infer({0: tensor})[compiled.output(0)]
        return result

    return run


def _onnxruntime(model: Path, threads: int, precision: str | None) -> Network:
    import onnxruntime

    del precision  # always that of the model file

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


ENGINES: dict[str, Callable[[Path, int, str | None], Network]] = {"openvino": _openvino, "onnxruntime": _onnxruntime}


def installed_engines() -> list[str]:
    """Names of the engines whose packages are installed, in order of preference."""
    return [name for name in ENGINES if importlib.util.find_spec(name)]


def precisions(engine: str) -> tuple[str, ...]:
    """In what an installed engine can multiply on this machine: its own choice first, then `FULL_PRECISION`.

    OpenVINO takes bfloat16 where the processor multiplies it in hardware, float16 on some others.
    """
    if engine != "openvino":
        return (FULL_PRECISION,)
    own = str(openvino_core().get_property("CPU", "INFERENCE_PRECISION_HINT").get_type_name())
    names = {theirs: ours for ours, theirs in OPENVINO_NAMES.items()}
    return tuple(dict.fromkeys((names.get(own, FULL_PRECISION), FULL_PRECISION)))


def load_network(
    model: Path, engine: str | None = None, threads: int | None = None, precision: str | None = None
) -> Network:
    """A ready network from an ONNX file.

    `engine` is a name in `ENGINES`, None takes the first one installed; `threads` None takes all cores; `precision` is
    one of `precisions(engine)`, None leaves it to the engine. What a model file has in int8 is always done in int8.
    Raises `UnknownNameError` for an unknown engine or precision, `MissingError` for an engine that is not installed,
    and `InputError` for a file that the engine refuses; so does the network, when it is run on what it is not made for.
    """
    engine = checked_engine(engine, precision)
    try:
        network = ENGINES[engine](model, threads or os.cpu_count() or 1, precision)
    except Exception as why:  # engines raise what they like; a damaged file must not look like a bug
        raise _refusal(model, engine, "cannot be opened", why) from why

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            return network(tensor)
        except Exception as why:
            raise _refusal(model, engine, f"cannot be run on {'x'.join(map(str, tensor.shape))}", why) from why

    return run


_WHERE = (
    "Exception from ",
    "Check '",
    "FrontEnd API failed",
)  # in its own source: what OpenVINO says before it says what is wrong


def telling(why: BaseException) -> str:
    """The line of an engine's error that says what is wrong."""
    lines = [line.strip() for line in str(why).splitlines() if line.strip()]
    left = [line for line in lines if not line.startswith(_WHERE)] or lines
    return (left[0] if left else type(why).__name__)[:200]


def _refusal(model: Path, engine: str, what: str, why: Exception) -> InputError:
    reason = telling(why)
    return InputError(f"{model}: this network {what} by {engine} ({reason}). Is it damaged? glossa models verify")


def checked_engine(engine: str | None, precision: str | None = None) -> str:
    """The engine of that name, None: the first one installed; raises what `load_network` does."""
    engine = engine or next(iter(installed_engines()), "onnxruntime")
    if engine not in ENGINES:
        raise UnknownNameError(f"Unknown reading engine '{engine}'. Known engines: {', '.join(ENGINES)}.")
    if engine not in installed_engines():
        raise MissingError(f"The engine '{engine}' is not installed. Install it with: pip install {engine}")
    if precision not in (None, *OPENVINO_NAMES):
        raise UnknownNameError(f"Unknown precision '{precision}'. Known precisions: {', '.join(OPENVINO_NAMES)}.")
    return engine
