"""Synthetic signs: writing of a known colour on a known ground, and the truth about both."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.glyphs import draw_line
from overlay.scene import Label, Quad


@dataclass(frozen=True)
class Sign:
    picture: Rgb
    ground: Rgb
    ink: NDArray[np.uint8]
    label: Label


def box_quad(x: float, y: float, width: float, height: float) -> Quad:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)


def make_sign(
    lines: list[str],
    ground: Rgb,
    colour: tuple[int, int, int],
    *,
    size_px: int = 40,
    weight: int = 400,
    target: str = "Exit",
    sure: bool = True,
    noise: float = 0.0,
) -> Sign:
    ink = np.zeros(ground.shape[:2], np.uint8)
    quads: list[Quad] = []
    for n, line in enumerate(lines):
        single = np.zeros_like(ink)
        draw_line(single, line, 60, max(80, size_px) + n * round(size_px * 1.3), size_px, weight)
        ys, xs = np.nonzero(single)
        quads.append(box_quad(int(xs.min()) - 2, int(ys.min()) - 2, int(np.ptp(xs)) + 5, int(np.ptp(ys)) + 5))
        ink = np.maximum(ink, single)
    share = ink[..., None] / 255
    picture = ground * (1 - share) + np.array(colour) * share
    picture = picture + np.random.default_rng(1).normal(0, noise, ground.shape) if noise else picture
    rgb = np.clip(np.rint(cv2.GaussianBlur(picture, (0, 0), 0.6)), 0, 255).astype(np.uint8)
    corners = np.concatenate(quads)
    low, high = corners.min(axis=0), corners.max(axis=0)
    label = Label(1, box_quad(*low.tolist(), *(high - low).tolist()), tuple(quads), " ".join(lines), target, sure)
    return Sign(rgb, ground, ink, label)


def plain(colour: tuple[int, int, int], width: int = 420, height: int = 200) -> Rgb:
    return np.full((height, width, 3), colour, np.uint8)


def gradient(width: int = 420, height: int = 200) -> Rgb:
    across = np.linspace(40, 190, width)[None, :, None]
    down = np.linspace(0, 40, height)[:, None, None]
    return np.asarray(np.clip(across + down + np.array([0, 10, 20]), 0, 255), np.uint8)


def bricks(width: int = 420, height: int = 200) -> Rgb:
    wall = plain((150, 90, 70), width, height)
    wall[::25] = (120, 75, 60)
    wall[:, ::50] = (125, 80, 62)
    rough = np.random.default_rng(2).normal(0, 6, wall.shape)
    return np.asarray(np.clip(wall + rough, 0, 255), np.uint8)
