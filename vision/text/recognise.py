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
from devices.store.onnx_file import metadata
from vision.text.engine import Network, load_network
from vision.text.models import RECOGNISER, model_path

HIGH_PX = 48
WIDTHS_PX = (320, 416, 544, 704, 928, 1216, 1600, 2112, 3200)
"""What strips are padded to: few distinct widths, because the engine prepares itself for each when it comes first."""
BATCH = 4
"""Lines of one width that go through the network together."""


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
        network, letters = load_network(path, engine, threads, precision), stored_alphabet(path)
        if not letters:
            raise InputError(
                f"{path}: this network bears no alphabet ('character' in its metadata); is it a recogniser?"
            )
        return cls(network, ["", *letters, " "])

    def read(self, strips: Sequence[Rgb]) -> list[Reading]:
        """One reading a strip, in order. Strips are `(h, w, 3)`, any size, the text upright. Blocks."""
        sized = [_to_height(strip) for strip in strips]
        readings: list[Reading] = [Reading("", 0.0)] * len(sized)
        for batch in _batches(sized):
            output = self._network(_tensor([sized[index] for index in batch]))
            if output.ndim != 3 or output.shape[2] > len(self._alphabet):
                raise InputError(
                    f"The recogniser answers {'x'.join(map(str, output.shape))}, and its alphabet has"
                    f" {len(self._alphabet)} letters; expected lines x steps x letters. Take another model"
                )
            for index, one in zip(batch, output, strict=True):
                readings[index] = decode(one, self._alphabet)
        return readings


def decode(output: NDArray[np.float32], alphabet: Sequence[str]) -> Reading:
    """Best path: the likeliest symbol of each step of `(steps, symbols)`, repeats and blanks (0) removed."""
    best = output.argmax(axis=1)
    kept = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
    if not kept.any():
        return Reading("", 0.0)
    text = "".join(alphabet[i] for i in best[kept])
    return Reading(text.strip(), float(output[kept, best[kept]].mean()))


def stored_alphabet(model: Path) -> list[str]:
    """The characters that a recogniser's ONNX file bears; none for another network. Raises InputError."""
    try:
        stored = metadata(model).get("character")
    except (ValueError, OSError) as why:
        raise InputError(f"{model}: is no whole ONNX network ({why}); fetch it again, or take another") from why
    return stored.split("\n") if stored else []


def _to_height(strip: Rgb) -> Rgb:
    wide = int(np.ceil(strip.shape[1] * HIGH_PX / max(strip.shape[0], 1)))
    shrinking = strip.shape[0] > HIGH_PX
    return cv2.resize(  # type: ignore[return-value]
        strip,
        (min(max(wide, 8), WIDTHS_PX[-1]), HIGH_PX),
        interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR,
    )


def _batches(sized: Sequence[Rgb]) -> list[list[int]]:
    """Lines of one width go together, full batches only: each new pair of count and width costs as much as ten lines.

    A line in a full batch takes two thirds of what it takes alone.
    """
    by_width: dict[int, list[int]] = {}
    for index, strip in enumerate(sized):
        by_width.setdefault(_padded_px(strip.shape[1]), []).append(index)
    batches = []
    for same in by_width.values():
        full = len(same) - len(same) % BATCH
        batches += [same[start : start + BATCH] for start in range(0, full, BATCH)] + [[one] for one in same[full:]]
    return batches


def _padded_px(wide: int) -> int:
    return next((width for width in WIDTHS_PX if width >= wide), wide)


def _tensor(strips: Sequence[Rgb]) -> NDArray[np.float32]:
    """`(N, 3, 48, W)` in [-1, 1], blue first as in training, the rest of each row zero."""
    tensor = np.zeros((len(strips), 3, HIGH_PX, _padded_px(strips[0].shape[1])), np.float32)
    for row, strip in zip(tensor, strips, strict=True):
        row[:, :, : strip.shape[1]] = strip[:, :, ::-1].transpose(2, 0, 1) / 127.5 - 1
    return tensor
