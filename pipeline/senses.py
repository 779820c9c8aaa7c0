"""Opens what looks at things and codes: the detector that was named, the one in the store, or what OpenCV has.

In: what a person asked for. Out: senses, and a sentence for each of them that says what is active or how to get it.
"""

from pathlib import Path

from devices import InputError, UnknownNameError
from devices.store import Store
from pipeline.live.looking import Senses
from pipeline.stored import is_path
from vision.codes import CodeReader
from vision.objects import DetectorOptions, ObjectDetector, OnnxDetector
from vision.objects.hog import HogPeople, has_hog
from vision.objects.lite import SUFFIXES as LITE
from vision.objects.lite import LiteDetector
from vision.tflite import installed

OBJECTS, CODES, NONE = "objects", "codes", "none"
_NAMES = (OBJECTS, CODES)
_PREFERRED = ("yolox-nano", "yolox-tiny", "yolox-s")
"""Models of the store, the quickest first: this lane may not cost much."""


def parse_look(text: str) -> frozenset[str]:
    """`objects,codes` or `none`. Raises UnknownNameError."""
    names = [name.strip().casefold() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in (*_NAMES, NONE)]
    if unknown or not names or (NONE in names and len(names) > 1):
        what = f"unknown: {', '.join(unknown)}" if unknown else f"got {text!r}"
        raise UnknownNameError(f"What to look for: expected objects, codes, both with a comma, or none; {what}.")
    return frozenset(names) - {NONE}


def open_senses(wanted: frozenset[str], model: str | None = None, engine: str | None = None) -> Senses:
    """What was asked for, see `parse_look`; `model` is a file, a folder, or a model's name in the store.

    Where no model is there, people are found as OpenCV can; where it cannot, the notes say how to get one. Blocks while
    models are loaded. Raises InputError, MissingError and UnknownNameError for a model that was named.
    """
    objects: ObjectDetector | None = None
    notes: list[str] = []
    if OBJECTS in wanted:
        path = find_model(model)
        if path is not None:
            options = DetectorOptions(engine=engine, labels=_labels(path))
            objects = LiteDetector(path, options) if path.suffix.lower() in LITE else OnnxDetector(path, options)
            notes.append(f"Things are found by {objects.name}.")
        elif has_hog():
            objects = HogPeople()
            notes.append(
                "Only people are found, by OpenCV's HOG; for 80 kinds of things: glossa models pull yolox-nano"
            )
        else:
            notes.append("No things are found, no model is there. To get one: glossa models pull yolox-nano")
    codes = CodeReader() if CODES in wanted else None
    return Senses(objects, codes, tuple(notes))


def find_model(named: str | None) -> Path | None:
    """The model's file: what was named, else the first of ours in the store, else another there; None: there is none.

    Raises InputError, MissingError and UnknownNameError for one that was named and is not there.
    """
    store = Store()
    if named is None:
        return next((store.path(name) for name in (*_PREFERRED, *_others(store)) if store.has(name)), None)
    path = Path(named).expanduser()
    if path.is_dir():
        found = sorted(path.glob("*.onnx"))
        if len(found) != 1:
            raise InputError(f"{path}: expected one .onnx file in it, got {len(found)}; name the file itself")
        return found[0]
    if path.suffix.lower() == ".onnx" or is_path(named):
        return path
    return store.path(named)


def _others(store: Store) -> list[str]:
    """Detectors of the store that can run here, the smallest first."""
    engines = {"onnx"} | ({"mediapipe"} if installed() else set())
    held = [one for one in store.held() if one.task == OBJECTS and one.engine in engines and one.opens]
    return [one.id for one in sorted(held, key=lambda one: (one.size, one.id))]


def _labels(model: Path) -> Path | None:
    beside = model.with_suffix(".txt")
    return beside if beside.is_file() else None
