"""The second reader: Tesseract, for scripts that PP-OCRv6 has no letters for (Korean first).

It needs the tesserocr package and Debian's language data; without them Glossa works and `doctor` says what to install.
"""

import importlib.util
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from devices import Rgb
from vision.text.recognise import Reading
from vision.text.second import ACCEPTED

LANGUAGES = {"kor": "hangul"}
"""Tesseract's names of the languages that the first reader lacks, and the script each is written in."""

_HIGH_PX = 64
_MARGIN_PX = 12
_RIM = 0.1
_DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def data_folder() -> Path | None:
    """The folder with Tesseract's language data, TESSDATA_PREFIX first, or None."""
    places = [os.environ["TESSDATA_PREFIX"]] if os.environ.get("TESSDATA_PREFIX") else list(_DATA_FOLDERS)
    return next((Path(p) for p in places if any(Path(p).glob("*.traineddata"))), None)


def installed_languages() -> list[str]:
    """Which of `LANGUAGES` can be read on this machine."""
    folder = data_folder()
    if folder is None or not importlib.util.find_spec("tesserocr"):
        return []
    return [name for name in LANGUAGES if (folder / f"{name}.traineddata").is_file()]


class SecondReader:
    """Tesseract's line recogniser for one language, loaded once, about 50 ms a line. Not thread-safe."""

    def __init__(self, folder: Path, language: str) -> None:
        import tesserocr

        self._script = LANGUAGES[language]
        self._api: Any = tesserocr.PyTessBaseAPI(
            path=str(folder), lang=language, psm=tesserocr.PSM.SINGLE_LINE, oem=tesserocr.OEM.LSTM_ONLY
        )

    @classmethod
    def if_installed(cls) -> "SecondReader | None":
        """The reader when package and language data are there, else None."""
        folder, languages = data_folder(), installed_languages()
        return cls(folder, languages[0]) if folder and languages else None

    @property
    def script(self) -> str:
        """See `vision.text.second.LineReader`."""
        return self._script

    def read(self, strip: Rgb) -> Reading:
        """One line of text, `(h, w, 3)`, upright. A poor reading is tried again without the strip's rim."""
        whole = self._read(strip)
        if whole.score >= ACCEPTED:
            return whole
        rim = round(_RIM * strip.shape[0])  # the detector's box is generous and may hold the sign's frame
        inner = self._read(strip[rim : strip.shape[0] - rim, rim : strip.shape[1] - rim])
        return max(whole, inner, key=lambda reading: reading.score)

    def _read(self, strip: Rgb) -> Reading:
        if min(strip.shape[:2]) < 4:
            return Reading("", 0.0)
        scale = _HIGH_PX / strip.shape[0]
        grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        _, strokes = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        border = np.concatenate([strokes[0], strokes[-1]])
        if border.mean() < 127:  # light on dark: Tesseract was trained on dark on light
            grey = 255 - grey
        fill = int(np.median(np.concatenate([grey[0], grey[-1]])))
        page = np.pad(grey, _MARGIN_PX, constant_values=fill)
        page = np.ascontiguousarray(page)
        self._api.SetImageBytes(page.tobytes(), page.shape[1], page.shape[0], 1, page.shape[1])
        text = self._api.GetUTF8Text().strip().replace("\n", " ")
        words = self._api.AllWordConfidences()
        return Reading(text, sum(words) / len(words) / 100 if words else 0.0)
