"""Two hundred QR codes as cameras see them: tilted, turned, blurred, noisy, pale; the same for the same seed.

In: a seed. Out: pictures with what they hold. The codes are made by segno, which shares nothing with the readers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.frame import Rgb

SIZE = (640, 480)
_TEXTS = (
    "https://example.com/{n}",
    "https://www.example.org/menu?table={n}&lang=ko",
    "WIFI:T:WPA;S:Guest{n};P:welcome-{n};;",
    "메뉴판 {n}번",
    "{n}",
    "BEGIN:VCARD\nVERSION:3.0\nN:Muster;Eva\nFN:Eva Muster {n}\nTEL:+49301234{n}\nEND:VCARD",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture with one code."""

    rgb: Rgb
    text: str
    module_px: float
    tilt_deg: float
    blur_px: float
    """Standard deviation of the blur."""
    noise: float
    """Standard deviation, 8-bit grey levels."""


def code_pictures(count: int = 200, seed: int = 7) -> Iterator[Sample]:
    """Codes of growing difficulty: the last are at the edge of what can be read at all. Needs segno."""
    import segno

    chance = np.random.default_rng(seed)
    for number in range(count):
        hard = (number + 0.5) / count
        text = _TEXTS[number % len(_TEXTS)].format(n=number)
        flat = np.array(list(segno.make(text, micro=False, error="m").matrix_iter(border=4)), np.uint8)
        module_px = float(chance.uniform(4.5, 6.0) * (1 - hard) + chance.uniform(1.8, 3.5) * hard)
        module_px = min(module_px, 0.85 * SIZE[1] / flat.shape[0])
        tilt_deg = float(chance.uniform(0.2, 1.0) * 60 * hard)
        blur_px = float(chance.uniform(0.1, 0.5) * module_px * hard)
        noise = float(chance.uniform(0.2, 1.0) * 30 * hard)
        yield _sample(flat, text, module_px, tilt_deg, blur_px, noise, chance)


def _sample(
    flat: NDArray[np.uint8],
    text: str,
    module_px: float,
    tilt_deg: float,
    blur_px: float,
    noise: float,
    chance: np.random.Generator,
) -> Sample:
    wide, high = SIZE
    side = flat.shape[0]
    dark, light = chance.uniform(10, 70), chance.uniform(150, 245)
    inked = np.where(flat > 0, dark, light).astype(np.float32)
    code = np.asarray(np.kron(inked, np.ones((8, 8), np.float32)), np.float32)
    coarse = chance.uniform(40, 210, (7, 9)).astype(np.float32)
    canvas = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC)
    # A pinhole camera before the code's plane, which is turned about a random axis in it and in the picture.
    axis, turn = chance.uniform(0, 2 * np.pi, 2)
    rotation, _ = cv2.Rodrigues(np.array([np.cos(axis), np.sin(axis), 0.0]) * np.radians(tilt_deg))
    spin, _ = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    pose = rotation @ spin
    focal = 1.1 * wide
    lens = np.array(
        [[focal, 0, wide / 2 + chance.uniform(-30, 30)], [0, focal, high / 2 + chance.uniform(-20, 20)], [0, 0, 1]]
    )
    plane = np.column_stack([pose[:, 0], pose[:, 1], [0.0, 0.0, focal / module_px]])
    centred = np.array([[1 / 8, 0, -side / 2], [0, 1 / 8, -side / 2], [0, 0, 1]])
    there = lens @ plane @ centred
    fine = 2
    grow = np.diag([fine, fine, 1.0])
    large = cv2.resize(canvas, (wide * fine, high * fine))
    cv2.warpPerspective(
        code,
        grow @ there,
        (wide * fine, high * fine),
        dst=large,
        flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    seen = cv2.resize(large, SIZE, interpolation=cv2.INTER_AREA)
    if blur_px > 0.2:
        seen = cv2.GaussianBlur(seen, (0, 0), blur_px)
    noisy = seen + chance.normal(0, noise, seen.shape)
    gray = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    return Sample(np.repeat(gray[..., None], 3, 2), text, module_px, tilt_deg, blur_px, noise)
