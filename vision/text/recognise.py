"""Reads one rectified line of text: a CTC network (PP-OCRv6) over 48-pixel-high strips.

Method: Graves et al., "Connectionist Temporal Classification", ICML 2006, best path decoding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import InputError, Rgb
from vision.text.engine import Network, load_network
from vision.text.models import RECOGNISER, model_path

HIGH_PX = 48
WIDTHS_PX = (320, 416, 544, 704, 928, 1216, 1600, 2112, 3200)
"""What strips are padded to: few distinct widths, because the engine prepares itself for each when it comes first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says and how sure the network is, 0 to 1 (mean over its characters)."""

    text: str
    score: float


class Recogniser:
    """A recogniser network and its alphabet, the blank first. Not for use by several threads at a time."""

    def __init__(self, network: Network, alphabet: Sequence[str]) -> None:
        self._network = network
        self._alphabet = alphabet

    @classmethod
    def load(
        cls,
        model: Path | None = None,
        engine: str | None = None,
        threads: int | None = None,
        precision: str | None = None,
    ) -> "Recogniser":
        """The PP-OCRv6 recogniser, or another ONNX file that bears its alphabet; see `load_network`.

        Raises InputError where there is no alphabet in it.
        """
        path = model or model_path(RECOGNISER)
        return cls(load_network(path, engine, threads, precision), _alphabet(path))

    def read(self, strips: Sequence[Rgb]) -> list[Reading]:
        """One reading a strip, in order. Strips are `(h, w, 3)`, any size, the text upright. Blocks."""
        return [self._read(_to_height(strip)) for strip in strips]

    def _read(self, strip: Rgb) -> Reading:
        # One by one: a batch saves a third, but every new pair of count and width costs as much as ten lines do.
        output = self._network(_tensor(strip))
        if output.ndim != 3 or output.shape[2] > len(self._alphabet):
            raise InputError(
                f"The recogniser answers {'x'.join(map(str, output.shape))}, and its alphabet has"
                f" {len(self._alphabet)} letters; expected lines x steps x letters. Take another model"
            )
        return decode(output[0], self._alphabet)


def decode(output: NDArray[np.float32], alphabet: Sequence[str]) -> Reading:
    """Best path: the likeliest symbol of each step of `(steps, symbols)`, repeats and blanks (0) removed."""
    best = output.argmax(axis=1)
    kept = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
    if not kept.any():
        return Reading("", 0.0)
    text = "".join(alphabet[i] for i in best[kept])
    return Reading(text.strip(), float(output[kept, best[kept]].mean()))


def _alphabet(model: Path) -> list[str]:
    """The blank, the characters stored in the model file, and the space."""
    import onnxruntime  # here, so that never before vision.text.engine has forbidden its reports

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    stored = session.get_modelmeta().custom_metadata_map.get("character")
    if not stored:
        raise InputError(f"{model}: this network bears no alphabet ('character' in its metadata); is it a recogniser?")
    return ["", *stored.split("\n"), " "]


def _to_height(strip: Rgb) -> Rgb:
    wide = int(np.ceil(strip.shape[1] * HIGH_PX / max(strip.shape[0], 1)))
    shrinking = strip.shape[0] > HIGH_PX
    return cv2.resize(  # type: ignore[return-value]
        strip,
        (min(max(wide, 8), WIDTHS_PX[-1]), HIGH_PX),
        interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR,
    )


def _tensor(strip: Rgb) -> NDArray[np.float32]:
    """`(1, 3, 48, W)` in [-1, 1], blue first as in training, the rest of each row zero."""
    wide = strip.shape[1]
    padded = next((width for width in WIDTHS_PX if width >= wide), wide)
    tensor = np.zeros((1, 3, HIGH_PX, padded), np.float32)
    tensor[0, :, :, :wide] = strip[:, :, ::-1].transpose(2, 0, 1) / 127.5 - 1
    return tensor
