"""What the store has for reading and translating."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from devices import InputError, MissingError, UnknownNameError
from devices.store import Store
from pipeline.store_uses import KOREAN
from vision.text import ReaderOptions
from vision.text.engine import ENGINES
from vision.text.recognise import stored_alphabet

PADDLE = "paddleocr"
_One = TypeVar("_One")


def is_path(named: str) -> bool:
    """True for what can be no model's name: it leads to another folder, or it is a file that lies here."""
    return "/" in named or "\\" in named or Path(named).is_file()


def with_stored(options: ReaderOptions) -> ReaderOptions:
    """The same reader with what the store has for it. Raises InputError where that is damaged."""
    store = Store()
    if not options.second or options.paddle or options.korean or not store.has(KOREAN):
        return options
    return replace(options, korean=store.path(KOREAN))


def asked_of_reader(said: str | None) -> ReaderOptions:
    """What `--reader` asks for: an engine, models that read (of the store, or ONNX files), or several with commas.

    Of two networks, the one that bears an alphabet reads the lines, the other finds them. `paddleocr:FOLDER` asks for
    PaddleOCR's. Raises UnknownNameError for what is none of it, MissingError for a model that is not here, InputError
    for a damaged one and for two of a kind.
    """
    if said is None:
        return ReaderOptions()
    name, _, folder = said.partition(":")
    if name == PADDLE:
        if not folder:
            raise InputError(f"{PADDLE} needs the folder of its models: --reader {PADDLE}:FOLDER")
        return ReaderOptions(paddle=Path(folder).expanduser())
    engines: list[str] = []
    finds: list[Path] = []
    reads: list[Path] = []
    store = Store()
    for word in [said] if Path(said).is_file() else [word.strip() for word in said.split(",")]:
        if word in ENGINES:
            engines.append(word)
            continue
        for path in _networks(store, word):
            (reads if stored_alphabet(path) else finds).append(path)
    return ReaderOptions(
        engine=_only(engines, "engines", said),
        detector=_only(finds, "networks that find lines", said),
        recogniser=_only(reads, "networks that read them", said),
    )


def _only(found: Sequence[_One], what: str, said: str) -> _One | None:
    if len(found) > 1:
        raise InputError(f"--reader {said}: names {len(found)} {what}; expected one at most")
    return found[0] if found else None


def _networks(store: Store, name: str) -> list[Path]:
    """The ONNX files of a word: the file itself, or those of a model of the store."""
    if is_path(name) or name.lower().endswith(".onnx"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise MissingError(f"{path}: there is no such file; expected an ONNX network that finds or reads text")
        return [path]
    try:
        found = store.record(name) if store.has(name) else store.catalogue.entry(name)
    except (InputError, UnknownNameError):
        found = None
    if found is None or found.task != "text" or found.engine != "onnx":
        raise UnknownNameError(
            f"Unknown reading engine '{name}'. Known engines: {', '.join(ENGINES)}, {PADDLE}:FOLDER, an .onnx file,"
            " or a model of the store that reads: glossa models list"
        )
    path = store.path(name)
    return sorted(path.glob("*.onnx")) if path.is_dir() else [path]


def stored_translator(name: str) -> Path | None:
    """The folder of the store's translation model of that name, None where no such model can be one.

    Raises MissingError with the command for one that could be pulled, InputError for a damaged one.
    """
    store = Store()
    try:
        found = store.record(name) if store.has(name) else store.catalogue.entry(name)
    except (InputError, UnknownNameError):
        return None
    return store.path(name) if found.task == "translation" and found.engine == "ctranslate2" else None
