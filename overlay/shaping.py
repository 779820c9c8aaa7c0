"""Scripts whose letters change with their neighbours or run right to left: Arabic, Hebrew, Indic, Thai and
others.

Comes in: one line of text. Goes out: coverage and widths, through Pillow with raqm and a font found on the
system. Refuses to know: boxes, colours, line breaks. Without raqm or without a font nothing is drawable, and
that is reported as missing glyphs by `overlay.glyphs`.
"""

import subprocess
import unicodedata
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

_MEASURE_PX = 128

# First and last code point, a language for fontconfig, and file names that usual Linux systems carry.
_SCRIPTS: tuple[tuple[int, int, str, tuple[str, ...]], ...] = (
    (0x0590, 0x05FF, "he", ("NotoSansHebrew-Regular.ttf", "DejaVuSans.ttf", "FreeSans.ttf")),
    (0x0600, 0x08FF, "ar", ("NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf", "DejaVuSans.ttf")),
    (0x0900, 0x097F, "hi", ("NotoSansDevanagari-Regular.ttf", "Lohit-Devanagari.ttf", "FreeSans.ttf")),
    (0x0980, 0x09FF, "bn", ("NotoSansBengali-Regular.ttf", "Lohit-Bengali.ttf")),
    (0x0A00, 0x0A7F, "pa", ("NotoSansGurmukhi-Regular.ttf", "Lohit-Gurmukhi.ttf")),
    (0x0A80, 0x0AFF, "gu", ("NotoSansGujarati-Regular.ttf", "Lohit-Gujarati.ttf")),
    (0x0B80, 0x0BFF, "ta", ("NotoSansTamil-Regular.ttf", "Lohit-Tamil.ttf")),
    (0x0C00, 0x0C7F, "te", ("NotoSansTelugu-Regular.ttf", "Lohit-Telugu.ttf")),
    (0x0C80, 0x0CFF, "kn", ("NotoSansKannada-Regular.ttf", "Lohit-Kannada.ttf")),
    (0x0D00, 0x0D7F, "ml", ("NotoSansMalayalam-Regular.ttf", "Lohit-Malayalam.ttf")),
    (0x0D80, 0x0DFF, "si", ("NotoSansSinhala-Regular.ttf",)),
    (0x0E00, 0x0E7F, "th", ("NotoSansThai-Regular.ttf", "Loma.ttf", "Garuda.ttf")),
    (0x0E80, 0x0EFF, "lo", ("NotoSansLao-Regular.ttf",)),
    (0x1000, 0x109F, "my", ("NotoSansMyanmar-Regular.ttf",)),
    (0x1780, 0x17FF, "km", ("NotoSansKhmer-Regular.ttf",)),
    (0xFB1D, 0xFDFF, "ar", ("NotoSansArabic-Regular.ttf", "DejaVuSans.ttf")),
    (0xFE70, 0xFEFC, "ar", ("NotoSansArabic-Regular.ttf", "DejaVuSans.ttf")),
)
_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def needs_shaping(text: str) -> bool:
    """Return whether any character belongs to a script that needs shaping."""
    return any(_script_of(char) is not None for char in text)


def right_to_left(text: str) -> bool:
    """Return whether the first strong character runs right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


@lru_cache(maxsize=2048)
def drawable(char: str) -> bool:
    """Return whether a system font and raqm can draw this character of a shaped script."""
    font = _font_for(char, 32)
    if font is None:
        return False
    if unicodedata.category(char).startswith("M"):
        return True  # a mark alone proves nothing: it draws on its letter
    picture = bytes(font.getmask(char))
    return bool(picture) and picture != bytes(font.getmask("\U0010ffff"))


def advance_em(text: str) -> float:
    """Return how far the pen moves over the shaped text, in em; 0 without a font."""
    font = _font_for(text, _MEASURE_PX)
    return 0.0 if font is None else float(font.getlength(text)) / _MEASURE_PX


def draw_line(mask: NDArray[np.uint8], text: str, x_px: int, base_px: int, size_px: int, *, bold: bool) -> None:
    """Draw one shaped line into a mask in place, left end at (`x_px`, `base_px`); nothing without a font."""
    font = _font_for(text, size_px)
    if font is None:
        return
    image = Image.new("L", (mask.shape[1], mask.shape[0]))
    stroke = round(size_px * 0.02) if bold else 0
    direction = "rtl" if right_to_left(text) else "ltr"
    ImageDraw.Draw(image).text(
        (x_px, base_px), text, fill=255, font=font, anchor="ls", direction=direction, stroke_width=stroke
    )
    np.maximum(mask, np.asarray(image, np.uint8), out=mask)


def _script_of(char: str) -> tuple[str, tuple[str, ...]] | None:
    point = ord(char)
    if point < 0x0590:
        return None
    for first, last, language, names in _SCRIPTS:
        if first <= point <= last:
            return language, names
    return None


def _font_for(text: str, size_px: int) -> ImageFont.FreeTypeFont | None:
    script = next((found for found in map(_script_of, text) if found is not None), None)
    if script is None or not features.check("raqm"):
        return None
    path = _font_path(*script)
    return None if path is None else _open(path, size_px)


@lru_cache(maxsize=64)
def _open(path: str, size_px: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.RAQM)
    except OSError:
        return None


@lru_cache(maxsize=32)
def _font_path(language: str, names: tuple[str, ...]) -> str | None:
    for folder in _FONT_FOLDERS:
        for name in names:
            found = sorted(folder.rglob(name)) if folder.is_dir() else []
            if found:
                return str(found[0])
    try:
        answer = subprocess.run(
            ["fc-list", f":lang={language}", "file"], capture_output=True, text=True, timeout=5, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    paths = sorted(line.split(":")[0].strip() for line in answer.splitlines() if line.strip())
    return paths[0] if paths else None
