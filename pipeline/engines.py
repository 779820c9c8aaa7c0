"""Opens the reader and the translator that this machine is best served by."""

import json
import os
import platform
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import platformdirs

import language
from devices import InputError, MissingError, UnknownNameError
from language.glossed import Glossed
from language.lexicon_file import FILE_NAME
from language.memory import Memory
from language.translation import Chain, Translator
from pipeline.stored import asked_of_reader, stored_translator, with_stored
from vision.text import ReaderOptions, TextReader
from vision.text.engine import installed_engines, load_network
from vision.text.models import DETECTOR, model_path

_PROBE_SHAPE = (1, 3, 352, 640)
_RUNS = 3
_PROBE_PICTURE = np.full((64, 320, 3), 128, np.uint8)
_PROBE_LINE = np.array([[8, 8], [312, 8], [312, 56], [8, 56]], np.float32)


def open_reader(said: str | None = None, best: ReaderOptions | None = None) -> TextReader:
    """The reader of `--reader`, see `asked_of_reader`, by default on the engine that is faster here. Blocks.

    `best` is how to run it; None: as for files, by `glossa tune` where that was run, else by a glance. Raises
    `UnknownNameError`, `MissingError` and `InputError`.
    """
    asked = asked_of_reader(said)
    if asked.paddle:
        return TextReader(asked)
    from pipeline.live.tuning import for_files  # live imports much that a file does not need

    best = best or for_files(asked.engine) or ReaderOptions(engine=asked.engine or preferred_engine())
    detector, recogniser = asked.detector or best.detector, asked.recogniser or best.recogniser
    reader = TextReader(with_stored(replace(best, detector=detector, recogniser=recogniser)))
    if asked.detector or asked.recogniser:
        _try_out(reader, said or "")
    return reader


def _try_out(reader: TextReader, said: str) -> None:
    """Say at once what would be said of the first picture: any network could have been named."""
    try:
        reader.find(_PROBE_PICTURE, _PROBE_PICTURE.shape[0])
        reader.read_lines(_PROBE_PICTURE, [_PROBE_LINE], thorough=False)
    except InputError as why:
        raise InputError(f"--reader {said}: does not find or read lines of text as PP-OCR does. {why}") from why


TRANSLATORS = ("auto", "memory", "glossa", "apertium")
"""Names that `--engine` takes, besides the path of a model folder. `auto` asks the memory, then our network, glossa."""


def open_translator(engine: str = "auto", *, model: Path | None = None, threads: int = 1) -> Translator:
    """The translator of that name, or of the model folder at that path. Blocks while it loads, under a second.

    `model` is another folder to take our own network from, `threads` bounds the cores that a network uses. Where our
    network did not come with the install, `auto` is the memory alone. Raises `UnknownNameError` with the known names,
    and `MissingError` or `InputError` for a model that is not there or cannot be read. What it is not sure of comes
    with a gloss, from the model's word table or else from the installed one.
    """
    translator = _open(engine, model, threads)
    return Glossed(translator, model if model and (model / FILE_NAME).is_file() else NETWORK)


def _open(engine: str, model: Path | None, threads: int) -> Translator:
    match engine:
        case "memory":
            return Memory()
        case "auto" if model is None and not has_network():
            return Memory()
        case "auto":
            memory = Memory()
            # The network is asked once a picture, for all that the memory was not sure of.
            return Chain((memory, _open_network(model, threads, memory)), name="auto")
        case "glossa":
            return _open_network(model, threads, None)
        case "apertium":
            from language.neural import Apertium

            return Apertium()
    folder = Path(engine).expanduser()
    if os.sep not in engine and not folder.is_dir():
        stored = stored_translator(engine)
        known = f"{', '.join(TRANSLATORS)}, or the path of a CTranslate2 model folder, or a model of the store"
        if stored:
            from language.neural import open_folder

            return open_folder(stored, threads=threads)
        raise UnknownNameError(f"Unknown translation engine '{engine}'. Known engines: {known}.")
    from language.neural import open_folder

    return open_folder(folder, threads=threads)


NETWORK = Path(language.__file__).with_name("model")
"""Where our own network lies when it came with the install."""


def has_network() -> bool:
    """True when our own network came with the install; a checkout has none before its first training."""
    return (NETWORK / "model.bin").is_file()


def _open_network(model: Path | None, threads: int, memory: Memory | None) -> Translator:
    if model is None and not has_network():
        raise MissingError(
            f"Our own network did not come with this installation: expected {NETWORK}. Use --engine memory, or give a"
            " model's folder: --engine PATH"
        )
    # Only now: the memory alone needs none of what this imports.
    from language.neural import NeuralTranslator

    return NeuralTranslator(model or NETWORK, threads=threads, memory=memory)


def preferred_engine() -> str:
    """The faster reading engine. Measured once (about 2 s), then remembered for this machine and these versions."""
    engines = installed_engines()
    if len(engines) < 2:
        return engines[0] if engines else "onnxruntime"
    machine = "|".join([platform.processor() or platform.machine(), str(os.cpu_count()), *map(_versioned, engines)])
    store = cache_file()
    try:
        known = json.loads(store.read_text(encoding="utf-8"))
        if known["machine"] == machine and known["engine"] in engines:
            return str(known["engine"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # nothing remembered, or not readable: measure
    costs = {engine: measure_ms(engine) for engine in engines}
    best = min(costs, key=lambda engine: costs[engine])
    record = {"machine": machine, "engine": best, "detector_ms": {e: round(ms, 1) for e, ms in costs.items()}}
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        store.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError:
        pass  # a read-only home only means measuring again
    return best


def cache_file() -> Path:
    """Where the measurement is remembered."""
    return Path(platformdirs.user_cache_dir("glossa", appauthor=False)) / "engine.json"


def measure_ms(engine: str) -> float:
    """Best of a few runs of the detector on a 640x352 picture, milliseconds. Blocks for about a second."""
    network = load_network(model_path(DETECTOR), engine)
    picture = np.random.default_rng(0).uniform(-1, 1, _PROBE_SHAPE).astype(np.float32)
    network(picture)
    spent = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        network(picture)
        spent.append(time.perf_counter() - start)
    return min(spent) * 1e3


def _versioned(package: str) -> str:
    return f"{package} {version(package)}"
