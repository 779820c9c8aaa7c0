"""Pictures to measure on: signs drawn here, or photographs of one's own.

In: a seed, or a folder. Out: pictures as a camera would give them, `(720, 1280, 3)` where they are drawn. What the
signs say comes from the phrase book, in the languages that the first reader has letters for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from devices import GlossaError, InputError, Rgb
from devices.photo import read_photo
from language.phrasebook_files import read_phrasebook
from overlay.typeset import Wishes, coverage, fit

WIDTH, HEIGHT = 1280, 720
LANGUAGES = ("zh-Hans", "ja", "en", "zh-Hant", "es", "de", "fr")
GRIDS = ((2, 3), (4, 7), (3, 5))
"""Columns and rows of signs: a shop front, a board full of text, something between; in turn."""

_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
_LONGEST_TEXT = 22
_LONG_SIDE_PX = 1280


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and what it is called."""

    name: str
    rgb: Rgb


def draw_pictures(count: int, seed: int = 7) -> list[Picture]:
    """Walls of signs; the same seed draws the same. Blocks for about a fifth of a second each."""
    texts = _texts()
    chance = np.random.default_rng(seed)
    return [Picture(f"drawn {n + 1}", _draw(texts, GRIDS[n % len(GRIDS)], chance)) for n in range(count)]


def read_pictures(folder: Path, most: int) -> list[Picture]:
    """Photographs of a folder, evenly chosen by name, at most 1280 pixels long. Blocks while it reads.

    What is no picture is passed over. Raises InputError where there is none at all.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as why:
        raise InputError(f"{folder}: expected a folder with pictures ({why.strerror}).") from why
    step = max(1, len(paths) // max(most, 1))
    pictures: list[Picture] = []
    for path in paths[::step]:
        try:
            rgb = read_photo(path).rgb
        except GlossaError:
            continue
        pictures.append(Picture(path.name, _shrunk(rgb)))
    if not pictures:
        raise InputError(f"{folder}: expected pictures ({' '.join(_SUFFIXES)}), found none that can be read.")
    return pictures[:most]


def _shrunk(rgb: Rgb) -> Rgb:
    scale = _LONG_SIDE_PX / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    return np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _texts() -> list[str]:
    """Of each language in turn, so that neighbours differ."""
    rows = [[concept.cells[code][0] for code in LANGUAGES] for concept in read_phrasebook()]
    return [text for row in rows for text in row if "{" not in text and 2 <= len(text) <= _LONGEST_TEXT]


def _draw(texts: Sequence[str], grid: tuple[int, int], chance: np.random.Generator) -> Rgb:
    columns, rows = grid
    wide, high = WIDTH // columns, HEIGHT // rows
    picture = _wall(chance)
    for row in range(rows):
        for column in range(columns):
            text = texts[int(chance.integers(len(texts)))]
            sign_wide, sign_high = int(wide * chance.uniform(0.72, 0.92)), int(high * chance.uniform(0.6, 0.85))
            left = column * wide + int(chance.integers(wide - sign_wide))
            top = row * high + int(chance.integers(high - sign_high))
            _hang(picture[top : top + sign_high, left : left + sign_wide], text, chance)
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    seen = corners + chance.normal(0, 18, (4, 2)).astype(np.float32)
    turned = cv2.warpPerspective(
        picture, cv2.getPerspectiveTransform(corners, seen), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT
    )
    blurred = cv2.GaussianBlur(turned, (0, 0), float(chance.uniform(0.4, 1.1)))
    drawn: Rgb = np.clip(blurred + chance.normal(0, 3, blurred.shape), 0, 255).astype(np.uint8)
    return drawn


def _wall(chance: np.random.Generator) -> NDArray[np.float32]:
    coarse = chance.normal(0, 1, (HEIGHT // 40, WIDTH // 40, 1)).astype(np.float32)
    shade = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[:, :, None] * 14
    colour = chance.uniform(60, 200, 3).astype(np.float32)
    return np.asarray(colour + shade, np.float32)


def _hang(panel: NDArray[np.float32], text: str, chance: np.random.Generator) -> None:
    """Draws a sign over all of the panel."""
    high, wide = panel.shape[:2]
    ground = chance.uniform(0, 255, 3)
    ink = np.full(3, 245.0 if ground @ (0.3, 0.59, 0.11) < 128 else 15.0)
    panel[:] = ground
    inner = (int(wide * 0.9), int(high * 0.8))
    wishes = Wishes(size_px=high * float(chance.uniform(0.45, 0.7)), weight=int(chance.choice([400, 600, 800])))
    mask = coverage(fit(text, *inner, wishes), *inner).astype(np.float32)[:, :, None] / 255
    x, y = (wide - inner[0]) // 2, (high - inner[1]) // 2
    area = panel[y : y + inner[1], x : x + inner[0]]
    area[:] = area * (1 - mask) + ink * mask
