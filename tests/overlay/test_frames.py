"""A sign's frame near the letters is neither ground nor writing: it stays, and does not turn the colours round."""

import cv2
import numpy as np

from devices import Rgb
from overlay.scene import Label, Quad
from overlay.sticker import draw_stickers, make_sticker

_RED, _WHITE = (190, 30, 38), (250, 250, 250)
_BOARD = (100, 80, 420, 140)


def _sign() -> tuple[Rgb, Quad]:
    """White letters and a white frame on a red board, and a box as generous as a detector's."""
    picture = np.full((300, 620, 3), 150, np.uint8)
    left, top, wide, high = _BOARD
    cv2.rectangle(picture, (left, top), (left + wide, top + high), _RED, -1)
    cv2.rectangle(picture, (left + 8, top + 8), (left + wide - 8, top + high - 8), _WHITE, 5)
    cv2.putText(picture, "立入禁止", (left + 36, top + 106), _WHITE, cv2.FontFace("sans"), 88, 600)
    quad = np.array([[104, 84], [516, 84], [516, 216], [104, 216]], np.float32)
    return picture, quad


def test_frame_stays_and_letters_go_on_their_own_ground() -> None:
    picture, quad = _sign()
    label = Label(1, quad, (quad,), "立入禁止", "No entry", True)
    drawn = picture.copy()
    draw_stickers(drawn, [(make_sticker(picture, label), quad)])
    left, top, wide, high = _BOARD
    frame = np.zeros(picture.shape[:2], np.uint8)
    cv2.rectangle(frame, (left + 8, top + 8), (left + wide - 8, top + high - 8), 1, 1)
    whole = np.abs(drawn[frame > 0].astype(int) - _WHITE).max(axis=1) < 40
    assert whole.mean() > 0.98
    middle = drawn[top + 20 : top + high - 20, left + 20 : left + wide - 20].reshape(-1, 3)
    red = np.abs(middle.astype(int) - _RED).max(axis=1) < 40
    assert red.mean() > 0.5  # the ground is still red, and most of it
    assert (np.abs(drawn.astype(int) - picture).max(axis=2) > 60).sum() > 2000  # the writing did change


def test_translation_keeps_clear_of_the_frame() -> None:
    picture, quad = _sign()
    sticker = make_sticker(picture, Label(1, quad, (quad,), "立入禁止", "No entry beyond this point", True))
    drawn = picture.copy()
    draw_stickers(drawn, [(sticker, quad)])
    left, top, wide, high = _BOARD
    for row in (top + 12, top + high - 12):  # just inside of the frame
        line = drawn[row, left + 30 : left + wide - 30].astype(int)
        assert (np.abs(line - _RED).max(axis=1) < 60).mean() > 0.97
