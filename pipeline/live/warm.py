"""Makes the models ready before the first picture is taken: the first run of each shape and size is by far the slowest.

In: a reader and a translator, or how to load them. Out: the same, warm, and no more eager than the lanes that use them.
"""

import contextlib
import gc
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from devices import Frame, Stamp
from language.codes import LANGUAGES
from language.translation import Translator
from overlay.scene import Label
from overlay.sticker import make_sticker
from pipeline.live.looking import Senses
from vision.quad import Quad
from vision.text import TextReader
from vision.text.recognise import BATCH, HIGH_PX, WIDTHS_PX
from vision.text.windows import Window, window_sizes

T = TypeVar("T")

_TURN_S = 0.05
_STAMP = Stamp("warm-up", 0, 0, 0.0)
_LINES = ("Sortie de secours", "9:00 - 21:30", "Ausgang")
_TEXTS = ("出口", "Sortie de secours", "비상구", "Bitte die Tür schließen")
_UNHEARD_OF = {"Latin": "Qerwitz xolm", "Hangul": "뚥쉛 뷁", "Han": "龘靐齉", "Kana": "ヌヮ龘ヱ"}
"""What no memory knows, by script: tables of what looks alike are made when the first such text of a language comes."""
_COMMON_WIDTHS, _OFTEN_SEVERAL = 6, 3


def in_the_background(work: Callable[[], T], nice: int, meanwhile: Callable[[], object] = lambda: None) -> T:
    """Do `work` in another thread, and return what it returns or raise what it raises. Blocks until it is done.

    `meanwhile` is called again and again in the calling thread; what it raises, or Ctrl-C, ends the waiting.

    The threads that native libraries started for it and keep become `nice` steps less eager when it is done (Linux):
    models that are loaded here load at full speed, and never compete with the render lane afterwards.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        before = _threads()
        try:
            results.append(work())
            for thread in _threads() - before:
                with contextlib.suppress(OSError):  # it has ended, or it may not be changed
                    os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + nice)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="loading", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_TURN_S)
        meanwhile()
    if errors:
        raise errors[0]
    return results[0]


def _threads() -> set[int]:
    """Numbers of the threads of this process, as the system counts them; none where it is not Linux."""
    try:
        return {int(path.name) for path in Path("/proc/self/task").iterdir()}
    except OSError:
        return set()


def warm_up(
    reader: TextReader,
    translator: Translator,
    *,
    size: tuple[int, int],
    short_sides_px: Iterable[int],
    source: str,
    to: str,
) -> None:
    """Read a blank picture, its windows and one with letters at every size, translate and typeset. Blocks for seconds.

    Lines of every common width are read, and a text is translated from every language that may come.

    `size` is the width and height of the pictures to come: their shape decides the shape of what the detector sees.
    """
    width, height = size
    blank = np.full((height, width, 3), 128, np.uint8)
    written = blank.copy()
    for index, line in enumerate(_LINES):
        at = (round(width * 0.1), round(height * (0.3 + 0.22 * index)))
        cv2.putText(written, line, at, (255, 255, 255), cv2.FontFace("sans"), max(12, height // 12), 500)
    for short_side_px in short_sides_px:
        reader.find(blank, short_side_px)
        quads = reader.find(written, short_side_px)
        for wide, high in window_sizes(width, height):
            reader.find(blank, short_side_px, Window(0, 0, wide, high))
    widths = _of_all_widths(width, height)
    reader.read_lines(blank, widths[:1], _STAMP)  # what is not there is looked for twice, and in another script
    reader.read_lines(written, [*quads, *widths], _STAMP, thorough=False)
    for code in LANGUAGES if source == "auto" else [source]:
        if code != to:
            translator.translate([_UNHEARD_OF[LANGUAGES[code].scripts[0]]], source=code, to=to)
    told = translator.translate(_TEXTS, source=source, to=to)
    # Fonts are opened when the first letters are set in them: a quarter of a second.
    place = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * np.array([width / 4, height / 4], np.float32)
    for number, one in enumerate(told):
        make_sticker(written, Label(number, place, (place,), one.source, one.target, sure=True))


def _of_all_widths(width: int, height: int) -> list[Quad]:
    """Quads whose strips have the widths and counts that recognisers know, inside of a picture of this size."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    quads = []
    for place, wide in enumerate(WIDTHS_PX[:_COMMON_WIDTHS]):
        slope = HIGH_PX / (0.95 * wide)
        long = min(width, height / slope)
        count = BATCH + 1 if place < _OFTEN_SEVERAL else 1
        quads += [(corners * (long, long * slope)).astype(np.float32)] * count
    return quads


def keep_what_is_loaded() -> None:
    """Spare the collector of garbage what is there now: to look through it all takes longer than a frame. Blocks."""
    gc.collect()
    gc.freeze()


def warm_eyes(senses: Senses, size: tuple[int, int]) -> None:
    """Look once at a blank picture of that width and height: the first look is by far the slowest. Blocks."""
    frame = Frame(_STAMP, np.full((size[1], size[0], 3), 128, np.uint8))
    if senses.objects:
        senses.objects.detect(frame)
    if senses.codes:
        senses.codes.read(frame)
