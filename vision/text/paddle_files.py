"""What lies in a folder of PaddleOCR models: which one finds lines, which one reads them, and how each wants its input.

In: a folder, as PaddleOCR publishes its inference models. Out: paths and figures. Loads no network and needs no Paddle.
The folder holds two model folders, whatever they are called, each with `inference.json` (or `.pdmodel`),
`inference.pdiparams` and `inference.yml`.
"""

import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices import InputError, MissingError
from vision.text.detect import Scaling

FINDS, READS = "DBPostProcess", "CTCLabelDecode"
"""PaddleOCR's names of what comes after a network: they say what the network is for."""

_PROGRAMS = ("inference.json", "inference.pdmodel")
_WEIGHTS, _SETTINGS = "inference.pdiparams", "inference.yml"
# A program may ask for files and for code; one that reads text has no need to.
_FORBIDDEN = re.compile(
    rb"\b(py_func|read_file|save|save_combine|load|load_combine|run_program|send|listen_and_serv)\b"
)
_MOST_PROGRAM_BYTES = 50_000_000
_MOST_SETTINGS_BYTES = 4_000_000  # the longest alphabets take 300 kB
_MOST_CHARACTERS = 100_000
_LINE_HIGH_PX = 48


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """One network on disk."""

    program: Path
    weights: Path
    purpose: str
    """`FINDS` or `READS`."""
    scaling: Scaling
    characters: tuple[str, ...] = ()
    """What a reading network can say, without the blank and without the space."""


def find_models(folder: Path) -> tuple[ModelFiles, ModelFiles]:
    """The network that finds lines and the one that reads them. Raises MissingError or InputError with the file's name.

    The first by name where there are several of a kind.
    """
    if not folder.is_dir():
        raise MissingError(f"No PaddleOCR models: {folder} is not a folder. Expected one with a folder for each model.")
    places = sorted(path.parent for path in folder.glob(f"*/{_SETTINGS}"))
    models = [model for model in (_model(place) for place in places) if model]
    found: list[ModelFiles] = []
    for purpose, deed in ((FINDS, "finds"), (READS, "reads")):
        fitting = [model for model in models if model.purpose == purpose]
        if not fitting:
            seen = ", ".join(place.name for place in places) or "no model folder"
            raise MissingError(
                f"{folder}: no model that {deed} lines of text. Expected a folder with {_SETTINGS} for {purpose}, "
                f"found {seen}. PaddleOCR publishes them as ..._det_infer.tar and ..._rec_infer.tar: unpack both."
            )
        found.append(fitting[0])
    return found[0], found[1]


def _model(place: Path) -> ModelFiles | None:
    settings = _settings(place / _SETTINGS)
    given = settings.get("PostProcess")
    after: dict[str, Any] = given if isinstance(given, dict) else {}
    purpose = after.get("name")
    if purpose not in (FINDS, READS):
        return None  # it straightens pages, say
    program = next((place / name for name in _PROGRAMS if (place / name).is_file()), None)
    if program is None or not (place / _WEIGHTS).is_file():
        raise MissingError(f"{place}: expected {' or '.join(_PROGRAMS)} and {_WEIGHTS} beside {_SETTINGS}.")
    _check(program)
    steps = _steps(settings)
    if purpose == FINDS:
        return ModelFiles(program, place / _WEIGHTS, purpose, _scaling(place, steps.get("NormalizeImage", {})))
    shape = steps.get("RecResizeImg", {}).get("image_shape", [3, _LINE_HIGH_PX, 320])
    if not isinstance(shape, list) or len(shape) != 3 or shape[1] != _LINE_HIGH_PX:
        raise InputError(
            f"{place}: reads lines of the shape {shape}; expected PP-OCRv3 or newer, {_LINE_HIGH_PX} high."
        )
    return ModelFiles(program, place / _WEIGHTS, purpose, Scaling(), _characters(place, after))


def _check(program: Path) -> None:
    """Raises InputError for a program that does more than multiply."""
    size = program.stat().st_size
    if size > _MOST_PROGRAM_BYTES:
        raise InputError(f"{program}: {size} bytes, expected at most {_MOST_PROGRAM_BYTES}; the weights lie beside it.")
    if asked := _FORBIDDEN.search(program.read_bytes()):
        raise InputError(f"{program}: asks for {asked[0].decode()}, which no reading network needs; it is not run.")


def _settings(path: Path) -> dict[str, Any]:
    yaml: Any = importlib.import_module("yaml")  # comes with the extra
    size = path.stat().st_size
    if size > _MOST_SETTINGS_BYTES:
        raise InputError(
            f"{path}: {size} bytes, expected at most {_MOST_SETTINGS_BYTES}; these are no model's settings."
        )
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as why:
        raise InputError(f"{path}: expected PaddleOCR's settings in YAML, cannot read them ({_short(why)}).") from why
    if not isinstance(loaded, dict):
        raise InputError(f"{path}: expected PaddleOCR's settings, got {type(loaded).__name__}.")
    return loaded


def _steps(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is done to a picture before the network sees it, by name."""
    before = settings.get("PreProcess")
    steps = before.get("transform_ops") if isinstance(before, dict) else None
    return {
        str(name): wishes if isinstance(wishes, dict) else {}
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, dict)
        for name, wishes in step.items()
    }


def _scaling(place: Path, wishes: dict[str, Any]) -> Scaling:
    if not wishes:
        return Scaling()
    try:
        scale = _fraction(wishes.get("scale", 1 / 255))
        mean = tuple(float(value) for value in wishes["mean"])
        deviation = tuple(float(value) for value in wishes["std"])
        if abs(scale * 255 - 1) > 1e-3 or len(mean) != 3 or len(deviation) != 3 or min(deviation) <= 0:
            raise ValueError
    except (KeyError, TypeError, ValueError) as why:
        raise InputError(f"{place}: expected NormalizeImage with scale 1/255, mean and std, got {wishes}.") from why
    return Scaling((mean[0], mean[1], mean[2]), (deviation[0], deviation[1], deviation[2]))


def _fraction(value: object) -> float:
    """A figure, or one that PaddleOCR writes as `1./255.`."""
    above, _, below = str(value).partition("/")
    return float(above) / float(below or 1)


def _characters(place: Path, after: dict[str, Any]) -> tuple[str, ...]:
    given = after.get("character_dict")
    if not isinstance(given, list) or not 0 < len(given) <= _MOST_CHARACTERS:
        raise InputError(f"{place}: expected the characters it knows under character_dict, got {_short(given)}.")
    # A digit that was written without quotes comes as a number.
    return tuple(str(one) for one in given)


def _short(what: object) -> str:
    return " ".join(str(what).split())[:120]
