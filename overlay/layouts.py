"""The ways to show a translation: in place, beside the original, or as captions below it.

Comes in: the original picture, the one with stickers on it, captions. Goes out: the picture to show. Refuses
to know: files, time, how stickers are made.
"""

from collections.abc import Sequence

import numpy as np

from devices.errors import UnknownNameError
from devices.frame import Rgb
from overlay.captions import caption_strip, draw_captions, strip_height
from overlay.scene import Caption

LAYOUTS = ("inplace", "split", "captions")


def output_size(layout: str, width: int, height: int) -> tuple[int, int]:
    """Return width and height in pixels of what `lay_out` makes of a picture of this size.

    The same for every picture of a video, whether it has captions or not. Raises UnknownNameError.
    """
    _check(layout)
    if layout == "split":
        return 2 * width, height
    if layout == "captions":
        return width, height + strip_height(width, height)
    return width, height


def lay_out(layout: str, original: Rgb, translated: Rgb, captions: Sequence[Caption] = ()) -> Rgb:
    """Return the picture to show; all pictures are `(H, W, 3)` of one size. Raises UnknownNameError.

    inplace: `translated` itself, changed in place when there are captions (texts that did not fit their
    sign). split: the original left, the translation right. captions: the original untouched, captions below.
    """
    _check(layout)
    if layout == "captions":
        height, width = original.shape[:2]
        return np.vstack([original, caption_strip(captions, width, height)])
    if captions:
        draw_captions(translated, captions)
    return np.hstack([original, translated]) if layout == "split" else translated


def _check(layout: str) -> None:
    if layout not in LAYOUTS:
        raise UnknownNameError(f"unknown layout {layout!r}; choose one of: {', '.join(LAYOUTS)}")
