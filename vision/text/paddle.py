"""PaddleOCR's own models in Paddle's own format, run by Paddle: the reader `paddleocr:FOLDER`.

In: a folder of models, see `vision.text.paddle_files`. Out: a detector and a recogniser like those in ONNX. Blocks.

Of PaddleOCR only the models are needed, and Paddle's runtime. Its Python package stays out: it asks model hosts for a
connection when it is imported, fetches what it does not find, and brings a second owner of the cv2 folder.
"""

import importlib
import importlib.util
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices import InputError, MissingError
from vision.text.detect import Detector
from vision.text.engine import Network
from vision.text.paddle_files import ModelFiles, find_models
from vision.text.recognise import Recogniser

INSTALL = "pip install 'glossa[paddleocr]'"

_PROBE = np.zeros((1, 3, 48, 320), np.float32)


def installed() -> bool:
    """True where Paddle is there."""
    return all(importlib.util.find_spec(name) for name in ("paddle", "yaml"))


def open_models(folder: Path, threads: int | None = None) -> tuple[Detector, Recogniser]:
    """Both networks of a folder, ready to run on `threads` cores (None: all).

    Raises MissingError where Paddle or a model is missing, InputError for files that are not what they should be.
    """
    if not installed():
        raise MissingError(f"Reading with PaddleOCR's models needs Paddle, which is not installed: {INSTALL}")
    finds, reads = find_models(folder)
    detector = Detector(_network(finds, threads), finds.scaling)
    network = _network(reads, threads)
    return detector, Recogniser(network, _alphabet(reads, network(_PROBE)))


def _alphabet(reads: ModelFiles, output: NDArray[np.float32]) -> list[str]:
    """The blank, the characters, and the space where the network has an output for it."""
    symbols = output.shape[-1]
    alphabet = ["", *reads.characters, " "]
    if symbols not in (len(alphabet), len(alphabet) - 1):
        raise InputError(
            f"{reads.program.parent}: the network knows {symbols} characters, its settings {len(reads.characters)}; "
            "the files of two models are mixed up."
        )
    return alphabet[:symbols]


def _network(model: ModelFiles, threads: int | None) -> Network:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a compiler that nobody needs here
        inference: Any = importlib.import_module("paddle.inference")

    try:
        config: Any = inference.Config(str(model.program), str(model.weights))
        config.disable_gpu()
        config.disable_glog_info()
        config.disable_mkldnn()  # fails on such networks since 3.3: PaddlePaddle/Paddle issue 77340
        config.set_cpu_math_library_num_threads(threads or os.cpu_count() or 1)
        predictor: Any = inference.create_predictor(config)
        given = predictor.get_input_handle(predictor.get_input_names()[0])
        made = predictor.get_output_handle(predictor.get_output_names()[0])
    except Exception as why:  # whatever its C++ throws
        told = " ".join(str(why).split())[-200:]
        raise InputError(f"{model.program}: Paddle cannot load this model ({told}).") from why

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        given.reshape(tensor.shape)
        given.copy_from_cpu(np.ascontiguousarray(tensor))
        predictor.run()
        result: NDArray[np.float32] = made.copy_to_cpu()
        return result

    return run
