"""What every kind of detector network has in common: it is fed a picture, and its answers are read.

In: outputs of networks that nobody vouches for. Out: the same, once their shapes are known to be right.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices import InputError, Rgb
from vision.objects.boxes import Boxes
from vision.objects.graph import Tensor

SMALLEST_PX, LARGEST_PX = 32, 2048
"""Sides of pictures that a network may ask for."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What a network says of one picture, before anybody chooses."""

    boxes: Boxes
    """`(N, 4)`, picture pixels."""
    scores: NDArray[np.float32]
    """`(N,)`."""
    classes: NDArray[np.int64]
    """`(N,)`, indexes of the family's names."""


class Family(Protocol):
    """How to use one network."""

    classes: int | None
    """How many names it needs; None: its answers do not tell."""
    suppress: bool
    """True where one thing comes out as many boxes."""

    def default_names(self) -> tuple[str, ...] | None:
        """The names of a network that was taught COCO; None where it was taught something else."""
        ...

    def fitting(self, height: int, width: int) -> tuple[int, ...] | None:
        """The smallest shape of the input that loses nothing of pictures of that size; None: the one it has.

        Where a picture is padded, the padding need not be looked at.
        """
        ...

    def feed(self, rgb: Rgb) -> tuple[dict[str, Tensor], object]:
        """Tensors for a picture, and what `read` needs to know of it."""
        ...

    def read(self, outputs: dict[str, Tensor], about: object, least_score: float) -> Raw:
        """Its answers in picture pixels. Raises InputError where they do not have the shapes they must."""
        ...


def side_px(given: int | None, usual: int, title: str) -> int:
    """A side of the picture that a network asks for, `usual` where it leaves that open. Raises InputError."""
    side = usual if given is None else given
    if not SMALLEST_PX <= side <= LARGEST_PX:
        raise InputError(
            f"{title}: asks for pictures with a side of {side}; expected {SMALLEST_PX} to {LARGEST_PX} pixels"
        )
    return side


def expect(outputs: dict[str, Tensor], name: str, shape: tuple[int | None, ...], title: str) -> Tensor:
    """An output of that shape (None: any length), as it came. Raises InputError."""
    tensor = outputs[name]
    fits = tensor.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, tensor.shape, strict=True))
    if not fits or tensor.dtype.kind not in "fiu":
        want = "x".join("?" if side is None else str(side) for side in shape)
        got = "x".join(map(str, tensor.shape)) or "one number"
        raise InputError(f"{title}: output {name}: expected numbers {want}, got {tensor.dtype} {got}")
    return tensor
